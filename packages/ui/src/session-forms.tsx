"use client";

import { useActionState, useId } from "react";
import { type Problem, ProblemMessage } from "./problem.tsx";

/** After a visit that failed: the problem, and the note as it was typed. */
export interface VisitState {
  problem: Problem | null;
  note: string;
}

interface VisitProps {
  visit: (previous: VisitState, form: FormData) => Promise<VisitState>;
}

/** Makes a visit, with an optional note. An ordinary form where there is no JavaScript. */
export function VisitForm({ visit }: VisitProps) {
  const [state, action, isPending] = useActionState(visit, { problem: null, note: "" });
  const id = useId();
  return (
    <form action={action}>
      <label htmlFor={`${id}note`}>Note to keep in the session (optional)</label>
      <div className="row">
        <input
          id={`${id}note`}
          name="note"
          autoComplete="off"
          defaultValue={state.note}
          key={state.note}
          aria-invalid={state.problem !== null}
          aria-describedby={`${id}problem`}
        />
        <button type="submit" className="first" disabled={isPending}>
          Visit
        </button>
      </div>
      <ProblemMessage problem={state.problem} id={`${id}problem`} />
    </form>
  );
}

interface EndProps {
  end: (previous: Problem | null, form: FormData) => Promise<Problem | null>;
  label: string;
  /** Of the session to end, where there are several. */
  fingerprint?: string;
}

/** A button that ends one session or several. */
export function EndForm({ end, label, fingerprint }: EndProps) {
  const [problem, action, isPending] = useActionState(end, null);
  return (
    <form action={action}>
      {fingerprint && <input type="hidden" name="fingerprint" value={fingerprint} />}
      <button type="submit" disabled={isPending}>
        {label}
      </button>
      <ProblemMessage problem={problem} />
    </form>
  );
}
