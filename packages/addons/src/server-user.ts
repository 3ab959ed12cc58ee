import { execFileSync } from "node:child_process";
import { chownSync, readdirSync } from "node:fs";
import { join } from "node:path";

export interface ServerUser {
  uid?: number;
  gid?: number;
}

/**
 * Who runs the add-ons' servers: we ourselves, or `nobody` when we are root (in a container, mostly),
 * because Postgres and memcached refuse to run as root.
 */
export function serverUser(): ServerUser {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string) => Number(execFileSync("id", [flag, "nobody"], { encoding: "utf8" }));
  return { uid: id("-u"), gid: id("-g") };
}

/** Hands a folder and what lies directly in it to the user who runs the server. */
export function handOver(folder: string, user: ServerUser): void {
  if (user.uid === undefined || user.gid === undefined) return;
  chownSync(folder, user.uid, user.gid);
  for (const name of readdirSync(folder)) chownSync(join(folder, name), user.uid, user.gid);
}
