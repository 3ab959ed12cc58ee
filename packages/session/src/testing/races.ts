import { describe, expect, test } from "vitest";
import type { Session, Strategy } from "../contract.ts";
import { openSession } from "../session/open-session.ts";
import { keepsOnServer, type Rig, type Traits, testConfig, testJar } from "./rig.ts";

const ROUNDS = 30;

interface Fields {
  visits: number;
  note: string;
  user: { name: string };
}

/** Two processes that end and write one session at the same moment: on two dynos where they share sessions. */
export function describeRaces(getRig: () => Rig, traits: Traits): void {
  const config = testConfig();
  const twoProcesses = () =>
    [
      getRig().start("web.1", config),
      getRig().start(traits.sharedByDynos ? "web.2" : "web.1", config),
    ] as const;

  describe("ending a session by its version", () => {
    async function open(skip: (why: string) => never) {
      const [one, two] = twoProcesses();
      if (!keepsOnServer(one)) return skip("there is nothing to compare");
      return { one, two, session: await one.create({ visits: 1 }) };
    }

    test("ends it on every process where no request wrote since, and says `gone` the second time", async ({
      skip,
    }) => {
      const { one, two, session } = await open(skip);
      expect(await two.destroy(session, session.version)).toBe("destroyed");
      expect(await one.read(session.cookie)).toBeNull();
      expect(await one.destroy(session, session.version)).toBe("gone");
    });

    test("ends nothing where another request wrote since", async ({ skip }) => {
      const { one, two, session } = await open(skip);
      await one.update(session, { visits: 2 });
      expect(await two.destroy(session, session.version)).toBe("conflict");
      expect((await two.read(session.cookie))?.data).toEqual({ visits: 2 });
    });

    test("takes a moved expiry for no write", async ({ skip }) => {
      const { one, two, session } = await open(skip);
      await one.touch(session);
      expect(await two.destroy(session, session.version)).toBe("destroyed");
      expect(await one.read(session.cookie)).toBeNull();
    });

    test("at the same moment as a write: one of the two succeeds, never both", async ({ skip }) => {
      const { one, two } = await open(skip);
      for (let round = 0; round < ROUNDS; round += 1) {
        const session = await one.create({ visits: 1 });
        const [written, ended] = await Promise.all([
          one.update(session, { visits: 2 }),
          two.destroy(session, session.version),
          one.touch(session),
        ]);
        const isWritten = written.result === "saved";
        expect(ended === "destroyed").toBe(!isWritten);
        const left = await two.read(session.cookie);
        expect(left?.data ?? null).toEqual(isWritten ? { visits: 2 } : null);
      }
    });
  });

  describe("a sign-in while other requests are in progress", () => {
    const request = (strategy: Strategy, { cookie }: Session) => {
      const jar = testJar(cookie);
      return openSession<Fields>(strategy, jar, config()).then((session) => ({ session, jar }));
    };

    test("loses no write that was acknowledged on another process", async ({ skip }) => {
      const [one, two] = twoProcesses();
      if (!keepsOnServer(one)) return skip("of two writes at once one is lost");
      for (let round = 0; round < ROUNDS; round += 1) {
        const anonymous = await one.create({ visits: 1 });
        const signIn = await request(one, anonymous);
        let acknowledged = 1;
        const visit = async () => {
          const { session } = await request(two, anonymous);
          const saved = await session.update((fields) => {
            fields.visits = (fields.visits ?? 0) + 1;
          });
          if (saved === "saved" && session.visits)
            acknowledged = Math.max(acknowledged, session.visits);
        };
        await Promise.all([
          signIn.session.regenerate({ user: { name: "Ada" } }),
          visit().then(visit).then(visit),
          visit(),
        ]);
        const { session } = await request(two, { ...anonymous, cookie: signIn.jar.value ?? "" });
        expect(session).toMatchObject({ visits: acknowledged, user: { name: "Ada" } });
      }
    });

    test("keeps what it changed itself, beside what another process wrote", async ({ skip }) => {
      const [one, two] = twoProcesses();
      if (!keepsOnServer(one)) return skip("of two writes at once one is lost");
      const anonymous = await one.create({ visits: 1 });
      const { session } = await request(one, anonymous);
      session.note = "set here, not saved";
      const other = await request(two, anonymous);
      await other.session.update((fields) => {
        fields.visits = 2;
      });
      await session.regenerate({ user: { name: "Ada" } });
      expect({ ...session }).toEqual({
        visits: 2,
        note: "set here, not saved",
        user: { name: "Ada" },
      });
    });

    test("of two sign-ins at once one takes the anonymous session's data over", async ({
      skip,
    }) => {
      const [one, two] = twoProcesses();
      if (!keepsOnServer(one)) return skip("nothing tells the second one");
      for (let round = 0; round < ROUNDS; round += 1) {
        const anonymous = await one.create({ visits: 1, note: "mine" });
        const both = await Promise.all([request(one, anonymous), request(two, anonymous)]);
        const names = ["Ada", "Grace"];
        await Promise.all(
          both.map(({ session }, i) => session.regenerate({ user: { name: names[i] ?? "" } })),
        );
        const seen = both.map(({ session }) => ({ ...session }));
        expect(seen.map(({ user }) => user?.name)).toEqual(names);
        expect(seen.filter(({ note, visits }) => note === "mine" && visits === 1)).toHaveLength(1);
        expect(seen.filter(({ note, visits }) => !note && !visits)).toHaveLength(1);
      }
    });
  });
}
