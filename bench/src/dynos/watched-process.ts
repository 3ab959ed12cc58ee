import { serveLiveView, up } from "@repo/dynos";

/** What `dynos up DIR` runs: an app and a live view, in a separate process: `node watched-process.ts DIR`. */
const app = await up({ dir: process.argv[2] ?? "", name: "watched" });
const view = await serveLiveView();

process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMs: (user + system) / 1_000 });
});
process.on("disconnect", async () => {
  view.close();
  await app.down();
  process.exit();
});
process.send?.({ url: app.url, viewUrl: view.url });
