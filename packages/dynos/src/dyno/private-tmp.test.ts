import { spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { fixture, upForTest } from "../../test/app.ts";
import { sharedTmpNote } from "./private-tmp.ts";

afterEach(() => {
  delete process.env.DYNOS_PRIVATE_TMP;
  vi.unstubAllEnvs();
});

const mark = `/tmp/dynos-mark-${process.pid}`;

// The same command twice, in two dynos: what does the second one find?
async function writeAndLook() {
  const app = await upForTest({ dir: fixture("node") });
  onTestFinished(() => rmSync(mark, { force: true }));
  const wrote = await app.run(`touch ${mark} && ls ${mark} && pwd`);
  const looked = await app.run(`ls ${mark}`);
  return { wrote, looked, progress: app.progress.join("\n") };
}

test.skipIf(sharedTmpNote())(
  "each dyno has a private /tmp, and its home stays where it was",
  async () => {
    const { wrote, looked, progress } = await writeAndLook();
    expect(wrote.output).toMatch(new RegExp(`^${mark}\n/.*/app$`));
    expect(wrote.code).toBe(0);
    expect(looked.code).not.toBe(0);
    expect(existsSync(mark)).toBe(false);
    expect(progress).not.toContain("share this machine's /tmp");
  },
);

test("without mount namespaces the dynos share /tmp, and the output says so", async () => {
  process.env.DYNOS_PRIVATE_TMP = "0";
  const { wrote, looked, progress } = await writeAndLook();
  expect([wrote.code, looked.code]).toEqual([0, 0]);
  expect(progress).toContain("share this machine's /tmp");
});

test.skipIf(sharedTmpNote() || process.getuid?.() !== 0)(
  "a dyno is the user that we are, and its signals and exit codes are its own",
  async () => {
    const app = await upForTest({ dir: fixture("node") });
    const ran = await app.run("id -u; kill -TERM $$");
    expect(ran.output).toBe(String(process.getuid?.()));
    expect(ran.code).toBe(143);
  },
);

const NOBODY = 65_534;
const asNobody = ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--"];

function run([command = "", ...args]: string[], env = process.env) {
  return spawnSync(command, args, { cwd: "/", encoding: "utf8", env });
}

const nobodyMayMount = () =>
  process.getuid?.() === 0 && run([...asNobody, "unshare", "-rm", "true"]).status === 0;

test.runIf(nobodyMayMount())(
  "an ordinary user's dyno has a /tmp of its own too, as that user and without the right to mount",
  async () => {
    vi.spyOn(process, "getuid").mockReturnValue(NOBODY);
    vi.spyOn(process, "getgid").mockReturnValue(NOBODY);
    vi.resetModules();
    const { withPrivateTmp } = await import("./private-tmp.ts");
    const temporary = mkdtempSync("/tmp/dynos-nobody-");
    onTestFinished(() => {
      vi.restoreAllMocks();
      rmSync(temporary, { recursive: true });
    });
    chownSync(temporary, NOBODY, NOBODY);
    const seen = `touch ${mark} && ls /tmp && id -u && grep CapEff /proc/self/status`;
    const { command, args, env } = withPrivateTmp(["/bin/sh", "-c", seen], {
      ...{ temporary, keep: [], env: { PATH: "/usr/bin:/bin" } },
    });
    const { stdout, stderr } = run([...asNobody, command, ...args], env);
    expect(stdout.split(/\s+/), stderr).toEqual([
      ...[mark.slice("/tmp/".length), String(NOBODY), "CapEff:", "0".repeat(16), ""],
    ]);
    expect([existsSync(mark), existsSync(`${temporary}/${mark.slice(5)}`)]).toEqual([false, true]);
  },
);

test("a folder on PATH that does not exist keeps no dyno from starting", async () => {
  vi.stubEnv("PATH", `${process.env.PATH}:/tmp/no-such-folder-${process.pid}/bin`);
  const app = await upForTest({ dir: fixture("node") });
  expect((await app.run("true")).code).toBe(0);
});
