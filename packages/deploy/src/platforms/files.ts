import { stringify as toml } from "smol-toml";
import { stringify } from "yaml";
import { compose } from "./compose.ts";
import { type Deployment, DOCKERFILE, deployments } from "./deployment.ts";
import { digitalOcean } from "./digitalocean.ts";
import { fly } from "./fly.ts";
import { ADDRESSES, kubernetes, kustomization } from "./kubernetes.ts";
import { render } from "./render.ts";

const FOLDER = "packages/deploy/platforms";

const yaml = (value: object) => stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 });

/**
 * Every platform file of every app.
 *
 * @param repository `OWNER/REPO`
 * @returns its text by its path from the repository's root
 */
export function platformFiles(repository: string): Map<string, string> {
  return new Map(
    deployments(repository).flatMap((deployment) => {
      const folder = `${FOLDER}/${deployment.name}`;
      return files(deployment, folder).map(([file, how, text]): [string, string] => [
        `${folder}/${file}`,
        `${header(deployment, how)}${text}`,
      ]);
    }),
  );
}

/** The name of each file, how to use it, and its content. */
function files(deployment: Deployment, folder: string): [string, string, string][] {
  const { name, app, branch, store, instances } = deployment;
  const build = `docker build -f ${DOCKERFILE} --build-arg APP=${app} --build-arg ACTIONS_SECRET=…`;
  return [
    [
      "render.yaml",
      `Render reads it at the root of the branch ${branch}, which bin/deploy-branches makes.`,
      yaml(render(deployment)),
    ],
    [
      "deploy.template.yaml",
      `DigitalOcean reads it as .do/deploy.template.yaml on the branch ${branch}, which bin/deploy-branches makes.`,
      yaml(digitalOcean(deployment)),
    ],
    [
      "fly.toml",
      `From the repository's root, with a NAME of yours:
  fly apps create NAME
  fly secrets set --app NAME SESSION_SECRET="$(openssl rand -hex 32)"${store ? ` ${ADDRESSES[store].replace(/=.*/, "=…")}` : ""}
  fly deploy --app NAME --config ${folder}/fly.toml --dockerfile ${DOCKERFILE} --build-arg ACTIONS_SECRET=…
  fly scale count ${instances} --app NAME`,
      `${toml(fly(deployment))}\n`,
    ],
    [
      "compose.yaml",
      `On this machine, then at https://localhost:
${store === "postgres" ? `  export POSTGRES_PASSWORD="$(openssl rand -hex 32)"\n` : ""}  export SESSION_SECRET="$(openssl rand -hex 32)" ACTIONS_SECRET="$(openssl rand -hex 32)"
  docker compose --file ${folder}/compose.yaml up --build`,
      yaml(compose(deployment)),
    ],
    [
      "kustomization.yaml",
      `secrets.env beside it holds SESSION_SECRET=…${store ? ` and ${ADDRESSES[store]}` : ""}. From the repository's root:
  ${build} -t REGISTRY/${name}:TAG . && docker push REGISTRY/${name}:TAG
  (cd ${folder} && kustomize edit set image sessions-${name}=REGISTRY/${name}:TAG)
  kubectl delete job ${name}-release --ignore-not-found
  kubectl apply --kustomize ${folder} --selector part=release
  kubectl wait job/${name}-release --for=condition=complete --timeout=10m
  kubectl apply --kustomize ${folder}`,
      yaml(kustomization(deployment)),
    ],
    [
      "kubernetes.yaml",
      "Applied by way of kustomization.yaml, which says how.",
      kubernetes(deployment).map(yaml).join("---\n"),
    ],
  ];
}

const header = ({ manifest }: Deployment, how: string): string =>
  [`Made by bin/set-owner from ${manifest}: edit that.`, ...how.split("\n")]
    .map((line) => `# ${line}\n`)
    .join("");
