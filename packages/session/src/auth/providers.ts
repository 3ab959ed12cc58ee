import type { AuthOptions } from "next-auth";
import CredentialsModule from "next-auth/providers/credentials";
import GitHubModule from "next-auth/providers/github";
import { unwrap } from "./unwrap.ts";

const Credentials = unwrap(CredentialsModule);
const GitHub = unwrap(GitHubModule);

/** A sign-in by name, for the demo; and GitHub where its two config vars are set. */
export function authProviders(): AuthOptions["providers"] {
  return [demoProvider(), ...gitHubProvider()];
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
