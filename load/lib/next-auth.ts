import type { AppResponse } from "./http.ts";
import type { Visitor } from "./visitor.ts";

/** Signs in as a browser does: fetches the CSRF token, then submits the form of the demo sign-in. */
export async function signIn(visitor: Visitor): Promise<boolean> {
  const response = await submit(visitor, "/api/auth/callback/credentials", { name: visitor.name });
  // next-auth refuses a sign-in by redirecting to an address that names the error.
  return response.ok && !/[?&]error=/.test(`${response.text} ${response.header("location")}`);
}

export async function signOut(visitor: Visitor): Promise<boolean> {
  return (await submit(visitor, "/api/auth/signout", {})).ok;
}

async function submit(visitor: Visitor, path: string, fields: Record<string, string>) {
  const csrf = await visitor.send("GET", "/api/auth/csrf");
  const csrfToken = String(csrf.json()?.csrfToken ?? "");
  return visitor.send("POST", path, { body: { ...fields, csrfToken, json: "true" } });
}

/** Whether `/api/auth/session` says that the visitor is signed in. next-auth deletes the cookie if nobody is. */
export function signedInByApi(response: AppResponse, visitor: Visitor): boolean {
  const user = response.json()?.user as { name?: string } | undefined;
  return user?.name === visitor.name;
}

/** The page only reads the session and shows the name of the signed-in user. */
export function signedInByPage(response: AppResponse, visitor: Visitor): boolean {
  return response.text.includes(visitor.name);
}
