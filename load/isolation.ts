// Does anyone ever see somebody else's session?
//
//   k6 run -e BASE_URL=https://my-app.herokuapp.com load/isolation.ts
//
// Every visitor keeps a note of its own, then all read at the same time, the API and the page, with strangers
// among them who bring no cookie. What is foreign: another's note, another's fingerprint, anything at all for
// a stranger. Must be 0 for every strategy, also for one that loses sessions.
//   VISITORS  how many visitors, at the same time (12)
//   VISITS    how often each reads (6)
import { ask } from "./lib/ask.ts";
import { hold } from "./lib/evidence.ts";
import { type Answer, send } from "./lib/http.ts";
import { number } from "./lib/options.ts";
import { each, type Visitor } from "./lib/visitor.ts";

const visits = number("VISITS", 6);

const { options, setup, play, handleSummary } = ask({
  scenario: "isolation",
  question: "Does anyone ever see somebody else's session?",
  visitors: 12,
  figures: ["foreignSeen", "reads"],
  headline: ({ foreignSeen }) => `${foreignSeen ?? "?"} foreign`,
});

export { handleSummary, options, setup };

export default play(async (visitors) => {
  const owners = new Map<string, Visitor>();
  let foreignSeen = 0;
  let reads = 0;

  /** Notes are the visitors' names; a fingerprint is its owner's from when it was first seen. */
  function look(answer: Answer, reader?: Visitor): void {
    if (!answer.ok) return;
    const session = answer.session();
    const owner = session ? (owners.get(session.fingerprint) ?? reader) : reader;
    if (session && owner) owners.set(session.fingerprint, owner);
    const others = visitors.filter((visitor) => visitor !== reader);
    const noted = others.some(({ name }) => answer.text.includes(name));
    const foreign = noted || owner !== reader || (session !== null && reader === undefined);
    reads += 1;
    if (foreign) foreignSeen += 1;
    hold(!foreign);
  }

  await each(visitors, async (visitor) => {
    for (let visit = 0; visit < visits; visit++) {
      const body = JSON.stringify({ note: visitor.name });
      look(await visitor.send("POST", "/api/session", { body }), visitor);
      look(await visitor.send("GET", "/api/session"), visitor);
      look(await visitor.send("GET", "/"), visitor);
      look(await send("GET", "/api/session"));
    }
  });
  return { foreignSeen, reads };
});
