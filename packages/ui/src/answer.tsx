import { Dyno } from "./dyno.tsx";

/** What became of the cookie that the visitor brought: as in the `x-session` header, or nobody can tell. */
export type Outcome = "none" | "found" | "lost" | "unknown";

interface Props {
  dyno: string;
  bootId: string;
  outcome: Outcome;
  /** null where there is no session. One that this request began counts too. */
  visits: number | null;
}

/** Who answered, and whether it knew the visitor. */
export function Answer({ dyno, bootId, outcome, visits }: Props) {
  const { title, text } = words(outcome, visits);
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

function words(outcome: Outcome, visits: number | null): { title: string; text: string } {
  const count = `${visits} ${visits === 1 ? "visit" : "visits"}`;
  if (outcome === "found" && visits === null)
    return {
      title: "You are forgotten.",
      text: "The session has ended, here and in your browser.",
    };
  if (outcome === "found")
    return {
      title: `It knows you: ${count}.`,
      text: "Your cookie led this dyno to your session. Ask again, and another dyno may answer.",
    };
  if (outcome === "lost")
    return {
      title: visits === null ? "It does not know you." : `It did not know you: ${count}.`,
      text: `Your cookie came, and this dyno found no session behind it. ${
        visits === null ? "Ask again: another dyno may know you." : "So it began a new one."
      }`,
    };
  if (outcome === "unknown")
    return {
      title: "It cannot tell.",
      text: "Your cookie came, but the session store does not answer. Nothing is lost.",
    };
  return visits === null
    ? { title: "You are new here.", text: "There is no session yet. Your first visit begins one." }
    : { title: `Welcome: ${count}.`, text: "Your session began with this request." };
}
