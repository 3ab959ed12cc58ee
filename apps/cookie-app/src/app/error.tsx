"use client";

/** Shown for an error that no other code handles. It does not end a session. */
export default function ErrorPage() {
  return (
    <main className="answer">
      <h1>Something went wrong</h1>
      <p role="alert">
        The request may have been carried out. <a href="/">Reload the page</a> before you repeat it.
      </p>
    </main>
  );
}
