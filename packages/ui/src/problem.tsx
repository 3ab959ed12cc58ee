/** Something that went wrong, in words for the visitor. */
export interface Problem {
  title: string;
  detail: string;
}

const STORE_FAILS: Problem = {
  title: "The session store does not answer.",
  detail: "Nothing is lost: your session is there again when the store is. Try again in a moment.",
};

const REFUSED: Problem = {
  title: "This came from another site, so it was refused.",
  detail: "Nothing was changed. Use the buttons on this page.",
};

const BUSY: Problem = {
  title: "Too many requests at once.",
  detail: "This one changed nothing. Try again in a moment.",
};

const UNEXPECTED: Problem = {
  title: "That did not work.",
  detail: "Look at the page again before you repeat it: it may have been done, or not.",
};

const tooLong = (maxBytes: number): Problem => ({
  title: "The note is too long.",
  detail: `A session here holds ${maxBytes.toLocaleString("en")} bytes. Shorten it and try again: nothing was changed.`,
});

/** The problem behind a status that SPEC.md lists; "busy" is the 503 that changed nothing. `maxBytes` comes with 413. */
export function problemOf(status: number | "busy", maxBytes = 0): Problem {
  if (status === "busy") return BUSY;
  if (status === 413) return tooLong(maxBytes);
  if (status === 403) return REFUSED;
  return status === 503 ? STORE_FAILS : UNEXPECTED;
}

/** Read out at once where it appears. */
export function ProblemMessage({ problem, id }: { problem: Problem | null; id?: string }) {
  if (!problem) return null;
  return (
    <p className="problem" role="alert" id={id}>
      <strong>{problem.title}</strong> {problem.detail}
    </p>
  );
}
