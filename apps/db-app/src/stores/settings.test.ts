import { expect, test } from "vitest";
import { readSettings } from "./settings.ts";

const DATABASE_URL = "postgres://ada:p%40ss@db.example:5432/sessions";

test("takes what Heroku and other providers set, and two connections where nothing is said", () => {
  expect(readSettings({ DATABASE_URL, PGSSLMODE: "no-verify" })).toEqual({
    connectionString: DATABASE_URL,
    directUrl: DATABASE_URL,
    connections: 2,
    isDirect: false,
  });
  for (const url of ["postgresql://db/sessions?sslmode=require", "postgres:///sessions"])
    expect(readSettings({ DATABASE_URL: url, DATABASE_POOL_MAX: "5" }).connections).toBe(5);
});

test.each(["nonsense", "http://db.example/sessions", "postgres:nonsense", "postgres://a:b:c/d"])(
  "DATABASE_URL=%s is an error that names the config var and not the URL",
  (url) => {
    expect(() => readSettings({ DATABASE_URL: url })).toThrow(
      /^\[db-app\] Config var `DATABASE_URL` is not a URL of Postgres. It looks like `postgres:/,
    );
  },
);

test.each(["0", "-1", "1.5", "abc"])("DATABASE_POOL_MAX=%s is an error that names it", (max) => {
  expect(() => readSettings({ DATABASE_URL, DATABASE_POOL_MAX: max })).toThrow(
    `Config var \`DATABASE_POOL_MAX\` is "${max}". It takes a whole number above 0.`,
  );
});

test("a misspelled PGSSLMODE is an error: node-postgres would connect without TLS", () => {
  expect(() => readSettings({ DATABASE_URL, PGSSLMODE: "noverify" })).toThrow(
    /`PGSSLMODE` is "noverify".*no-verify/,
  );
});

test("statements are prepared where DATABASE_PREPARED_STATEMENTS is `true`, and any other word is an error", () => {
  const read = (value: string) =>
    readSettings({ DATABASE_URL, DATABASE_PREPARED_STATEMENTS: value }).isDirect;
  expect([read("true"), read("false")]).toEqual([true, false]);
  expect(() => read("yes")).toThrow(
    '[db-app] Config var `DATABASE_PREPARED_STATEMENTS` is "yes". It takes `true` or `false`.',
  );
});

test("sessions use the pool that DATABASE_CONNECTION_POOL_URL names, without prepared statements, and the release does not", () => {
  const DATABASE_CONNECTION_POOL_URL = "postgres://ada:secret@pool.example:6432/sessions";
  expect(
    readSettings({
      DATABASE_URL,
      DATABASE_CONNECTION_POOL_URL,
      DATABASE_PREPARED_STATEMENTS: "true",
    }),
  ).toMatchObject({
    connectionString: DATABASE_CONNECTION_POOL_URL,
    directUrl: DATABASE_URL,
    isDirect: false,
  });
  expect(() => readSettings({ DATABASE_URL, DATABASE_CONNECTION_POOL_URL: "nonsense" })).toThrow(
    "Config var `DATABASE_CONNECTION_POOL_URL` is not a URL of Postgres",
  );
});
