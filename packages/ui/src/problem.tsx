/** An error, in words for the visitor. */
export interface Problem {
  title: string;
  detail: string;
}

const STORE_FAILS: Problem = {
  title: "The session store does not answer.",
  detail: "Nothing is lost: your session is back when the store is. Try again in a moment.",
};

const REFUSED: Problem = {
  title: "A request from another site was refused.",
  detail: "Nothing was changed. Use the buttons on this page.",
};

const BUSY: Problem = {
  title: "Too many requests at once.",
  detail: "This request changed nothing. Try again in a moment.",
};

const UNEXPECTED: Problem = {
  title: "Something went wrong.",
  detail: "The request may have been carried out. Reload the page before you repeat it.",
};

const tooLong = (maxBytes: number): Problem => ({
  title: "The note is too long.",
  detail: `A session here holds ${maxBytes.toLocaleString("en")} bytes. Nothing was changed. Shorten the note and try again.`,
});

/**
 * The problem behind an HTTP status of SPEC.md.
 *
 * @param status "busy" is the 503 of a request that was not tried and changed nothing
 * @param maxBytes how much a session holds, for 413
 */
export function problemOf(status: number | "busy", maxBytes = 0): Problem {
  if (status === "busy") return BUSY;
  if (status === 413) return tooLong(maxBytes);
  if (status === 403) return REFUSED;
  return status === 503 ? STORE_FAILS : UNEXPECTED;
}

/** Screen readers announce it when it appears. */
export function ProblemMessage({ problem, id }: { problem: Problem | null; id?: string }) {
  if (!problem) return null;
  return (
    <p className="problem" role="alert" id={id}>
      <strong>{problem.title}</strong> {problem.detail}
    </p>
  );
}
