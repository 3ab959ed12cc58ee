import { endOf, type Step } from "./sessions.ts";

/** Told of a history in the order in which it can be relied on. */
export interface Listener {
  /** Everything that `learn` was told before had ended before this one started. */
  start(step: Step): void;
  /**
   * An acknowledged operation has ended, in the eyes of one runner (by the same clock), or of all of them (null: also
   * by clocks that differ). Everything that started before its end has been started.
   */
  learn(step: Step, runner: string | null): void;
}

/**
 * Goes through a history once. `a` comes before `b` where it ended in an earlier millisecond than `b` started; where
 * their runners differ, the gap has to exceed the clock error. Everything else is concurrent.
 * @param steps by start
 */
export function sweep(steps: readonly Step[], clockErrorMs: number, listener: Listener): void {
  const byEnd = steps.filter(({ outcome }) => outcome === "ok").sort((a, b) => endOf(a) - endOf(b));
  const severalClocks =
    clockErrorMs > 0 && steps.some(({ op }) => op.runner !== steps[0]?.op.runner);
  let own = 0;
  let all = 0;

  function learnBefore(time: number): void {
    for (; severalClocks && own < byEnd.length; own += 1) {
      const step = byEnd[own] as Step;
      if (endOf(step) >= time) break;
      listener.learn(step, step.op.runner);
    }
    const error = severalClocks ? clockErrorMs : 0;
    for (; all < byEnd.length; all += 1) {
      const step = byEnd[all] as Step;
      if (endOf(step) + error >= time) break;
      listener.learn(step, null);
    }
  }

  for (const step of steps) {
    learnBefore(step.op.start);
    listener.start(step);
  }
  learnBefore(Number.POSITIVE_INFINITY);
}

/** What is known of one thing: by everybody, and a little earlier by those on one clock. */
export class Views<View> {
  readonly #create: () => View;
  readonly #all: View;
  #own: Map<string, View> | undefined;

  constructor(create: () => View) {
    this.#create = create;
    this.#all = create();
  }

  /** The view to change when `learn` is told of something. */
  of(runner: string | null): View {
    if (runner === null) return this.#all;
    this.#own ??= new Map();
    const known = this.#own.get(runner) ?? this.#create();
    this.#own.set(runner, known);
    return known;
  }

  /** What a request of that runner can rely on: at most two views. */
  seenBy(runner: string): View[] {
    const own = this.#own?.get(runner);
    return own === undefined ? [this.#all] : [own, this.#all];
  }
}
