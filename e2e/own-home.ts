import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * From now on apps come up without meeting those of the user. Returns what deletes all that they keep; where this
 * process dies before it can, a guard ends the dynos and servers that it left.
 */
export function ownHome(): () => void {
  const home = mkdtempSync(join(tmpdir(), "e2e-dynos-"));
  process.env.DYNOS_HOME = home;
  // Its standard input ends when this process does, however that comes.
  const guard = spawn(process.execPath, [join(import.meta.dirname, "guard-home.ts")], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  guard.unref();
  return () => rmSync(home, { recursive: true, force: true });
}
