import { afterAll, beforeAll, describe } from "vitest";
import { describeContract } from "./conformance-contract.ts";
import { describeHostileCookies } from "./conformance-hostile.ts";
import { describeRaces } from "./conformance-races.ts";
import type { Rig, Traits } from "./conformance-rig.ts";
import { describeAppSession } from "./conformance-session.ts";
import { describeSignIn } from "./conformance-sign-in.ts";
import { describeLifetimes, describeRotation } from "./conformance-time.ts";
import { describeTraits } from "./conformance-traits.ts";

export type { Rig, Traits } from "./conformance-rig.ts";

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
    describeRotation(getRig);
    describeAppSession(getRig);
    describeSignIn(getRig);
    describeRaces(getRig, traits);
    describeTraits(getRig, traits);
  });
}
