// Does a visitor ever see another visitor's session?
//
//   k6 run -e BASE_URL=https://my-app-0123456789ab.herokuapp.com load/isolation.ts
//
// Every visitor writes a note, then all read at the same time, through the API and the page if there is one, among requests
// that bring no cookie. The history decides (packages/history): an answer is foreign if it has another visitor's session,
// note or user. There must be none for any strategy, even one that loses sessions.
//   VISITORS  visitors at the same time (12)
//   VISITS    how often each reads (6)
import { createScenario } from "./lib/create-scenario.ts";
import { judgeHistory } from "./lib/history.ts";
import { numberOption } from "./lib/options.ts";
import { send } from "./lib/visitors/http.ts";
import { routes } from "./lib/visitors/routes.ts";
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
  await forEachVisitor(visitors, async (visitor) => {
    for (let visit = 0; visit < visits; visit++) {
      await visitor.send("POST", "/api/session", { body: JSON.stringify({ note: newNote() }) });
      await visitor.send("GET", "/api/session");
      if (routes().page) await visitor.send("GET", "/");
      await send("GET", "/api/session");
    }
  });
  const { violations, operations } = judgeHistory(["private"]);
  return { foreignSeen: violations.length, reads: operations };
});
