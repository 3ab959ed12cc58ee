// As in iron-session's README, for the App Router.
import { getIronSession } from "iron-session";
import { cookies } from "next/headers";

export async function getSession() {
  return getIronSession(await cookies(), {
    password: process.env.SESSION_SECRET,
    cookieName: "session",
  });
}
