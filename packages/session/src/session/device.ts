import Bowser from "bowser";

/** The longest that browsers send is about 300. */
const MAX_CHARACTERS = 512;

/**
 * A short label of the browser and its system, for a list of sessions: "Firefox on Windows". Without versions, which would
 * be out of date soon and tell more about a visitor than the list needs.
 *
 * @returns undefined where the header names no browser that is known
 */
export function deviceOf(userAgent: string | undefined): string | undefined {
  if (!userAgent) return undefined;
  const parser = Bowser.getParser(userAgent.slice(0, MAX_CHARACTERS));
  const [browser, system] = [parser.getBrowserName(), parser.getOSName()];
  if (browser && system) return `${browser} on ${system}`;
  return browser || system || undefined;
}
