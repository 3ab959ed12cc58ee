import { type Verdict, verdicts } from "./verdict.ts";

const env = __ENV;

if (!env.BASE_URL)
  throw new Error(
    "[load] Missing option `BASE_URL`. For example: k6 run -e BASE_URL=https://my-app-0123456789ab.herokuapp.com load/continuity.ts",
  );

/** The app's address, without a slash at its end. */
export const baseUrl = env.BASE_URL.replace(/\/+$/, "");
/** A local router's certificate is self-signed; every other certificate must be valid. */
export const loopback = isLoopback(baseUrl);
export const expected: Verdict = verdictOption("EXPECT");
/** The file for the summary. */
export const summaryFile = env.SUMMARY;
/** The file for k6's own aggregates, as `handleSummary` gets them. */
export const aggregatesFile = env.AGGREGATES;
/** Whether each operation on a session is written to the console: see load/README.md. */
export const historyWanted = Boolean(env.HISTORY);
/** The address that triggers events. Without it the script asks a person to trigger them. */
export const eventsUrl = env.EVENTS?.replace(/\/+$/, "");
/** How visitors sign in; see load/README.md. `null`: the way that the app turns out to have. */
export const signInOption = env.SIGN_IN || null;
/** The config var that a person rotates in `deploy`. */
export const secretName = env.SECRET || "SESSION_SECRET";
export const eventSeconds = numberOption("EVENT_SECONDS", 60);
/** With 1, scenarios about an event accept an app that has one dyno on purpose. */
export const minDynos = numberOption("MIN_DYNOS", 2);

/** A positive number given with `-e`, or the script's default. */
export function numberOption<Default extends number | undefined>(
  name: string,
  byDefault: Default,
): number | Default {
  const text = env[name];
  if (text === undefined || text === "") return byDefault;
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0)
    throw new Error(`[load] The option \`${name}\` is "${text}". Give a number above 0.`);
  return value;
}

function verdictOption(name: string): Verdict {
  const text = env[name] ?? "works";
  const verdict = verdicts.find((one) => one === text);
  if (verdict) return verdict;
  const known = verdicts.map((one) => `"${one}"`).join(", ");
  throw new Error(`[load] The option \`${name}\` is "${text}". Give one of: ${known}.`);
}

function isLoopback(url: string): boolean {
  const host = /^https?:\/\/(\[[^\]]*\]|[^:/?#]*)/i.exec(url)?.[1]?.toLowerCase() ?? "";
  return (
    host === "localhost" ||
    host.endsWith(".localhost") ||
    host === "[::1]" ||
    /^127(\.\d{1,3}){3}$/.test(host)
  );
}
