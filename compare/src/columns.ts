import type { App } from "@repo/registry";
import type { Traits } from "@repo/registry/traits";

/** One column of the table: one app, brought up once. */
export interface Column {
  /** `db-app`, `cache-app:redis`, `file-app:affinity`. */
  name: string;
  title: string;
  traits: Traits | null;
  affinity: boolean;
  /** null: all of them. */
  only: string[] | null;
  /** A deployed app has no folder, and a local one has no address yet. */
  local: { dir: string; app: string; manifest: string } | null;
  url: string | null;
}

/** What affinity can change; the rest it would only repeat. */
const affinityScenarios = ["spread", "continuity", "restart", "scale"];

/**
 * Each app, each of its other manifests, and once more with session affinity where an app's sessions are not
 * shared by the dynos: affinity seems to mend that, and its column shows until when.
 */
export function columnsOf(apps: App[]): Column[] {
  return apps.flatMap(({ name: app, dir, title, traits, manifests }) => {
    const known = { traits, affinity: false, only: null, url: null };
    const columns = manifests.map(
      ({ name, variant, file }): Column => ({
        ...known,
        name,
        title: variant ? `${title}, ${variant}` : title,
        local: { dir, app, manifest: file },
      }),
    );
    if (traits.sharedByDynos) return columns;
    return [
      ...columns,
      {
        ...known,
        name: `${app}:affinity`,
        title: `${title}, affinity`,
        affinity: true,
        only: affinityScenarios,
        local: { dir, app, manifest: "app.json" },
      },
    ];
  });
}

/** A deployed app. Its traits are known when it is called like one of the folders in `apps/`. */
export function deployedColumn(name: string, url: string, known: Column[]): Column {
  const like = known.find((column) => column.name === name);
  return {
    name,
    title: like?.title ?? name,
    traits: like?.traits ?? null,
    affinity: like?.affinity ?? false,
    only: like?.only ?? null,
    local: null,
    url,
  };
}
