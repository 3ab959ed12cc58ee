import type { Summary, Verdict } from "./result.ts";

const marks: Record<Verdict, string> = { works: "✓", breaks: "✗", "not tested": "–" };

/** The few lines that a run ends with. */
export function told(summary: Summary): string {
  const { verdict, reason, expected, asExpected, dynosSeen, affinity } = summary;
  const of = summary.app ? ` ${summary.app},` : "";
  const dynos = `${dynosSeen} dyno${dynosSeen === 1 ? "" : "s"} at one time`;
  const lines = [
    `${marks[verdict]} ${verdict}${reason ? `: ${reason}` : ""}`,
    `  ${summary.question}`,
    ` ${of} ${dynos}, ${summary.requests} requests, ${summary.failedRequests} failed`,
  ];
  if (summary.headline) lines.push(`  ${summary.headline}`);
  if (affinity)
    lines.push("  Visitors stick to a dyno (session affinity): that hides what is being asked.");
  lines.push(asExpected ? "  as expected" : `  expected was: ${expected}`);
  return `${lines.join("\n")}\n`;
}
