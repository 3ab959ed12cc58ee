/**
 * The session is a file in SESSION_DIR, on the disk of the dyno that created it. This works on one computer and breaks on
 * several dynos; the app is here to show how.
 *
 * - Where the data lives: in a file, sealed. Its name is the SHA-256 of the session id, never the id itself.
 * - What the cookie holds: a random id.
 * - What it costs: one small file to read and one to write, and no server. On one dyno it is fast and correct.
 * - How it fails: the other dynos never have the session, so they do not find it, and a sign-out on one dyno does not reach
 *   the others. A restart, a deploy and Heroku's daily cycling each give the dyno a new disk, which loses every session on
 *   it. A session also ends when it is destroyed and when it expires; session-file-store deletes such files once an hour.
 *
 * session-file-store is unmaintained. It stays because it is what Express apps use for files. It reads, deletes and prunes
 * here. Its writes are not used, because they create files that others can read, restore deleted sessions and miss parallel
 * writes; this file writes instead.
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

/** SESSION_DIR is `.sessions` in the working directory by default; tests pass other ones. */
export function fileStore({ SESSION_DIR = ".sessions" }: Env = process.env): SessionStore {
  const makeFolder = () => mkdirSync(SESSION_DIR, { recursive: true, mode: 0o700 });
  makeFolder(); // before the library creates one that everyone can read
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

  /** Writes the whole file at once, or nothing. `place` is `link`, which never overwrites, or `rename`. */
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
        if (!record) return { result: "gone" };
        if (String(record.version) !== version) return { result: "conflict" };
        await write(key, stored, record.version + 1, rename);
        return { result: "saved", version: String(record.version + 1) };
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

    cannotList:
      "A user's sessions are on the disks of several dynos, and no dyno reaches the disk of another. Use the database strategy, or the cache strategy.",

    async ready() {
      await access(`${SESSION_DIR}/`, constants.R_OK | constants.W_OK);
    },

    async close() {},
  };
}

/** session-file-store tells by `cookie` and `__lastAccess` what has expired; the rest is this app's. */
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

export const {
  getSession,
  serverTiming,
  mySessions,
  endSession,
  endOtherSessions,
  auth,
  authOptions,
  renewCookie,
  register,
  ready,
} = sessions<Fields>(strategy);
