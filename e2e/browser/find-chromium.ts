import { findProgram } from "@repo/addons/programs";

/** The machine's own Chromium; nothing where it has none, and then Playwright takes the one that it downloaded. */
export function findChromium(): { executablePath?: string } {
  const executablePath = findProgram("chromium", "chromium-browser", "google-chrome");
  return executablePath ? { executablePath } : {};
}
