import { routes } from "./routes.ts";
import type { AppResponse, Sender, Visitor } from "./types.ts";

/** How the visitors of an app sign in and out, and how it says who is signed in. */
interface Adapter {
  signIn(visitor: Visitor, sender: Sender): Promise<AppResponse>;
  signOut(visitor: Visitor, sender: Sender): Promise<AppResponse>;
  /** The route that says who is signed in. */
  who: string;
  nameOf(answer: AppResponse): string | undefined;
}

const nameOfUser = (answer: AppResponse) =>
  (answer.json()?.user as { name?: string } | null | undefined)?.name;

/** As a browser does: fetches the CSRF token, then submits the form of the demo sign-in. */
async function submitToNextAuth(
  visitor: Visitor,
  path: string,
  fields: Record<string, string>,
  sender: Sender,
) {
  const csrf = await visitor.send("GET", "/api/auth/csrf", { tab: sender.tab });
  const csrfToken = String(csrf.json()?.csrfToken ?? "");
  return visitor.send("POST", path, { body: { ...fields, csrfToken, json: "true" }, ...sender });
}

const nextAuth: Adapter = {
  signIn: (visitor, sender) =>
    submitToNextAuth(
      visitor,
      "/api/auth/callback/credentials",
      { name: sender.user ?? "" },
      sender,
    ),
  signOut: (visitor, sender) => submitToNextAuth(visitor, "/api/auth/signout", {}, sender),
  who: "/api/auth/session",
  nameOf: nameOfUser,
};

/** Each visitor signs up, which signs in too. */
const betterAuth: Adapter = {
  signIn(visitor, sender) {
    const email = `${visitor.name.replaceAll(" ", ".").toLowerCase()}@example.com`;
    const body = JSON.stringify({ name: visitor.name, email, password: `password ${email}` });
    return visitor.send("POST", "/api/auth/sign-up/email", { body, ...sender });
  },
  signOut: (visitor, sender) =>
    visitor.send("POST", "/api/auth/sign-out", { body: "{}", ...sender }),
  who: "/api/auth/get-session",
  nameOf: nameOfUser,
};

/** A form with the field `name`, as in `/sign-in` or `/sign-in,/sign-out`. */
function form(paths: string): Adapter {
  const [signInPath = "", signOutPath] = paths.split(",");
  return {
    signIn: (visitor, sender) =>
      visitor.send("POST", signInPath, { body: { name: sender.user ?? "" }, ...sender }),
    signOut: (visitor, sender) =>
      signOutPath
        ? visitor.send("POST", signOutPath, { body: {}, ...sender })
        : endSession(visitor, sender),
    who: "/api/session",
    nameOf: (answer) => answer.session()?.user?.name,
  };
}

/** An app without a sign-in still ends sessions. */
const endSession = (visitor: Visitor, sender: Sender) =>
  visitor.send("DELETE", "/api/session", sender);

function adapter(): Adapter | undefined {
  const { signIn } = routes();
  if (signIn === null) return undefined;
  if (signIn === "next-auth") return nextAuth;
  return signIn === "better-auth" ? betterAuth : form(signIn);
}

/** Signs in. Returns whether the app accepted it. */
export async function signIn(
  visitor: Visitor,
  { tab, name = visitor.name }: { tab?: number; name?: string } = {},
): Promise<boolean> {
  const response = await adapter()?.signIn(visitor, { op: "sign-in", user: name, tab });
  return response?.ok === true && !response.refused;
}

/** Signs out, or ends the session where there is no sign-in. */
export async function signOut(visitor: Visitor, tab?: number): Promise<boolean> {
  const sender = { op: "sign-out", tab } as const;
  return (await (adapter()?.signOut(visitor, sender) ?? endSession(visitor, sender))).ok;
}

/** The route that says who is signed in. */
export function whoRoute(): string {
  return adapter()?.who ?? "/api/session";
}

/** Whether the answer of `whoRoute` says that the visitor is signed in. next-auth deletes the cookie if nobody is. */
export function signedInByApi(response: AppResponse, visitor: Visitor): boolean {
  return adapter()?.nameOf(response) === visitor.name;
}

/** The page only reads the session and shows the name of the signed-in user. */
export function signedInByPage(response: AppResponse, visitor: Visitor): boolean {
  return response.text.includes(visitor.name);
}
