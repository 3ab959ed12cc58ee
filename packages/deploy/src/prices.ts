import { serviceOf } from "@repo/addons";

/** Dollars a month by dyno size. Heroku charges by the second, and not more than this. */
const DYNO_PRICES: Record<string, number> = { "standard-1x": 25 };
const DYNO_PRICES_FROM = "Heroku's CLI 11.10, November 2026";

/**
 * Says where each price is from, and from when.
 *
 * @param plans the add-ons' plans
 */
export function priceSources(plans: string[]): string {
  const sources = plans.flatMap((plan) => {
    const { name, pricesFrom } = serviceOf(plan) ?? {};
    return name && pricesFrom ? [`\`${name}\`: ${pricesFrom}`] : [];
  });
  return [`dynos: ${DYNO_PRICES_FROM}`, ...new Set(sources)].join("; ");
}

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
