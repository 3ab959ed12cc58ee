// The README's "advanced example": a pool of one's own. The table is made by release.js.
import connectPgSimple from "connect-pg-simple";
import session from "express-session";
import pg from "pg";
import { options } from "./common.js";

const PgSession = connectPgSimple(session);
// The option `timeouts`: without it requests wait for as long as Postgres does not answer.
const timeouts = { query_timeout: 3000, connectionTimeoutMillis: 3000 };
const pool = new pg.Pool({
  ...{ connectionString: process.env.DATABASE_URL, max: 2 },
  ...(process.env.TIMEOUTS ? timeouts : {}),
});
pool.on("error", () => {}); // pg's documentation: an idle client's error ends the process otherwise

export default session({ ...options, store: new PgSession({ pool }) });
