// How much data fits into a session, and what happens beyond?
//
//   k6 run -e BASE_URL=https://my-app-0123456789ab.herokuapp.com load/size.ts
//
// One visitor writes notes of different lengths until the limit is known to the byte. One byte more must be
// refused with 413 and the true maxBytes, and the note before must be kept. The scenario accepts an answer from
// whichever dyno has the session.
//   MAX_BYTES  the limit that the app declares, to compare with
import { createScenario } from "./lib/create-scenario.ts";
import { observe } from "./lib/evidence.ts";
import { type AppResponse, send } from "./lib/http.ts";
import { numberOption } from "./lib/options.ts";
import { thousands } from "./lib/summary.ts";
import type { Visitor } from "./lib/visitor.ts";

const declared = numberOption("MAX_BYTES", undefined);
/** Room for the rest of the session's JSON: names of fields, the counter, times. */
const BESIDE_NOTE_BYTES = 1024;
const MOST_BYTES = 131_072;
/** Where sessions are not shared, a read meets one of 10 dynos within this many reads but once in 70. */
const READS = 40;

const { options, setup, play, handleSummary } = createScenario({
  name: "size",
  visitors: 1,
  figures: ["bytesKept", "statusBeyond", "maxBytes"],
  headline: ({ bytesKept, statusBeyond }) => `${thousands(bytesKept)} B, then ${statusBeyond}`,
});

export { handleSummary, options, setup };

/** Notes of a given length in a visitor's session. */
function createNotes(visitor: Visitor) {
  const block = Array.from({ length: 64 }, () => Math.random().toString(36).slice(2)).join("");

  function write(bytes: number): Promise<AppResponse> {
    const note = block.repeat(Math.ceil(bytes / block.length)).slice(0, bytes);
    return visitor.send("POST", "/api/session", { body: JSON.stringify({ note }), accept: "any" });
  }

  /** The length of the session's note; -1 if no dyno has the session. */
  async function length(): Promise<number> {
    for (let read = 0; read < READS; read++) {
      const session = (await visitor.send("GET", "/api/session")).session();
      if (session) return session.note?.length ?? 0;
    }
    return -1;
  }

  /** Whether a note of so many bytes comes back whole. */
  async function keep(bytes: number): Promise<boolean> {
    return (await write(bytes)).status === 200 && (await length()) === bytes;
  }

  return { write, length, keep };
}

export default play(async ([visitor]) => {
  if (!visitor) return {};
  const notes = createNotes(visitor);
  let kept = 1;
  let beyond = MOST_BYTES;
  while (beyond - kept > 1) {
    const middle = Math.floor((kept + beyond) / 2);
    if (await notes.keep(middle)) kept = middle;
    else beyond = middle;
    // A request without a session shows whether other dynos serve too.
    await send("GET", "/api/plain");
  }
  observe(await notes.keep(kept));
  const refusal = await notes.write(beyond);
  const maxBytes = Number(refusal.json()?.maxBytes);
  observe(refusal.status === 413);
  observe(maxBytes >= kept && maxBytes <= kept + BESIDE_NOTE_BYTES);
  observe((await notes.length()) === kept);
  if (declared !== undefined) observe(maxBytes === declared);
  return { bytesKept: kept, statusBeyond: refusal.status, ...(maxBytes ? { maxBytes } : {}) };
});
