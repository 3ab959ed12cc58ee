// How much data fits into a session, and what happens beyond?
//
//   k6 run -e BASE_URL=https://my-app-0123456789ab.herokuapp.com load/size.ts
//
// One visitor writes notes of different lengths until the limit is known to the byte. One byte more must be
// refused with 413 and the true maxBytes, and the note before must be kept. Each note is read with the cookie of its
// own write, from whichever dyno has the session. A cookie that browsers would drop counts as lost, and notes are
// random text, which no store can compress to nothing.
//   MAX_BYTES  the limit that the app declares, to compare with
import { createScenario } from "./lib/create-scenario.ts";
import { observe } from "./lib/evidence.ts";
import { numberOption } from "./lib/options.ts";
import { thousands } from "./lib/summary.ts";
import { COOKIE_BYTES, copyCookies, send } from "./lib/visitors/http.ts";
import { routes } from "./lib/visitors/routes.ts";
import type { AppResponse, Visitor } from "./lib/visitors/types.ts";
import { randomText } from "./lib/visitors/visitor.ts";

const declared = numberOption("MAX_BYTES", undefined);
/** Room for the rest of the session's JSON: names of fields, the counter, times. */
const BESIDE_NOTE_BYTES = 1024;
const MOST_BYTES = 131_072;
const REQUESTS_TO_MEET_DYNOS = 20;
/** Where sessions are not shared, a read meets one of 10 dynos within this many reads but once in 70. */
const READS = 40;

const { options, setup, play, handleSummary } = createScenario({
  name: "size",
  visitors: 1,
  figures: ["bytesKept", "statusBeyond", "maxBytes", "cookieBytesBeyond", "noteBeforeLost"],
  headline: ({ bytesKept, statusBeyond }) =>
    statusBeyond === undefined
      ? `${thousands(bytesKept)} B and more`
      : `${thousands(bytesKept)} bytes; more is ${statusBeyond === 413 ? "refused" : `answered ${statusBeyond ?? "?"}`}`,
  why({ bytesKept, statusBeyond, maxBytes, cookieBytesBeyond, noteBeforeLost }) {
    const more = `a note of ${thousands((bytesKept ?? 0) + 1)} B`;
    const reasons = [
      statusBeyond !== 413 && `${more} was answered ${statusBeyond}, not 413, and was not kept`,
      (cookieBytesBeyond ?? 0) > COOKIE_BYTES &&
        `its cookie has ${thousands(cookieBytesBeyond)} B, and browsers drop more than ${thousands(COOKIE_BYTES)}`,
      statusBeyond === 413 && maxBytes === undefined && `${more} was answered 413 without maxBytes`,
      maxBytes !== undefined &&
        `maxBytes is ${thousands(maxBytes)}${declared === undefined ? "" : `, declared are ${thousands(declared)}`}`,
      noteBeforeLost && "the note before was lost",
    ];
    return reasons.filter(Boolean).join("; ");
  },
});

export { handleSummary, options, setup };

/** Notes of a given length in a visitor's session. */
function createNotes(visitor: Visitor) {
  let note = "";
  let cookie = "";

  /** Writes a note. What the session then holds is read with the cookies of this moment. A browser drops a large one. */
  async function write(bytes: number): Promise<AppResponse> {
    const text = randomText(bytes);
    const body = JSON.stringify({ note: text });
    const response = await visitor.send("POST", "/api/session", { body, accept: "any" });
    if (response.status === 200 && response.cookieBytes <= COOKIE_BYTES) {
      note = text;
      cookie = copyCookies(visitor.jar);
    }
    return response;
  }

  /** Whether any dyno finds a note: the last one that was accepted. */
  async function isKept(wanted = note): Promise<boolean> {
    for (let read = 0; cookie !== "" && read < READS; read++) {
      const options = { headers: { cookie }, accept: "any" as const };
      if ((await send("GET", "/api/session", options)).session()?.note === wanted) return true;
    }
    return false;
  }

  /** Whether a note of so many bytes comes back whole. */
  async function keep(bytes: number): Promise<boolean> {
    const { status, cookieBytes } = await write(bytes);
    return status === 200 && cookieBytes <= COOKIE_BYTES && (await isKept());
  }

  return { write, isKept, keep, last: () => note };
}

export default play(async ([visitor]) => {
  if (!visitor) return {};
  const notes = createNotes(visitor);
  if (await notes.keep(MOST_BYTES)) {
    observe(declared === undefined);
    // They show whether other dynos serve too.
    for (let request = 0; request < REQUESTS_TO_MEET_DYNOS; request++)
      await send("GET", routes().baseline);
    return { bytesKept: MOST_BYTES };
  }
  let kept = 0;
  let beyond = MOST_BYTES;
  while (beyond - kept > 1) {
    const middle = Math.floor((kept + beyond) / 2);
    if (await notes.keep(middle)) kept = middle;
    else beyond = middle;
    // A request without a session shows whether other dynos serve too.
    await send("GET", routes().baseline);
  }
  observe(await notes.keep(kept));
  let before = notes.last();
  let refusal = await notes.write(beyond);
  // One random text takes more room in a cookie than another: what was too long once may fit.
  while (notes.last() !== before && (await notes.isKept())) {
    kept = beyond;
    beyond += 1;
    before = notes.last();
    refusal = await notes.write(beyond);
  }
  const maxBytes = Number(refusal.json()?.maxBytes);
  const noteBeforeLost = !(await notes.isKept(before));
  observe(refusal.status === 413);
  observe(maxBytes >= kept && maxBytes <= kept + BESIDE_NOTE_BYTES);
  observe(!noteBeforeLost);
  if (declared !== undefined) observe(maxBytes === declared);
  return {
    ...{ bytesKept: kept, statusBeyond: refusal.status, cookieBytesBeyond: refusal.cookieBytes },
    ...(noteBeforeLost ? { noteBeforeLost: 1 } : {}),
    ...(maxBytes ? { maxBytes } : {}),
  };
});
