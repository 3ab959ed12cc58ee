import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { filesOf, root } from "./documents.ts";

/** A copy of this checkout in a separate folder, as it is now, with its packages but without what was built. */
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
    linkPackages(join(folder, "node_modules"), copy);
  symlinkSync(join(root, ".cache"), join(copy, ".cache"));
  // Tools and packages are borrowed: what is missing here is nothing to install there.
  writeFileSync(join(copy, "bin/setup"), "#!/bin/sh\n");
  return copy;
}

/**
 * Borrows what is installed in one folder. This repository's own packages are the copy's, or they would find their way
 * by their real path to this checkout, and write into it.
 */
function linkPackages(folder: string, copy: string): void {
  mkdirSync(join(copy, folder));
  for (const name of readdirSync(join(root, folder))) {
    const path = join(folder, name);
    if (name.startsWith("@")) {
      linkPackages(path, copy);
      continue;
    }
    const inRoot = relative(root, realpathSync(join(root, path)));
    const isOurs = !inRoot.startsWith("..") && !inRoot.includes("node_modules");
    symlinkSync(join(isOurs ? copy : root, isOurs ? inRoot : path), join(copy, path));
  }
}

const packagesIn = (folder: string) =>
  readdirSync(join(root, folder)).map((name) => join(folder, name));
