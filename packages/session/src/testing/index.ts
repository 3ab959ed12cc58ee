import { afterAll, beforeAll, describe } from "vitest";
import { describeAppSession } from "./app-session.ts";
import { describeContract } from "./contract.ts";
import { describeHostileCookies } from "./hostile.ts";
import { describeListing } from "./listing.ts";
import { describeRaces } from "./races.ts";
import type { Rig, Traits } from "./rig.ts";
import { describeSignIn } from "./sign-in.ts";
import { describeClockSkew, describeLifetimes, describeRotation } from "./time.ts";
import { describeTraits } from "./traits.ts";

export { createRandom, hostileSeed, hostileValue, type Random } from "./hostile-values.ts";
export type { Rig, Traits } from "./rig.ts";

/**
 * The one suite for all strategies: every line of the contract, exactly where it holds, and every trait of the
 * app's package.json both ways.
 *
 * ```ts
 * describeStrategy("db", pkg.strategy.traits, async () => ({ start, startBroken, restartStore, peek, close }));
 * ```
 */
export function describeStrategy(name: string, traits: Traits, open: () => Promise<Rig>): void {
  describe(`${name} strategy`, () => {
    let rig: Rig;
    const getRig = () => rig;

    beforeAll(async () => {
      rig = await open();
    }, 60_000);
    afterAll(() => rig?.close());

    describeContract(getRig, traits.maxBytes);
    describeHostileCookies(getRig);
    describeLifetimes(getRig);
    describeClockSkew(getRig);
    describeRotation(getRig);
    describeAppSession(getRig);
    describeSignIn(getRig);
    describeRaces(getRig, traits);
    describeTraits(getRig, traits);
    describeListing(getRig, traits);
  });
}
