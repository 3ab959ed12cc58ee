import { ago, ahead } from "./times.ts";

const MAX_CHARACTERS = 200;

/** As `/api/session` gives it. */
export interface Details {
  fingerprint: string;
  visits: number;
  note: string | null;
  user: { name: string } | null;
  createdAt: string;
  expiresAt: string;
}

/** What the session holds, and when it ends. */
export function SessionDetails({ session }: { session: Details }) {
  const { fingerprint, visits, note, user, createdAt, expiresAt } = session;
  const now = Date.now();
  return (
    <dl className="facts">
      <dt>Visits</dt>
      <dd>{visits}</dd>
      <dt>Note</dt>
      <dd>{note ? `“${truncate(note)}”` : "none"}</dd>
      <dt>Signed in</dt>
      <dd>{user ? `as ${user.name}` : "no"}</dd>
      <dt>Started</dt>
      <dd>
        <time dateTime={createdAt}>{ago(Date.parse(createdAt), now)}</time>
      </dd>
      <dt>Ends</dt>
      <dd>
        <time dateTime={expiresAt}>{ahead(Date.parse(expiresAt), now)}</time>, or later if you come
        back
      </dd>
      <dt>Fingerprint</dt>
      <dd>
        <code>{fingerprint}</code>
      </dd>
    </dl>
  );
}

/** A note may be longer than the page. */
function truncate(note: string): string {
  return note.length > MAX_CHARACTERS ? `${note.slice(0, MAX_CHARACTERS)}…` : note;
}
