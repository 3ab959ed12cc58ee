// Makes connect-pg-simple's table from the file that it ships; the other stores need nothing.
// Not `createTableIfMissing`: two dynos that start together on an empty database break each other.
import { readFile } from "node:fs/promises";
import pg from "pg";

if (process.env.STORE === "postgres") {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await client.connect();
  const { rows } = await client.query(`SELECT to_regclass('session') AS "table"`);
  const sql = await readFile(new URL(import.meta.resolve("connect-pg-simple/table.sql")), "utf8");
  if (!rows[0].table) await client.query(sql);
  await client.end();
}
