import { expect, test } from "vitest";
import { makeFolder, upForTest } from "../../test/app.ts";
import { buildpackOf, describeBuildpack } from "./buildpack.ts";

type Env = Record<string, string>;

test("a Ruby app has one secret for all dynos and releases, which is no config var", async () => {
  const dir = makeFolder({ Gemfile: "" }, "node");
  const app = await upForTest({ dir, name: "ruby", web: 2 });
  const secrets = new Set<string | undefined>();
  for (let count = 0; count < 20; count++)
    secrets.add(((await app.ask("/env")) as Env).SECRET_KEY_BASE);
  await app.deploy();
  const env: Env = await app.ask("/env");
  secrets.add(env.SECRET_KEY_BASE);
  expect([...secrets]).toEqual([expect.stringMatching(/^[0-9a-f]{128}$/)]);
  expect(env).toMatchObject({ RAILS_ENV: "production", RACK_ENV: "production" });
  expect(app.config()).toEqual({});
  expect(app.logs().join("\n")).toContain("Ruby app (Gemfile). Set as by Heroku's buildpack: ");
  await app.down();
  const again = await upForTest({ dir, name: "ruby" });
  expect(((await again.ask("/env")) as Env).SECRET_KEY_BASE).toBe(env.SECRET_KEY_BASE);
});

test("a config var wins over a buildpack's default, and not over what it forces", async () => {
  const dir = makeFolder({ "requirements.txt": "" }, "python");
  const env = { WEB_CONCURRENCY: "1", FORWARDED_ALLOW_IPS: "none" };
  const app = await upForTest({ dir, env });
  const answer: { env: Env } = await app.ask("/");
  expect(answer.env).toMatchObject({ WEB_CONCURRENCY: "1", FORWARDED_ALLOW_IPS: "*" });
  expect(answer.env.PYTHONPATH).toBe(answer.env.HOME);
});

test("a PHP app is known, and its buildpack sets nothing by itself", () => {
  const folder = makeFolder({ "index.php": "" });
  const buildpack = buildpackOf("php", [folder]);
  expect(buildpack).toMatchObject({ language: "PHP", defaults: {}, forced: {} });
  expect(buildpack && describeBuildpack(buildpack)).toMatch(
    /^PHP app \(index\.php\)\. Set as by Heroku's buildpack: nothing\. Its start scripts /,
  );
});
