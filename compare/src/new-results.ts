import { serviceOf } from "@repo/addons";
import type { AppResult, Results } from "@repo/report/results";
import type { Column } from "./columns.ts";
import { machine } from "./machine.ts";

/** Results in which nothing was measured yet. */
export function newResults(
  columns: Column[],
  { dynos, command, versions }: { dynos: number } & Pick<Results, "command" | "versions">,
): Results {
  return {
    schema: 1,
    startedAt: new Date().toISOString(),
    seconds: 0,
    complete: false,
    dynos: columns.some(({ local }) => local) ? dynos : null,
    command,
    versions,
    machine: machine(),
    apps: columns.map(newAppResult),
  };
}

function newAppResult({ name, title, affinity, traits, url }: Column): AppResult {
  return {
    ...{ name, strategy: title, store: null, affinity },
    ...(url ? { url } : {}),
    ...{ traits, seconds: 0, scenarios: {} },
  };
}

/** Adds the versions of the stores that came up. */
export function noteStores({ apps, versions }: Results): void {
  for (const { store } of apps) {
    const server = store === null ? undefined : serviceOf(store)?.version();
    if (server) versions[server.name] = server.version;
  }
}
