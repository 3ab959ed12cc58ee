import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ROOT } from "@repo/registry";
import { documentsWithButtons, repositoryName, withButtons } from "./buttons.ts";
import { platformFiles } from "./platforms/files.ts";

const [wanted, ...more] = process.argv.slice(2);
if (wanted === "--help" || wanted === "-h" || more.length) {
  console.log(
    "bin/set-owner [OWNER/REPO]\n\nPoints the Deploy buttons at a fork: writes its name to package.json, and the buttons of README.md and\ndocs/other-platforms.md and the files in packages/deploy/platforms again. Without a name it only makes them again, after a change of an app.json.",
  );
  process.exit(more.length ? 2 : 0);
}
if (wanted && !/^[\w.-]+\/[\w.-]+$/.test(wanted)) {
  console.error(`[set-owner] \`${wanted}\` is not of the form OWNER/REPO.`);
  process.exit(2);
}

const change = (file: string, edit: (text: string) => string) => {
  const path = join(ROOT, file);
  writeFileSync(path, edit(readFileSync(path, "utf8")));
};
const name = wanted ?? repositoryName();
change("package.json", (text) => text.replace(/"github:[^"]*"/, `"github:${name}"`));
for (const document of documentsWithButtons)
  change(document, (text) => withButtons(document, text, name));
for (const [file, text] of platformFiles(name)) {
  const path = join(ROOT, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
console.log(`[set-owner] The Deploy buttons lead to ${name}. Commit what has changed.`);
