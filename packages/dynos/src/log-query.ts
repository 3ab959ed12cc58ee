import { formatLine, type Log, type LogLine } from "./log.ts";

/** Which lines of a log one wants to see. */
export interface LogQuery {
  /** The last so many. */
  num?: number | undefined;
  source?: string | undefined;
  dyno?: string | undefined;
}

export const LOG_SOURCES = ["app", "heroku", "router"];

export function matching({ source, dyno }: LogQuery): (line: LogLine) => boolean {
  return (line) => {
    const router = line.process === "router";
    if (source && source !== (router ? "router" : line.source)) return false;
    return !dyno || line.process === dyno || (router && line.text.includes(` dyno=${dyno} `));
  };
}

/** The last lines that match, in Heroku's format. */
export function lastLines(log: Log, query: LogQuery = {}): string[] {
  const lines = log.recent().filter(matching(query)).map(formatLine);
  return query.num === undefined ? lines : lines.slice(Math.max(0, lines.length - query.num));
}
