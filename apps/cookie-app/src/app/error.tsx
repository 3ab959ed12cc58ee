"use client";

/** Something that nobody foresaw. Sessions are not lost by it. */
export default function ErrorPage() {
  return (
    <main className="answer">
      <h1>That did not work.</h1>
      <p role="alert">
        It may have been done, or not: <a href="/">look at the page again</a> before you repeat it.
      </p>
    </main>
  );
}
