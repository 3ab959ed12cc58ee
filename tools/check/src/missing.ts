import { execFileSync } from "node:child_process";
import type { Missing } from "@repo/registry/missing";
import type { Report } from "./report.ts";
import type { Step } from "./steps.ts";

/** What to make of the things that this machine lacks: what needs them is skipped, with a count and a reason. */
export interface Lacking {
  /** Why a whole step cannot be done, if it cannot. */
  reason(step: Step): string | undefined;
  /** Counts the failures that come from a missing program as skipped, and drops them from the list. */
  sort(report: Report): Report;
  /** What is missing and what would bring it, with how many tests it has cost so far. */
  lines(): string[];
}

/** What the errors of our add-ons and tests say. A server has several programs. */
const programs: Record<string, string[]> = {
  redis: ["redis", "redis-server", "valkey-server"],
  postgres: ["postgres", "initdb"],
};

/**
 * @param readMissing tells what bin/setup could not bring so far: it runs beside the first steps
 * @param ci where everything has to be there: nothing is skipped but what needs containers
 */
export function without(
  readMissing: () => Missing[],
  { ci, hasDocker = dockerRuns }: { ci: boolean; hasDocker?: () => boolean },
): Lacking {
  const skipped = new Map<string, number>();
  const count = (name: string, more = 1) => skipped.set(name, (skipped.get(name) ?? 0) + more);
  const blamed = (says: string) => {
    // Our add-ons and tests say the first, Node the second, bin/compare the third.
    const program = /(?:Missing program `|spawn |No `)([\w-]+)(?:`| ENOENT)/.exec(says)?.[1] ?? "";
    return readMissing().find(({ name }) => (programs[name] ?? [name]).includes(program))?.name;
  };
  return {
    reason({ needs }) {
      if (needs === "docker") return hasDocker() ? undefined : "Docker does not run here";
      if (ci || !readMissing().some(({ name }) => name === needs)) return;
      count(needs as string);
      return `${needs} is missing`;
    },
    sort(report) {
      if (ci) return report;
      const failures = report.failures.filter(({ says }) => !blamed(says));
      for (const { says } of report.failures) {
        const name = blamed(says);
        if (name) count(name);
      }
      const skipped = report.skipped + report.failures.length - failures.length;
      return { ...report, skipped, failures };
    },
    lines: () =>
      readMissing().map(({ name, command }) => {
        const cost = ci ? "" : `, ${skipped.get(name) ?? 0} skipped for it`;
        return `Missing: ${name}${cost}. To bring it: ${command}`;
      }),
  };
}

/** The report of a step that does not run: one check that was skipped. */
export const skippedStep: Report = { passed: 0, skipped: 1, failures: [] };

function dockerRuns(): boolean {
  try {
    for (const args of [["info"], ["compose", "version"]])
      execFileSync("docker", args, { stdio: "ignore", timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}
