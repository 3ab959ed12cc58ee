import type { Moves } from "../moves.ts";
import type { Findings } from "../report.ts";
import type { Lineage, People, Step } from "../sessions.ts";

export interface Context {
  people: People;
  moves: Moves;
  findings: Findings;
  clockErrorMs: number;
  skewMs: number;
  limitMs: number;
  /** The shortest time that any answer gave a session: others may have no more. Infinity where no answer says it. */
  shortestMs: number;
  /** Sessions that were not there although nobody had ended them: their counts are judged no further. */
  lost: Set<Lineage>;
}

/** One walk through the history, as `sweep` tells it. */
export interface Invariant {
  /** `set aside`: no other invariant looks at this step. */
  start?(step: Step): "set aside" | undefined;
  learn?(step: Step, runner: string | null): void;
  done?(): void;
}

/** The page and next-auth's own route say who is signed in, and not by which session. */
export function saysUserOnly({ op }: Step): boolean {
  return (op.op === "page" || op.op === "auth-read") && op.received === null;
}
