import { answers } from "@repo/addons/server";

const POLL_MS = 40;

/** Whether something listens on the port before the time is over; gives up when it need not go on. */
export async function bindsInTime(
  port: number,
  withinMs: number,
  goOn: () => boolean,
): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  while (goOn()) {
    if (await answers(port)) return true;
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  return false;
}
