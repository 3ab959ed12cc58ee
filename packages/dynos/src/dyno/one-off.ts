import { type DynoProcess, type DynoProcessOptions, startDynoProcess } from "./process.ts";

type OneOffOptions = Omit<DynoProcessOptions, "name" | "port" | "onLine"> & {
  type: string;
  onLine(text: string, name: string): void;
};

export interface OneOffs {
  /** Runs a command in a one-off dyno (`run.1234`) to its end. Returns the exit code. */
  run(options: OneOffOptions): Promise<number>;
  /** Ends those that run, for good. */
  stop(graceMs: number): Promise<void>;
}

export function createOneOffs(): OneOffs {
  const running = new Set<Promise<DynoProcess>>();
  let count = 1000 + Math.floor(Math.random() * 8000);
  let closed = false;
  return {
    async run({ type, onLine, ...options }) {
      if (closed) throw new Error("[dynos] The app is going down.");
      const name = `${type}.${count++}`;
      const withName = { ...options, name, onLine: (text: string) => onLine(text, name) };
      const starting = startDynoProcess(withName);
      running.add(starting);
      try {
        return await (await starting).ended;
      } finally {
        running.delete(starting);
      }
    },
    async stop(graceMs) {
      closed = true;
      // One that is still copying its slug is stopped as soon as it has started.
      await Promise.allSettled(
        [...running].map(async (starting) => {
          const started = await starting;
          await started.stop(graceMs);
          await started.ended;
        }),
      );
    },
  };
}
