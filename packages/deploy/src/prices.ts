import { PRICES_AS_OF, serviceOf } from "@repo/addons";

/** Dollars a month by dyno size, at Heroku's list prices. Heroku charges by the second, and not more than this. */
const DYNO_PRICES: Record<string, number> = { "standard-1x": 25 };

export const pricesAsOf = PRICES_AS_OF;

const hoursPerMonth = 30 * 24;

interface Manifest {
  formation: Record<string, { quantity: number; size: string }>;
  addons?: { plan: string }[];
}

/** What an app costs as its manifest creates it. */
export function price({ formation, addons = [] }: Manifest): { month: number; hour: number } {
  const dynos = Object.values(formation).map(({ quantity, size }) => quantity * of(size));
  const month = [...dynos, ...addons.map(({ plan }) => of(plan))].reduce((sum, each) => sum + each);
  return { month, hour: month / hoursPerMonth };
}

function of(plan: string): number {
  const dollars = DYNO_PRICES[plan] ?? serviceOf(plan)?.prices[plan];
  if (dollars === undefined)
    throw new Error(
      `[deploy] No price for \`${plan}\`. Add it to its file in packages/addons/src, or to prices.ts.`,
    );
  return dollars;
}
