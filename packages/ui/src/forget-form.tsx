"use client";

import { useActionState } from "react";
import { type Problem, ProblemMessage } from "./problem.tsx";

interface Props {
  forget: (previous: Problem | null) => Promise<Problem | null>;
}

/** Ends the session. */
export function ForgetForm({ forget }: Props) {
  const [problem, action, isPending] = useActionState(forget, null);
  return (
    <form action={action}>
      <button type="submit" disabled={isPending}>
        Forget me
      </button>
      <ProblemMessage problem={problem} />
    </form>
  );
}
