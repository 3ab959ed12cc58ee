import { expect, test } from "vitest";
import { eachApp } from "./each-app.ts";
import type { Answer } from "./visitor.ts";

const json = { "content-type": "application/json" };

function expectProblem({ status, headers, json }: Answer, expected: number) {
  expect(status).toBe(expected);
  expect(headers["content-type"]).toBe("application/problem+json");
  expect(json).toMatchObject({
    type: expect.any(String),
    title: expect.any(String),
    status: expected,
    detail: expect.any(String),
  });
}

eachApp(({ visitor }) => {
  test.each([
    ["no JSON", "{"],
    ["no JSON object", "5"],
    ["null", "null"],
    ["a note that is a number", '{"note":5}'],
    ["a note that is null", '{"note":null}'],
    ["a note that is an object", '{"note":{"toString":"x"}}'],
    ["bytes that are no UTF-8", Buffer.from([0x22, 0xff, 0x22]).toString("latin1")],
  ])("400 for %s, and nothing is counted", async (_, body) => {
    const ada = visitor();
    await ada.visit();
    expectProblem(await ada.send("POST", "/api/session", { headers: json, body }), 400);
    expect(await ada.session()).toMatchObject({ visits: 1, note: null });
  });

  test("what has no body, an empty one, or JSON by another spelling is taken", async () => {
    const ada = visitor();
    for (const sending of [
      {},
      { headers: json, body: "" },
      { headers: json, body: "{}" },
      {
        headers: { "content-type": "Application/JSON; charset=utf-8" },
        body: '{"note":"x","more":1}',
      },
    ])
      expect((await ada.send("POST", "/api/session", sending)).status).toBe(200);
    expect(await ada.session()).toMatchObject({ visits: 4, note: "x" });
  });

  test("415 for a body that is not declared as JSON", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "application/jsonp"]) {
      const headers = { "content-type": type };
      expectProblem(await visitor().send("POST", "/api/session", { headers, body: "{}" }), 415);
    }
  });

  test("403 for a write from another site, by Sec-Fetch-Site or by Origin; reads are open", async () => {
    const ada = visitor();
    await ada.visit();
    const fromElsewhere: Record<string, string>[] = [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "same-site" },
      { origin: "https://evil.example" },
      { origin: "null" },
      { origin: "https://evil.example", "x-forwarded-host": "evil.example" },
    ];
    for (const headers of fromElsewhere) {
      for (const method of ["POST", "DELETE"])
        expectProblem(await ada.send(method, "/api/session", { headers }), 403);
      expect((await ada.get("/api/session", { headers })).status).toBe(200);
    }
    expect(await ada.session()).toMatchObject({ visits: 1 });
    const ours = { "sec-fetch-site": "same-origin" };
    expect((await ada.send("POST", "/api/session", { headers: ours })).status).toBe(200);
  });

  test("405 says which methods there are", async () => {
    for (const method of ["PUT", "PATCH"]) {
      const answer = await visitor().send(method, "/api/session");
      expectProblem(answer, 405);
      expect(answer.headers.allow).toBe("DELETE, GET, HEAD, OPTIONS, POST");
    }
  });

  test("413 for a note that the session cannot hold says how much it can, and nothing is lost", async () => {
    const ada = visitor();
    await ada.visit("kept");
    const refused = await ada.visit("x".repeat(70_000));
    expectProblem(refused, 413);
    const { maxBytes } = refused.json;
    expect(await ada.session()).toMatchObject({ visits: 1, note: "kept" });

    const room = maxBytes - JSON.stringify({ visits: 2, note: "" }).length;
    expect((await ada.visit("x".repeat(room))).status).toBe(200);
    expectProblem(await ada.visit("x".repeat(room + 1)), 413);
    expect((await ada.session()).note).toHaveLength(room);
  });

  test("413 counts bytes, not characters, and spelling a character in six bytes costs nothing", async () => {
    const { maxBytes } = (await visitor().visit("x".repeat(70_000))).json;
    const room = maxBytes - JSON.stringify({ visits: 1, note: "" }).length;
    expectProblem(await visitor().visit("é".repeat(room / 2 + 1)), 413);
    expect((await visitor().visit("é".repeat(room / 2 - 1))).status).toBe(200);
    const body = `{"note":"${"\\u0041".repeat(room)}"}`;
    expect((await visitor().send("POST", "/api/session", { headers: json, body })).status).toBe(
      200,
    );
  });

  test("413 for a body that is far too large, declared or not, without reading it all", async () => {
    const large = "x".repeat(2_000_000);
    expectProblem(await visitor().visit(large), 413);
    expectProblem(await visitor().sendChunked("POST", "/api/session", `{"note":"${large}"}`), 413);
  });
});
