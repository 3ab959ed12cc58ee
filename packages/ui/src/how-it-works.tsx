interface Props {
  sentences: readonly string[];
}

/** The strategy in plain words, and the file that is all of it. */
export function HowItWorks({ sentences }: Props) {
  return (
    <details>
      <summary>How it works</summary>
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <p>
        All of it is in one file: <a href="/source">session.ts</a>, as it runs here.
      </p>
    </details>
  );
}
