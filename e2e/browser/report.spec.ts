import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "@playwright/test";
import { violationsOn } from "./axe.ts";

const report = resolve(import.meta.dirname, "../../report");
const folder = mkdtempSync(join(tmpdir(), "e2e-report-"));
test.setTimeout(60_000);
const url = pathToFileURL(join(folder, "report.html")).href;

test.beforeAll(() => {
  cpSync(join(report, "published/results.json"), join(folder, "results.json"));
  execFileSync(process.execPath, [join(report, "src/cli.ts"), folder]);
});
test.afterAll(() => rmSync(folder, { recursive: true }));

for (const width of [390, 1_280]) {
  for (const colorScheme of ["light", "dark"] as const) {
    test.describe(`${width} wide, ${colorScheme}`, () => {
      test.use({ viewport: { width, height: 900 }, colorScheme });

      test("the report is for everyone: axe finds nothing, nothing is wider than the screen", async ({
        page,
      }) => {
        await page.goto(url);
        await page.evaluate(() => {
          for (const details of document.querySelectorAll("details")) details.open = true;
        });
        // Names, roles and order are the same in both; only colors differ.
        const rules = colorScheme === "dark" ? { rules: ["color-contrast"] } : {};
        expect(await violationsOn(page, rules)).toEqual([]);
        const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(scrollWidth).toBeLessThanOrEqual(width);
      });
    });
  }
}

test("the report opens from the file system and asks the network for nothing", async ({ page }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(url);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    "Do sessions work with several web dynos?",
  );
  await page.getByRole("link", { name: "Do sessions survive a restart of every dyno?" }).click();
  await expect(page.locator("#restart")).toBeInViewport();
  expect(asked).toEqual([url]);
});
