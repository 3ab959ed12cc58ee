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

interface Service {
  start: Starter;
  /** What bin/setup calls the server that it needs. */
  server: "memcached" | "postgres" | "redis";
  /** The config var by which an app finds it. */
  prefix: string;
  suffix: string;
}

/** The add-ons there are. */
const SERVICES: Record<string, Service> = {
  "heroku-postgresql": {
    start: startPostgres,
    server: "postgres",
    prefix: "DATABASE",
    suffix: "_URL",
  },
  "heroku-redis": { start: startRedis, server: "redis", prefix: "REDIS", suffix: "_URL" },
  memcachedcloud: {
    start: startMemcached,
    server: "memcached",
    prefix: "MEMCACHEDCLOUD",
    suffix: "_SERVERS",
  },
  memcachier: {
    start: startMemcached,
    server: "memcached",
    prefix: "MEMCACHIER",
    suffix: "_SERVERS",
  },
};

const serviceOf = (plan: string): string => plan.split(":")[0] ?? plan;

/** The server that an add-on's plan needs of this machine: `memcached` for `memcachier:dev`. */
export const serverOf = (plan: string): Service["server"] | undefined =>
  SERVICES[serviceOf(plan)]?.server;

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
    const service = serviceOf(plan);
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
