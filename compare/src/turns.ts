/**
 * Runs most work side by side, and some alone: `alone` waits until nothing else runs, and nothing else begins before
 * it has ended.
 */
export function createTurns() {
  let running = 0;
  let exclusive = false;
  let waitingAlone = 0;
  let waiting: (() => void)[] = [];
  const change = () => new Promise<void>((resolve) => waiting.push(resolve));
  const changed = () => {
    const woken = waiting;
    waiting = [];
    for (const wake of woken) wake();
  };
  return {
    async beside<T>(work: () => Promise<T>): Promise<T> {
      while (exclusive || waitingAlone > 0) await change();
      running++;
      try {
        return await work();
      } finally {
        running--;
        changed();
      }
    },
    async alone<T>(work: () => Promise<T>): Promise<T> {
      waitingAlone++;
      while (exclusive || running > 0) await change();
      waitingAlone--;
      exclusive = true;
      try {
        return await work();
      } finally {
        exclusive = false;
        changed();
      }
    },
  };
}

export type Turns = ReturnType<typeof createTurns>;
