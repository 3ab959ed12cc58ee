import { expect, test } from "@playwright/test";
import { startApp } from "@repo/load/fixtures/app";
import { runScript } from "@repo/load/fixtures/run-script";

/** Whether a note of so many random characters comes back, in this browser. */
async function keeps(length: number): Promise<boolean> {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  const note = Array.from(bytes, (byte) => String.fromCharCode(97 + (byte % 26))).join("");
  await fetch("/api/session", { method: "POST", body: JSON.stringify({ note }) });
  const { session } = await (await fetch("/api/session")).json();
  return session?.note === note;
}

// k6 keeps cookies of any length: the script once found 5,993 bytes in a cookie session that holds 2,900 in a browser.
test("the size that k6 finds in a cookie is the one that Chromium keeps", async ({ page }) => {
  const app = await startApp({ strategy: "cookie", maxBytes: 200_000 });
  try {
    await page.goto(app.url);
    let [kept, beyond] = [1, 8_192];
    while (beyond - kept > 1) {
      const middle = Math.floor((kept + beyond) / 2);
      if (await page.evaluate(keeps, middle)) kept = middle;
      else beyond = middle;
    }
    const { summary, output } = await runScript({ scenario: "size", url: app.url });
    const found = summary?.figures.bytesKept ?? 0;
    // The visit counter beside the note may have a digit more or less.
    expect(Math.abs(found - kept), `${output}\nChromium keeps ${kept}`).toBeLessThanOrEqual(2);
    expect(summary?.reason).toContain("browsers drop more than 4,096");
  } finally {
    await app.close();
  }
});
