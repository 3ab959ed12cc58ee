import { describe, expect, test } from "vitest";
import { openSession } from "../session/open-session.ts";
import { type Meter, metered } from "../store/round-trips.ts";
import { keepsOnServer, type Rig, type Traits, testConfig, testJar } from "./rig.ts";

const WRITERS = 10;
const INCREMENTS_EACH = 100;
/** One round trip to read, one to write, and the conflicts of two dynos. Without taking turns, writers need many more. */
const MAX_TRIPS_PER_INCREMENT = 10;

/** Each declared trait, asserted both ways: that a strategy loses sessions is a passing assertion. */
export function describeTraits(getRig: () => Rig, traits: Traits): void {
  const isOrNot = (trait: boolean | null) => (trait ? "" : "not ");
  const twoDynos = () => {
    const config = testConfig();
    return [getRig().start("web.1", config), getRig().start("web.2", config)] as const;
  };

  describe("traits", () => {
    test(`sharedByDynos: what one dyno creates, another does ${isOrNot(traits.sharedByDynos)}find`, async () => {
      const [one, two] = twoDynos();
      const { cookie } = await one.create({ note: "hello" });
      const found = await two.read(cookie);
      expect(found?.data ?? null).toEqual(traits.sharedByDynos ? { note: "hello" } : null);
    });

    test(`survivesDynoRestart: a restart of the dyno does ${isOrNot(!traits.survivesDynoRestart)}end the session`, async () => {
      const rig = getRig();
      const { cookie } = await rig.start("web.1", testConfig()).create({});
      await rig.wipeDisk?.("web.1");
      const found = await rig.start("web.1", testConfig()).read(cookie);
      expect(found !== null).toBe(traits.survivesDynoRestart);
    });

    test("survivesStoreRestart: so it is after a restart of the store", async ({ skip }) => {
      const { restartStore } = getRig();
      if (traits.survivesStoreRestart === null || !restartStore)
        return skip("there is no store to restart");
      const [one] = twoDynos();
      const { cookie } = await one.create({});
      await restartStore();
      await untilReady(one);
      expect((await one.read(cookie)) !== null).toBe(traits.survivesStoreRestart);
    });

    test(`revocable: what one dyno destroys is ${isOrNot(traits.revocable)}gone on the other`, async () => {
      const [one, two] = twoDynos();
      const session = await one.create({ user: { name: "Ada" } });
      await two.destroy(session);
      const isGone = (await one.read(session.cookie)) === null;
      expect(isGone).toBe(traits.revocable);
      const late = await one.update(session, { note: "late" });
      expect(late.result).toBe(traits.revocable ? "gone" : "saved");
      expect((await one.read(session.cookie)) === null).toBe(traits.revocable);
    });

    test(`keepsParallelWrites: of two dynos that write the same version at once both do ${isOrNot(!traits.keepsParallelWrites)}succeed`, async () => {
      const [one, two] = twoDynos();
      const session = await one.create({ visits: 0 });
      const updates = await Promise.all([
        one.update(session, { visits: 1 }),
        two.update(session, { visits: 1 }),
      ]);
      const results = updates.map(({ result }) => result).sort();
      if (traits.keepsParallelWrites) expect(results).toEqual(["conflict", "saved"]);
      else expect(results).not.toContain("conflict");
    });

    test(`keepsParallelWrites: ten writers on two dynos do ${isOrNot(traits.keepsParallelWrites)}keep all their increments`, async () => {
      const dynos = twoDynos();
      const config = testConfig()();
      const jar = testJar((await dynos[0].create({ visits: 0 })).cookie);
      const meter: Meter = { roundTrips: 0, milliseconds: 0 };
      const write = async (writer: number) => {
        for (let done = 0; done < INCREMENTS_EACH; done += 1) {
          const strategy = dynos[writer % dynos.length] ?? dynos[0];
          const session = await openSession<{ visits: number }>(strategy, jar, config);
          await session.update((fields) => {
            fields.visits = (fields.visits ?? 0) + 1;
          });
        }
      };
      await metered(meter, () =>
        Promise.all(Array.from({ length: WRITERS }, (_, writer) => write(writer))),
      );
      const ends = await Promise.all(dynos.map((dyno) => dyno.read(jar.value ?? "")));
      const visits = Math.max(...ends.map((session) => Number(session?.data.visits ?? 0)));
      const increments = WRITERS * INCREMENTS_EACH;
      if (!traits.keepsParallelWrites) return expect(visits).toBeLessThan(increments);
      expect(visits).toBe(increments);
      expect(meter.roundTrips).toBeGreaterThanOrEqual(2 * increments);
      expect(meter.roundTrips).toBeLessThan(MAX_TRIPS_PER_INCREMENT * increments);
    }, 60_000);

    test("a strategy that keeps nothing on a server declares what follows from it", () => {
      if (keepsOnServer(twoDynos()[0])) return;
      expect(traits).toMatchObject({
        survivesStoreRestart: null,
        revocable: false,
        keepsParallelWrites: false,
        listsSessions: false,
      });
    });
  });
}

/** A client may need a moment to connect again. */
async function untilReady(strategy: { ready(): Promise<void> }): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      return await strategy.ready();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((done) => setTimeout(done, 50));
    }
  }
}
