import type { Deployment } from "./deployment.ts";

/** The config var that says where the store is, and what it looks like. */
export const ADDRESSES = {
  memcached: "MEMCACHIER_SERVERS=host:11211",
  postgres: "DATABASE_URL=postgres://user:password@host:5432/database",
  redis: "REDIS_URL=redis://:password@host:6379",
};

/** `kustomization.yaml`: names the image, and makes the Secret of a file that is not in the repository. */
export const kustomization = ({ name }: Deployment): object => ({
  apiVersion: "kustomize.config.k8s.io/v1beta1",
  kind: "Kustomization",
  resources: ["kubernetes.yaml"],
  images: [{ name: `sessions-${name}`, newTag: "latest" }],
  // It goes in with the release, which needs it first.
  secretGenerator: [{ name, envs: ["secrets.env"], options: { labels: { part: "release" } } }],
});

/** `kubernetes.yaml`: the release's Job, the instances, and the Service in front of them. */
export function kubernetes({ name, instances, env }: Deployment): object[] {
  const labels = { "app.kubernetes.io/name": name };
  const { APP: _, ...config } = env;
  const container = (part: string) => ({
    name: part,
    image: `sessions-${name}`,
    envFrom: [{ secretRef: { name } }],
    env: [
      ...Object.entries(config).map(([key, value]) => ({ name: key, value })),
      { name: "DYNO", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
    ],
    // What a standard-1x dyno has.
    resources: { requests: { cpu: "100m", memory: "256Mi" }, limits: { memory: "512Mi" } },
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  });
  // The user `node` of the image.
  const securityContext = { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 };
  const probe = (path: string) => ({ httpGet: { path, port: "http" }, timeoutSeconds: 4 });
  return [
    {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: `${name}-release`, labels: { ...labels, part: "release" } },
      spec: {
        backoffLimit: 2,
        activeDeadlineSeconds: 600,
        ttlSecondsAfterFinished: 3600,
        template: {
          metadata: { labels: { ...labels, part: "release" } },
          spec: {
            restartPolicy: "Never",
            securityContext,
            containers: [{ ...container("release"), command: ["bin/release"] }],
          },
        },
      },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name, labels: { ...labels, part: "web" } },
      spec: {
        replicas: instances,
        selector: { matchLabels: { ...labels, part: "web" } },
        template: {
          metadata: { labels: { ...labels, part: "web" } },
          spec: {
            terminationGracePeriodSeconds: 40,
            securityContext,
            containers: [
              {
                ...container("web"),
                ports: [{ name: "http", containerPort: 3000 }],
                readinessProbe: { ...probe("/readyz"), periodSeconds: 5 },
                livenessProbe: { ...probe("/healthz"), periodSeconds: 10 },
                // SIGTERM and the removal from the Service happen at about the same time.
                lifecycle: { preStop: { exec: { command: ["sleep", "5"] } } },
              },
            ],
          },
        },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, labels: { ...labels, part: "web" } },
      spec: {
        selector: { ...labels, part: "web" },
        sessionAffinity: "None",
        ports: [{ name: "http", port: 80, targetPort: "http" }],
      },
    },
  ];
}
