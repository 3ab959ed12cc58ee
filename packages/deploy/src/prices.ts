/** Dollars a month, as Heroku and its partners list them. Heroku charges by the second and for no more than this. */
const dollarsPerMonth: Record<string, number> = {
  "standard-1x": 25,
  "heroku-postgresql:essential-0": 5,
  "heroku-redis:mini": 3,
  "memcachier:dev": 0,
};

export const pricesAsOf = "November 2026";

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
  const dollars = dollarsPerMonth[plan];
  if (dollars === undefined)
    throw new Error(`[deploy] No price for \`${plan}\`. Add it to prices.ts.`);
  return dollars;
}
