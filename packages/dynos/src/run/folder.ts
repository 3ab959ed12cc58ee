import { chmodSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { removeFolder, removeFolderAtExit } from "@repo/addons/processes";

/** Everything that one run of an app puts on the disk. */
export interface RunFolder {
  readonly path: string;
  readonly slugs: string;
  readonly dynos: string;
  readonly addons: string;
  readonly socket: string;
  remove(): Promise<void>;
}

export function makeRunFolder(app: string): RunFolder {
  // The temporary folder's path is short: a Unix socket's may not exceed about 100 characters.
  const path = mkdtempSync(join(tmpdir(), `dynos-${app.slice(0, 20)}-`));
  const forget = removeFolderAtExit(path);
  const make = (name: string, mode = 0o700) => {
    mkdirSync(join(path, name), { mode });
    return join(path, name);
  };
  const folder = {
    path,
    slugs: make("slugs"),
    dynos: make("dynos"),
    // When we are root, the servers are not: they pass through here to their own closed folders.
    addons: make("addons", 0o711),
    socket: join(make("control"), "socket"),
    async remove() {
      await removeFolder(path);
      forget();
    },
  };
  if (process.getuid?.() === 0) chmodSync(path, 0o711);
  return folder;
}
