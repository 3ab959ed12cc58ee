import type { SessionStore, StoredSession } from "../contract.ts";

/** A store in this process, for tests and as the shortest example of the verbs. Real dynos share no memory. */
export function memoryStore(
  records = new Map<string, StoredSession & { version: string }>(),
): SessionStore {
  const find = (key: string) => {
    const record = records.get(key);
    return record && record.expiresAt > Date.now() ? record : null;
  };
  return {
    name: "Memory",
    async read(key) {
      return find(key);
    },
    async create(key, stored) {
      if (records.has(key)) throw new Error("the key is taken");
      records.set(key, { ...stored, version: "1" });
      return "1";
    },
    async update(key, stored, version) {
      const record = find(key);
      if (!record) return { result: "gone" };
      if (record.version !== version) return { result: "conflict" };
      const next = String(Number(version) + 1);
      records.set(key, { ...stored, version: next });
      return { result: "saved", version: next };
    },
    async touch(key, expiresAt, owner) {
      const record = find(key);
      if (record) records.set(key, { ...record, expiresAt, owner });
      return record !== null;
    },
    async destroy(key, version) {
      if (version !== undefined) {
        const record = find(key);
        if (!record) return "gone";
        if (record.version !== version) return "conflict";
      }
      records.delete(key);
      return "destroyed";
    },
    async list(owner) {
      return [...records].flatMap(([key, { sealed, expiresAt, owner: of }]) =>
        of?.hash === owner && expiresAt > Date.now() ? [{ key, sealed, expiresAt }] : [],
      );
    },
    async ready() {},
    async close() {},
  };
}
