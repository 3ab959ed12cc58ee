import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, sep } from "node:path";

/**
 * Mounts `$1` over /tmp and runs the rest of its arguments. What the dyno still needs of the machine's /tmp (`$KEPT`:
 * its own folder, programs that lie there) stays visible at the same path.
 */
const MOUNT = `set -e
new=$1; shift
kept=$KEPT; unset KEPT
IFS=:
for path in $kept; do
  mkdir -p "$new\${path#/tmp}"
  mount --rbind "$path" "$new\${path#/tmp}"
done
unset IFS
here=$PWD
mount --rbind "$new" /tmp
cd "$here"
exec "$@"`;

export interface Wrapped {
  command: string;
  args: string[];
  env: NodeJS.ProcessEnv;
}

/**
 * A command line that runs a command with a private /tmp, in a mount namespace.
 * @param temporary what the command sees as /tmp
 * @param keep the dyno's folder, and others that stay where they are
 */
export function withPrivateTmp(
  [command, ...args]: [string, ...string[]],
  { temporary, keep, env }: { temporary: string; keep: string[]; env: NodeJS.ProcessEnv },
): Wrapped {
  const way = namespaceWay();
  if (way === null) return { command, args, env };
  const KEPT = keptOfTmp(keep, env.PATH ?? "").join(":");
  const mount = ["/bin/sh", "-c", MOUNT, "sh", temporary];
  const [first = "", ...rest] = [...way.enter, ...mount, ...way.leave, command, ...args];
  return { command: first, args: rest, env: { ...env, KEPT } };
}

/** Said once when an app comes up where dynos share the machine's /tmp; `undefined` where they do not. */
export function sharedTmpNote(): string | undefined {
  if (namespaceWay() !== null) return undefined;
  return "The dynos share this machine's /tmp: it has no mount namespaces for this user. TMPDIR is private; a file with an absolute path in /tmp is seen by all dynos, as it would not be on Heroku.";
}

/** Folders under /tmp that the dyno needs: these, and those whose `bin` is on its PATH. */
function keptOfTmp(folders: string[], path: string): string[] {
  const programs = path.split(delimiter).filter(Boolean).map(dirname);
  const wanted = [...folders, ...programs, dirname(dirname(realpathSync(process.execPath)))];
  const inTmp = [...new Set(wanted)].filter((each) => each.startsWith(`/tmp${sep}`));
  // A colon would end the name. PATH may name folders that do not exist, which cannot be mounted.
  return inTmp.filter((each) => !each.includes(":") && existsSync(each));
}

interface Way {
  /** Enters a mount namespace with the right to mount. */
  enter: string[];
  /** Gives the right back, as the user that we are. */
  leave: string[];
}

let known: { way: Way | null; forced: boolean } | undefined;

/** How this machine makes mount namespaces; `null` if it does not, or if DYNOS_PRIVATE_TMP=0 says so. */
function namespaceWay(): Way | null {
  const forced = process.env.DYNOS_PRIVATE_TMP === "0";
  if (known?.forced === forced) return known.way;
  const way = forced || process.platform !== "linux" ? null : (ways().find(works) ?? null);
  known = { way, forced };
  return way;
}

function ways(): Way[] {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  // `unshare -r` makes us root in a new user namespace, which may mount; the inner one makes us ourselves again.
  const ourselves = ["unshare", "--user", `--map-user=${uid}`, `--map-group=${gid}`];
  const asRoot = { enter: ["unshare", "--mount"], leave: [] };
  const asUser = { enter: ["unshare", "--map-root-user", "--mount"], leave: ourselves };
  return uid === 0 ? [asRoot, asUser] : [asUser];
}

/** Tries it: the tools may be missing, and containers may forbid it. */
function works({ enter, leave }: Way): boolean {
  const folder = mkdtempSync(join(tmpdir(), "dynos-namespace-"));
  try {
    const mount = ["/bin/sh", "-c", MOUNT, "sh", folder];
    const [command = "", ...args] = [...enter, ...mount, ...leave, "ls", "-A", "/tmp"];
    const options = { cwd: "/", encoding: "utf8", env: { ...process.env, KEPT: "" } } as const;
    const { status, stdout } = spawnSync(command, args, options);
    return status === 0 && stdout === "";
  } finally {
    rmSync(folder, { recursive: true });
  }
}
