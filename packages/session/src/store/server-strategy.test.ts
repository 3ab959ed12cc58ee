import type { SessionStore } from "../contract.ts";
import { describeStrategy, type Rig } from "../testing/index.ts";
import { memoryStore } from "../testing/memory-store.ts";
import { serverStrategy } from "./server-strategy.ts";

type Records = NonNullable<Parameters<typeof memoryStore>[0]>;

const brokenStore = new Proxy({ name: "Memory" } as SessionStore, {
  get: (target, verb) =>
    verb === "name"
      ? target.name
      : verb === "close"
        ? async () => {}
        : async () => Promise.reject(new Error("down")),
});

/** A store in memory that all dynos share, or that each dyno has for itself: the two ends that the traits tell apart. */
function memoryRig(isShared: boolean): Rig {
  const disks = new Map<string, Records>();
  const recordsOf = (dyno: string) => {
    const name = isShared ? "shared" : dyno;
    const records = disks.get(name) ?? (new Map() as Records);
    disks.set(name, records);
    return records;
  };
  /** Where each dyno has its own, no dyno can list them all. */
  const storeOf = (dyno: string): SessionStore => {
    const { list, ...store } = memoryStore(recordsOf(dyno));
    return isShared ? { ...store, list } : { ...store, cannotList: "Dynos share no memory." };
  };
  return {
    start: (dyno, config) => serverStrategy({ name: "memory", config, store: () => storeOf(dyno) }),
    startBroken: (config) => serverStrategy({ name: "memory", config, store: () => brokenStore }),
    async wipeDisk(dyno) {
      if (!isShared) recordsOf(dyno).clear();
    },
    async restartStore() {
      recordsOf("web.1").clear();
    },
    peek: async (dyno, key) => recordsOf(dyno).get(key)?.sealed ?? null,
    close: async () => {},
  };
}

for (const isShared of [true, false]) {
  const traits = {
    sharedByDynos: isShared,
    survivesDynoRestart: isShared,
    survivesStoreRestart: isShared ? false : null,
    revocable: isShared,
    keepsParallelWrites: isShared,
    listsSessions: isShared,
    maxBytes: 65_536,
  };
  describeStrategy(isShared ? "shared memory" : "a dyno's own memory", traits, async () =>
    memoryRig(isShared),
  );
}
