import { expect, test } from "./apps.ts";

test.use({ javaScriptEnabled: false });

test("visits, with a note, and End session work without JavaScript; a reload is no second visit", async ({
  page,
  db,
}) => {
  await page.goto(db.httpsUrl);
  await expect(page.getByText("Your last requests")).toBeHidden();
  await page.getByLabel("Note to keep").fill("by hand");
  await page.getByRole("button", { name: "Visit", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Session found: 1 visit");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Session found: 1 visit");
  await expect(page.getByText("“by hand”")).toBeVisible();
  await page.getByRole("button", { name: "End session" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("No session yet");
});

test("sign-in and sign-out go by next-auth's own pages", async ({ page, db }) => {
  await page.goto(db.httpsUrl);
  await page.getByRole("button", { name: "Visit", exact: true }).click();
  await expect(page.getByLabel(/Sign in with a name/)).toBeHidden();
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).toHaveURL(/\/api\/auth\/signin/);
  await page.getByLabel("Name").fill("Ada");
  await page.getByRole("button", { name: /Sign in/ }).click();
  await expect(page.getByText("Signed in as Ada")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Session found: 1 visit");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/api\/auth\/signout/);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("No session yet");
});

test("a note that is too long is kept, with a message", async ({ page, db }) => {
  await page.goto(db.httpsUrl);
  await page.getByLabel("Note to keep").fill("x".repeat(70_000));
  await page.getByRole("button", { name: "Visit", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("The note is too long.");
  expect((await page.getByLabel("Note to keep").inputValue()).length).toBe(70_000);
});
