export default function NotFound() {
  return (
    <main className="answer">
      <h1>There is no such page.</h1>
      <p>
        <a href="/">Back to the start</a>
      </p>
    </main>
  );
}
