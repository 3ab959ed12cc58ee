// Loaded by mocha before express-session's own tests, in a checkout of expressjs/session: what they take for the
// MemoryStore is our store. The tests also ask for `all`, `length` and `clear`, which are optional in a store's contract
// and which ours do not have, so they are added here.
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { expressStore } from "../../express-store.ts";
import { memoryStore } from "../memory-store.ts";

const theirs = createRequire(resolve("index.js"));
const part = (name: string) => theirs.resolve(resolve("session", name));
const Store = theirs(part("store"));
theirs(part("memory"));

function OurStore() {
  const records: NonNullable<Parameters<typeof memoryStore>[0]> = new Map();
  const current = () => [...records].filter(([, { expiresAt }]) => expiresAt > Date.now());
  type Done = (error: null, result?: unknown) => void;
  const secrets = ["a secret for tests, 32 characters"] as const;
  return Object.assign(expressStore({ Store }, { store: memoryStore(records), secrets }), {
    all: (done: Done) => setImmediate(done, null, Object.fromEntries(current())),
    length: (done: Done) => setImmediate(done, null, current().length),
    clear(done: Done) {
      records.clear();
      setImmediate(done, null);
    },
  });
}

const memory = theirs.cache[part("memory")];
if (memory) memory.exports = OurStore;
