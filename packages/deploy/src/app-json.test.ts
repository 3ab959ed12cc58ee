import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, readApps } from "@repo/registry";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { readJson } from "./repository.ts";

// From the npm package @heroku/mcp-server 1.2.8, unchanged. It is stricter than Heroku itself.
const schemaFile = join(import.meta.dirname, "../schemas/heroku-app.json");
const isManifest = new Ajv({ strict: false, validateFormats: false }).compile(
  JSON.parse(readFileSync(schemaFile, "utf8")),
);

const apps = readApps();
const ofApps = apps.flatMap(({ name: app, manifests }) =>
  manifests.map(({ file }) => ({ app, file: `apps/${app}/${file}` })),
);
const all = ["app.json", ...ofApps.map(({ file }) => file)];

/** What the Deploy page shows; Heroku ignores or refuses any other key. */
const allowed = ["name", "description", "keywords", "success_url", "env", "formation", "addons"];

describe.each(all)("%s", (file) => {
  const manifest = readJson(file);

  test("is valid by Heroku's schema", () => {
    isManifest(manifest);
    expect(isManifest.errors).toBe(null);
  });

  test("has no key that Heroku does not know", () => {
    expect(allowed).toEqual(expect.arrayContaining(Object.keys(manifest)));
  });

  test("starts two dynos, on a size that can run two", () => {
    expect(manifest.formation).toEqual({ web: { quantity: 2, size: "standard-1x" } });
  });

  test("leaves nothing to type: each config var has a value, is generated or is optional", () => {
    for (const [name, spec] of Object.entries<Record<string, unknown>>(manifest.env)) {
      expect(name).toMatch(/^[A-Z][A-Z0-9_]*$/);
      expect(spec.description, name).toEqual(expect.any(String));
      expect(
        [typeof spec.value === "string", spec.generator === "secret", spec.required === false],
        name,
      ).toContain(true);
    }
  });

  test("generates the secrets", () => {
    expect(manifest.env.SESSION_SECRET.generator).toBe("secret");
    expect(manifest.env.ACTIONS_SECRET.generator).toBe("secret");
  });
});

test.each(ofApps)("$file builds and starts its own app", ({ app, file }) => {
  expect(readJson(file).env.APP.value).toBe(app);
});

test("the root app.json needs no add-on, and its app is one that works without", () => {
  const { env, addons } = readJson("app.json");
  expect(addons).toBeUndefined();
  expect(readJson(`apps/${env.APP.value}/app.json`).addons).toBeUndefined();
});

test("the root app.json declares every config var that any app does", () => {
  const declared = Object.keys(readJson("app.json").env);
  for (const { file } of ofApps) {
    expect(declared, file).toEqual(expect.arrayContaining(Object.keys(readJson(file).env)));
  }
});

test.each(apps)("$name/.env.example names every config var of its manifests", (app) => {
  const example = readFileSync(join(app.dir, ".env.example"), "utf8");
  for (const { env } of app.manifests) {
    for (const name of Object.keys(env)) {
      if (name !== "APP") expect(example).toMatch(new RegExp(`^#? ?${name}=`, "m"));
    }
  }
});

test("docs/heroku.md sets by command line what a button sets without asking", () => {
  const commands = readFileSync(join(ROOT, "docs/heroku.md"), "utf8");
  const [line = ""] = /^heroku config:set [\s\S]*?[^\\]$/m.exec(commands) ?? [];
  const { env } = readJson("apps/db-app/app.json");
  for (const name of ["APP", "PNPM_SKIP_PRUNING", "AUTH_TRUST_HOST", "PGSSLMODE"])
    expect(line).toContain(`${name}=${env[name].value}`);
});

test("nothing is pruned: bin/slim deletes what pruning would install", () => {
  for (const file of all) expect(readJson(file).env.PNPM_SKIP_PRUNING.value, file).toBe("true");
});
