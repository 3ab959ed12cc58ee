/** Called once per process, before the first request is answered. Next builds it for Edge too, which has no `node:`. */
export async function register() {
  if (process.env.NEXT_RUNTIME === "nodejs") await (await import("@/session")).register();
}
