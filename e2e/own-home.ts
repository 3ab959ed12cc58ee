import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** From now on apps come up without meeting those of the user. Returns what deletes all that they keep. */
export function ownHome(): () => void {
  const home = mkdtempSync(join(tmpdir(), "e2e-dynos-"));
  process.env.DYNOS_HOME = home;
  return () => rmSync(home, { recursive: true, force: true });
}
