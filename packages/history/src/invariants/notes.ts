import { entry, type Lineage, type Step } from "../sessions.ts";
import { Views } from "../sweep.ts";
import type { Context, Invariant } from "./invariant.ts";

interface Latest {
  /** The write that started last among those that were acknowledged, with itself; and among those that a read showed. */
  written: Step | null;
  read: { write: Step; shownBy: Step } | null;
}

/** 2 and 3, for the note: an operation does not show a note that was overwritten before the latest one it has to know. */
export function notes({ people, findings, clockErrorMs }: Context): Invariant {
  const lineages = new Map<Lineage, Views<Latest>>();

  /** True where the note in the answer had been written before `latest` was sent. */
  function isOlder(note: string | null, latest: Step): boolean {
    if (note === null) return true;
    const shown = people.notes.get(note);
    if (shown === undefined) return false;
    const sameClock = shown.firstWrittenBy.op.runner === latest.op.runner;
    return shown.writtenAt + (sameClock ? 0 : clockErrorMs) < latest.op.start;
  }

  return {
    start(step) {
      const { op, outcome, received } = step;
      if (outcome !== "ok" || received === null || op.note === undefined || op.op === "note")
        return;
      const views = lineages.get(received.lineage)?.seenBy(op.runner) ?? [];
      const note = op.note;
      if (views.some(({ read }) => read)) findings.check(2);
      if (views.some(({ written }) => written)) findings.check(3);
      const written = views.find((view) => view.written && isOlder(note, view.written))?.written;
      const read = views.find((view) => view.read && isOlder(note, view.read.write))?.read;
      const old = note === null ? null : people.notes.get(note)?.firstWrittenBy;
      if (written)
        findings.violate("seen", "An acknowledged note is not seen by a later operation.", [
          old,
          written,
          step,
        ]);
      if (read)
        findings.violate("never-back", "The note went back to an older one.", [
          old,
          read.write,
          read.shownBy,
          step,
        ]);
      return undefined;
    },
    learn(step, runner) {
      const { op, received } = step;
      if (received === null || !op.note) return;
      const latest = entry(
        lineages,
        received.lineage,
        () => new Views<Latest>(() => ({ written: null, read: null })),
      ).of(runner);
      if (op.op === "note") {
        if (latest.written === null || op.start > latest.written.op.start) latest.written = step;
        return;
      }
      const note = people.notes.get(op.note);
      // a note that was written twice does not say which of the two was read
      if (note === undefined || note.ids.size > 2) return;
      const write = note.firstWrittenBy;
      if (latest.read === null || write.op.start > latest.read.write.op.start)
        latest.read = { write, shownBy: step };
    },
  };
}
