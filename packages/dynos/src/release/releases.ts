import { dirname } from "node:path";
import { removeFolder } from "@repo/addons/processes";
import type { Release, Releases } from "./types.ts";

/** Unsourced: slugs are tens of megabytes each. */
const KEPT_SLUGS = 10;

export function createReleases(): Releases {
  const releases: Release[] = [];
  let current: Release | undefined;

  /** Deletes the slugs that none of the last releases uses. */
  function prune(): void {
    const recent = new Set(releases.slice(-KEPT_SLUGS).map(({ slug }) => slug.folder));
    if (current) recent.add(current.slug.folder);
    for (const { slug } of releases) {
      if (!recent.has(slug.folder)) void removeFolder(dirname(slug.folder)).catch(() => {});
    }
  }

  return {
    add(description, slug, config) {
      const version = releases.length + 1;
      const createdAt = new Date();
      const release: Release = { version, description, createdAt, slug, config, status: "pending" };
      releases.push(release);
      return release;
    },
    succeed(release) {
      release.status = "succeeded";
      current = release;
      prune();
    },
    current() {
      if (!current) throw new Error("[dynos] There is no release yet.");
      return current;
    },
    find(name) {
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
    list: () =>
      releases.toReversed().map((release) => ({
        version: `v${release.version}`,
        status: release.status,
        description: release.description,
        createdAt: release.createdAt.toISOString(),
        current: release === current,
      })),
  };
}
