import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readPeerTables } from "../peers/table.ts";
import type { Results } from "../results.ts";
import { answer } from "./answer.ts";
import { cost } from "./cost.ts";
import { type Html, html } from "./markup.ts";
import { method } from "./method.ts";
import { peersSection } from "./peers.ts";
import { questionList } from "./questions.ts";
import { strips } from "./strips.ts";
import { tableSection } from "./table.ts";

/** The whole report as one page that needs no network, script or other file. */
export function htmlReport(results: Results): string {
  const style: Html = { markup: readFileSync(join(import.meta.dirname, "style.css"), "utf8") };
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Do sessions work across dynos? Measured ${results.startedAt.slice(0, 10)}</title>
<style>${style}</style>
</head>
<body>
<main>
${answer(results)}
${strips(results)}
${tableSection(results)}
${peersSection(readPeerTables())}
${cost(results)}
${questionList(results)}
${method(results)}
</main>
</body>
</html>
`;
  return page.markup;
}
