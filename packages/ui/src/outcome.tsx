import { Dyno } from "./dyno.tsx";

/** What became of the session cookie, as in the `x-session` header; `unknown` where the store does not answer. */
export type SessionOutcome = "none" | "found" | "lost" | "unknown";

interface Props {
  dyno: string;
  bootId: string;
  sessionOutcome: SessionOutcome;
  /** null where there is no session. A session that this request started counts too. */
  visits: number | null;
}

/** Which dyno answered, and whether it found the session. */
export function Outcome({ dyno, bootId, sessionOutcome, visits }: Props) {
  const { title, text } = describe(sessionOutcome, visits);
  return (
    <section className="answer">
      <p>
        <Dyno name={dyno} /> answered{" "}
        <span className="hint">
          (boot id <code>{bootId.slice(0, 6)}</code>)
        </span>
      </p>
      <h1>{title}</h1>
      <p>{text}</p>
    </section>
  );
}

function describe(sessionOutcome: SessionOutcome, visits: number | null) {
  const count = `${visits} ${visits === 1 ? "visit" : "visits"}`;
  if (sessionOutcome === "unknown")
    return {
      title: "Session store not available",
      text: "Your browser sent a session cookie, but the session store does not answer. Nothing is lost.",
    };
  if (sessionOutcome === "found")
    return visits === null
      ? { title: "Session ended", text: "The cookie is gone from your browser too." }
      : {
          title: `Session found: ${count}`,
          text: "This dyno found your session by its cookie. Send another request: another dyno may answer.",
        };
  if (sessionOutcome === "lost")
    return {
      title: "Session not found on this dyno",
      text:
        visits === null
          ? "Your browser sent a session cookie. Send another request: another dyno may find the session."
          : `Your browser sent a session cookie, and this dyno started a new session: ${count}.`,
    };
  return visits === null
    ? { title: "No session yet", text: "Your first visit starts one." }
    : { title: `New session: ${count}`, text: "This request started it." };
}
