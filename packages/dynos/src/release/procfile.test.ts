import { expect, test } from "vitest";
import { makeFolder } from "../../test/app.ts";
import { parseProcfile, readProcfile } from "./procfile.ts";

test("a Procfile names process types and their commands", () => {
  const text = "web: node server.js --port $PORT\n\n# what else\nrelease:  bin/release\r\n";
  expect([...parseProcfile(text)]).toEqual([
    ["web", "node server.js --port $PORT"],
    ["release", "bin/release"],
  ]);
});

test.each([
  ["web: node a.js\nnode b.js\n", "`Procfile`, line 2: `node b.js` is not of the form"],
  ["web:\n", "line 1: `web:` is not of the form"],
  ["we b: node\n", "line 1"],
  ["web: a\nweb: b\n", "line 2: `web` appears twice"],
  ["# nothing\n", "names no process"],
])("the bad Procfile %j is refused", (text, message) => {
  expect(() => parseProcfile(text)).toThrow(message);
});

test("a folder without a Procfile is refused", () => {
  expect(() => readProcfile(makeFolder({}))).toThrow("Missing `Procfile`");
});
