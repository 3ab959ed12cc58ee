import { type App, up } from "@repo/dynos";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { builtApps } from "../apps.ts";
import { type Answer, newVisitor } from "./visitor.ts";

const ROUNDS = 10; // Before the fix 44 to 100 of 100 rounds failed, by store.
/** cookie-app has nothing to compare: of two answers, the one that reaches the browser last wins. */
const apps = inject("areOurs") ? builtApps().filter(({ name }) => name !== "cookie-app") : [];

// What these guard against is recorded in load/fixtures/histories.
describe.each(apps)("$name, when requests of one visitor cross", (built) => {
  let app: App;

  beforeAll(async () => {
    const { dir, manifest, name, addons } = built;
    const web = addons.length ? 2 : 1; // a dyno's own disk is shared with nobody
    const runName = `races-${name.replace(":", "-")}-${process.pid}`;
    app = await up({ dir, manifest, web, name: runName });
  });
  afterAll(() => app?.down());

  /** An anonymous visitor with one visit, and what sends requests with the cookies of now, whatever is answered meanwhile. */
  async function anonymous() {
    const visitor = newVisitor(app.httpsUrl);
    await visitor.visit("mine");
    const { csrfToken } = (await visitor.get("/api/auth/csrf")).json;
    const cookie = await visitor.jar.getCookieString(app.httpsUrl);
    const signIn = (name: string) => {
      const form = { csrfToken, name, json: "true", callbackUrl: "/" };
      return visitor.peek("POST", "/api/auth/callback/credentials", { cookie, form });
    };
    const visit = () => visitor.peek("POST", "/api/session", { cookie });
    const sessionOf = async (answer: Answer) => {
      const [given = ""] =
        answer.cookies.find((line) => line.startsWith("__Host-session="))?.split(";") ?? [];
      return (await visitor.peek("GET", "/api/session", { cookie: given })).json.session;
    };
    const { fingerprint } = await visitor.session();
    return { fingerprint, signIn, visit, sessionOf };
  }

  test("a sign-in loses no visit that was acknowledged", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { fingerprint, signIn, visit, sessionOf } = await anonymous();
      const visits = async () => [await visit(), await visit(), await visit()];
      const [signedIn, answers] = await Promise.all([signIn("Ada"), visits()]);
      const acknowledged = answers
        .map(({ json }) => json.session)
        .filter((session) => session?.fingerprint === fingerprint);
      expect(await sessionOf(signedIn)).toMatchObject({
        user: { name: "Ada" },
        note: "mine",
        visits: 1 + acknowledged.length,
      });
    }
  });

  test("of two sign-ins at once one takes the anonymous session's data over", async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { signIn, sessionOf } = await anonymous();
      const answers = await Promise.all([signIn("Ada"), signIn("Grace")]);
      const [ada, grace] = await Promise.all(answers.map(sessionOf));
      expect([ada.user.name, grace.user.name]).toEqual(["Ada", "Grace"]);
      expect([ada.note, grace.note].sort()).toEqual(["mine", null].sort());
      expect(ada.visits + grace.visits).toBe(1);
    }
  });
});
