import { ago, ahead } from "./times.ts";

const SHOWN = 200;

/** As `/api/session` gives it. */
export interface SessionFacts {
  fingerprint: string;
  visits: number;
  note: string | null;
  user: { name: string } | null;
  createdAt: string;
  expiresAt: string;
}

/** What the session holds, and for how long. */
export function Facts({ session }: { session: SessionFacts }) {
  const { fingerprint, visits, note, user, createdAt, expiresAt } = session;
  const now = Date.now();
  return (
    <dl className="facts">
      <dt>Visits</dt>
      <dd>{visits}</dd>
      <dt>Note</dt>
      <dd>{note ? `“${beginning(note)}”` : "none"}</dd>
      <dt>Signed in</dt>
      <dd>{user ? `as ${user.name}` : "no"}</dd>
      <dt>Began</dt>
      <dd>
        <time dateTime={createdAt}>{ago(Date.parse(createdAt), now)}</time>
      </dd>
      <dt>Ends</dt>
      <dd>
        <time dateTime={expiresAt}>{ahead(Date.parse(expiresAt), now)}</time>, unless you come back
      </dd>
      <dt>Fingerprint</dt>
      <dd>
        <code>{fingerprint}</code>
      </dd>
    </dl>
  );
}

/** A session may hold a note that is longer than the page. */
function beginning(note: string): string {
  return note.length > SHOWN ? `${note.slice(0, SHOWN)}…` : note;
}
