import { control, unanswered } from "./evidence.ts";
import type { Figures } from "./figures.ts";
import { percent } from "./format.ts";
import { each, type Visitor } from "./visitor.ts";

/** Figures of every script that asks what an event does to sessions. */
export const keptFigures = ["keptShare", "sessionsLost", "visitsFailed"] as const;
export type KeptFigures = Figures<(typeof keptFigures)[number]>;

export function keptHeadline({ keptShare, visitsFailed }: KeptFigures): string {
  const failed = visitsFailed ? `, ${visitsFailed} failed` : "";
  return `${percent(keptShare)} kept${failed}`;
}

export async function visitAll(visitors: readonly Visitor[], visits: number): Promise<void> {
  await each(visitors, async (visitor) => {
    for (let visit = 0; visit < visits; visit++) await visitor.visit();
  });
}

/** The control phase. Answers a function that says what has changed since. */
export async function before(visitors: readonly Visitor[], visits: number) {
  await control(() => visitAll(visitors, visits));
  const then = visitors.map(({ lost, errors }) => ({ lost, failed: errors.length }));

  return (): Required<KeptFigures> => {
    const lost = visitors.map((visitor, at) => visitor.lost - (then[at]?.lost ?? 0));
    const failed = visitors.map(({ errors }, at) => errors.length - (then[at]?.failed ?? 0));
    const sessionsLost = lost.filter((times) => times > 0).length;
    return {
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
