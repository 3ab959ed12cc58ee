import { EndOfJourney } from "./end-of-journey.ts";
import { control, unanswered } from "./evidence.ts";
import { percent } from "./format.ts";
import type { Figures } from "./question.ts";
import { share } from "./verdict.ts";
import { each, type Visitor } from "./visitor.ts";

/** Figures of every script that asks what an event does to sessions. */
export const keptFigures = ["foundBefore", "keptShare", "sessionsLost", "visitsFailed"] as const;
export type KeptFigures = Figures<(typeof keptFigures)[number]>;

export function keptHeadline({ foundBefore, keptShare, visitsFailed }: KeptFigures): string {
  if (foundBefore === undefined) return "";
  if (keptShare === undefined) return `${percent(foundBefore)} found before`;
  const failed = visitsFailed ? `, ${visitsFailed} failed` : "";
  return `${percent(keptShare)} kept${failed}`;
}

export async function visitAll(visitors: readonly Visitor[], visits: number): Promise<void> {
  await each(visitors, async (visitor) => {
    for (let visit = 0; visit < visits; visit++) await visitor.visit();
  });
}

/**
 * The control phase. Answers a function that says what has changed since. Where sessions are lost already,
 * the journey ends: no event could be blamed.
 */
export async function before(visitors: readonly Visitor[], visits: number) {
  await control(() => visitAll(visitors, visits));
  const found = visitors.reduce((sum, visitor) => sum + visitor.found, 0);
  const lost = visitors.reduce((sum, visitor) => sum + visitor.lost, 0);
  const foundBefore = share({ yes: found, no: lost });
  if (lost > 0) throw new EndOfJourney({ foundBefore });
  const then = visitors.map(({ errors }) => errors.length);

  return (): Required<KeptFigures> => {
    const failed = visitors.map(({ errors }, at) => errors.length - (then[at] ?? 0));
    const sessionsLost = visitors.filter((visitor) => visitor.lost > 0).length;
    return {
      foundBefore,
      keptShare: 1 - sessionsLost / visitors.length,
      sessionsLost,
      visitsFailed: failed.reduce((sum, times) => sum + times, 0),
    };
  };
}

/** What follows an event. Silence is no proof that sessions were kept, so it is told to the verdict. */
export async function after(visitors: readonly Visitor[], visits: number): Promise<void> {
  const answeredBefore = visitors.map(({ found, lost }) => found + lost);
  await visitAll(visitors, visits);
  for (const [at, { found, lost }] of visitors.entries())
    if (found + lost === answeredBefore[at]) unanswered();
}
