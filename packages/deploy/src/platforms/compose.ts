import { type Deployment, DOCKERFILE } from "./deployment.ts";

/** `compose.yaml`: Caddy in front of the instances, a release before them, the store beside them. */
export function compose({ name, app, instances, env, store }: Deployment): object {
  const { APP: _, ...config } = env;
  const stores = {
    memcached: {
      vars: { MEMCACHIER_SERVERS: "store:11211" },
      service: { image: "memcached:1.6" },
      volumes: {},
    },
    postgres: {
      vars: { DATABASE_URL: "postgres://postgres:${POSTGRES_PASSWORD:?}@store:5432/postgres" },
      service: {
        image: "postgres:18",
        environment: { POSTGRES_PASSWORD: "${POSTGRES_PASSWORD:?}" },
        healthcheck: { test: "pg_isready --username postgres", interval: "2s", retries: 30 },
        volumes: ["store:/var/lib/postgresql"],
      },
      volumes: { store: {} },
    },
    redis: {
      vars: { REDIS_URL: "redis://store:6379" },
      service: { image: "valkey/valkey:8" },
      volumes: {},
    },
  };
  const kept = store && stores[store];
  const web = {
    image: `sessions-${name}`,
    build: {
      context: "../../../..",
      dockerfile: DOCKERFILE,
      args: { APP: app, ACTIONS_SECRET: "${ACTIONS_SECRET:?}" },
    },
    environment: { ...config, SESSION_SECRET: "${SESSION_SECRET:?}", ...kept?.vars },
  };
  const condition = store === "postgres" ? "service_healthy" : "service_started";
  const ask = "fetch('http://127.0.0.1:3000/readyz').then(({ ok }) => process.exit(ok ? 0 : 1))";
  return {
    name: `sessions-${name}`,
    services: {
      proxy: {
        image: "caddy:2",
        ports: ["${HTTP_PORT:-80}:80", "${HTTPS_PORT:-443}:443"],
        environment: { SITE_ADDRESS: "${SITE_ADDRESS:-localhost}" },
        volumes: ["../Caddyfile:/etc/caddy/Caddyfile:ro", "proxy:/data"],
        depends_on: { web: { condition: "service_healthy" } },
        restart: "unless-stopped",
      },
      web: {
        ...web,
        deploy: { replicas: instances },
        healthcheck: {
          test: ["CMD", "node", "-e", ask],
          interval: "5s",
          start_interval: "1s",
          start_period: "30s",
        },
        stop_grace_period: "30s",
        depends_on: { release: { condition: "service_completed_successfully" } },
        restart: "unless-stopped",
      },
      release: {
        ...web,
        command: ["bin/release"],
        ...(kept && { depends_on: { store: { condition } } }),
      },
      ...(kept && { store: { ...kept.service, restart: "unless-stopped" } }),
    },
    volumes: { proxy: {}, ...kept?.volumes },
  };
}
