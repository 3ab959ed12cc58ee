import { existsSync, readFileSync } from "node:fs";
import type { Profiler } from "node:inspector";
import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";

/** Whose work a sample of the CPU was. */
export type Owner = (typeof OWNERS)[number]["name"];

const NODE_AND_GC = "Node, GC";

/** In this order; the first whose `files` match a function's source file owns it. */
const OWNERS = [
  { name: "session", files: /\/packages\/session\/src\// },
  { name: "Next", files: /\/node_modules\/(next|react|react-dom)\// },
  {
    name: "store's client",
    files: /\/node_modules\/(?!\.pnpm)|\/src\/(session|stores\/[^/]+)\.ts$/,
  },
  { name: "app", files: /\/src\// },
  { name: "node:crypto", files: /^node:(internal\/)?crypto/ },
  { name: NODE_AND_GC, files: /(?!)/ },
] as const;

/**
 * Splits a CPU profile by owner. What a function of Node or of the engine takes belongs to whoever called it: a socket's
 * write to the client that writes, a `Response` to the route that makes it.
 *
 * @returns the share of each owner in all samples that were not idle, from 0 to 1
 */
export function sharesByOwner(profile: Profiler.Profile): Map<Owner, number> {
  const ownerOf = findOwners();
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const samples = new Map<Owner, number>();
  let total = 0;

  function visit({ callFrame, hitCount = 0, children = [] }: Profiler.ProfileNode, caller: Owner) {
    if (callFrame.functionName === "(idle)") return;
    const owner = ownerOf(callFrame) ?? caller;
    samples.set(owner, (samples.get(owner) ?? 0) + hitCount);
    total += hitCount;
    for (const id of children) {
      const child = nodes.get(id);
      if (child) visit(child, owner);
    }
  }
  const [root] = profile.nodes;
  if (root) visit(root, NODE_AND_GC);
  return new Map(OWNERS.map(({ name }) => [name, (samples.get(name) ?? 0) / total]));
}

function findOwners(): (frame: Profiler.ProfileNode["callFrame"]) => Owner | undefined {
  const maps = new Map<string, SourceMap | null>();

  /** The source file of a function in one of Next's bundles, or its own file. */
  function sourceOf({ url, lineNumber, columnNumber }: Profiler.ProfileNode["callFrame"]): string {
    if (!url.startsWith("file:")) return url;
    let map = maps.get(url);
    if (map === undefined) {
      // Source maps stay beside the build, which the slug was copied from.
      const file = `${fileURLToPath(url).replace(/\.next\/standalone\/.*\.next\//, ".next/")}.map`;
      map = existsSync(file) ? new SourceMap(JSON.parse(readFileSync(file, "utf8"))) : null;
      maps.set(url, map);
    }
    const entry = map?.findEntry(lineNumber, columnNumber);
    return entry && "originalSource" in entry ? entry.originalSource : url;
  }

  return (frame) => {
    const source = sourceOf(frame);
    return OWNERS.find(({ files }) => files.test(source))?.name;
  };
}
