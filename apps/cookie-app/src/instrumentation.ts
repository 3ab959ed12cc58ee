/** Called once per process, before the first request is answered. */
export async function register() {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { boot } = await import("@/session");
  const { watchAnswers } = await import("@repo/session/watch-answers");
  const { guardRequests } = await import("@repo/session/guard-requests");
  guardRequests();
  watchAnswers();
  await boot();
}
