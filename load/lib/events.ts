import http from "k6/http";
import { Counter } from "k6/metrics";
import { setTimeout } from "k6/timers";
import { EndOfJourney } from "./end-of-journey.ts";
import { byHand, type EventName } from "./events-by-hand.ts";
import { eventFailed } from "./evidence.ts";
import { eventSeconds, eventsUrl } from "./options.ts";
import { each, type Visitor } from "./visitor.ts";

/** For the report's strips: when an event began and ended. */
const events = new Counter("event");

const betweenVisitsMs = 400;

export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

type Visit = (visitor: Visitor) => Promise<unknown>;

/** Makes something happen to the app, while all visitors keep coming. */
export async function happen(event: EventName, visitors: readonly Visitor[], visit?: Visit) {
  const happens = eventsUrl ? () => trigger(event) : () => announce(event);
  await meanwhile(visitors, visit, async () => {
    events.add(1, { event, moment: "begins" });
    await happens();
    events.add(1, { event, moment: "is over" });
  });
}

/** Visitors keep coming for as long as `work` takes. */
export async function meanwhile(
  visitors: readonly Visitor[],
  visit: Visit = (visitor) => visitor.visit(),
  work: () => Promise<void>,
): Promise<void> {
  let over = false;
  const visiting = each(visitors, async (visitor) => {
    while (!over) {
      await visit(visitor);
      await pause(betweenVisitsMs);
    }
  });
  try {
    await work();
  } finally {
    over = true;
    await visiting;
  }
}

async function trigger(event: EventName): Promise<void> {
  const params = { timeout: "180s", tags: { name: "event" } };
  const { status, body, error } = await http.asyncRequest(
    "POST",
    `${eventsUrl}/${event}`,
    "",
    params,
  );
  if (status === 204) return;
  console.error(`The event ${event} failed: ${status} ${body || error}`);
  eventFailed(event);
  throw new EndOfJourney();
}

async function announce(event: EventName): Promise<void> {
  console.log(`Now run, within ${eventSeconds} seconds: ${byHand[event]}`);
  await pause(eventSeconds * 1000);
}
