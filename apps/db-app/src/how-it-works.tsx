/** This app's strategy in plain words, for the page. */
export function HowItWorks() {
  return (
    <>
      <p>
        Your cookie holds a random id. The session is a row in Postgres, sealed, under the hash of
        that id.
      </p>
      <p>Every dyno asks the same Postgres, so any dyno finds your session, with one query.</p>
      <p>Signing out deletes the row, which ends the session on every dyno at once.</p>
    </>
  );
}
