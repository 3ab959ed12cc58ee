import { cpSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { filesOf, root } from "./documents.ts";

/** A copy of this checkout in a folder of its own, as it is now, with its packages but without what was built. */
export function copyOfCheckout(): string {
  const copy = mkdtempSync(join(tmpdir(), "docs-copy-"));
  for (const file of filesOf())
    cpSync(join(root, file), join(copy, file), { verbatimSymlinks: true });
  for (const folder of [
    "",
    ...packagesIn("apps"),
    ...packagesIn("packages"),
    "tools/check",
    "load",
    "compare",
    "report",
  ])
    symlinkSync(join(root, folder, "node_modules"), join(copy, folder, "node_modules"));
  symlinkSync(join(root, ".cache"), join(copy, ".cache"));
  // Tools and packages are borrowed: what is missing here is nothing to install there.
  writeFileSync(join(copy, "bin/setup"), "#!/bin/sh\n");
  return copy;
}

const packagesIn = (folder: string) =>
  readdirSync(join(root, folder)).map((name) => join(folder, name));
