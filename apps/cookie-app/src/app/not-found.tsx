export default function NotFound() {
  return (
    <main className="answer">
      <h1>Page not found</h1>
      <p>
        <a href="/">Back to the start</a>
      </p>
    </main>
  );
}
