/** One line of an app's log, as Heroku's Logplex has it. */
export interface LogLine {
  readonly at: Date;
  /** `app` for what the app prints, `heroku` for what the platform says. */
  readonly source: "app" | "heroku";
  /** `web.1`, `release.1234`, `router`, `api` */
  readonly process: string;
  readonly text: string;
}

export interface Log {
  write(source: LogLine["source"], process: string, text: string): void;
  /** The last lines, oldest first. */
  recent(): readonly LogLine[];
  /** Calls back for each new line, until the function that it returns is called. */
  follow(listener: (line: LogLine) => void): () => void;
}

// As many as Heroku keeps.
const KEPT_LINES = 1_500;

export function createLog(): Log {
  let lines: LogLine[] = [];
  const listeners = new Set<(line: LogLine) => void>();
  return {
    write(source, process, text) {
      const line = { at: new Date(), source, process, text };
      lines.push(line);
      // Cut seldom: a router writes thousands of lines a second.
      if (lines.length > KEPT_LINES * 2) lines = lines.slice(-KEPT_LINES);
      for (const listener of listeners) listener(line);
    },
    recent: () => lines.slice(-KEPT_LINES),
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** `2026-11-24T05:54:28.123000+00:00 app[web.1]: hello` */
export function formatLine({ at, source, process, text }: LogLine): string {
  return `${at.toISOString().slice(0, -1)}000+00:00 ${source}[${process}]: ${text}`;
}

/** Whether a line comes from a process that a verb waits for, so that whoever waits should see it. */
export function isAwaited({ source, process }: LogLine): boolean {
  return source === "app" && /^(release|postdeploy)\./.test(process);
}
