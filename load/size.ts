// How much can a session hold, and what happens beyond?
//
//   k6 run -e BASE_URL=https://my-app.herokuapp.com load/size.ts
//
// One visitor keeps notes of more and less bytes until it is known to the byte how many come back. One byte
// more has to be refused with 413 and a maxBytes that tells the truth, and the note before has to be kept.
// Whichever dyno has the session is good enough here.
//   MAX_BYTES  what the app declares, when the answer is to be compared with it
import { ask } from "./lib/ask.ts";
import { hold } from "./lib/evidence.ts";
import { thousands } from "./lib/format.ts";
import { send } from "./lib/http.ts";
import { createNotes } from "./lib/notes.ts";
import { number } from "./lib/options.ts";

const declared = number("MAX_BYTES", undefined);
/** The rest of the session's JSON beside the note: names of fields, the counter, times. */
const besideNote = 1024;
const most = 131_072;

const { options, setup, play, handleSummary } = ask({
  scenario: "size",
  question: "How much can a session hold, and what happens beyond?",
  visitors: 1,
  figures: ["bytesKept", "statusBeyond", "maxBytes"],
  headline: ({ bytesKept, statusBeyond }) => `${thousands(bytesKept)} B, then ${statusBeyond}`,
});

export { handleSummary, options, setup };

export default play(async ([visitor]) => {
  if (!visitor) return {};
  const notes = createNotes(visitor);
  let kept = 1;
  let beyond = most;
  while (beyond - kept > 1) {
    const middle = Math.floor((kept + beyond) / 2);
    if (await notes.keep(middle)) kept = middle;
    else beyond = middle;
    await send("GET", "/api/plain"); // a stranger shows whether other dynos serve too
  }
  hold(await notes.keep(kept));
  const refusal = await notes.write(beyond);
  const maxBytes = Number(refusal.json()?.maxBytes);
  hold(refusal.status === 413);
  hold(maxBytes >= kept && maxBytes <= kept + besideNote);
  hold((await notes.length()) === kept);
  if (declared !== undefined) hold(maxBytes === declared);
  return { bytesKept: kept, statusBeyond: refusal.status, ...(maxBytes ? { maxBytes } : {}) };
});
