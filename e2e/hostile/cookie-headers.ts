import type { Random } from "@repo/session/testing";
import { hostileValue } from "@repo/session/testing";

const NAME = "__Host-session";

/** Names that a parser, or next-auth, might take for the session's. */
const WRONG_NAMES = [
  "session",
  "__Secure-session",
  "__host-session",
  "__HOST-SESSION",
  `${NAME}.0`,
  `${NAME}[0]`,
  `${NAME}[]`,
  `${NAME}.__proto__`,
  `${NAME}%00`,
  `%5F_Host-session`,
  `${NAME}\u00a0`,
  ` ${NAME}x`,
  `"${NAME}"`,
  `$${NAME}`,
  "next-auth.session-token",
  "__Secure-next-auth.session-token",
  "connect.sid",
  "__proto__",
  "",
];

/** The other cookies that an app reads: the marker of ended sessions, and next-auth's own. */
const OTHER_NAMES = [
  "__Host-ended-sessions",
  "__Host-next-auth.callback-url",
  "__Host-next-auth.csrf-token",
  "__Host-next-auth.state",
  "__Host-next-auth.pkce.code_verifier",
  "__Host-next-auth.nonce",
  "__Secure-next-auth.callback-url",
  "next-auth.callback-url",
];

const ADDRESSES = ["x", "http://[", "//[", "javascript:alert(1)", "https://evil.example", "%", "/"];

export interface CookieHeader {
  text: string;
  /** It carries a real session under the right name, beside other things: a server may open that one. */
  carries: string | null;
}

/** A `Cookie` header that no browser of a visitor would send. `real` are values that open a session here. */
export function hostileCookies(
  random: Random,
  real: readonly string[],
  foreign: readonly string[],
): CookieHeader {
  const hostile = (): string => {
    const value = toHeader(hostileValue(random, [...real, ...foreign]));
    return isCarried(value, real) ? hostile() : value;
  };
  const nobodys = (text: string): CookieHeader => ({ text, carries: null });
  const kinds: (() => CookieHeader)[] = [
    () => nobodys(`${NAME}=${hostile()}`),
    () => nobodys(`${NAME}=${hostile()}`),
    () => nobodys(`${NAME}=${random.pick(foreign)}`),
    () => nobodys(`${random.pick(WRONG_NAMES)}=${random.pick(real)}`),
    () => nobodys(`${random.pick(WRONG_NAMES)}=${hostile()}; ${NAME}=${hostile()}`),
    () => nobodys(`${NAME}=${hostile()}; ${NAME}=${hostile()}; ${NAME}.1=${hostile()}`),
    () =>
      nobodys(`${random.pick(OTHER_NAMES)}=${random.pick([random.pick(ADDRESSES), hostile()])}`),
    () =>
      nobodys(Array.from({ length: 40 }, (_, at) => `c${at}=${hostile().slice(0, 80)}`).join("; ")),
    () => nobodys(`;;; =; ${NAME}; ${NAME} ; =${random.pick(real)}; ${NAME}=`),
    () => {
      const carries = random.pick(real);
      const [one, other] = [`${NAME}=${carries}`, `${NAME}=${hostile()}`];
      const text = random.pick([
        `${one}; ${other}`,
        `${other}; ${one}`,
        `${NAME}="${carries}"`,
        `${NAME} = ${carries}`,
        `${one};$Path=/;$Version=1`,
        `${one},${other}`,
        `${random.pick(OTHER_NAMES)}=${random.pick(ADDRESSES)}; ${one}`,
      ]);
      return { text, carries };
    },
  ];
  return random.pick(kinds)();
}

/** A mutation such as `REAL; Path=/` is two cookies in a header, the first of which is real. */
function isCarried(value: string, real: readonly string[]): boolean {
  const parts = value.split(";").flatMap((part) => [part, part.replace(/^[^=]*=/, "")]);
  return parts.some((part) => real.includes(part.trim()));
}

/** What cannot stand in a header is percent-encoded, as a browser's script would; parsers decode it again. */
function toHeader(value: string): string {
  return value
    .toWellFormed()
    .replace(/[^\t\x20-\x7e\u0080-\u00ff]/gu, (character) => encodeURIComponent(character))
    .slice(0, 6_000);
}
