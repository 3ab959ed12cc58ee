import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { freePort, givePortBack, isFree } from "./ports.ts";

const run = promisify(execFile);

// Ten times 100 out of 12,000: by chance alone, some 40 pairs would be the same.
const asks = `
  import { freePort } from ${JSON.stringify(import.meta.resolve("./ports.ts"))};
  const ports = [];
  for (let count = 0; count < 100; count++) ports.push(await freePort());
  console.log(ports.join(" "));
  setTimeout(() => {}, 60_000);
`;

test("no two processes are given the same port while both run", async () => {
  const processes = Array.from({ length: 10 }, () => {
    const asking = run(process.execPath, ["--input-type=module", "--eval", asks]);
    asking.catch(() => {}); // killed below
    onTestFinished(() => void asking.child.kill("SIGKILL"));
    return new Promise<string[]>((resolve, reject) => {
      asking.child.stdout?.once("data", (line) => resolve(String(line).trim().split(" ")));
      asking.catch(reject);
    });
  });
  const ports = (await Promise.all(processes)).flat();
  expect(ports).toHaveLength(1_000);
  expect(new Set(ports)).toHaveLength(1_000);
});

test("a port is free to listen on when it is handed out, and may come again once given back", async () => {
  const port = await freePort();
  expect(await isFree(port)).toBe(true);
  const server = createServer().listen(port, "127.0.0.1");
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once("listening", resolve));
  expect(await isFree(port)).toBe(false);
  givePortBack(port);
  givePortBack(port);
});
