import { notRun, type Report } from "./report.ts";
import type { Step } from "./steps.ts";

/**
 * Runs steps side by side, in their order unless one has to wait for another. A step that waits for one that
 * failed is not run, and says so as a failure.
 *
 * @param steps in order; what a step has in `after` and is not among them is taken as done
 * @param options.places how many run at a time, at most, of which a step may take several. A step that is ready holds back
 * those after it until it fits
 * @param options.signal once it is aborted, no further step starts
 * @returns the reports of the steps that were started or could not be, in the order of `steps`
 */
export async function sideBySide(
  steps: Step[],
  {
    places,
    signal,
    run,
  }: { places: number; signal: AbortSignal; run: (step: Step) => Promise<Report> },
): Promise<Map<Step, Report>> {
  const waiting = new Set(steps);
  const running = new Map<Step, Promise<void>>();
  const reports = new Map<Step, Report>();
  const before = (step: Step) => steps.filter(({ name }) => step.after?.includes(name));
  const taken = () => [...running.keys()].reduce((sum, step) => sum + placesOf(step), 0);
  const fits = (step: Step) => running.size === 0 || taken() + placesOf(step) <= places;
  const isReady = (step: Step) => before(step).every((other) => reports.has(other));

  for (;;) {
    if (signal.aborted) waiting.clear();
    for (const step of waiting) {
      if (!isReady(step)) continue;
      if (!fits(step)) break;
      waiting.delete(step);
      const failed = before(step).find((other) => reports.get(other)?.failures.length);
      const ending = failed
        ? Promise.resolve(notRun(step.name, `\`${failed.name}\` failed`))
        : run(step);
      running.set(
        step,
        ending.then((report) => {
          running.delete(step);
          reports.set(step, report);
        }),
      );
    }
    if (running.size === 0) break;
    await Promise.race(running.values());
  }
  return new Map([...reports].sort(([a], [b]) => steps.indexOf(a) - steps.indexOf(b)));
}

const placesOf = ({ places = 1 }: Step) => places;
