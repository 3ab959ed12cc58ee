import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "@repo/registry";
import { expect, test } from "vitest";
import { repositoryName, withButtons } from "./buttons.ts";
import { price } from "./prices.ts";
import { readJson } from "./repository.ts";

const readme = readFileSync(join(ROOT, "README.md"), "utf8");

test("the buttons in README.md are those that bin/set-owner makes", () => {
  expect(readme).toBe(withButtons(readme, repositoryName()));
});

test("every button names its template, on the app's own branch", () => {
  const made = withButtons("<!-- buttons:start -->\n<!-- buttons:end -->\n", "ada/fork");
  const template =
    "https://www.heroku.com/deploy?template=https://github.com/ada/fork/tree/deploy/";
  for (const branch of ["cookie-app", "db-app", "cache-app", "cache-app-redis", "file-app"]) {
    expect(made).toContain(`(${template}${branch})`);
  }
  expect(made).not.toContain("OWNER");
});

test("the price is that of the dynos and the add-ons together", () => {
  expect(price(readJson("apps/cookie-app/app.json")).month).toBe(50);
  const { month, hour } = price(readJson("apps/db-app/app.json"));
  expect(month).toBe(55);
  expect(hour).toBeCloseTo(0.076, 3);
});

test("a README without the marks is left alone, with a message", () => {
  expect(() => withButtons("# Hello", "ada/fork")).toThrow("buttons:start");
});
