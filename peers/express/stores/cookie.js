// Signed, not encrypted: the visitor can read the session.
import cookieSession from "cookie-session";

export default cookieSession({
  name: "session",
  keys: [process.env.SESSION_SECRET],
  maxAge: 14 * 24 * 60 * 60 * 1000,
  sameSite: "lax",
});
