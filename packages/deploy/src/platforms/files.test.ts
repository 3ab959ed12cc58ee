import { execFileSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "@repo/addons/programs";
import { ROOT, readApps } from "@repo/registry";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse as parseToml } from "smol-toml";
import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { repositoryName } from "../buttons.ts";
import { deployments } from "./deployment.ts";
import { readDockerfile } from "./dockerfile.ts";
import { platformFiles } from "./files.ts";

const folder = "packages/deploy/platforms";
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const all = deployments("ada/fork");
const made = platformFiles("ada/fork");
const text = (name: string, file: string) => made.get(`${folder}/${name}/${file}`) ?? "";

test("the files are those that bin/set-owner makes, and there are no others", () => {
  const current = platformFiles(repositoryName());
  for (const [file, content] of current)
    expect(read(file), `${file}: run bin/set-owner`).toBe(content);
  expect(globSync(`${folder}/*/*`, { cwd: ROOT, exclude: ["**/secrets.env"] }).sort()).toEqual(
    [...current.keys()].sort(),
  );
});

test("the file of secrets that Kubernetes takes is never committed", () => {
  expect(read(".gitignore")).toMatch(/^secrets\.env$/m);
  for (const { name } of all)
    expect(parse(text(name, "kustomization.yaml")).secretGenerator[0].envs).toEqual([
      "secrets.env",
    ]);
});

test("every manifest of every app has them", () => {
  const names = readApps().flatMap(({ manifests }) => manifests.map(({ name }) => name));
  expect(all.map(({ name }) => name)).toEqual(names.map((name) => name.replace(":", "-")));
});

/** A check by one of the schemas that lie in this package. */
function schema(file: string) {
  const content = JSON.parse(read(`packages/deploy/schemas/${file}`));
  const Dialect = content.$schema.includes("2020-12") ? Ajv2020 : Ajv;
  const validate = new Dialect({ strict: false, validateFormats: false, allErrors: true }).compile(
    content,
  );
  return (value: unknown) => (validate(value) ? null : validate.errors);
}
const isDigitalOcean = schema("digitalocean-app.json");
const isFly = schema("fly.json");
const isKubernetes = schema("kubernetes.json");
const isCompose = schema("compose.json");

