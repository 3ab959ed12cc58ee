import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "@playwright/test";

const images = join(import.meta.dirname, "../../docs/images");
const WIDTH = 1_280;

/** Brings the page to where it is to be seen; answers how much of it, from the top. */
export type Show = (page: Page) => Promise<{ height: number }>;

/** Makes `docs/images/NAME.png` again. */
export async function shoot(browser: Browser, name: string, show: Show): Promise<void> {
  mkdirSync(images, { recursive: true });
  const page = await browser.newPage({
    viewport: { width: WIDTH, height: 800 },
    colorScheme: "light",
    ignoreHTTPSErrors: true, // The local router's certificate is its own.
  });
  const { height } = await show(page);
  const path = join(images, `${name}.png`);
  const clip = { x: 0, y: 0, width: WIDTH, height: Math.ceil(height) };
  await page.screenshot({ path, clip, fullPage: true });
  await page.close();
  console.log(path);
}
