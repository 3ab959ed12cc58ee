import { createHash } from "node:crypto";
import type { AuthOptions } from "next-auth";
import type { JWT } from "next-auth/jwt";
import CredentialsModule from "next-auth/providers/credentials";
import GitHubModule from "next-auth/providers/github";
import type { AppSession } from "./app-session.ts";
import { SESSION_COOKIE, type SessionConfig, sessionCookieAttributes } from "./config.ts";
import { deriveKey } from "./seal.ts";

/** What a sign-in leaves in the session: `session.user`. */
export interface SignedInUser {
  name: string;
  email?: string;
  image?: string;
}

export interface AuthFields {
  user?: SignedInUser;
}

/** Marks the token of a sign-in between the `jwt` callback and `encode`. A symbol is never serialised. */
const SIGN_IN = Symbol("sign-in");

// next-auth is CommonJS: its default export comes wrapped or not, depending on who loads it.
const Credentials = unwrap(CredentialsModule);
const GitHub = unwrap(GitHubModule);

/**
 * next-auth on our sessions: its token is `session.user`, its cookie is the session cookie, and it never writes
 * that cookie itself (auth-handler.ts drops what it sends). It calls `encode` on each read too, so only a sign-in
 * may write there.
 */
export function authOptions(
  getSession: () => Promise<AppSession<AuthFields>>,
  config: () => SessionConfig,
): AuthOptions {
  return {
    get providers() {
      return [demoProvider(), ...gitHubProvider()];
    },
    get secret() {
      return authSecret(config().secrets[0]);
    },
    get session() {
      return { strategy: "jwt" as const, maxAge: config().absoluteSeconds };
    },
    useSecureCookies: sessionCookieAttributes.secure,
    cookies: { sessionToken: { name: SESSION_COOKIE, options: sessionCookieAttributes } },
    logger: { error: logUnlessExpected, warn: (code) => console.warn(`[next-auth] ${code}`) },
    jwt: {
      /** The token of a visitor without a user is null, or next-auth would take `{}` for somebody. */
      async decode() {
        const { user } = await getSession();
        return user ? toToken(user) : null;
      },
      async encode({ token }) {
        const session = await getSession();
        const user = (token as Marked | undefined)?.[SIGN_IN];
        if (user) await session.regenerate({ user });
        return "written by getSession()";
      },
    },
    callbacks: {
      /** `user` is there at sign-in only. */
      jwt({ token, user }) {
        if (!user) return token;
        return { ...token, [SIGN_IN]: toUser(user) } as JWT;
      },
      async session({ session }) {
        const { info } = await getSession();
        return info ? { ...session, expires: info.expiresAt.toISOString() } : session;
      },
    },
    events: {
      async signOut() {
        await (await getSession()).destroy();
      },
    },
  };
}

type Marked = { [SIGN_IN]?: SignedInUser };

/** What next-auth signs its CSRF tokens and OAuth state with: its own key, not the one that seals sessions. */
export function authSecret(sessionSecret: string): string {
  return deriveKey(sessionSecret, "next-auth").toString("hex");
}

/**
 * While a rotation is under way a form may come back to a dyno with other secrets than the one that made it:
 * the secret that made its CSRF cookie is taken, where it is one of ours.
 */
export function secretOfCsrfCookie(cookie: string, secrets: readonly string[]): string | undefined {
  const [token, hash] = cookie.split("|");
  return secrets
    .map(authSecret)
    .find((secret) => hash === createHash("sha256").update(`${token}${secret}`).digest("hex"));
}

function demoProvider() {
  return Credentials({
    name: "a name (demo: anybody may take any name)",
    credentials: { name: { label: "Name", type: "text" } },
    async authorize(credentials) {
      const name = credentials?.name?.trim();
      return name ? { id: name, name } : null;
    },
  });
}

function gitHubProvider() {
  const { GITHUB_ID: clientId, GITHUB_SECRET: clientSecret } = process.env;
  return clientId && clientSecret ? [GitHub({ clientId, clientSecret })] : [];
}

function toToken({ name, email, image }: SignedInUser): JWT {
  return { sub: name, name, ...(email && { email }), ...(image && { picture: image }) };
}

function toUser(user: { name?: string | null; email?: string | null; image?: string | null }) {
  const { name, email, image } = user;
  return { name: name ?? email ?? "nobody", ...(email && { email }), ...(image && { image }) };
}

/** "JWT invalid" is every visitor who is not signed in; what the store throws, the route answers with 503. */
function logUnlessExpected(code: string, metadata: unknown): void {
  if (code === "JWT_SESSION_ERROR" || code === "SIGNOUT_ERROR") return;
  const error = metadata instanceof Error ? metadata : (metadata as { error?: Error })?.error;
  console.error(`[next-auth] ${code}: ${error?.message ?? ""}`);
}

function unwrap<T>(module: T): T {
  return (module as { default?: T }).default ?? module;
}
