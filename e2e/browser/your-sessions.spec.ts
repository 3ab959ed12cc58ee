import { randomUUID } from "node:crypto";
import type { Browser, Page } from "@playwright/test";
import { expect, test } from "./apps.ts";

/** A browser with its own cookies, signed in by next-auth's page, which needs no JavaScript. */
async function signIn(browser: Browser, url: string, name: string, javaScriptEnabled: boolean) {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, javaScriptEnabled });
  const page = await context.newPage();
  await page.goto(`${url}/api/auth/signin?callbackUrl=/`);
  await page.getByLabel("Name").fill(name);
  await page.getByRole("button", { name: /Sign in/ }).click();
  await expect(page.getByText(`Signed in as ${name}`)).toBeVisible();
  return page;
}

const listOf = (page: Page) =>
  page.getByRole("region", { name: "Your sessions" }).getByRole("listitem");

for (const javaScriptEnabled of [true, false]) {
  test(`two browsers see each other's sessions, end one, and end all others, with${javaScriptEnabled ? "" : "out"} JavaScript`, async ({
    browser,
    db,
  }) => {
    const name = `Ada ${randomUUID()}`;
    const laptop = await signIn(browser, db.httpsUrl, name, javaScriptEnabled);
    const phone = await signIn(browser, db.httpsUrl, name, javaScriptEnabled);
    await laptop.goto(db.httpsUrl);
    await expect(listOf(laptop)).toHaveCount(2);
    await expect(listOf(laptop).filter({ hasText: "(this one)" })).toHaveCount(1);
    await expect(listOf(laptop).first()).toContainText("Chrome on Linux");

    await listOf(laptop).getByRole("button", { name: /^End / }).click();
    await expect(listOf(laptop)).toHaveCount(1);
    await phone.goto(db.httpsUrl);
    await expect(phone.getByText(`Signed in as ${name}`)).toBeHidden();

    const others = [
      await signIn(browser, db.httpsUrl, name, javaScriptEnabled),
      await signIn(browser, db.httpsUrl, name, javaScriptEnabled),
    ];
    // Three, then one: a page that is not loaded again already shows one, and the click does not wait.
    await laptop.goto(db.httpsUrl);
    await expect(listOf(laptop)).toHaveCount(3);
    await laptop.getByRole("button", { name: "End all others" }).click();
    await expect(listOf(laptop)).toHaveCount(1);
    for (const other of others) {
      await other.goto(db.httpsUrl);
      await expect(other.getByText(`Signed in as ${name}`)).toBeHidden();
    }
    for (const page of [laptop, phone, ...others]) await page.context().close();
  });
}

test("where sessions cannot be listed, the page says why and what to use instead", async ({
  browser,
  file,
}) => {
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  const section = page.getByRole("region", { name: "Your sessions" });
  // Each dyno has its own sessions: sign in until the page and the sign-in meet on one dyno.
  await expect(async () => {
    await page.goto(`${file.httpsUrl}/api/auth/signin?callbackUrl=/`);
    await page.getByLabel("Name").fill("Ada");
    await page.getByRole("button", { name: /Sign in/ }).click();
    await expect(section).toContainText("Use the database strategy", { timeout: 1_000 });
  }).toPass({ timeout: 30_000 });
  await context.close();
});