describe.each(all)("$name", ({ name, app, env, instances, store, branch }) => {
  test("render.yaml has only keys that Render documents, and two instances", () => {
    const { services, databases = [], ...rest } = parse(text(name, "render.yaml"));
    expect(rest).toEqual({});
    for (const service of services) {
      expect(RENDER[service.type]).toEqual(expect.arrayContaining(Object.keys(service)));
      if (service.type === "keyvalue") expect(service.ipAllowList).toEqual([]);
    }
    for (const database of databases)
      expect(["name", "plan", "ipAllowList"]).toEqual(
        expect.arrayContaining(Object.keys(database)),
      );
    const [web] = services;
    expect(web).toMatchObject({ numInstances: instances, branch, preDeployCommand: "bin/release" });
    for (const { key, ...one } of web.envVars) {
      expect(key).toMatch(/^[A-Z][A-Z_]*$/);
      // Exactly one of these.
      expect(Object.keys(one), key).toHaveLength(1);
      expect(["value", "generateValue", "fromDatabase", "fromService"], key).toContain(
        Object.keys(one)[0],
      );
    }
    // What it refers to has to be there.
    const others = [...services.slice(1), ...databases].map(
      (other: { name: string }) => other.name,
    );
    expect(others).toEqual(store ? [`${name}-store`] : []);
  });

  test("deploy.template.yaml is valid by DigitalOcean's schema, and names its own branch", () => {
    const template = parse(text(name, "deploy.template.yaml"));
    expect(isDigitalOcean(template)).toBe(null);
    expect(template.spec.name).toMatch(/^[a-z][a-z0-9-]{0,30}[a-z0-9]$/);
    expect(template.spec.services[0].instance_count).toBe(instances);
    for (const { git } of [template.spec.services[0], ...template.spec.jobs])
      expect(git).toEqual({ repo_clone_url: "https://github.com/ada/fork.git", branch });
  });

  test("fly.toml is valid by Fly's schema, stops by SIGTERM and never stops an idle Machine", () => {
    const config = parseToml(text(name, "fly.toml"));
    expect(isFly(config)).toBe(null);
    expect(config).toMatchObject({
      kill_signal: "SIGTERM",
      kill_timeout: 30,
      deploy: { release_command: "bin/release" },
    });
    expect(config.http_service).toMatchObject({ auto_stop_machines: "off" });
    expect(text(name, "fly.toml")).toContain(`fly scale count ${instances} `);
  });

  test("the Kubernetes objects are valid, and release before the instances", () => {
    const objects = parseAllDocuments(text(name, "kubernetes.yaml")).map((document) =>
      document.toJS(),
    );
    for (const object of objects) expect(isKubernetes(object), object.kind).toBe(null);
    const [job, deployment, service] = objects;
    expect([job.kind, deployment.kind, service.kind]).toEqual(["Job", "Deployment", "Service"]);
    expect(deployment.spec.replicas).toBe(instances);
    expect(service.spec.sessionAffinity).toBe("None");
    const pod = deployment.spec.template;
    expect(pod.metadata.labels).toEqual(deployment.spec.selector.matchLabels);
    expect(pod.metadata.labels).toEqual(service.spec.selector);
    // The schema lets a misspelt key pass.
    const [container] = pod.spec.containers;
    expect(container.readinessProbe.httpGet).toEqual({ path: "/readyz", port: "http" });
    expect(container.livenessProbe.httpGet).toEqual({ path: "/healthz", port: "http" });
  });

  test("compose.yaml is valid by its specification, and starts two instances after the release, behind Caddy", () => {
    const file = parse(text(name, "compose.yaml"));
    expect(isCompose(file)).toBe(null);
    const { services } = file;
    expect(services.web.deploy.replicas).toBe(instances);
    expect(services.web.depends_on.release.condition).toBe("service_completed_successfully");
    expect(services.web.build.args.APP).toBe(app);
    expect(Object.keys(services).includes("store")).toBe(store !== undefined);
    expect(services.proxy.ports).toHaveLength(2);
  });

  test("every config var with a value that holds anywhere is in all of them", () => {
    for (const file of [
      "render.yaml",
      "deploy.template.yaml",
      "fly.toml",
      "compose.yaml",
      "kubernetes.yaml",
    ]) {
      for (const [key, value] of Object.entries(env)) {
        if (key !== "APP")
          expect(text(name, file), `${file} ${key}`).toMatch(new RegExp(`${key}[^]{1,40}${value}`));
      }
    }
  });
});

/** https://render.com/docs/blueprint-spec */
const RENDER: Record<string, string[]> = {
  web: [
    ...[
      "type",
      "name",
      "runtime",
      "plan",
      "branch",
      "dockerfilePath",
      "dockerContext",
      "numInstances",
    ],
    ...["preDeployCommand", "healthCheckPath", "maxShutdownDelaySeconds", "envVars"],
  ],
  keyvalue: ["type", "name", "plan", "maxmemoryPolicy", "ipAllowList"],
  pserv: ["type", "name", "runtime", "plan", "image"],
};

function programOf(name: string): string {
  const program = findProgram(name);
  if (!program) throw new Error(`[deploy] Missing program \`${name}\`. Run \`bin/setup --tests\`.`);
  return program;
}

test("hadolint finds nothing in the Dockerfile", () => {
  const args = ["--no-color", "--failure-threshold", "style", `${folder}/Dockerfile`];
  expect(execFileSync(programOf("hadolint"), args, { cwd: ROOT, encoding: "utf8" })).toBe("");
});

test("Caddy takes the Caddyfile, which sticks no visitor to an instance", () => {
  const args = ["validate", "--adapter", "caddyfile", "--config", `${folder}/Caddyfile`];
  execFileSync(programOf("caddy"), args, { cwd: ROOT, stdio: "pipe" });
  expect(read(`${folder}/Caddyfile`)).toContain("lb_policy random\n");
});

test("a Dockerfile that lacks an instruction that is run elsewhere is refused, with the line that is missing", () => {
  const { build, shipped, start } = readDockerfile(read(`${folder}/Dockerfile`));
  expect(build).toHaveLength(1);
  expect([shipped, start]).toEqual(["apps/$APP/.next/standalone", ["bin/start-web"]]);
  expect(() => readDockerfile("FROM scratch\n")).toThrow("no line like");
});
