import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Show } from "./shoot.ts";

const report = join(import.meta.dirname, "../../report");

const MARGIN_PX = 40;

/** The results that the README shows: their answer, and one visitor's requests. Their table is in the README itself. */
export const showReport: Show = async (page) => {
  const folder = mkdtempSync(join(tmpdir(), "screenshots-"));
  try {
    cpSync(join(report, "published/results.json"), join(folder, "results.json"));
    execFileSync(process.execPath, [join(report, "src/cli.ts"), folder]);
    await page.goto(pathToFileURL(join(folder, "report.html")).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
  const box = await page.locator("section[aria-labelledby=one-visitor]").boundingBox();
  return { height: (box?.y ?? 0) + (box?.height ?? 0) + MARGIN_PX };
};
