import { expect, test } from "vitest";
import { eachApp } from "./each-app.ts";
import { multipart, visitForm } from "./visit-form.ts";

eachApp(({ visitor, origin }) => {
  test("a form without JavaScript is a visit, answered by a redirect, whatever X-Forwarded-Host says", async () => {
    const ada = visitor();
    const headers = {
      "content-type": multipart,
      origin,
      "sec-fetch-site": "same-origin",
      "x-forwarded-host": "evil.example",
    };
    const answer = await ada.send("POST", "/", { headers, body: await visitForm(ada, "by hand") });
    expect(answer.status).toBe(303);
    expect(answer.headers.location).toBe("/");
    expect(await ada.session()).toMatchObject({ visits: 1, note: "by hand" });
  });

  test("a form from another site is refused with a message, also when it forges X-Forwarded-Host", async () => {
    const ada = visitor();
    await ada.visit();
    const body = await visitForm(ada, "evil");
    const elsewhere: Record<string, string>[] = [
      { origin: "https://evil.example", "x-forwarded-host": "evil.example" },
      { origin: "https://evil.example" },
      { origin: "null" },
      { "sec-fetch-site": "cross-site" },
    ];
    for (const headers of elsewhere) {
      const answer = await ada.send("POST", "/", {
        headers: { "content-type": multipart, ...headers },
        body,
      });
      expect([answer.status, answer.headers.location]).toEqual([303, "/?refused"]);
      expect(answer.headers["x-dyno"]).toBeTruthy();
    }
    expect(await ada.session()).toMatchObject({ visits: 1, note: null });
    expect((await ada.get("/?refused")).text).toContain("A request from another site was refused");
  });

  test("a note that is too long is no visit, and comes back in the form", async () => {
    const ada = visitor();
    const note = "x".repeat(70_000);
    const answer = await ada.send("POST", "/", {
      headers: { "content-type": multipart, origin },
      body: await visitForm(ada, note),
    });
    expect(answer.status).toBe(200);
    expect(answer.text).toContain("The note is too long.");
    expect(answer.text).toContain(`value="${note}"`);
    expect(await ada.session()).toBeNull();
  });
});
