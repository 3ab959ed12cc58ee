/** The dyno that answered a request. `boot` changes when a dyno restarts; its name does not. */
export interface Sighting {
  dyno: string;
  boot: string;
}

/**
 * How many dynos served at one time, from sightings in order. A boot serves from its first sighting to its last; the
 * result is how many dynos with different names overlap. So `A A B B` shows one dyno at a time (one may have replaced the
 * other), and `A B A` shows two; a dyno and its restarted self are never two. If all have the name `local`, the
 * boot ids tell them apart.
 */
export function dynosAtOnce(sightings: readonly Sighting[]): number {
  const last = new Map<string, number>();
  const named = sightings.filter(({ dyno }) => dyno !== "");
  for (const [at, seen] of named.entries()) last.set(bootOf(seen), at);
  const serving = new Map<string, string>();
  let most = 0;
  for (const [at, seen] of named.entries()) {
    serving.set(bootOf(seen), nameOf(seen));
    most = Math.max(most, new Set(serving.values()).size);
    if (last.get(bootOf(seen)) === at) serving.delete(bootOf(seen));
  }
  return most;
}

export function nameOf({ dyno, boot }: Sighting): string {
  return dyno === "local" ? boot : dyno;
}

function bootOf({ dyno, boot }: Sighting): string {
  return `${dyno} ${boot}`;
}
