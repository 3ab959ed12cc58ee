/** One line of an app's log, as Heroku's Logplex has it. */
export interface LogLine {
  readonly at: Date;
  /** `app` for what the app prints, `heroku` for the platform's own lines. */
  readonly source: "app" | "heroku";
  /** `web.1`, `release.1234`, `router`, `api` */
  readonly process: string;
  readonly text: string;
}

export interface Log {
  write(source: LogLine["source"], process: string, text: string): void;
  /** The last 1,500 lines, oldest first. */
  recent(): readonly LogLine[];
  /** Calls back for each new line, until the function that it returns is called. */
  follow(listener: (line: LogLine) => void): () => void;
}

/** https://devcenter.heroku.com/articles/limits (9 Jan 2025) */
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

/** Whether a line comes from a process that the caller of a verb waits for: the release or postdeploy command. */
export function isAwaited({ source, process }: LogLine): boolean {
  return source === "app" && /^(release|postdeploy)\./.test(process);
}

/** Selects lines of a log. */
export interface LogQuery {
  /** The number of lines, counted from the end. Default: all. */
  num?: number | undefined;
  /** One of `LOG_SOURCES`. */
  source?: string | undefined;
  dyno?: string | undefined;
}

export const LOG_SOURCES = ["app", "heroku", "router"];

function matching({ source, dyno }: LogQuery): (line: LogLine) => boolean {
  return (line) => {
    const router = line.process === "router";
    if (source && source !== (router ? "router" : line.source)) return false;
    // The field before it ends with a quote, which no value of a client's contains.
    return !dyno || line.process === dyno || (router && line.text.includes(`" dyno=${dyno} `));
  };
}

/** The last lines that match, in Heroku's format. */
export function lastLines(log: Log, query: LogQuery = {}): string[] {
  const lines = log.recent().filter(matching(query)).map(formatLine);
  return query.num === undefined ? lines : lines.slice(Math.max(0, lines.length - query.num));
}

/**
 * Calls back for each line that matches, until the function that it returns is called. A reader that is behind misses
 * lines, and is told how many in the words of Heroku's L11: https://devcenter.heroku.com/articles/error-codes (the
 * wording of the number is unsourced).
 */
export function tailLog(
  log: Log,
  query: LogQuery,
  isBehind: () => boolean,
  onLine: (line: string) => void,
): () => void {
  const wanted = matching(query);
  let missed = 0;
  let since: Date | undefined;
  return log.follow((line) => {
    if (!wanted(line)) return;
    if (isBehind()) {
      since ??= line.at;
      missed += 1;
      return;
    }
    if (since) {
      const text = `Error L11 (Tail buffer overflow) -> ${missed} messages dropped since ${since.toISOString()}.`;
      onLine(formatLine({ at: new Date(), source: "heroku", process: "logplex", text }));
      missed = 0;
      since = undefined;
    }
    onLine(formatLine(line));
  });
}

/** Messages to those who wait for a verb: what is being done. */
export interface Progress {
  say(text: string): void;
  /** Calls back for each message, until the function that it returns is called. */
  follow(listener: (text: string) => void): () => void;
}

export function createProgress(first?: (text: string) => void): Progress {
  const listeners = new Set<(text: string) => void>(first ? [first] : []);
  return {
    say: (text) => {
      for (const listener of listeners) listener(text);
    },
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
