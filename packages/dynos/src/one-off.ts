import { type DynoProcess, type DynoProcessOptions, startDynoProcess } from "./dyno-process.ts";

type OneOffOptions = Omit<DynoProcessOptions, "name" | "port" | "onLine"> & {
  type: string;
  onLine(text: string, name: string): void;
};

export interface OneOffs {
  /** Runs a command in a dyno of its own (`run.1234`) to its end; answers the exit code. */
  run(options: OneOffOptions): Promise<number>;
  /** Ends those that run. */
  stop(graceMs: number): Promise<void>;
}

export function createOneOffs(): OneOffs {
  const running = new Set<DynoProcess>();
  let count = 1000 + Math.floor(Math.random() * 8000);
  return {
    async run({ type, onLine, ...options }) {
      const name = `${type}.${count++}`;
      const started = await startDynoProcess({
        ...options,
        name,
        onLine: (text) => onLine(text, name),
      });
      running.add(started);
      const code = await started.ended;
      running.delete(started);
      return code;
    },
    async stop(graceMs) {
      await Promise.all([...running].map((each) => each.stop(graceMs)));
    },
  };
}
