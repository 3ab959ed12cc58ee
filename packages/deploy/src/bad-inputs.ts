import { delimiter, dirname, join } from "node:path";
import { freePort } from "@repo/addons/ports";
import { run } from "./run.ts";

interface Deployed {
  /** The folder that Heroku would run from. */
  build: string;
  config: Readonly<Record<string, string>>;
  say: (text: string) => void;
}

interface BadInput {
  what: string;
  script: "bin/start-web" | "bin/release";
  /** undefined takes a config var away. */
  change: Record<string, string | undefined>;
  /** What the message has to name. */
  says: RegExp;
}

const always: BadInput[] = [
  {
    what: "no APP",
    script: "bin/start-web",
    change: { APP: undefined },
    says: /Missing config var `APP`/,
  },
  {
    what: "no APP",
    script: "bin/release",
    change: { APP: undefined },
    says: /Missing config var `APP`/,
  },
  {
    what: "APP=nope",
    script: "bin/start-web",
    change: { APP: "nope" },
    says: /`nope`, which is not an app/,
  },
  {
    what: "APP=nope",
    script: "bin/release",
    change: { APP: "nope" },
    says: /`nope`, which is not an app/,
  },
  {
    what: "no SESSION_SECRET",
    script: "bin/start-web",
    change: { SESSION_SECRET: undefined },
    says: /`SESSION_SECRET`/,
  },
  {
    what: "no SESSION_SECRET",
    script: "bin/release",
    change: { SESSION_SECRET: undefined },
    says: /`SESSION_SECRET`/,
  },
  {
    what: "PORT=abc",
    script: "bin/start-web",
    change: { PORT: "abc" },
    says: /`PORT` is `abc`/,
  },
  {
    what: "a short SESSION_SECRET",
    script: "bin/start-web",
    change: { SESSION_SECRET: "short" },
    says: /`SESSION_SECRET`/,
  },
];

const withDatabase: BadInput[] = [
  {
    what: "no DATABASE_URL",
    script: "bin/start-web",
    change: { DATABASE_URL: undefined },
    says: /`DATABASE_URL`/,
  },
  {
    what: "no DATABASE_URL",
    script: "bin/release",
    change: { DATABASE_URL: undefined },
    says: /`DATABASE_URL`/,
  },
  {
    what: "DATABASE_URL=nonsense",
    script: "bin/release",
    change: { DATABASE_URL: "nonsense" },
    says: /`DATABASE_URL` is not a URL/,
  },
  {
    what: "DATABASE_POOL_MAX=0",
    script: "bin/start-web",
    change: { DATABASE_POOL_MAX: "0" },
    says: /`DATABASE_POOL_MAX` is "0"/,
  },
  {
    what: "a database that cannot be reached",
    script: "bin/release",
    change: { DATABASE_URL: "postgres://nobody@127.0.0.1:1/none" },
    says: /ECONNREFUSED.*`DATABASE_URL`/s,
  },
];

/** Each bad input has to end with a message that names it, and with exit code 1. */
export async function badInputs({ build, config, say }: Deployed): Promise<void> {
  const inputs = config.DATABASE_URL ? [...always, ...withDatabase] : always;
  const port = await freePort();
  for (const { what, script, change, says } of inputs) {
    const env = {
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      HOSTNAME: "127.0.0.1",
      PORT: String(port),
      ...config,
      ...change,
    };
    const { code, output } = await run([join(build, script)], {
      cwd: build,
      env,
      timeoutMs: 20_000,
    });
    if (code !== 1 || !says.test(output)) {
      throw new Error(
        `[deploy] With ${what}, \`${script}\` ended with ${code}, where 1 was expected and ${says} in:\n${output}`,
      );
    }
    const lines = output.trim().split("\n");
    say(`${script} with ${what}: ${lines.find((line) => says.test(line)) ?? lines[0]}`);
  }
}
