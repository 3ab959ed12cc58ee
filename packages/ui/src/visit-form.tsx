"use client";

import { useActionState, useId } from "react";
import { type Problem, ProblemMessage } from "./problem.tsx";

/** What a visit leaves on the page when it fails: why, and the note as it was typed. */
export interface VisitState {
  problem: Problem | null;
  note: string;
}

interface Props {
  visit: (previous: VisitState, form: FormData) => Promise<VisitState>;
}

/** One more visit, with a note if one likes. Without JavaScript it is an ordinary form. */
export function VisitForm({ visit }: Props) {
  const [state, action, isPending] = useActionState(visit, { problem: null, note: "" });
  const id = useId();
  return (
    <form action={action}>
      <label htmlFor={`${id}note`}>A note to keep in the session, if you like</label>
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
