import { runningApps } from "../control/client.ts";
import { serveLiveView } from "../live-view/server.ts";
import { onInterruption } from "./interruption.ts";
import { say } from "./output.ts";

/** `dynos ui`: serves the page until Ctrl-C. */
export async function uiCommand({ port }: { port?: number }): Promise<void> {
  const { signal } = onInterruption(() => {});
  const view = await serveLiveView({ port: port ?? 0 });
  say(`Live view: ${view.url}`);
  if (runningApps().length === 0)
    say("No app is up yet; it shows those that come: `dynos up DIR`.");
  if (!signal.aborted) {
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
  }
  view.close();
}
