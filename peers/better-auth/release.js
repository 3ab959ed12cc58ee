// Makes better-auth's tables. In the release phase, since two dynos that migrate at once have no lock.
import { getMigrations } from "better-auth/db/migration";
import { auth } from "./auth.js";

const { runMigrations } = await getMigrations(auth.options);
await runMigrations();
process.exit();
