/** Called once per process, before the first request is answered. */
export async function register() {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { boot } = await import("@/session");
  const { watchAnswers } = await import("@repo/session/http/watch-answers");
  const { guardRequests } = await import("@repo/session/http/guard-requests");
  guardRequests();
  watchAnswers();
  await boot();
}
