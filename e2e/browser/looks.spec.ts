import { expect, test } from "./apps.ts";
import { violationsOn } from "./axe.ts";

const widths = { phone: { width: 390, height: 844 }, desktop: { width: 1_280, height: 900 } };

/** What an afternoon on three dynos without a common store leaves in the strip. */
const seen = Array.from({ length: 24 }, (_, at) => ({
  key: String(at),
  dyno: `web.${1 + (((at * at) % 7) % 3)}`,
  sessionOutcome: at === 0 ? "none" : at % 3 === 1 ? "found" : "lost",
}));

for (const [device, viewport] of Object.entries(widths)) {
  for (const colorScheme of ["light", "dark"] as const) {
    test.describe(`on a ${device}, ${colorScheme}`, () => {
      test.use({ viewport, colorScheme });

      test("axe finds nothing, and nothing is wider than the screen", async ({ page, db }) => {
        await page.addInitScript(
          (requests) => localStorage.setItem("requests", JSON.stringify(requests)),
          seen,
        );
        await page.goto(db.httpsUrl);
        await page.getByLabel("Note to keep").fill("remember me");
        await page.getByRole("button", { name: "Visit", exact: true }).click();
        await expect(page.getByText("“remember me”")).toBeVisible();
        await page.getByLabel(/Sign in with a name/).fill("Ada");
        await page.getByRole("button", { name: "Sign in" }).click();
        await expect(page.getByText("Signed in as Ada")).toBeVisible();
        await page.getByText("How it works").click();
        expect(await violationsOn(page)).toEqual([]);
        const scrollWidth = await page.evaluate(() => document.documentElement.scrollWidth);
        expect(scrollWidth).toBeLessThanOrEqual(viewport.width);
      });
    });
  }
}

test("the first load is small, and asks nobody but the app", async ({ page, db }) => {
  let bytes = 0;
  const kinds = new Map<string, number>();
  const hosts = new Set<string>();
  page.on("requestfinished", async (request) => {
    hosts.add(new URL(request.url()).host);
    const { responseBodySize, responseHeadersSize } = await request.sizes();
    bytes += responseBodySize + responseHeadersSize;
    const kind = request.resourceType();
    kinds.set(kind, (kinds.get(kind) ?? 0) + responseBodySize + responseHeadersSize);
  });
  await page.goto(db.httpsUrl, { waitUntil: "networkidle" });
  const parts = [...kinds].map(([kind, size]) => `${kind} ${(size / 1024).toFixed(1)}`).join(", ");
  console.log(`First load: ${(bytes / 1024).toFixed(1)} KiB over the network (${parts})`);
  expect([...hosts]).toEqual([new URL(db.httpsUrl).host]);
  expect(bytes).toBeLessThan(250 * 1024);
});
