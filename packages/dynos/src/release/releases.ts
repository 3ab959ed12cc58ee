import { rmSync } from "node:fs";
import { dirname } from "node:path";
import type { Config } from "./config.ts";
import type { Slug } from "./slug.ts";

/** A slug and the config vars it runs with. */
export interface Release {
  readonly version: number;
  readonly description: string;
  readonly createdAt: Date;
  readonly slug: Slug;
  readonly config: Config;
  status: "pending" | "succeeded" | "failed";
}

/** A line of `dynos releases`. */
export interface ReleaseStatus {
  readonly version: string;
  readonly status: Release["status"];
  readonly description: string;
  readonly createdAt: string;
  readonly current: boolean;
}

// Slugs are tens of megabytes each; Heroku keeps a limited number too.
const KEPT_SLUGS = 10;

export type Releases = ReturnType<typeof createReleases>;

export function createReleases() {
  const releases: Release[] = [];
  let current: Release | undefined;

  /** Deletes what none of the last releases needs. */
  function prune(): void {
    const recent = new Set(releases.slice(-KEPT_SLUGS).map(({ slug }) => slug.folder));
    if (current) recent.add(current.slug.folder);
    for (const { slug } of releases) {
      if (!recent.has(slug.folder)) rmSync(dirname(slug.folder), { recursive: true, force: true });
    }
  }

  return {
    add(description: string, slug: Slug, config: Config): Release {
      const version = releases.length + 1;
      const createdAt = new Date();
      const release: Release = { version, description, createdAt, slug, config, status: "pending" };
      releases.push(release);
      return release;
    },
    succeed(release: Release): void {
      release.status = "succeeded";
      current = release;
      prune();
    },
    current(): Release {
      if (!current) throw new Error("[dynos] There is no release yet.");
      return current;
    },
    /** The release to go back to: the named one, or the last that worked before the current one. */
    find(name?: string): Release {
      const good = releases.filter((each) => each.status === "succeeded" && each !== current);
      const found = name
        ? good.find(({ version }) => `v${version}` === name || String(version) === name)
        : good.at(-1);
      if (!found)
        throw new Error(`[dynos] There is no earlier release${name ? ` \`${name}\`` : ""}.`);
      if (!releases.slice(-KEPT_SLUGS).includes(found)) {
        throw new Error(
          `[dynos] v${found.version} is too old: its slug is gone. See \`dynos releases\`.`,
        );
      }
      return found;
    },
    list: (): ReleaseStatus[] =>
      releases.toReversed().map((release) => ({
        version: `v${release.version}`,
        status: release.status,
        description: release.description,
        createdAt: release.createdAt.toISOString(),
        current: release === current,
      })),
  };
}
