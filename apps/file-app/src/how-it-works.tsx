/** This app's strategy in plain words, for the page. */
export function HowItWorks() {
  return (
    <>
      <p>
        Your cookie holds a random id. The session is a file on the disk of the dyno that created
        it.
      </p>
      <p>Each dyno has a separate disk, so the other dynos do not find your session.</p>
      <p>Each restart and each deploy wipes that disk, and ends your session there too.</p>
    </>
  );
}
