import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ProcessRecord } from "./machine/processes.ts";
import { removeFolder, removeFolderAtExit } from "./machine/processes.ts";
import { handOver, type ServerUser, serverUser } from "./server-user.ts";

export interface AddonOptions {
  /** The add-on's name where an app has two of a service. */
  name?: string;
  plan?: string;
  /** Another prefix for the config vars: app.json's `as`. */
  as?: string | undefined;
  /** Where its folder is made; without it, among the machine's temporary files. */
  parent?: string | undefined;
  record?: ProcessRecord | undefined;
}

export interface AddonFolder {
  readonly path: string;
  readonly user: ServerUser;
  remove(): void;
}

/** A folder that only the server's user can look into. */
export function makeAddonFolder(service: string, parent?: string): AddonFolder {
  const path = mkdtempSync(join(parent ?? tmpdir(), `dynos-${service}-`));
  chmodSync(path, 0o700);
  const user = serverUser();
  handOver(path, user);
  const forget = removeFolderAtExit(path);
  return {
    path,
    user,
    remove() {
      removeFolder(path);
      forget();
    },
  };
}
