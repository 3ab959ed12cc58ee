import type { Backend } from "./backends.ts";

const COOKIE = "heroku-session-affinity";
const PATTERN = new RegExp(`(?:^|;\\s*)${COOKIE}=([^;]*)`);

/** The token of the dyno that this client was given before. */
export function affinityToken(cookies: string | undefined): string | undefined {
  return cookies?.includes(COOKIE) ? PATTERN.exec(cookies)?.[1] : undefined;
}

export function affinityCookie({ token }: Backend, secure: boolean): string {
  return `${COOKIE}=${token}; Path=/; HttpOnly${secure ? "; Secure" : ""}`;
}
