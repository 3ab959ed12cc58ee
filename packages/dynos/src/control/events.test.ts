import { afterEach, expect, it } from "vitest";
import { serveEvents } from "./events.ts";

let served: Awaited<ReturnType<typeof serveEvents>>;
const post = (url: string) => fetch(url, { method: "POST" });
afterEach(() => served.close());

it("answers when the event's effect is complete", async () => {
  let done = false;
  const restart = async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    done = true;
  };
  served = await serveEvents({ restart });
  const answer = await post(`${served.url}/restart`);
  expect([answer.status, done]).toEqual([204, true]);
  // A connection that is kept may close just as the next event is sent on it.
  expect(answer.headers.get("connection")).toBe("close");
});

it("says why an event failed", async () => {
  served = await serveEvents({ restart: () => Promise.reject(new Error("boot timeout")) });
  const answer = await post(`${served.url}/restart`);
  expect([answer.status, await answer.text()]).toEqual([500, "boot timeout"]);
});

it("does nothing for anyone without the token, for a link, or for an event it does not have", async () => {
  let times = 0;
  served = await serveEvents({ restart: async () => times++ });
  const { origin } = new URL(served.url);
  const answers = [
    await post(`${origin}/restart`),
    await post(`${origin}/0123456789abcdef0123456789abcdef/restart`),
    await fetch(`${served.url}/restart`),
    await post(`${served.url}/explode`),
    await post(`${served.url}/toString`),
  ];
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
  expect(times).toBe(0);
});
