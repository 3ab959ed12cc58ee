// The README's "advanced example": a pool of one's own. The table is made by release.js.
import connectPgSimple from "connect-pg-simple";
import session from "express-session";
import pg from "pg";
import { options } from "./common.js";

const PgSession = connectPgSimple(session);
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 2 });
pool.on("error", () => {}); // pg's documentation: an idle client's error ends the process otherwise

export default session({ ...options, store: new PgSession({ pool }) });
