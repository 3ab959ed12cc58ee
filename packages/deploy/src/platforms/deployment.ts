import { serviceOf } from "@repo/addons";
import { type App, type Manifest, readApps } from "@repo/registry";
import { deployBranch } from "../deploy-branch.ts";
import { readJson } from "../repository.ts";

/** What every platform is told about one app, read from the manifest that Heroku's button reads. */
export interface Deployment {
  /** `db-app`, `cache-app-redis`: the folder of its files, and a name that every platform takes. */
  name: string;
  /** The folder in `apps/`, which is also the config var `APP`. */
  app: string;
  /** The manifest, from the repository's root. */
  manifest: string;
  branch: string;
  /** `OWNER/REPO`. */
  repository: string;
  instances: number;
  /** Config vars with a value that holds on any platform. */
  env: Record<string, string>;
  store: Store | undefined;
}

const STORES = ["memcached", "postgres", "redis"] as const;
export type Store = (typeof STORES)[number];

/** The server behind an add-on, where the platforms here can bring one. Another store's address is yours to set. */
const storeOf = (plan: string): Store | undefined =>
  STORES.find((name) => name === serviceOf(plan)?.server);

export const DOCKERFILE = "packages/deploy/platforms/Dockerfile";

/** For certificates that only Heroku's stores have, and for Heroku's buildpack. */
const herokuOnly = ["PGSSLMODE", "REDIS_TLS", "PNPM_SKIP_PRUNING"];

/** One for each manifest of each app. */
export const deployments = (repository: string): Deployment[] =>
  readApps().flatMap((app) =>
    app.manifests.map((manifest) => deployment(repository, app, manifest)),
  );

function deployment(repository: string, { name: app }: App, manifest: Manifest): Deployment {
  const { name, file, formation, addons } = manifest;
  const values = Object.entries(manifest.env).flatMap(([key, { value }]) =>
    value === undefined || herokuOnly.includes(key) ? [] : [[key, value]],
  );
  return {
    name: name.replace(":", "-"),
    app,
    manifest: `apps/${app}/${file}`,
    branch: deployBranch(name),
    repository,
    instances: formation.web?.quantity ?? 1,
    env: Object.fromEntries(values),
    store: addons[0] && storeOf(addons[0].plan),
  };
}

/** The config vars that Heroku generates: `SESSION_SECRET`, for the web process, and `ACTIONS_SECRET`, for the build. */
export const generated = ({ manifest }: Deployment): string[] =>
  Object.entries<{ generator?: string }>(readJson(manifest).env).flatMap(([key, { generator }]) =>
    generator === "secret" ? [key] : [],
  );
