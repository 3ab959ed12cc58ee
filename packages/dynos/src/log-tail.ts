import { formatLine, type Log } from "./log.ts";
import { type LogQuery, matching } from "./log-query.ts";

/**
 * Calls back for each line that matches, until the function that it returns is called. Whoever is behind misses lines
 * instead of making us keep them, and is told how many in the words of Heroku's error L11.
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
