import { dynoStyle } from "./dyno.tsx";
import { MAX_REQUESTS, type SeenRequest } from "./requests.ts";

const MEANING: Record<string, string> = {
  found: "session found",
  lost: "session lost",
  none: "no session yet",
  unknown: "the store did not answer",
};

/** Placeholders, so that the page does not move as requests are added. */
const EMPTY = Array.from({ length: MAX_REQUESTS }, (_, at) => (
  <li key={at} className="empty" aria-hidden="true" />
));

/** One square per request. It shows the dyno's number, so that color is not the only cue. */
export function Squares({ requests }: { requests: SeenRequest[] }) {
  return (
    <ol className="strip">
      {requests.map(({ key, dyno, sessionOutcome }) => {
        const text = `${dyno}: ${MEANING[sessionOutcome] ?? sessionOutcome}`;
        return (
          <li key={key} className={sessionOutcome} style={dynoStyle(dyno)} title={text}>
            <span aria-hidden="true">{/\d+$/.exec(dyno)?.[0] ?? dyno.slice(0, 1)}</span>
            <span className="hidden">{text}</span>
          </li>
        );
      })}
      {EMPTY.slice(requests.length)}
    </ol>
  );
}

/** The color of each dyno, and how many sessions were lost. */
export function Legend({ requests }: { requests: SeenRequest[] }) {
  const counts = new Map<string, number>();
  for (const { dyno } of requests) counts.set(dyno, (counts.get(dyno) ?? 0) + 1);
  const byNumber = (a: [string, number], b: [string, number]) =>
    a[0].localeCompare(b[0], "en", { numeric: true });
  return (
    <ul className="legend">
      {[...counts].sort(byNumber).map(([dyno, count]) => (
        <li key={dyno} style={dynoStyle(dyno)}>
          {dyno} × {count}
        </li>
      ))}
      <li className="lost">{lostOf(requests)}</li>
    </ul>
  );
}

/** "no session lost", "7 sessions lost". */
export function lostOf(requests: SeenRequest[]): string {
  const lost = requests.filter(({ sessionOutcome }) => sessionOutcome === "lost").length;
  return `${lost || "no"} session${lost > 1 ? "s" : ""} lost`;
}
