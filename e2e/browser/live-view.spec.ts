import { cardOf, expect, test, visitorOf } from "./live-view.ts";

test("file-app loses sessions and db-app keeps them, side by side, while dynos restart", async ({
  page,
  view,
  db,
  file,
}) => {
  test.setTimeout(60_000);
  await page.goto(view.url);
  const [kept, lost] = [cardOf(page, db), cardOf(page, file)];
  const [ada, bob] = [visitorOf(db), visitorOf(file)];
  await Promise.all([ada(9), bob(9)]);
  const share = (card: typeof kept.card) => card.locator(".share");
  await expect(share(kept.card)).toHaveText("100 % found");
  await expect(share(lost.card)).toHaveText(/^\d\d?\.\d % found$/);
  await expect(lost.card.locator(".counts")).toHaveText(/\d+ found, [1-9]\d* lost/);
  await expect(lost.card.locator(".strip .lost").first()).toBeVisible();
  await expect(kept.card.locator(".strip .lost")).toHaveCount(0);

  for (const { card } of [kept, lost]) {
    await card.getByRole("button", { name: "Restart all" }).click();
    await expect(card.locator(".doing")).toHaveText("Restarting all dynos…");
    await expect(card.locator("[data-state=starting]").first()).toBeVisible();
  }
  for (const { card, up } of [kept, lost]) {
    await expect(card.locator(".doing")).toHaveText("", { timeout: 30_000 });
    await expect(up).toHaveCount(3);
  }
  await Promise.all([ada(3), bob(3)]);
  await expect(kept.card.locator(".counts")).toHaveText(/^[1-9]\d* found, 0 lost$/);
  await expect(share(kept.card)).toHaveText("100 % found");
});

test("each dyno tells its boot time, memory and requests", async ({ page, view, db }) => {
  await page.goto(view.url);
  await visitorOf(db)(12);
  const rows = cardOf(page, db).card.locator(".dynos > li");
  await expect(rows).toHaveCount(3);
  for (const [index, row] of (await rows.all()).entries()) {
    await expect(row).toContainText(`web.${index + 1}`);
    await expect(row).toContainText(/up \d+ (s|min)/);
    await expect(row.locator(".boot")).toHaveText(/^\d+\.\d s$/);
    await expect(row.locator(".memory")).toHaveText(/^\d{2,3} MB$/);
    await expect(row.locator(".requests")).toHaveText(/^\d+$/);
  }
});

test("plus pressed twice at once gives two dynos more, and minus takes them away", async ({
  page,
  view,
  file,
}) => {
  test.setTimeout(90_000);
  await page.goto(view.url);
  const { card, up } = cardOf(page, file);
  await expect(up).toHaveCount(3);
  await card.getByRole("button", { name: "One dyno more" }).dblclick();
  await expect(card.locator("output")).toHaveText("5 dynos");
  await expect(up).toHaveCount(5, { timeout: 30_000 });
  expect(file.ps().length).toBe(5);
  await card.getByRole("button", { name: "One dyno fewer" }).dblclick();
  await expect(card.locator("output")).toHaveText("3 dynos");
  // Heroku gives a dyno 30 s to stop.
  await expect(card.locator(".dynos > li")).toHaveCount(3, { timeout: 35_000 });
  expect(file.ps().length).toBe(3);
});

test("a dyno is killed and another comes in its place; pressed twice, it is killed once", async ({
  page,
  view,
  file,
}) => {
  test.setTimeout(60_000);
  await page.goto(view.url);
  const { card, up } = cardOf(page, file);
  await expect(up).toHaveCount(3);
  const before = file.ps().map(({ group }) => group);
  let acts = 0;
  page.on("request", (sent) => {
    if (sent.url().endsWith("/act")) acts++;
  });
  const kill = card.getByRole("button", { name: "Kill web.2" });
  await kill.dblclick();
  await expect(kill).toHaveAttribute("aria-busy", "true");
  await expect(kill).toBeFocused();
  await expect(kill).not.toHaveAttribute("aria-busy", "true", { timeout: 30_000 });
  await expect(up).toHaveCount(3);
  expect(acts).toBe(1);
  const after = file.ps().map(({ group }) => group);
  expect(after.map((group, index) => group === before[index])).toEqual([true, false, true]);

  await card.getByRole("button", { name: "Restart web.1" }).click();
  await expect.poll(() => file.ps()[0]?.group, { timeout: 30_000 }).not.toBe(before[0]);
});

test("an add-on is stopped and started", async ({ page, view, db }) => {
  await page.goto(view.url);
  const addon = cardOf(page, db)
    .card.getByRole("listitem")
    .filter({ hasText: "heroku-postgresql" });
  await addon.getByRole("button", { name: "Stop heroku-postgresql" }).click();
  await expect(addon).toContainText("stopped");
  await visitorOf(db)(1);
  await expect(cardOf(page, db).card.locator(".counts")).toContainText("1 failed");
  await addon.getByRole("button", { name: "Start heroku-postgresql" }).click();
  await expect(addon).toContainText("available");
  expect(db.addons()[0]?.state).toBe("available");
});

test("affinity is switched on and off, by the keyboard too", async ({ page, view, file }) => {
  await page.goto(view.url);
  const affinity = cardOf(page, file).card.getByRole("switch", { name: "Session affinity" });
  await expect(affinity).not.toBeChecked();
  await affinity.click();
  await expect(affinity).toBeChecked();
  expect(file.affinity()).toBe(true);
  await affinity.press("Space");
  await expect(affinity).not.toBeChecked();
  expect(file.affinity()).toBe(false);
});

test("what goes wrong is said where it was pressed, and can be tried again", async ({
  page,
  view,
  file,
}) => {
  await page.goto(view.url);
  const { card } = cardOf(page, file);
  const error = "[dynos] web.1 crashed.";
  await page.route("**/act", (route) => route.fulfill({ status: 409, json: { error } }));
  await card.getByRole("switch").click();
  await expect(card.getByRole("alert")).toHaveText(error);
  await page.unroute("**/act");
  await card.getByRole("switch").click();
  await expect(card.getByRole("alert")).toHaveText("");
  await expect(card.getByRole("switch")).toBeChecked();
});

test("when its server ends the page says so, and shows nothing stale", async ({
  page,
  view,
  file,
}) => {
  await page.goto(view.url);
  await expect(cardOf(page, file).card).toBeVisible();
  view.close();
  await expect(page.locator("#notice")).toHaveText(
    "The command that serves this page has ended, or is out of reach.",
  );
  await expect(page.getByRole("region")).toHaveCount(0);
});

test("opened from there in one browser, two apps leave each other's cookies alone", async ({
  page,
  context,
  view,
  db,
  file,
}) => {
  await page.goto(view.url);
  for (const app of [db, file]) {
    const opened = context.waitForEvent("page");
    await cardOf(page, app).card.getByRole("link", { name: "Open" }).click();
    const tab = await opened;
    await expect(tab.getByRole("banner")).toContainText(app === db ? "db-app" : "file-app");
    expect(new URL(tab.url()).hostname).toBe(`${app.name}.localhost`);
    await tab.getByRole("button", { name: "Visit", exact: true }).click();
    await expect.poll(async () => (await context.cookies(tab.url())).length).toBeGreaterThan(0);
  }
  const sessions = (await context.cookies()).filter(({ name }) => name === "__Host-session");
  expect(sessions.map(({ domain }) => domain).sort()).toEqual(
    [db, file].map(({ name }) => `${name}.localhost`).sort(),
  );
});
