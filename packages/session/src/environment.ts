import { sessionConfig } from "./config.ts";

/**
 * Ends the process with exit code 1 and a message for each config var that is missing or wrong. Runs before a release,
 * so that Heroku keeps the old one, and before the server listens, so that no dyno looks ready that is not.
 *
 * @param readers read an app's own config vars, and throw an error that names the one that is wrong
 */
export function checkEnvironment(...readers: (() => unknown)[]): void {
  const problems = [sessionConfig, ...readers].flatMap(problemOf);
  if (problems.length === 0) return;
  for (const problem of problems) console.error(problem);
  process.exit(1);
}

function problemOf(read: () => unknown): string[] {
  try {
    read();
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
