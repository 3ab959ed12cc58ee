import { serviceOf } from "@repo/addons";
import type { App } from "@repo/registry";
import type { Missing } from "@repo/registry/missing";
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
  local: { dir: string; app: string; manifest: string; addons: string[] } | null;
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
      ({ name, variant, file, addons }): Column => ({
        ...known,
        name,
        title: variant ? `${title}, ${variant}` : title,
        local: { dir, app, manifest: file, addons: addons.map(({ plan }) => plan) },
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
        local: { dir, app, manifest: "app.json", addons: [] },
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

/** What a column needs of this machine and does not find. */
export const lackedBy = ({ local }: Column, missing: Missing[]): Missing | undefined =>
  missing.find(({ name }) => local?.addons.some((plan) => serviceOf(plan)?.server === name));

/** One line for each thing that is missing: the columns that it costs, and what would bring them back. */
export function leftOut(columns: Column[], missing: Missing[]): string[] {
  return missing.flatMap((lacked) => {
    const names = columns.filter((column) => lackedBy(column, [lacked])).map(({ name }) => name);
    if (names.length === 0) return [];
    return [`Left out: ${names.join(", ")}. ${reasonOf(lacked)}. To bring it: ${lacked.command}`];
  });
}

export const reasonOf = ({ name }: Missing): string => `${name} is missing`;
