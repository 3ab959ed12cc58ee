import type { Addon, AddonService } from "./addon.ts";
import type { AddonOptions } from "./folder.ts";
import { memcachedCloud, memcachier } from "./memcached.ts";
import { postgres } from "./postgres.ts";
import { redis } from "./redis.ts";

/** Every add-on that has a local server. */
const SERVICES: readonly AddonService[] = [postgres, memcachier, memcachedCloud, redis];

/** An entry of app.json's `addons`. */
export interface AddonRequest {
  readonly plan: string;
  /** Another prefix for its config vars. */
  readonly as?: string | undefined;
}

export interface PlannedAddon {
  readonly name: string;
  readonly plan: string;
  start(options: Pick<AddonOptions, "parent" | "record">): Promise<Addon>;
}

/** The service of a plan: `memcachier` for `memcachier:dev`; undefined where there is none. */
export function serviceOf(plan: string): AddonService | undefined {
  return SERVICES.find(({ name }) => name === plan.split(":")[0]);
}

/**
 * The add-ons that are to be started.
 * @param given config vars of the user's: an add-on whose address is among them is left out
 * @param pooler adds a PgBouncer to each Postgres
 * @param direct leaves out the relays in front of the servers, and with them the faults
 * @throws for an add-on without a local server, and for a pooler without a Postgres
 */
export function planAddons(
  requests: readonly AddonRequest[],
  given: Readonly<Record<string, string>>,
  { pooler, direct }: Pick<AddonOptions, "pooler" | "direct"> = {},
): PlannedAddon[] {
  const counts = new Map<string, number>();
  const planned: PlannedAddon[] = [];
  for (const { plan, as } of requests) {
    const service = serviceOf(plan);
    if (!service) {
      const names = SERVICES.map(({ name }) => name).join(", ");
      throw new Error(
        `[addons] The add-on \`${plan.split(":")[0]}\` has no local server. Use one of these: ${names}.`,
      );
    }
    if (given[service.addressVar(as ?? service.prefix)]) continue;
    const count = (counts.get(service.name) ?? 0) + 1;
    counts.set(service.name, count);
    const name = count === 1 ? service.name : `${service.name}-${count}`;
    const start: PlannedAddon["start"] = (options) =>
      service.start({ name, plan, as, pooler, direct, ...options });
    planned.push({ name, plan, start });
  }
  if (pooler && !planned.some(({ plan }) => serviceOf(plan) === postgres)) {
    throw new Error(
      `[addons] A pooler needs the add-on \`${postgres.name}\`, and this app starts none.`,
    );
  }
  return planned;
}

/**
 * Starts all of them at the same time. When one fails, none is left running.
 * @throws what the first one that fails throws
 */
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
