import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ProcessRecord, removeFolder, removeFolderAtExit } from "./machine/processes.ts";

export interface AddonOptions {
  /** The add-on's name, where an app has two of a service. Default: the service's. */
  name?: string;
  /** Default: the service's cheapest. */
  plan?: string;
  /** Another prefix for the config vars: app.json's `as`. */
  as?: string | undefined;
  /** Where its folder is made. Default: among the machine's temporary files. */
  parent?: string | undefined;
  /** Postgres only: also a PgBouncer in front of it, in transaction mode, with its own config var. Default: none. */
  pooler?: boolean | undefined;
  /**
   * The server listens at the add-on's address itself. Without it a relay in this process stands before the server, so that
   * faults can be put there; it delays each round trip, and takes CPU time of this process. Default: false.
   */
  direct?: boolean | undefined;
  /** Where its process is recorded, so that another run can clean up after a `kill -9`. */
  record?: ProcessRecord | undefined;
}

export interface AddonFolder {
  readonly path: string;
  readonly user: ServerUser;
  remove(): Promise<void>;
}

/** Makes a folder that only the server's user can open. */
export function makeAddonFolder(service: string, parent?: string): AddonFolder {
  const path = mkdtempSync(join(parent ?? tmpdir(), `dynos-${service}-`));
  chmodSync(path, 0o700);
  const user = serverUser();
  handOver(path, user);
  const forget = removeFolderAtExit(path);
  return {
    path,
    user,
    async remove() {
      await removeFolder(path);
      forget();
    },
  };
}

export interface ServerUser {
  uid?: number;
  gid?: number;
}

/**
 * The user that runs the servers: our own, or `nobody` when we are root, as in most containers, because Postgres and
 * memcached refuse to run as root.
 */
function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** Gives a folder and its direct content to the user that runs the server. */
export function handOver(folder: string, user: ServerUser): void {
  if (user.uid === undefined || user.gid === undefined) return;
  chownSync(folder, user.uid, user.gid);
  for (const name of readdirSync(folder)) chownSync(join(folder, name), user.uid, user.gid);
}
