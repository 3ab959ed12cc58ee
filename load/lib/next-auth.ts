import { formHeaders, formOf } from "./form.ts";
import type { Answer } from "./http.ts";
import type { Visitor } from "./visitor.ts";

/** Signs in as a browser does: the CSRF token, then the form of the demo sign-in. */
export async function signIn(visitor: Visitor): Promise<boolean> {
  const answer = await submit(visitor, "/api/auth/callback/credentials", { name: visitor.name });
  // next-auth answers a refused sign-in with an address that names the error
  return answer.ok && !/[?&]error=/.test(`${answer.text} ${answer.header("location")}`);
}

export async function signOut(visitor: Visitor): Promise<boolean> {
  return (await submit(visitor, "/api/auth/signout", {})).ok;
}

async function submit(visitor: Visitor, path: string, fields: Record<string, string>) {
  const csrf = await visitor.send("GET", "/api/auth/csrf");
  const csrfToken = String(csrf.json()?.csrfToken ?? "");
  const body = formOf({ ...fields, csrfToken, json: "true" });
  return visitor.send("POST", path, { body, headers: formHeaders });
}

/** Whom `/api/auth/session` says is signed in. next-auth deletes the cookie when it finds nobody. */
export function signedInByApi(answer: Answer, visitor: Visitor): boolean {
  const user = answer.json()?.user as { name?: string } | undefined;
  return user?.name === visitor.name;
}

/** The page only reads the session; it shows the name of who is signed in. */
export function signedInByPage(answer: Answer, visitor: Visitor): boolean {
  return answer.text.includes(visitor.name);
}
