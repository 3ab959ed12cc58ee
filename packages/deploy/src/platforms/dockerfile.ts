/** The steps of our Dockerfile that need no container. */
export interface Dockerfile {
  /** The commands of the first stage, in order. */
  build: string[];
  /** The folder that the second stage takes over, from the build's folder. */
  shipped: string;
  start: string[];
}

/**
 * Reads the instructions that matter.
 *
 * @throws where one of them is missing, so that nothing is left out unseen
 */
export function readDockerfile(text: string): Dockerfile {
  const lines = text
    .replace(/^#.*\n/gm, "")
    .replace(/\\\n/g, " ")
    .split("\n");
  const workdir = must(lines, /^WORKDIR (\S+)$/);
  const shipped = must(lines, new RegExp(`^COPY --from=build .*${workdir}/(\\S+) \\S+$`));
  const start = JSON.parse(must(lines, /^CMD (\[.*\])$/)) as string[];
  const build = lines.flatMap((line) => /^RUN (?:--mount=\S+ +)*(.*)$/.exec(line)?.[1] ?? []);
  return { build, shipped, start };
}

function must(lines: string[], pattern: RegExp): string {
  const found = lines.map((line) => pattern.exec(line)?.[1]).find(Boolean);
  if (!found) throw new Error(`[deploy] The Dockerfile has no line like \`${pattern.source}\`.`);
  return found;
}
