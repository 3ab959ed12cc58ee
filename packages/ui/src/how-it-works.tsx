interface Props {
  sentences: readonly string[];
}

/** The strategy in plain words, and its code. */
export function HowItWorks({ sentences }: Props) {
  return (
    <details>
      <summary>How it works</summary>
      {sentences.map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <p>
        The strategy as it runs here: <a href="/source">session.ts and its stores</a>.
      </p>
    </details>
  );
}
