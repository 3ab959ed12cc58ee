import type { AuthOptions } from "next-auth";
import type { JWT } from "next-auth/jwt";
import CredentialsModule from "next-auth/providers/credentials";
import GitHubModule from "next-auth/providers/github";
import { type SessionConfig, sessionCookieAttributes } from "../config.ts";
import { log } from "../log.ts";
import type { AppSession } from "../session/app-session.ts";
import { authCookies, authSecret } from "./request.ts";

const Credentials = unwrap(CredentialsModule);
const GitHub = unwrap(GitHubModule);

/** What a sign-in leaves in the session: `session.user`. */
export interface SignedInUser {
  /** Identifies the user independent of the name: the provider and its account id, as `github:583231`. */
  id: string;
  name: string;
  email?: string;
  image?: string;
}

export interface AuthFields {
  user?: SignedInUser;
}

/** Marks the token of a sign-in between the `jwt` callback and `encode`. A symbol is never serialised. */
const SIGN_IN = Symbol("sign-in");

/**
 * next-auth on our sessions: its token is `session.user`, its cookie is the session cookie, and it never writes
 * that cookie itself (handler.ts drops what it sends). It calls `encode` on each read too, so only a sign-in
 * may write there.
 */
export function authOptions(
  getSession: () => Promise<AppSession<AuthFields>>,
  config: () => SessionConfig,
): AuthOptions {
  return {
    get providers() {
      return authProviders();
    },
    get secret() {
      return authSecret(config().secrets[0]);
    },
    get session() {
      return { strategy: "jwt" as const, maxAge: config().absoluteSeconds };
    },
    useSecureCookies: sessionCookieAttributes.secure,
    cookies: authCookies,
    logger: { error: logUnlessExpected, warn: (code) => log("warn", `[next-auth] ${code}`) },
    jwt: {
      /** null for an anonymous visitor: next-auth takes `{}` for a user. */
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
      /** next-auth passes `user` only at sign-in. */
      jwt({ token, user, account }) {
        if (!user) return token;
        const id = `${account?.provider}:${account?.providerAccountId}`;
        return { ...token, [SIGN_IN]: { id, ...toUser(user) } } as JWT;
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

function toToken({ id, name, email, image }: SignedInUser): JWT {
  return { sub: id, name, ...(email && { email }), ...(image && { picture: image }) };
}

function toUser(user: { name?: string | null; email?: string | null; image?: string | null }) {
  const { name, email, image } = user;
  return { name: name ?? email ?? "unnamed", ...(email && { email }), ...(image && { image }) };
}

/** Anonymous visitors cause "JWT invalid", and the route answers an error of the store with 503: neither is logged. */
function logUnlessExpected(code: string, metadata: unknown): void {
  if (code === "JWT_SESSION_ERROR" || code === "SIGNOUT_ERROR") return;
  const error = metadata instanceof Error ? metadata : (metadata as { error?: Error })?.error;
  log("error", `[next-auth] ${code}: ${error?.message ?? ""}`);
}

/** A sign-in by name, for the demo; and GitHub where its two config vars are set. */
function authProviders(): AuthOptions["providers"] {
  return [demoProvider(), ...gitHubProvider()];
}

function demoProvider() {
  return Credentials({
    name: "a name (demo: anyone can use any name)",
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

/** next-auth is CommonJS: its default export comes wrapped or not, depending on who loads it. */
export function unwrap<T>(module: T): T {
  return (module as { default?: T }).default ?? module;
}
