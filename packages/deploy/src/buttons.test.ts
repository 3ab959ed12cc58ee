import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "@repo/registry";
import { expect, test } from "vitest";
import { documentsWithButtons, repositoryName, withButtons } from "./buttons.ts";
import { price, priceSources } from "./prices.ts";
import { readJson } from "./repository.ts";

test.each(documentsWithButtons)(
  "the buttons in %s are those that bin/set-owner makes",
  (document) => {
    const text = readFileSync(join(ROOT, document), "utf8");
    expect(text).toBe(withButtons(document, text, repositoryName()));
  },
);

test("every button names its template, on the app's own branch", () => {
  const made = withButtons(
    "README.md",
    "<!-- buttons:start -->\n<!-- buttons:end -->\n",
    "ada/fork",
  );
  const template =
    "https://www.heroku.com/deploy?template=https://github.com/ada/fork/tree/deploy/";
  for (const branch of ["cookie-app", "db-app", "cache-app", "cache-app-redis", "file-app"]) {
    expect(made).toContain(`(${template}${branch})`);
  }
  expect(made).not.toContain("OWNER");
});

test("every price says where it is from, and from when", () => {
  const sources = priceSources(["heroku-redis:mini", "memcachier:dev", "memcachier:dev"]);
  expect(sources.split("; ")).toHaveLength(3);
  for (const source of sources.split("; ")) expect(source).toMatch(/^\S+: .* 20\d\d$/);
});

test("the price is that of the dynos and the add-ons together", () => {
  expect(price(readJson("apps/cookie-app/app.json")).month).toBe(50);
  const { month, hour } = price(readJson("apps/db-app/app.json"));
  expect(month).toBe(55);
  expect(hour).toBeCloseTo(0.076, 3);
});

test("a README without the marks is left alone, with a message", () => {
  expect(() => withButtons("README.md", "# Hello", "ada/fork")).toThrow("buttons:start");
});
