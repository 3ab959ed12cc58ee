import { expect, test } from "./apps.ts";

test("a first visit begins a session, the next ones count, and every dyno knows the visitor", async ({
  page,
  db,
}) => {
  await page.goto(db.httpsUrl);
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("No session yet");
  await page.getByLabel("Note to keep").fill("remember me");
  await page.getByRole("button", { name: "Visit", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("New session: 1 visit");
  await expect(page.getByText("“remember me”")).toBeVisible();
  await expect(page.getByLabel("Note to keep")).toHaveValue("");
  for (let visits = 2; visits <= 4; visits += 1) {
    await page.getByRole("button", { name: "Visit", exact: true }).click();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(
      `Session found: ${visits} visits`,
    );
  }
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Session found: 4 visits");
});

test("twenty visits are drawn as they go, one square each in its dyno's colour, and kept in the browser", async ({
  page,
  db,
}) => {
  await page.goto(db.httpsUrl);
  const squares = page.locator(".strip li:not(.empty)");
  await expect(squares).toHaveCount(1);
  await page.getByRole("button", { name: "Visit 20 times" }).click();
  await expect(page.getByRole("button", { name: /Stop after/ })).toBeVisible();
  await expect(page.getByRole("status")).toHaveText("20 visits made, no session lost.");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Session found: 20 visits");
  await expect(squares).toHaveCount(22);
  const colors = await squares.evaluateAll((all) =>
    all.map((one) => {
      const dyno = one.getAttribute("title")?.split(":")[0];
      return `${dyno} ${getComputedStyle(one).borderTopColor}`;
    }),
  );
  const dynos = new Set(colors.map((each) => each.split(" ")[0]));
  expect(new Set(colors).size).toBe(dynos.size);
  expect(dynos.size).toBeGreaterThan(1);

  await page.reload();
  await expect(squares).toHaveCount(23);
  await page.getByRole("button", { name: "Visit 20 times" }).click();
  await expect(page.getByRole("status")).toHaveText(/^20 visits made/);
  await expect(squares).toHaveCount(30);
});

test("twenty visits can be stopped", async ({ page, db }) => {
  await page.goto(db.httpsUrl);
  await page.getByRole("button", { name: "Visit 20 times" }).click();
  await page.getByRole("button", { name: /Stop after/ }).click();
  await expect(page.getByRole("status")).toHaveText(/^\d+ visits made/);
  await expect(page.getByRole("button", { name: "Visit 20 times" })).toBeVisible();
  expect(await page.locator(".strip li:not(.empty)").count()).toBeLessThan(15);
});

test("where sessions are lost, the strip marks them and says how many", async ({ page, file }) => {
  await page.goto(file.httpsUrl);
  await page.getByRole("button", { name: "Visit 20 times" }).click();
  await expect(page.getByRole("status")).toHaveText(/20 visits made, \d+ sessions lost/);
  const lost = await page.locator(".strip .lost").count();
  expect(lost).toBeGreaterThan(3);
  await expect(page.locator(".legend .lost")).toHaveText(`${lost} sessions lost`);
});

test("sign in by a name, see who you are, sign out", async ({ page, db }) => {
  await page.goto(db.httpsUrl);
  await page.getByRole("button", { name: "Visit", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("New session: 1 visit");
  await page.getByLabel(/Sign in with a name/).fill("Ada");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Signed in as Ada")).toBeVisible();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Session found: 1 visit");
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("No session yet");
  expect(await page.context().cookies()).not.toContainEqual(
    expect.objectContaining({ name: "__Host-session" }),
  );
});

test("End session ends the session", async ({ page, db }) => {
  await page.goto(db.httpsUrl);
  await page.getByRole("button", { name: "Visit", exact: true }).click();
  await page.getByRole("button", { name: "End session" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Session ended");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("No session yet");
});

test("how it works: three sentences, and the very files", async ({ page, db }) => {
  await page.goto(db.httpsUrl);
  await page.getByText("How it works").click();
  await expect(page.locator("details p")).toHaveCount(4);
  await page.getByRole("link", { name: "session.ts and its stores" }).click();
  await expect(page.locator("body")).toContainText("The session is a row in Postgres");
  await expect(page.locator("body")).toContainText("// src/stores/connections.ts");
});

test("everything is reached and worked by the keyboard, in the order in which one reads it", async ({
  page,
  db,
}) => {
  await page.goto(db.httpsUrl);
  await page.getByRole("button", { name: "Visit", exact: true }).click();
  await expect(page.getByRole("button", { name: "End session" })).toBeVisible();
  await page.reload();
  const order: string[] = [];
  for (let count = 0; count < 7; count += 1) {
    await page.keyboard.press("Tab");
    order.push(
      await page.evaluate(() => {
        const { outlineStyle } = getComputedStyle(document.activeElement ?? document.body);
        const element = document.activeElement as HTMLInputElement | null;
        return `${element?.labels?.[0]?.textContent ?? element?.textContent} ${outlineStyle}`;
      }),
    );
  }
  expect(order).toEqual([
    "Visit 20 times solid",
    "Note to keep in the session (optional) solid",
    "Visit solid",
    expect.stringMatching(/^Sign in with a name.* solid$/),
    "Sign in solid",
    "End session solid",
    "How it works solid",
  ]);
  await page.keyboard.press("Enter");
  await expect(page.locator("details")).toHaveAttribute("open", "");
});
