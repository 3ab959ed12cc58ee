import { isLoopback, isVerdict } from "./options-check.ts";
import type { Verdict } from "./result.ts";

const env = __ENV;

if (!env.BASE_URL)
  throw new Error(
    "[load] Missing option `BASE_URL`. For example: k6 run -e BASE_URL=https://my-app.herokuapp.com load/continuity.ts",
  );

/** The app's address, without a slash at its end. */
export const baseUrl = env.BASE_URL.replace(/\/+$/, "");
/** A local router has a certificate that nobody signed; anywhere else a certificate has to be right. */
export const loopback = isLoopback(baseUrl);
export const expected: Verdict = isVerdict(env.EXPECT ?? "works");
/** Where the summary goes. */
export const summaryFile = env.SUMMARY;
/** Where k6's own aggregates go, as `handleSummary` gets them. */
export const aggregatesFile = env.AGGREGATES;
/** Where events are triggered; without it a person triggers them by hand. */
export const eventsUrl = env.EVENTS?.replace(/\/+$/, "");
export const eventSeconds = number("EVENT_SECONDS", 60);
/** With 1, scripts about an event accept an app that has one dyno on purpose. */
export const minDynos = number("MIN_DYNOS", 2);

/** A number among the `-e` options, or what the script takes where none is given. */
export function number<Otherwise extends number | undefined>(
  name: string,
  otherwise: Otherwise,
): number | Otherwise {
  const text = env[name];
  if (text === undefined || text === "") return otherwise;
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0)
    throw new Error(`[load] The option \`${name}\` is "${text}". Give a number above 0.`);
  return value;
}
