import { chromium } from "@playwright/test";
import { up } from "@repo/dynos";
import { builtApps } from "../apps.ts";
import { findChromium } from "../browser/find-chromium.ts";
import { ownHome } from "../own-home.ts";
import { showAppPage } from "./app-page.ts";
import { showLiveView } from "./live-view.ts";
import { showReport } from "./report.ts";
import { shoot } from "./shoot.ts";

/** Makes the pictures in docs/images again: `pnpm screenshots`. It takes about a minute, and wants the apps built. */
const removeHome = ownHome();
const args = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
const browser = await chromium.launch({ ...findChromium(), args });
const chosen = builtApps().filter(({ name }) => name === "db-app" || name === "file-app");
const coming = chosen.map(({ dir, name }) => up({ dir, name, web: 3 }));
try {
  const apps = await Promise.all(coming);
  const fileApp = apps.find(({ name }) => name === "file-app");
  if (!fileApp) throw new Error("[screenshots] There is no app `file-app`.");
  await shoot(browser, "app-page", showAppPage(fileApp));
  await shoot(browser, "live-view", showLiveView(apps));
  await shoot(browser, "report", showReport);
} finally {
  await browser.close();
  for (const app of await Promise.allSettled(coming))
    if (app.status === "fulfilled") await app.value.down();
  removeHome();
}
