import type { ScenarioResult } from "@repo/report/results";
import { marks } from "@repo/report/table";
import { secondsSince } from "./measure.ts";

export interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/**
 * Shows progress. On a terminal the last lines are a status that is redrawn, below the lines that stay; anywhere else
 * there are only the lines that stay.
 */
export function createProgress(output: Output, status: () => string[]) {
  const live = output.isTTY === true;
  let drawn = 0;
  const erase = () => {
    if (drawn > 0) output.write(`\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  };
  const draw = () => {
    const width = (output.columns ?? 80) - 1;
    // A longer line would wrap, and could not be erased as one line.
    const lines = status().map((line) => line.slice(0, width));
    output.write(lines.map((line) => `${line}\n`).join(""));
    drawn = lines.length;
  };
  const redraw = () => {
    erase();
    draw();
  };
  const timer = live ? setInterval(redraw, 250) : undefined;
  timer?.unref();
  return {
    /** Writes a line that stays. */
    line(text: string) {
      erase();
      output.write(`${text}\n`);
      if (live) draw();
    },
    close() {
      clearInterval(timer);
      erase();
    },
  };
}

/** The progress of a comparison: the running scenario of each column, how many are done, and how long the rest takes. */
export function createBoard(output: Output, jobs: string[], names: string[], lanes: number) {
  const estimate = createEstimate(jobs, lanes);
  const running = new Map<string, { job: string; since: number }>();
  const widest = Math.max(...names.map((name) => name.length));
  const left = () => {
    const unfinished = estimate.finished() < estimate.total;
    const time = unfinished ? `, ${roughly(estimate.secondsLeft())} left` : "";
    return `${estimate.finished()} of ${estimate.total}${time}`;
  };
  const activity = (job: string) => (job === "up" ? "starting its dynos" : job);
  const progress = createProgress(output, () => [
    ...[...running].map(
      ([name, { job, since }]) =>
        `  ${name.padEnd(widest)}  ${activity(job)}, ${Math.round(secondsSince(since))} s`,
    ),
    `  ${left()}`,
  ]);
  return {
    start(name: string, job: string) {
      running.set(name, { job, since: performance.now() });
    },
    done(name: string, job: string, seconds: number, result?: ScenarioResult) {
      running.delete(name);
      estimate.done(job, seconds);
      const took = `(${seconds.toFixed(1)} s; ${left()})`;
      progress.line(`${name.padEnd(widest)}  ${job.padEnd(13)}  ${textOf(result)}  ${took}`);
    },
    failed(name: string, reason: string, left: string[]) {
      running.delete(name);
      for (const job of left) estimate.skip(job);
      progress.line(`${name.padEnd(widest)}  FAILED  ${reason}`);
    },
    close: progress.close,
  };
}

function textOf(result: ScenarioResult | undefined): string {
  if (!result) return "started";
  const { verdict, headline, reason, asExpected } = result;
  const text = verdict === "not tested" && reason ? `not tested: ${reason}` : headline;
  return `${marks[verdict]} ${text}${asExpected ? "" : "  NOT AS EXPECTED"}`;
}

/** Seconds per job on two cores, used until this run has measured the job itself. */
const usualSeconds: Record<string, number> = {
  up: 6,
  restart: 15,
  scale: 20,
  deploy: 30,
  skew: 12,
  "end-others": 8,
  "store-restart": 20,
  "slow-store": 20,
  "full-store": 10,
  faults: 35,
  cost: 15,
};
const otherSeconds = 5;

/** Estimates how long the rest takes, from what this run has measured so far. */
export function createEstimate(jobs: string[], lanes: number) {
  const measured = new Map<string, number[]>();
  const left = [...jobs];
  const secondsOf = (job: string) => {
    const times = measured.get(job);
    if (!times) return usualSeconds[job] ?? otherSeconds;
    return times.reduce((sum, seconds) => sum + seconds, 0) / times.length;
  };
  return {
    done(job: string, seconds: number) {
      measured.set(job, [...(measured.get(job) ?? []), seconds]);
      this.skip(job);
    },
    /** The job will not run. */
    skip(job: string) {
      const index = left.indexOf(job);
      if (index >= 0) left.splice(index, 1);
    },
    secondsLeft: () => left.reduce((sum, job) => sum + secondsOf(job), 0) / lanes,
    total: jobs.length,
    finished: () => jobs.length - left.length,
  };
}

/** "about 3 min", "about 40 s". */
export function roughly(seconds: number): string {
  if (seconds >= 90) return `about ${Math.round(seconds / 60)} min`;
  return `about ${Math.max(5, Math.round(seconds / 5) * 5)} s`;
}
