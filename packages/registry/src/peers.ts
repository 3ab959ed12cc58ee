import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { ROOT } from "./registry.ts";

const issueSchema = z.strictObject({
  /** The scenario whose ✗ it explains. */
  scenario: z.string(),
  text: z.string(),
  url: z.url(),
});

/** An option of the library that mends a ✗. The scenarios where it matters are asked once more with it. */
const optionSchema = z.strictObject({
  /** Follows the name of the entry: `rotation` makes `express-redis-rotation`. */
  name: z.string().regex(/^[a-z-]+$/),
  /** What one writes, such as "`secret: [new, old]`". */
  text: z.string(),
  url: z.url(),
  scenarios: z.array(z.string()).min(1),
  /** Config vars that turn it on. */
  env: z.record(z.string(), z.string()).default({}),
  /** Where it needs another add-on. Default: the entry's own manifest. */
  manifest: z.string().optional(),
});

const entrySchema = z.strictObject({
  /** The library, as people call it: `connect-redis`. */
  title: z.string(),
  /** The page that it was set up from. */
  recipe: z.url(),
  /** What it needs besides what the folder needs: without it, it is left out. */
  needs: z
    .strictObject({
      /** Ends with 0 where it is there. */
      command: z.string(),
      /** How to get it. */
      hint: z.string(),
    })
    .optional(),
  /** Where its sessions live. */
  keeps: z.enum(["cookie", "database", "cache", "dyno"]),
  issues: z.array(issueSchema).default([]),
  options: z.array(optionSchema).default([]),
});

const measureSchema = z.strictObject({
  /** What brings the folder into a state that `bin/dynos up` can run. */
  prepare: z.strictObject({
    /** The file or folder that is there afterwards. */
    makes: z.string(),
    commands: z.array(z.string()),
    /** Programs that the machine must have. */
    programs: z.array(z.string()),
    /** How to get them. */
    hint: z.string(),
  }),
  /** The scripts' option `SIGN_IN`; without it they find out by themselves. */
  signIn: z.string().optional(),
  /** The config var to rotate. Default: the manifest's first generated one. */
  secret: z.string().optional(),
  /** By manifest. */
  entries: z.record(z.string(), entrySchema),
});

export type PeerIssue = z.infer<typeof issueSchema>;
export type Preparation = z.infer<typeof measureSchema>["prepare"];

export type PeerOption = z.infer<typeof optionSchema>;

/** A system that is not ours, with one of its stores: a manifest of a folder in `peers/`. */
export interface Peer extends Omit<z.infer<typeof entrySchema>, "options"> {
  /** `express-redis`: its column in the results. */
  name: string;
  /** `express`: the name of its folder. */
  folder: string;
  dir: string;
  manifest: string;
  prepare: Preparation;
  signIn: string | null;
  secret: string | null;
  /** Config vars beside those of the manifest. */
  env: Record<string, string>;
  /** The system that this is once more, with an option. */
  mends: { peer: string; option: PeerOption } | null;
}

/**
 * Finds every peer: each entry of each `peers/FOLDER/measure.json`, in its order, each followed by its options.
 *
 * @throws an `Error` that names the file whose content is wrong
 */
export function readPeers(root: string = ROOT): Peer[] {
  const parent = join(root, "peers");
  if (!existsSync(parent)) return [];
  return readdirSync(parent)
    .sort()
    .flatMap((folder) => {
      const dir = join(parent, folder);
      const file = join(dir, "measure.json");
      if (!existsSync(file)) return [];
      const read = measureSchema.safeParse(JSON.parse(readFileSync(file, "utf8")));
      if (!read.success) {
        throw new Error(`[registry] \`${file}\` is not valid.\n${z.prettifyError(read.error)}`);
      }
      const { entries, prepare, signIn = null, secret = null } = read.data;
      return Object.entries(entries).flatMap(([manifest, { options, ...entry }]) => {
        for (const each of [manifest, ...options.flatMap((option) => option.manifest ?? [])])
          if (!existsSync(join(dir, each)))
            throw new Error(`[registry] \`${file}\` names \`${each}\`, which is missing.`);
        const variant = /^app\.(.+)\.json$/.exec(manifest)?.[1]?.replaceAll("_", "-");
        const name = variant ? `${folder}-${variant}` : folder;
        const common = { ...entry, folder, dir, prepare, signIn, secret };
        const withOptions = options.map((option) => ({
          ...common,
          name: `${name}-${option.name}`,
          title: `${entry.title}, ${option.name}`,
          manifest: option.manifest ?? manifest,
          env: option.env,
          issues: [],
          mends: { peer: name, option },
        }));
        return [{ ...common, name, manifest, env: {}, mends: null }, ...withOptions];
      });
    });
}
