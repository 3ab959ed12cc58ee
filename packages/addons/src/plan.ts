import type { Addon } from "./addon.ts";
import type { AddonOptions } from "./folder.ts";
import { startMemcached } from "./memcached.ts";
import { startPostgres } from "./postgres.ts";
import { startRedis } from "./redis.ts";

export interface AddonRequest {
  readonly plan: string;
  readonly as?: string;
}

type Starter = (options: AddonOptions) => Promise<Addon>;

/** The add-ons there are: who starts one, and the config var by which an app finds it. */
const SERVICES: Record<string, { start: Starter; prefix: string; suffix: string }> = {
  "heroku-postgresql": { start: startPostgres, prefix: "DATABASE", suffix: "_URL" },
  "heroku-redis": { start: startRedis, prefix: "REDIS", suffix: "_URL" },
  memcachedcloud: { start: startMemcached, prefix: "MEMCACHEDCLOUD", suffix: "_SERVERS" },
  memcachier: { start: startMemcached, prefix: "MEMCACHIER", suffix: "_SERVERS" },
};

export interface PlannedAddon {
  readonly name: string;
  readonly plan: string;
  start(options: Pick<AddonOptions, "parent" | "record">): Promise<Addon>;
}

/** What is to be started. An add-on whose config var the user gives is not: then theirs is used. */
export function planAddons(
  requests: readonly AddonRequest[],
  given: Readonly<Record<string, string>>,
): PlannedAddon[] {
  const counts = new Map<string, number>();
  const planned: PlannedAddon[] = [];
  for (const { plan, as } of requests) {
    const service = plan.split(":")[0] ?? plan;
    const known = SERVICES[service];
    if (!known) {
      const names = Object.keys(SERVICES).join(", ");
      throw new Error(`[dynos] Add-on \`${service}\` has no local server. There are: ${names}.`);
    }
    if (given[`${as ?? known.prefix}${known.suffix}`]) continue;
    const count = (counts.get(service) ?? 0) + 1;
    counts.set(service, count);
    const name = count === 1 ? service : `${service}-${count}`;
    planned.push({
      name,
      plan,
      start: (options) => known.start({ name, plan, as, ...options }),
    });
  }
  return planned;
}

/** Starts all of them at the same time; when one fails, none is left running. */
export async function startAddons(
  planned: readonly PlannedAddon[],
  options: Pick<AddonOptions, "parent" | "record">,
  onProgress: (text: string) => void,
): Promise<Addon[]> {
  const results = await Promise.allSettled(
    planned.map(async ({ name, plan, start }) => {
      onProgress(`Starting add-on ${plan}`);
      const addon = await start(options);
      onProgress(`Add-on ${name} is available`);
      for (const note of addon.notes) onProgress(`Note: ${note}`);
      return addon;
    }),
  );
  const started = results.flatMap((result) =>
    result.status === "fulfilled" ? [result.value] : [],
  );
  const failure = results.find((result) => result.status === "rejected");
  if (!failure) return started;
  await Promise.all(started.map((addon) => addon.remove()));
  throw failure.reason;
}
