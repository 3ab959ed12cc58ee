// Signed, not encrypted: the visitor can read the session.
import cookieSession from "cookie-session";
import { secrets } from "./common.js";

export default cookieSession({
  name: "session",
  keys: secrets,
  maxAge: 14 * 24 * 60 * 60 * 1000,
  sameSite: "lax",
});
