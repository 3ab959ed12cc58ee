import type { AppResult, Figure, Verdict } from "./results.ts";

/** Scenarios in which a session is kept or lost, and how to say where. */
const places: [scenario: string, place: string][] = [
  ["continuity", "from dyno to dyno"],
  ["sign-in", "through sign-in"],
  ["restart", "through a restart of the dynos"],
  ["scale", "through scaling"],
  ["deploy", "through deploys"],
  ["store-restart", "through a restart of the store"],
];

/** Scenarios that are a clause of their own. */
const clauses: Record<string, Partial<Record<Verdict, string>>> = {
  "sign-out": {
    works: "a sign-out is final",
    breaks: "a copied cookie outlives the sign-out",
  },
  parallel: { works: "parallel writes all count", breaks: "parallel writes get lost" },
  size: { breaks: "a session does not hold what is declared" },
  isolation: { breaks: "visitors saw somebody else's session" },
};

/** One sentence on what was found out about an app, made of its verdicts and figures alone. */
export function sentenceOf(app: AppResult): string {
  const kept = where(app, "works");
  const lost = where(app, "breaks");
  const parts = [
    kept && `${app.affinity ? "with each visitor stuck to a dyno " : ""}sessions hold ${kept}`,
    lost && `${kept ? "they" : "sessions"} get lost ${lost}`,
    ...Object.entries(clauses).map(([scenario, says]) => {
      const verdict = app.scenarios[scenario]?.verdict;
      return verdict ? says[verdict] : undefined;
    }),
    sizeOf(app),
    costOf(app),
  ].filter((part) => part !== undefined);
  if (parts.length > 0) return `${capital(parts.join("; "))}.`;
  const reason = app.error ?? Object.values(app.scenarios).find((result) => result.reason)?.reason;
  return `Nothing was found out${reason ? `: ${reason.replace(/\.$/, "")}` : ""}.`;
}

function where(app: AppResult, verdict: Verdict): string | undefined {
  const found = places.filter(([scenario]) => app.scenarios[scenario]?.verdict === verdict);
  if (found.length > 0) return list(found.map(([, place]) => place));
}

function sizeOf({ scenarios }: AppResult): string | undefined {
  const bytes = scenarios.size?.figures.bytesKept;
  if (scenarios.size?.verdict !== "works" || !isNumber(bytes)) return undefined;
  return `a session holds ${bytes.toLocaleString("en-US")} bytes`;
}

function costOf(app: AppResult): string | undefined {
  const figures = app.scenarios.cost?.figures;
  const [read, write] = [figures?.readRatio, figures?.writeRatio];
  if (!isNumber(read) || !isNumber(write)) return undefined;
  return `reading costs ${times(read)} a plain request, writing ${times(write)}`;
}

const isNumber = (figure: Figure | undefined): figure is number => typeof figure === "number";
const times = (ratio: number) => `${ratio.toFixed(1)} ×`;
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** "a, b and c". A repeated first word is said once: "through sign-in, scaling and deploys". */
function list(items: string[]): string {
  const said = items.map((item, index) => {
    const word = item.split(" ", 1)[0] ?? "";
    return items[index - 1]?.startsWith(`${word} `) ? item.slice(word.length + 1) : item;
  });
  const last = said.pop() ?? "";
  return said.length > 0 ? `${said.join(", ")} and ${last}` : last;
}
