import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The commands of the documents never meet apps that are up on this machine: all they keep is here. */
export default function ownHome() {
  const home = mkdtempSync(join(tmpdir(), "docs-"));
  process.env.DOCS_TEST_HOME = home;
  return () => rmSync(home, { recursive: true, force: true });
}
