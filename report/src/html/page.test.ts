import { expect, it } from "vitest";
import { sampleApp, sampleResults, sampleScenario } from "../../test/sample.ts";
import { htmlReport } from "./page.ts";

const cost = sampleScenario({
  strip: [],
  figures: Object.fromEntries(
    ["plain", "read", "write"].flatMap((kind, index) => [
      [`${kind}P50Ms`, 2 + index],
      [`${kind}P95Ms`, 4 + index],
      [`${kind}P99Ms`, 8 + index],
    ]),
  ),
});
const app = sampleApp({ scenarios: { continuity: sampleScenario(), cost } });
const page = htmlReport(sampleResults([app]));

it("needs no network and no script", () => {
  expect(page).not.toMatch(/<script|<link|@import|url\(|<img|<iframe/i);
  const links = [...page.matchAll(/(?:href|src)="([^"]*)"/g)].map((match) => match[1] ?? "");
  expect(links.filter((link) => /^(?:[a-z]+:)?\/\//i.test(link))).toEqual([]);
});

it("gives the table its row and column headers", () => {
  expect(page).toContain('<th scope="col">db-app');
  expect(page).toContain('<th scope="row"><a href="#continuity">');
});

it("has a text for every picture", () => {
  const pictures = [...page.matchAll(/role="img" aria-label="([^"]*)"/g)].map((match) => match[1]);
  expect(pictures).toEqual([
    "db-app, one visitor: 4 requests, session lost once, 1 not answered. In order: web.1 new, web.3 found, web.2 lost, no dyno failed.",
    expect.stringContaining("db-app: no session 2.0 to 8.0, read 3.0 to 9.0, write 4.0 to 10.0"),
  ]);
});

it("answers the question in its first lines by what was measured", () => {
  const broken = sampleScenario({ verdict: "breaks" });
  const apps = [app, sampleApp({ name: "x-app", scenarios: { continuity: broken } })];
  expect(htmlReport(sampleResults(apps))).toContain(
    "<strong>db-app</strong> keeps sessions across dynos. <strong>x-app</strong> loses them.",
  );
});

it("does not claim anything where nothing was measured", () => {
  const untested = sampleScenario({ verdict: "not tested", reason: "one dyno only" });
  const lone = sampleApp({ scenarios: { continuity: untested } });
  const text = htmlReport(sampleResults([lone]));
  expect(text).toContain("This run has no answer");
  expect(text).toContain("db-app not tested: one dyno only");
});

it("flags what is not as expected, at its top and in its cell", () => {
  const wrong = sampleScenario({ verdict: "breaks", asExpected: false });
  const text = htmlReport(sampleResults([sampleApp({ scenarios: { continuity: wrong } })]));
  expect(text).toContain("measured “breaks”, declared “works”");
  expect(text).toContain('title="not as expected"');
});

it("escapes what apps and scripts say", () => {
  const scenario = sampleScenario({ headline: '<b>"x"</b> & y' });
  const text = htmlReport(sampleResults([sampleApp({ scenarios: { continuity: scenario } })]));
  expect(text).toContain("&lt;b&gt;&quot;x&quot;&lt;/b&gt; &amp; y");
});

it("shows all figures, shares in percent", () => {
  expect(page).toContain('<th scope="row">found share</th><td>100\u00a0%</td>');
  expect(page).toContain('<th scope="row">read p95 ms</th><td>5</td>');
});

it("links to k6's own files", () => {
  expect(page).toContain('href="db-app/continuity.json"');
  expect(page).toContain('href="results.json"');
});
