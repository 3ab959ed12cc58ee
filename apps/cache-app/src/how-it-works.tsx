/** This app's strategy in plain words, for the page. */
export function HowItWorks() {
  return (
    <>
      <p>
        Your cookie holds a random id. The session is an item in memcached or Redis, sealed, under
        the hash of that id.
      </p>
      <p>
        Every dyno asks the same cache, so any dyno finds your session, in well under a millisecond.
      </p>
      <p>A cache may drop a session early: when it restarts or runs out of memory.</p>
    </>
  );
}
