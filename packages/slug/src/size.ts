import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";

/** Bytes of all files below `dir`. Symbolic links count as themselves, so that nothing counts twice. */
export async function sizeOf(dir: string): Promise<number> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => lstat(join(entry.parentPath, entry.name))),
  );
  return sizes.reduce((sum, { size }) => sum + size, 0);
}

/** Heroku's megabytes are 1,048,576 bytes. */
export function megabytes(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}
