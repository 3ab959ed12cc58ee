import { type Deployment, DOCKERFILE, generated } from "./deployment.ts";

/** `.do/deploy.template.yaml`, which the button reads; what stands below `spec` is an app spec for `doctl`. */
export function digitalOcean(deployment: Deployment): object {
  const { name, branch, repository, instances, env, store } = deployment;
  const source = {
    git: { repo_clone_url: `https://github.com/${repository}.git`, branch },
    dockerfile_path: DOCKERFILE,
    source_dir: "/",
  };
  // Neither its stores nor its secrets are known to the build, but for what is said to be.
  const addresses = {
    memcached: { key: "MEMCACHIER_SERVERS", value: "store:11211" },
    postgres: { key: "DATABASE_URL", value: "${store.DATABASE_URL}" },
    redis: { key: "REDIS_URL", value: "redis://store:6379" },
  };
  const envs = [
    ...Object.entries(env).map(([key, value]) => ({ key, value, scope: "RUN_AND_BUILD_TIME" })),
    // DigitalOcean generates no secrets: the form asks for them.
    ...generated(deployment).map((key) => ({
      ...{ key, type: "SECRET" },
      scope: key === "ACTIONS_SECRET" ? "BUILD_TIME" : "RUN_TIME",
    })),
    ...(store ? [{ ...addresses[store], scope: "RUN_TIME" }] : []),
    // Its databases demand TLS, with a certificate that it signed itself.
    ...(store === "postgres" ? [{ key: "PGSSLMODE", value: "no-verify", scope: "RUN_TIME" }] : []),
  ];
  const images = {
    memcached: { image: { registry: "library", repository: "memcached", tag: "1.6" }, port: 11211 },
    redis: { image: { registry: "valkey", repository: "valkey", tag: "8" }, port: 6379 },
  };
  const container = store && store !== "postgres" ? images[store] : undefined;
  return {
    spec: {
      name: `sessions-${name}`,
      // Its edge cache would answer some pages in place of the app.
      disable_edge_cache: true,
      services: [
        {
          name: "web",
          ...source,
          http_port: 3000,
          instance_count: instances,
          instance_size_slug: "apps-s-1vcpu-1gb",
          envs: [...envs, { key: "PORT", value: "3000", scope: "RUN_TIME" }],
          health_check: { http_path: "/readyz" },
          liveness_health_check: { http_path: "/healthz" },
          termination: { grace_period_seconds: 30 },
        },
        ...(container
          ? [
              {
                name: "store",
                image: { registry_type: "DOCKER_HUB", ...container.image },
                internal_ports: [container.port],
                instance_count: 1,
                instance_size_slug: "apps-s-1vcpu-0.5gb",
              },
            ]
          : []),
      ],
      jobs: [{ name: "release", kind: "PRE_DEPLOY", ...source, run_command: "bin/release", envs }],
      ...(store === "postgres" && {
        databases: [{ name: "store", engine: "PG", production: false }],
      }),
      ingress: {
        rules: [{ match: { path: { prefix: "/" } }, component: { name: "web" } }],
      },
    },
  };
}
