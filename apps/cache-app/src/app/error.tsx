"use client";

/** Something that nobody foresaw. Sessions are not lost by it. */
export default function ErrorPage() {
  return (
    <main className="answer">
      <h1>That did not work.</h1>
      <p role="alert">
        Nothing was changed. <a href="/">Try again</a> in a moment.
      </p>
    </main>
  );
}
