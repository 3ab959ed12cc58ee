import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";

/**
 * What axe finds wrong on a page: each rule with the elements that break it.
 *
 * @param options.rules only these; without them, all that axe runs by default
 * @param options.exclude a selector of what is not asked
 */
export async function violationsOn(
  page: Page,
  { rules, exclude }: { rules?: string[]; exclude?: string } = {},
): Promise<[rule: string, elements: string[]][]> {
  const axe = new AxeBuilder({ page })
    // Otherwise it describes each element that is right, too. That and the blank page in which it would put the results
    // of several frames together (ours have one) took 80 % of the time on the report's 4,400 elements.
    .options({ resultTypes: ["violations"] })
    .setLegacyMode();
  if (rules) axe.withRules(rules);
  if (exclude) axe.exclude(exclude);
  const { violations } = await axe.analyze();
  return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}
