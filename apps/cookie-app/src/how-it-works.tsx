/** This app's strategy in plain words, for the page. */
export function HowItWorks() {
  return (
    <>
      <p>
        The whole session is in your cookie, sealed so that only this app can read or change it.
      </p>
      <p>
        Every dyno has the same secret, so any dyno can open the cookie, without asking a database.
      </p>
      <p>
        It holds about 2,800 bytes. Signing out removes the cookie from your browser only: a copy of
        it works until it expires, at most 30 days after the session began.
      </p>
    </>
  );
}
