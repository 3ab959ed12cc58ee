/**
 * A session is a file in SESSION_DIR, on the disk of the dyno that made it: what one computer does well, and
 * what breaks on several dynos. It is here as the one that fails.
 *
 * - The cookie holds a random id. The file's name is SHA-256 of it, never the id itself; the data is sealed.
 * - It costs one small file to read and one to write, and no server at all: on one dyno it is quick and correct.
 * - It dies when it is destroyed, when it expires (session-file-store deletes such files once an hour), and
 *   when the dyno restarts, is deployed to or is cycled once a day: its disk is new each time. On the other
 *   dynos it was never there, so signing out on one says nothing to them.
 *
 * session-file-store is unmaintained. It stays as what Express apps use for files, in the app that shows why not to.
 * It reads, deletes and prunes. Its writes are not used: they make files that others can read,
 * bring deleted sessions back and do not notice that somebody else wrote; those three verbs are our own.
 */
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { access, constants, link, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { sessions } from "@repo/session";
import {
  type SessionStore,
  type StoredSession,
  serverStrategy,
  singleton,
  withLock,
} from "@repo/session/strategy";
import createFileStore from "session-file-store";
import type { Fields } from "./fields.ts";

type Env = Record<string, string | undefined>;

/** SESSION_DIR, `.sessions` in the working directory by default; tests bring their own. */
export function fileStore({ SESSION_DIR = ".sessions" }: Env = process.env): SessionStore {
  const makeFolder = () => mkdirSync(SESSION_DIR, { recursive: true, mode: 0o700 });
  makeFolder(); // or the library makes one that everybody can look into
  const FileStore = createFileStore({ Store: function Store() {} } as never);
  const library = new FileStore({ path: SESSION_DIR, retries: 0, logFn: () => {} });
  const get = promisify(library.get.bind(library)) as (key: string) => Promise<SessionFile | null>;
  const remove = promisify(library.destroy.bind(library)) as (key: string) => Promise<void>;
  const path = (key: string) => join(SESSION_DIR, `${key}.json`);

  async function read(key: string): Promise<SessionFile | null> {
    try {
      const record = await get(key);
      return record && record.expiresAt > Date.now() ? record : null;
    } catch (error) {
      if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT")
        return null;
      throw error;
    }
  }

  /** The whole file at once under its name, or nothing: `place` is `link` (a new name only) or `rename`. */
  async function write(key: string, stored: StoredSession, version: number, place: typeof rename) {
    const temporary = join(SESSION_DIR, `${randomUUID()}.tmp`);
    try {
      const text = JSON.stringify(toFile(stored, version));
      await writeFile(temporary, text, { mode: 0o600, flag: "wx" });
      await place(temporary, path(key));
    } finally {
      await rm(temporary, { force: true });
    }
  }

  return {
    name: "the disk",

    async read(key) {
      const record = await read(key);
      if (!record) return null;
      const { sealed, expiresAt, version } = record;
      return { sealed, expiresAt, version: String(version) };
    },

    async create(key, stored) {
      makeFolder();
      await write(key, stored, 1, link);
      return "1";
    },

    update: (key, stored, version) =>
      withLock(library, key, async () => {
        const record = await read(key);
        if (!record) return { outcome: "gone" };
        if (String(record.version) !== version) return { outcome: "conflict" };
        await write(key, stored, record.version + 1, rename);
        return { outcome: "saved", version: String(record.version + 1) };
      }),

    touch: (key, expiresAt) =>
      withLock(library, key, async () => {
        const record = await read(key);
        if (record) await write(key, { ...record, expiresAt }, record.version, rename);
        return record !== null;
      }),

    destroy: (key, version) =>
      withLock(library, key, async () => {
        const record = version === undefined ? undefined : await read(key);
        if (record === null) return "gone";
        if (record && String(record.version) !== version) return "conflict";
        await remove(key);
        return "destroyed";
      }),

    async ready() {
      await access(`${SESSION_DIR}/`, constants.R_OK | constants.W_OK);
    },

    async close() {},
  };
}

/** session-file-store tells by `cookie` and `__lastAccess` what has expired; the rest is ours. */
interface SessionFile extends StoredSession {
  version: number;
  cookie: { originalMaxAge: number };
  __lastAccess: number;
}

function toFile({ sealed, expiresAt }: StoredSession, version: number): SessionFile {
  const now = Date.now();
  const cookie = { originalMaxAge: expiresAt - now };
  return { cookie, __lastAccess: now, version, expiresAt, sealed };
}

export const strategy = singleton("strategy", () =>
  serverStrategy({ name: "file", store: fileStore }),
);

export const { getSession, serverTiming, auth, authOptions, renewCookie, register, ready } =
  sessions<Fields>(strategy);
