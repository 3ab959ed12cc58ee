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

const entrySchema = z.strictObject({
  /** The library, as people call it: `connect-redis`. */
  title: z.string(),
  /** The page that it was set up from. */
  recipe: z.url(),
  issues: z.array(issueSchema).default([]),
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

/** A system that is not ours, with one of its stores: a manifest of a folder in `peers/`. */
export interface Peer extends z.infer<typeof entrySchema> {
  /** `express-redis`: its column in the results. */
  name: string;
  /** `express`: the name of its folder. */
  folder: string;
  dir: string;
  manifest: string;
  prepare: Preparation;
  signIn: string | null;
  secret: string | null;
}

/**
 * Finds every peer: each entry of each `peers/FOLDER/measure.json`, in its order.
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
      return Object.entries(entries).map(([manifest, entry]) => {
        if (!existsSync(join(dir, manifest)))
          throw new Error(`[registry] \`${file}\` names \`${manifest}\`, which is missing.`);
        const variant = /^app\.(.+)\.json$/.exec(manifest)?.[1]?.replaceAll("_", "-");
        const name = variant ? `${folder}-${variant}` : folder;
        return { ...entry, name, folder, dir, manifest, prepare, signIn, secret };
      });
    });
}
