// The set-up of better-auth's documentation ("PostgreSQL" and "Email & Password"), with what a local rehearsal needs.
import { betterAuth } from "better-auth";
import pg from "pg";

const database = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 2 });
database.on("error", () => {}); // pg's documentation: an idle client's error ends the process otherwise

export const auth = betterAuth({
  database,
  emailAndPassword: { enabled: true },
  session: { cookieCache: { enabled: process.env.COOKIE_CACHE === "1", maxAge: 5 * 60 } },
  // The address of the site is the one that the request names: a local router has a new port each time. On Heroku
  // set BETTER_AUTH_URL instead, as the documentation advises.
  trustedOrigins: (request) => (request ? [`https://${request.headers.get("host")}`] : []),
  advanced: { useSecureCookies: true, trustedProxyHeaders: true },
  // Three sign-ups in ten seconds from one address is less than a measurement makes; its counter is per process.
  rateLimit: { enabled: false },
});
