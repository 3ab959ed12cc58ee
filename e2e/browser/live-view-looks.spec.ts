import { violationsOn } from "./axe.ts";
import { cardOf, expect, test, visitorOf } from "./live-view.ts";

const widths = { phone: { width: 390, height: 844 }, desktop: { width: 1_280, height: 900 } };

for (const [device, viewport] of Object.entries(widths)) {
  for (const colorScheme of ["light", "dark"] as const) {
    test.describe(`on a ${device}, ${colorScheme}`, () => {
      test.use({ viewport, colorScheme });

      test("axe finds nothing, and nothing is wider than the screen", async ({
        page,
        view,
        db,
        file,
      }) => {
        await page.goto(view.url);
        await Promise.all([db, file].map((app) => visitorOf(app)(6)));
        await expect(cardOf(page, file).card.locator(".counts")).toContainText("lost");
        expect(await violationsOn(page, { exclude: ".dots" })).toEqual([]);
        const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(scrollWidth).toBeLessThanOrEqual(viewport.width);
      });
    });
  }
}

test("everything is reached by the keyboard, in the order in which one reads it", async ({
  page,
  view,
  db,
}) => {
  await page.goto(view.url);
  await expect(cardOf(page, db).up).toHaveCount(3);
  await cardOf(page, db).card.getByRole("link").focus();
  const order: string[] = [];
  for (let count = 0; count < 13; count++) {
    order.push(
      await page.evaluate(() => {
        const element = document.activeElement ?? document.body;
        const { outlineStyle } = getComputedStyle(element);
        return `${element.getAttribute("aria-label") ?? element.textContent} ${outlineStyle}`;
      }),
    );
    await page.keyboard.press("Tab");
  }
  expect(order).toEqual([
    `Open ${db.name} solid`,
    "Session affinity solid",
    ...[1, 2, 3].flatMap((dyno) => [`Restart web.${dyno} solid`, `Kill web.${dyno} solid`]),
    "One dyno fewer solid",
    "One dyno more solid",
    "Restart all solid",
    "Restart one by one solid",
    "Stop heroku-postgresql solid",
  ]);
});

test("dots fly from the router to the dynos, each for one request", async ({
  page,
  view,
  file,
}) => {
  await page.goto(view.url);
  const { card, up } = cardOf(page, file);
  await expect(up).toHaveCount(3);
  await expect(card.locator(".wires line")).toHaveCount(3);
  // It counts before the first request leaves.
  await card.evaluate((element) => {
    let seen = 0;
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) seen += addedNodes.length;
      element.setAttribute("data-flown", String(seen));
    }).observe(element.querySelector(".dots") ?? element, { childList: true });
  });
  await visitorOf(file)(5);
  await expect(card).toHaveAttribute("data-flown", "5");
  await expect(card.locator(".dots > *")).toHaveCount(0);
});

test.describe("for who wants less motion", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("nothing flies, and the strip shows the same", async ({ page, view, file }) => {
    await page.goto(view.url);
    const { card, up } = cardOf(page, file);
    await expect(up).toHaveCount(3);
    await card.evaluate((element) => {
      const layer = element.querySelector(".dots");
      new MutationObserver(() => element.setAttribute("data-flew", "")).observe(layer ?? element, {
        childList: true,
      });
    });
    await visitorOf(file)(6);
    await expect(card.locator(".strip > [class]")).toHaveCount(5);
    await expect(card).not.toHaveAttribute("data-flew");
  });
});
