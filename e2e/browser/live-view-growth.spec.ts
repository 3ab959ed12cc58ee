import { expect, type Page, test } from "@playwright/test";
import { serveLiveView } from "@repo/dynos";

/** With a frame between them, so that dots fly. */
const BATCHES = 60;
const EVENTS_PER_BATCH = 100;

test("a page that is left open does not grow: thousands of states leave it as it was", async ({
  page,
}) => {
  const view = await serveLiveView();
  await page.addInitScript(() => {
    const source = new EventTarget();
    Object.assign(window, {
      source,
      EventSource: function stub() {
        return source;
      },
    });
  });
  await page.goto(view.url);
  // The strip is full, and the engine has settled.
  await drive(page, 10);
  const before = await size(page);
  // Dynos that come and go, an add-on too, and as many requests as are ever shown at once.
  await drive(page, BATCHES);
  const after = await size(page);
  expect(after.nodes).toBeLessThan(before.nodes + 100);
  expect(after.listeners).toBeLessThan(before.listeners + 20);
  expect(after.heapBytes).toBeLessThan(before.heapBytes + 2 ** 20);
  view.close();
});

async function drive(page: Page, batches: number) {
  await page.evaluate(
    async ([batches, perBatch]) => {
      const { source } = window as unknown as { source: EventTarget };
      const dyno = (number: number, requests: number) => ({
        name: `web.${number}`,
        type: "web",
        state: "up",
        since: new Date().toISOString(),
        bootMs: 900,
        memoryBytes: 1e8 + requests,
        color: "#2563eb",
        ...{ requests, found: requests, lost: requests, failed: requests },
      });
      for (let batch = 0; batch < batches; batch++) {
        for (let at = 0; at < perBatch; at++) {
          const requests = batch * perBatch + at;
          const dynos = [1, 2, 3, 4]
            .slice(0, 1 + ((at >> 4) % 4))
            .map((one) => dyno(one, requests));
          const recent = Array.from({ length: 24 }, (_, index) => ({
            dyno: `web.${1 + (index % 4)}`,
            status: 200,
            session: index % 2 ? "found" : "lost",
          }));
          const data = JSON.stringify({
            ...{
              name: "app",
              httpsUrl: "https://localhost",
              affinity: at % 2 === 0,
              dynos,
              recent,
            },
            addons: [{ name: "redis", state: at % 2 ? "available" : "stopped" }],
            total: { requests, found: requests, lost: requests, failed: requests },
            recentCount: 400,
          });
          source.dispatchEvent(new MessageEvent("app", { data }));
          if (at === 50) source.dispatchEvent(new MessageEvent("gone", { data: '"app"' }));
        }
        await new Promise(requestAnimationFrame);
      }
    },
    [batches, EVENTS_PER_BATCH] as const,
  );
}

/** Once all dots have landed and the garbage is collected. */
async function size(page: Page) {
  await expect(page.locator(".dots > *")).toHaveCount(0);
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("HeapProfiler.collectGarbage");
  await devtools.send("HeapProfiler.collectGarbage");
  const { nodes, jsEventListeners } = await devtools.send("Memory.getDOMCounters");
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  await devtools.detach();
  return { nodes, listeners: jsEventListeners, heapBytes: usedSize };
}
