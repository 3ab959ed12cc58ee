import http from "k6/http";
import { Counter } from "k6/metrics";
import { EndOfJourney } from "./end-of-journey.ts";
import { byHand, type EventName } from "./events-by-hand.ts";
import { eventFailed } from "./evidence.ts";
import { meanwhile, pause } from "./meanwhile.ts";
import { eventSeconds, eventsUrl } from "./options.ts";
import type { Visitor } from "./visitor.ts";

/** For the report's strips: when an event began and ended. */
const events = new Counter("event");

/** Makes something happen to the app, while all visitors keep coming. */
export async function happen(event: EventName, visitors: readonly Visitor[]): Promise<void> {
  await meanwhile(visitors, () => trigger(event));
}

/** Makes something happen to the app: by itself, or by the person who runs the script. */
export async function trigger(event: EventName): Promise<void> {
  events.add(1, { event, moment: "begins" });
  await (eventsUrl ? send(event) : announce(event));
  events.add(1, { event, moment: "is over" });
}

async function send(event: EventName): Promise<void> {
  const url = `${eventsUrl}/${event}`;
  const params = { timeout: "180s", tags: { name: "event" } };
  const { status, body, error } = await http.asyncRequest("POST", url, "", params);
  if (status === 204) return;
  console.error(`The event ${event} failed: ${status} ${body || error}`);
  eventFailed(event);
  throw new EndOfJourney();
}

async function announce(event: EventName): Promise<void> {
  console.log(`Now run, within ${eventSeconds} seconds: ${byHand[event]}`);
  await pause(eventSeconds * 1000);
}
