import { type Deployment, DOCKERFILE, generated } from "./deployment.ts";

/** `render.yaml`, at the root of the branch that it names: https://render.com/docs/blueprint-spec */
export function render(deployment: Deployment): object {
  const { name, branch, instances, env, store } = deployment;
  const address = { type: "keyvalue", name: `${name}-store`, property: "connectionString" };
  const stores = {
    memcached: {
      key: "MEMCACHIER_SERVERS",
      fromService: { ...address, type: "pserv", property: "hostport" },
    },
    postgres: {
      key: "DATABASE_URL",
      fromDatabase: { name: `${name}-store`, property: "connectionString" },
    },
    redis: { key: "REDIS_URL", fromService: address },
  };
  return {
    services: [
      {
        type: "web",
        name,
        runtime: "docker",
        // The cheapest that can run two.
        plan: "starter",
        branch,
        dockerfilePath: `./${DOCKERFILE}`,
        dockerContext: ".",
        numInstances: instances,
        preDeployCommand: "bin/release",
        healthCheckPath: "/readyz",
        maxShutdownDelaySeconds: 30,
        envVars: [
          ...Object.entries(env).map(([key, value]) => ({ key, value })),
          ...generated(deployment).map((key) => ({ key, generateValue: true })),
          ...(store ? [stores[store]] : []),
        ],
      },
      ...(store === "redis"
        ? [
            {
              type: "keyvalue",
              name: `${name}-store`,
              plan: "starter",
              maxmemoryPolicy: "noeviction",
              ipAllowList: [],
            },
          ]
        : []),
      ...(store === "memcached"
        ? [
            {
              type: "pserv",
              name: `${name}-store`,
              runtime: "image",
              plan: "starter",
              image: { url: "docker.io/library/memcached:1.6" },
            },
          ]
        : []),
    ],
    ...(store === "postgres" && {
      databases: [{ name: `${name}-store`, plan: "basic-256mb", ipAllowList: [] }],
    }),
  };
}
