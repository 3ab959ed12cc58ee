import { existsSync } from "node:fs";
import { join } from "node:path";
import { hasPgbouncer, planAddons, startAddons } from "@repo/addons";
import { readManifest } from "@repo/dynos/manifest";
import { type App, readApps } from "@repo/registry";
import { readPeers } from "@repo/registry/peers";
import { findServer } from "../server.ts";

/** An app, ours or a peer, that can be started on a store. */
export interface System {
  readonly name: string;
  readonly isOurs: boolean;
  readonly script: string;
  readonly release?: string | undefined;
  /** Beside the store's config vars, and before them. */
  readonly env: Readonly<Record<string, string>>;
}

/** Systems that do the same on the same store. */
export interface Group {
  /** `db-app`: the app of ours that the others are compared with, the first of `systems`. */
  readonly name: string;
  readonly systems: readonly System[];
  /** @returns the config vars, and what stops the servers */
  startStore(): Promise<{ vars: Record<string, string>; stop(): Promise<void> }>;
}

/** Peers that run in Node.js and serve the same routes. */
const PEERS = ["express", "iron-session"];
const KEEPS: Record<string, string> = { Cookie: "cookie", Database: "database", Cache: "cache" };

/** One group per app and store, in the order of the apps; only the named ones, where some are. */
export function findGroups(names: readonly string[]): Group[] {
  return readApps().flatMap((app) =>
    app.manifests
      .filter(({ name }) => !names.length || names.includes(name) || names.includes(app.name))
      .flatMap((manifest) => {
        const file = join(app.dir, manifest.file);
        const { addons } = readManifest(file);
        const services = servicesOf(addons);
        const peers = readPeers().filter(
          (peer) =>
            PEERS.includes(peer.folder) &&
            !peer.mends &&
            peer.keeps === KEEPS[app.title] &&
            servicesOf(readManifest(join(peer.dir, peer.manifest)).addons) === services,
        );
        if (peers.length === 0) return [];
        const pooler = services === "heroku-postgresql" && hasPgbouncer();
        const ours = oursOf(app, manifest.name, file, pooler);
        return [
          {
            name: manifest.name,
            systems: [...ours, ...peers.map(peerSystem)],
            async startStore() {
              const planned = planAddons(addons, {}, { direct: true, pooler });
              const started = await startAddons(planned, {}, () => {});
              return {
                vars: Object.assign({}, ...started.map(({ vars }) => vars)),
                async stop() {
                  await Promise.all(started.map((addon) => addon.remove()));
                },
              };
            },
          },
        ];
      }),
  );
}

const servicesOf = (addons: readonly { plan: string }[]) =>
  addons.map(({ plan }) => plan.split(":")[0]).join();

/** The app, and what its documentation offers as alternatives on the same store. */
function oursOf(app: App, name: string, manifest: string, pooler: boolean): System[] {
  const slug = join(app.dir, ".next/standalone");
  if (!existsSync(slug)) throw new Error(`[bench] ${app.name} is not built. Run \`pnpm build\`.`);
  const script = findServer(slug);
  const release = join(script, "../release.mjs");
  const system = (title: string, env: Record<string, string> = {}): System => ({
    name: title,
    isOurs: true,
    script,
    release: existsSync(release) ? release : undefined,
    env: { ...valuesOf(manifest), APP: app.name, ...env },
  });
  if (!pooler) return [system(name)];
  const direct = { DATABASE_CONNECTION_POOL_URL: "" };
  return [
    system(name, direct),
    system(`${name}, not prepared`, { ...direct, DATABASE_PREPARED_STATEMENTS: "false" }),
    system(`${name}, PgBouncer`),
  ];
}

function peerSystem(peer: ReturnType<typeof readPeers>[number]): System {
  const isNext = existsSync(join(peer.dir, "next.config.js"));
  const release = join(peer.dir, "release.js");
  return {
    name: peer.title,
    isOurs: false,
    script: join(peer.dir, isNext ? ".next/standalone/server.js" : "server.js"),
    release: existsSync(release) ? release : undefined,
    env: valuesOf(join(peer.dir, peer.manifest)),
  };
}

function valuesOf(manifest: string): Record<string, string> {
  const { env } = readManifest(manifest);
  return Object.fromEntries(
    Object.entries(env).flatMap(([key, { value }]) => (value ? [[key, value]] : [])),
  );
}
