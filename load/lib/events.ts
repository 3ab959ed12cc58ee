import http from "k6/http";
import { Counter } from "k6/metrics";
import { EndOfJourney } from "./end-of-journey.ts";
import { byHand, type EventName } from "./events-by-hand.ts";
import { bootsSeen, eventFailed } from "./evidence.ts";
import { send } from "./http.ts";
import { meanwhile, pause } from "./meanwhile.ts";
import { eventSeconds, eventsUrl } from "./options.ts";
import type { Visitor } from "./visitor.ts";

/** For the report's strips: when an event began and ended. */
const events = new Counter("event");

/** Enough to meet one of the new dynos, even if one of four is old. */
const strangers = 12;

/** Makes something happen to the dynos, while all visitors keep coming, and sees that it has happened. */
export async function happen(event: EventName, visitors: readonly Visitor[]): Promise<void> {
  const old = bootsSeen();
  await meanwhile(visitors, () => trigger(event));
  if (old.size === 0 || event === "scale-1" || event === "scale-2") return;
  const met: string[] = [];
  for (let stranger = 0; stranger < strangers; stranger++)
    met.push((await send("GET", "/api/plain")).boot);
  // an app that answers nobody any more is another matter
  const answered = met.filter(Boolean);
  if (answered.length > 0 && answered.every((boot) => old.has(boot)))
    fail(event, "all dynos are the same as before");
}

/** Makes something happen to the app: by itself, or by the person who runs the script. */
export async function trigger(event: EventName): Promise<void> {
  events.add(1, { event, moment: "begins" });
  await (eventsUrl ? post(event) : announce(event));
  events.add(1, { event, moment: "is over" });
}

async function post(event: EventName): Promise<void> {
  const url = `${eventsUrl}/${event}`;
  const params = { timeout: "180s", tags: { name: "event" } };
  const { status, body, error } = await http.asyncRequest("POST", url, "", params);
  if (status !== 204) fail(event, `${status} ${body || error}`);
}

function fail(event: EventName, why: string): never {
  console.error(`The event ${event} failed: ${why}`);
  eventFailed(event);
  throw new EndOfJourney();
}

async function announce(event: EventName): Promise<void> {
  console.log(`Now run, within ${eventSeconds} seconds: ${byHand[event]}`);
  await pause(eventSeconds * 1000);
}
