import { type Html, html } from "./html.ts";
import { answer } from "./page-answer.ts";
import { cost } from "./page-cost.ts";
import { css } from "./page-css.ts";
import { facts } from "./page-facts.ts";
import { questionList } from "./page-questions.ts";
import { strips } from "./page-strips.ts";
import { tableSection } from "./page-table.ts";
import type { Results } from "./results.ts";

/** The whole report as one page that needs no network, no script and no other file. */
export function htmlReport(results: Results): string {
  const style: Html = { markup: css };
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
${cost(results)}
${questionList(results)}
${facts(results)}
</main>
</body>
</html>
`;
  return page.markup;
}
