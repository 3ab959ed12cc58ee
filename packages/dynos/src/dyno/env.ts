import { delimiter, dirname, join } from "node:path";
import type { Config } from "../release/config.ts";

export interface DynoEnvOptions {
  config: Config;
  dyno: string;
  port?: number | undefined;
  home: string;
  temporary: string;
  node: boolean;
}

/** What a dyno gets to know: the config vars, what the platform adds, and of the user's own only PATH and locale. */
export function dynoEnv(options: DynoEnvOptions): NodeJS.ProcessEnv {
  const { config, dyno, port, home, temporary, node } = options;
  const path = [dirname(process.execPath), process.env.PATH ?? ""];
  if (node) path.push(join(home, "node_modules/.bin"));
  return {
    PATH: path.join(delimiter),
    ...locale(),
    // Next listens on it. On Heroku it is the name of the dyno's own machine; here it keeps us on loopback.
    HOSTNAME: "127.0.0.1",
    ...(node && { NODE_ENV: "production" }),
    ...config,
    HOME: home,
    TMPDIR: temporary,
    DYNO: dyno,
    ...(port !== undefined && { PORT: String(port) }),
  } as NodeJS.ProcessEnv; // a cast for the apps, where Next's types demand a NODE_ENV of every environment
}

function locale(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([key]) => /^(LANG|LC_[A-Z]+)$/.test(key));
  return Object.fromEntries(entries.map(([key, value]) => [key, value ?? ""]));
}
