import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";
import { up } from "@repo/dynos";
import { builtApps } from "../apps.ts";
import { findChromium } from "../browser/find-chromium.ts";
import { ownHome } from "../own-home.ts";
import { showAppPage } from "./app-page.ts";
import { showLiveView } from "./live-view.ts";
import { showReport } from "./report.ts";

/** Makes the pictures in docs/images again: `pnpm screenshots`. It takes about a minute, and wants the apps built. */
const images = join(import.meta.dirname, "../../docs/images");
const WIDTH = 1_280;

/** Brings the page to where it is to be seen; answers how much of it, from the top. */
export type Show = (page: Page) => Promise<{ height: number }>;

async function shoot(name: string, show: Show) {
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

const removeHome = ownHome();
mkdirSync(images, { recursive: true });
const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const browser = await chromium.launch({ ...findChromium(), args });
const chosen = builtApps().filter(({ name }) => name === "db-app" || name === "file-app");
const coming = chosen.map(({ dir, name }) => up({ dir, name, web: 3 }));
try {
  const apps = await Promise.all(coming);
  const fileApp = apps.find(({ name }) => name === "file-app");
  if (!fileApp) throw new Error("[screenshots] There is no app `file-app`.");
  await shoot("app-page", showAppPage(fileApp));
  await shoot("live-view", showLiveView(apps));
  await shoot("report", showReport);
} finally {
  await browser.close();
  for (const app of await Promise.allSettled(coming))
    if (app.status === "fulfilled") await app.value.down();
  removeHome();
}
