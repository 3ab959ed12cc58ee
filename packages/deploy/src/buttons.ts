import { type Manifest, readApps } from "@repo/registry";
import { fillPart } from "@repo/registry/marked-part";
import { deployBranch } from "./deploy-branch.ts";
import { deployments } from "./platforms/deployment.ts";
import { price, priceSources } from "./prices.ts";
import { readJson } from "./repository.ts";

/** Each document that has buttons, by its path from the repository's root, and what makes them. */
const DOCUMENTS: Record<string, (repository: string) => string> = {
  "README.md": buttons,
  "docs/other-platforms.md": otherButtons,
};

export const documentsWithButtons = Object.keys(DOCUMENTS);

/** The text of one of these documents, with the Deploy buttons between its two marks generated again. */
export function withButtons(document: string, text: string, repository: string): string {
  return fillPart(text, "buttons", DOCUMENTS[document]?.(repository) ?? "");
}

/** `github:OWNER/REPO` of package.json → `OWNER/REPO`: the one place that says where this repository is. */
export const repositoryName = (): string =>
  readJson("package.json").repository.replace("github:", "");

function buttons(repository: string): string {
  const rows = readApps().flatMap(({ name, manifests }) =>
    manifests.map((manifest) => row(repository, name, manifest)),
  );
  const plans = readApps().flatMap(({ manifests }) =>
    manifests.flatMap(({ addons }) => addons.map(({ plan }) => plan)),
  );
  return [
    "<!-- Made by bin/set-owner from apps/*/app.json. -->",
    "| app | | creates | a month | an hour |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    `List prices, charged by the second, as last confirmed. ${capital(priceSources(plans))}. Check the [current ones](https://www.heroku.com/pricing).`,
    "The button asks for a name and nothing else. When the app is up, measure whether its sessions follow from dyno to dyno, and delete it when you are done:",
    "",
    "```sh",
    "k6 run -e BASE_URL=https://NAME-0123456789ab.herokuapp.com load/continuity.ts",
    "heroku apps:destroy --app NAME",
    "```",
  ].join("\n");
}

/** The table of buttons of other platforms, which lead to the same branches. */
function otherButtons(repository: string): string {
  const rows = deployments(repository).map(({ name, branch }) => {
    const tree = `https://github.com/${repository}/tree/${branch}`;
    const render = `[![Deploy ${name} to Render](https://render.com/images/deploy-to-render-button.svg)](https://render.com/deploy?repo=${tree})`;
    const ocean = `[![Deploy ${name} to DigitalOcean](https://www.deploytodo.com/do-btn-blue.svg)](https://cloud.digitalocean.com/apps/new?repo=${tree})`;
    return `| ${name} | ${render} | ${ocean} | [files](../packages/deploy/platforms/${name}) |`;
  });
  return [
    "<!-- Made by bin/set-owner from apps/*/app.json. -->",
    "| app | Render | DigitalOcean | Fly, Compose, Kubernetes |",
    "|---|---|---|---|",
    ...rows,
  ].join("\n");
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function row(repository: string, app: string, manifest: Manifest): string {
  const { name, variant } = manifest;
  const template = `https://github.com/${repository}/tree/${deployBranch(name)}`;
  const button = `[![Deploy ${name} to Heroku](https://www.herokucdn.com/deploy/button.svg)](https://www.heroku.com/deploy?template=${template})`;
  const { month, hour } = price(manifest);
  return `| [${app}](apps/${app})${variant ? `, ${variant}` : ""} | ${button} | ${created(manifest)} | $${month} | $${hour.toFixed(2)} |`;
}

function created({ formation, addons }: Manifest): string {
  const dynos = Object.values(formation).map(({ quantity, size }) => `${quantity} × ${size}`);
  return [...dynos, ...addons.map(({ plan }) => `\`${plan}\``)].join(", ");
}
