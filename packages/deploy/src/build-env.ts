import { delimiter } from "node:path";
import { ROOT } from "@repo/registry";

// What a machine needs to reach its package registry, and nothing that could stand in for a config var.
const passedOn =
  /^(HOME|LANG|LC_\w+|TMPDIR|https?_proxy|no_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+|npm_config_\w+)$/i;

/** The environment of a build: the machine's own tools and the config vars, as if nothing else had been set. */
export function buildEnv(config: Record<string, string>): Record<string, string> {
  const machine = Object.entries(process.env).filter(([name]) => passedOn.test(name));
  const path = (process.env.PATH ?? "").split(delimiter);
  return {
    ...(Object.fromEntries(machine) as Record<string, string>),
    // Not the packages of this checkout: what the app needs, it has to bring.
    PATH: path.filter((folder) => !folder.startsWith(`${ROOT}/node_modules`)).join(delimiter),
    ...config,
  };
}
