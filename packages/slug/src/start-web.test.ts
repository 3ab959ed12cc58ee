import { spawn, spawnSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const bin = join(import.meta.dirname, "../../../bin");
let root: string;

/** A repository with three apps, of which `one` is built. Its server prints what it was given. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "start-web-"));
  await cp(bin, join(root, "bin"), { recursive: true });
  for (const app of ["one", "two", "three"])
    await mkdir(join(root, "apps", app), { recursive: true });
  const slug = join(root, "apps/one/.next/standalone");
  await mkdir(join(slug, "apps/one"), { recursive: true });
  await cp(bin, join(slug, "bin"), { recursive: true });
  await writeFile(
    join(slug, "apps/one/environment.mjs"),
    `if (process.env.WRONG) { console.error("WRONG is wrong"); process.exit(1); }`,
  );
  await writeFile(
    join(slug, "apps/one/server.js"),
    `process.on("SIGTERM", () => { console.log("stopped"); process.exit(143); });
     console.log(process.cwd(), process.env.HOSTNAME, process.env.KEEP_ALIVE_TIMEOUT);
     if (process.env.STAY) setInterval(() => {}, 1000);
     else process.exit();`,
  );
});
afterAll(() => rm(root, { recursive: true }));

const start = (env: Record<string, string>, from = root) =>
  spawnSync(join(from, "bin/start-web"), {
    cwd: from,
    env: { PATH: process.env.PATH, ...env },
    encoding: "utf8",
  });

describe("bin/start-web", () => {
  test("without APP it names the variable and the apps there are", () => {
    const { status, stderr } = start({});
    expect(stderr).toContain(
      "[start-web] Missing config var `APP`. Set it to one of: `one` `three` `two`",
    );
    expect(status).toBe(1);
  });

  test.each(["nope", "../one", "one/../one", "."])("APP=%s is no app", (APP) => {
    const { status, stderr } = start({ APP });
    expect(stderr).toContain(
      `\`APP\` is \`${APP}\`, which is not an app. Set it to one of: \`one\``,
    );
    expect(status).toBe(1);
  });

  test("an app that is not built says how to build it", () => {
    const { status, stderr } = start({ APP: "two" });
    expect(stderr).toContain("`two` is not built. Run `pnpm turbo run build --filter=two`");
    expect(status).toBe(1);
  });

  test.each(["", "apps/one/.next/standalone"])(
    "starts from the folder %j of the repository",
    (folder) => {
      const { status, stdout, stderr } = start({ APP: "one" }, join(root, folder));
      expect(stderr).toBe("");
      expect(stdout).toContain("one/.next/standalone");
      expect(status).toBe(0);
    },
  );

  test("checks the config vars before the server starts", () => {
    const { status, stdout, stderr } = start({ APP: "one", WRONG: "1" });
    expect(stderr).toBe("WRONG is wrong\n");
    expect(stdout).toBe("");
    expect(status).toBe(1);
  });

  test.each(["abc", "80 ", "-1", "1e3", "65536", "99999999999999999999"])(
    "PORT=%j is no port, and says so instead of listening on another one",
    (PORT) => {
      const { status, stdout, stderr } = start({ APP: "one", PORT });
      expect(stderr).toContain(`[start-web] Config var \`PORT\` is \`${PORT}\``);
      expect(stdout).toBe("");
      expect(status).toBe(1);
    },
  );

  test.each(["", "0", "8080", "65535"])("PORT=%j is fine", (PORT) => {
    expect(start({ APP: "one", PORT }).status).toBe(0);
  });

  test("keeps idle connections longer than the router does", () => {
    expect(start({ APP: "one" }).stdout).toContain("95000");
    expect(start({ APP: "one", KEEP_ALIVE_TIMEOUT: "5" }).stdout).toContain(" 5\n");
  });

  test.each([
    ["a machine's name", "web-7f.local", "0.0.0.0"],
    ["a container's id", "4fa2c0ffee12", "0.0.0.0"],
    ["nothing", "", "0.0.0.0"],
    ["an address", "127.0.0.1", "127.0.0.1"],
    ["an IPv6 address", "::", "::"],
    ["localhost", "localhost", "localhost"],
  ])("given %s as HOSTNAME it listens on the right address", (_, HOSTNAME, expected) => {
    expect(start({ APP: "one", HOSTNAME }).stdout).toContain(` ${expected} `);
  });

  test("SIGTERM reaches the server itself", async () => {
    const child = spawn(join(root, "bin/start-web"), {
      env: { PATH: process.env.PATH, APP: "one", STAY: "1" },
    });
    let output = "";
    child.stdout.on("data", (text) => {
      if (!output) child.kill("SIGTERM");
      output += text;
    });
    const code = await new Promise((resolve) => child.on("close", resolve));
    expect(output).toContain("stopped");
    expect(code).toBe(143);
  });
});
