import { sessionConfig } from "./config.ts";
import { setDynoHeaders } from "./http/dyno.ts";
import { drainFromTheStart } from "./http/shutdown.ts";

/**
 * Runs before a release, so that Heroku keeps the old one where a config var is wrong, and before the server listens, so
 * that a dyno that cannot work never looks ready. Requests and a SIGTERM may arrive before Next calls `register()`, so this
 * also names the dyno on every answer, and drains the server on SIGTERM.
 *
 * Ends the process with exit code 1 and one message for each config var that is missing or wrong.
 *
 * @param readers read an app's own config vars, and throw an error that names the one that is wrong
 */
export function prepareStart(...readers: (() => unknown)[]): void {
  const problems = [sessionConfig, ...readers].flatMap(findProblem);
  if (problems.length > 0) {
    for (const problem of problems) console.error(problem);
    process.exit(1);
  }
  setDynoHeaders();
  drainFromTheStart();
}

function findProblem(read: () => unknown): string[] {
  try {
    read();
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
