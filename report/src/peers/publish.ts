import { copyFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { checkResults, type Results, readResults } from "../results.ts";
import { publishedPeers } from "./table.ts";

/**
 * Publishes runs of `bin/compare --peers`: their systems replace those of the same names, and the summaries of their
 * scenarios are copied.
 *
 * @throws an `Error` if a run was stopped before its end
 */
export function publishPeers(folders: string[], target = publishedPeers): void {
  mkdirSync(target, { recursive: true });
  const file = join(target, "results.json");
  const before = existsSync(file) ? [readResults(target)] : [];
  const runs = folders.map((folder) => {
    const results = readResults(folder);
    if (!results.complete)
      throw new Error(`[report] The run in \`${folder}\` was stopped before its end.`);
    copySummaries(results, folder, target);
    return results;
  });
  const merged = [...before, ...runs].reduce(merge);
  writeFileSync(file, `${JSON.stringify(checkResults(withSummariesOnly(merged)), null, 2)}\n`);
}

/** The later run wins where both measured a system. */
function merge(earlier: Results, later: Results): Results {
  const names = later.apps.map(({ name }) => name);
  return {
    ...later,
    seconds: earlier.seconds + later.seconds,
    command: "bin/compare --peers",
    versions: { ...earlier.versions, ...later.versions },
    apps: [...earlier.apps.filter(({ name }) => !names.includes(name)), ...later.apps],
  };
}

const isSummary = (file: string) => /^[^.]+\.json$/.test(basename(file));

function copySummaries({ apps }: Results, folder: string, target: string): void {
  const files = apps.flatMap(({ scenarios }) => Object.values(scenarios).flatMap(({ raw }) => raw));
  for (const file of files.filter(isSummary)) {
    mkdirSync(dirname(join(target, file)), { recursive: true });
    copyFileSync(join(folder, file), join(target, file));
  }
}

/** Samples are large and stay with the run. Systems that were left out are not published. */
function withSummariesOnly(results: Results): Results {
  const measured = results.apps.filter(({ scenarios }) =>
    Object.values(scenarios).some(({ raw }) => raw.length > 0),
  );
  const apps = measured.map((app) => ({
    ...app,
    scenarios: Object.fromEntries(
      Object.entries(app.scenarios).map(([name, result]) => [
        name,
        { ...result, raw: result.raw.filter(isSummary), strip: undefined },
      ]),
    ),
  }));
  return { ...results, apps };
}
