// Does a visitor ever see another visitor's session?
//
//   k6 run -e BASE_URL=https://my-app-0123456789ab.herokuapp.com load/isolation.ts
//
// Every visitor writes a note, then all read at the same time, through the API and the page if there is one, among requests that
// bring no cookie. A response is foreign if it has another visitor's note or fingerprint, or any session for a
// request without a cookie. There must be none for any strategy, even one that loses sessions.
//   VISITORS  visitors at the same time (12)
//   VISITS    how often each reads (6)
import { createScenario } from "./lib/create-scenario.ts";
import { observe } from "./lib/evidence.ts";
import { numberOption } from "./lib/options.ts";
import { send } from "./lib/visitors/http.ts";
import { routes } from "./lib/visitors/routes.ts";
import type { AppResponse, Visitor } from "./lib/visitors/types.ts";
import { forEachVisitor, newNote } from "./lib/visitors/visitor.ts";

const visits = numberOption("VISITS", 6);

const { options, setup, play, handleSummary } = createScenario({
  name: "isolation",
  visitors: 12,
  figures: ["foreignSeen", "reads"],
  headline: ({ foreignSeen }) => `${foreignSeen ?? "?"} foreign`,
});

export { handleSummary, options, setup };

export default play(async (visitors) => {
  const owners = new Map<string, Visitor>();
  const notes: { note: string; owner: Visitor }[] = [];
  let foreignSeen = 0;
  let reads = 0;

  /** A fingerprint belongs to the visitor who showed it first. */
  function inspect(response: AppResponse, reader?: Visitor): void {
    if (!response.ok) return;
    const session = response.session();
    const owner = session?.fingerprint ? (owners.get(session.fingerprint) ?? reader) : reader;
    if (session?.fingerprint && owner) owners.set(session.fingerprint, owner);
    const noted = notes.some(
      ({ note, owner: writer }) => writer !== reader && response.text.includes(note),
    );
    const foreign = noted || owner !== reader || (session !== null && reader === undefined);
    reads += 1;
    if (foreign) foreignSeen += 1;
    observe(!foreign);
  }

  await forEachVisitor(visitors, async (visitor) => {
    for (let visit = 0; visit < visits; visit++) {
      const note = newNote();
      notes.push({ note, owner: visitor });
      const body = JSON.stringify({ note });
      inspect(await visitor.send("POST", "/api/session", { body }), visitor);
      inspect(await visitor.send("GET", "/api/session"), visitor);
      if (routes().page) inspect(await visitor.send("GET", "/"), visitor);
      inspect(await send("GET", "/api/session"));
    }
  });
  return { foreignSeen, reads };
});
