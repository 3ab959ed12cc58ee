import type { ScenarioResult } from "@repo/report/results";
import { marks } from "@repo/report/table";
import { createEstimate, roughly } from "./estimate.ts";
import { secondsSince } from "./measure.ts";
import { createProgress, type Output } from "./progress.ts";

export type Board = ReturnType<typeof createBoard>;

/** What a person sees while it runs: what is going on, for which app, how far it is, and how long still. */
export function createBoard(output: Output, jobs: string[], names: string[], lanes: number) {
  const estimate = createEstimate(jobs, lanes);
  const now = new Map<string, { job: string; since: number }>();
  const widest = Math.max(...names.map((name) => name.length));
  const left = () => {
    const still = estimate.finished() < estimate.total;
    const time = still ? `, ${roughly(estimate.secondsLeft())} left` : "";
    return `${estimate.finished()} of ${estimate.total}${time}`;
  };
  const progress = createProgress(output, () => [
    ...[...now].map(
      ([name, { job, since }]) =>
        `  ${name.padEnd(widest)}  ${activity(job)}, ${Math.round(secondsSince(since))} s`,
    ),
    `  ${left()}`,
  ]);
  return {
    start(name: string, job: string) {
      now.set(name, { job, since: performance.now() });
    },
    done(name: string, job: string, seconds: number, answer?: ScenarioResult) {
      now.delete(name);
      estimate.done(job, seconds);
      const took = `(${seconds.toFixed(1)} s; ${left()})`;
      progress.line(`${name.padEnd(widest)}  ${job.padEnd(13)}  ${told(answer)}  ${took}`);
    },
    failed(name: string, reason: string, left: string[]) {
      now.delete(name);
      for (const job of left) estimate.skip(job);
      progress.line(`${name.padEnd(widest)}  FAILED  ${reason}`);
    },
    close: progress.close,
  };
}

const activity = (job: string) => (job === "up" ? "starting its dynos" : job);

function told(answer: ScenarioResult | undefined): string {
  if (!answer) return "started";
  const { verdict, headline, reason, asExpected } = answer;
  const text = verdict === "not tested" && reason ? `not tested: ${reason}` : headline;
  return `${marks[verdict]} ${text}${asExpected ? "" : "  NOT AS EXPECTED"}`;
}
