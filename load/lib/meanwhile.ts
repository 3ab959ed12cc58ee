import { setTimeout } from "k6/timers";
import { each, type Visitor } from "./visitor.ts";

/** Seldom enough that a machine which is starting dynos has something left for them. */
const betweenVisitsMs = 400;

export function pause(ms: number): Promise<void> {
  return new Promise((done) => setTimeout(done, ms));
}

/** Visitors keep coming for as long as `work` takes. */
export async function meanwhile(
  visitors: readonly Visitor[],
  work: () => Promise<void>,
  visit: (visitor: Visitor) => Promise<unknown> = (visitor) => visitor.visit(),
): Promise<void> {
  let over = false;
  const visiting = each(visitors, async (visitor) => {
    while (!over) {
      await visit(visitor);
      await pause(betweenVisitsMs);
    }
  });
  try {
    await work();
  } finally {
    over = true;
    await visiting;
  }
}
