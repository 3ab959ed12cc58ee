import type { Deployment } from "./deployment.ts";

/** `fly.toml`. How many Machines there are is not said in it but by `fly scale count`. */
export function fly({ app, env }: Deployment): object {
  const { APP: _, ...config } = env;
  return {
    kill_signal: "SIGTERM",
    kill_timeout: 30,
    build: { args: { APP: app } },
    deploy: { release_command: "bin/release" },
    env: { ...config, PORT: "3000" },
    http_service: {
      internal_port: 3000,
      force_https: true,
      auto_stop_machines: "off",
      auto_start_machines: false,
      checks: [
        {
          ...{ method: "GET", path: "/readyz" },
          ...{ grace_period: "10s", interval: "5s", timeout: "2s" },
        },
      ],
    },
  };
}
