import { type Manifest, readApps } from "@repo/registry";
import { fillPart } from "@repo/registry/marked-part";
import { deployBranch } from "./deploy-branch.ts";
import { price, pricesAsOf } from "./prices.ts";
import { readJson } from "./repository.ts";

/** A README with the table of Deploy buttons between its two marks made anew. */
export function withButtons(readme: string, repository: string): string {
  return fillPart(readme, "buttons", buttons(repository));
}

/** `github:OWNER/REPO` of package.json → `OWNER/REPO`: the one place that says where this repository is. */
export const repositoryName = (): string =>
  readJson("package.json").repository.replace("github:", "");

function buttons(repository: string): string {
  const rows = readApps().flatMap(({ name, manifests }) =>
    manifests.map((manifest) => row(repository, name, manifest)),
  );
  return [
    "<!-- Made by bin/set-owner from apps/*/app.json. -->",
    "| app | | creates | a month | an hour |",
    "|---|---|---|---|---|",
    ...rows,
    "",
    `Heroku's list prices of ${pricesAsOf}, charged by the second: check the current ones.`,
    "The button asks for a name and nothing else. When the app is up, ask it whether its sessions follow from dyno to dyno, and delete it when you have seen enough:",
    "",
    "```sh",
    "k6 run -e BASE_URL=https://NAME-0123456789ab.herokuapp.com load/continuity.ts",
    "heroku apps:destroy --app NAME",
    "```",
  ].join("\n");
}

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
