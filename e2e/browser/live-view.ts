import type { Locator, Page } from "@playwright/test";
import { type App, type LiveView, serveLiveView } from "@repo/dynos";
import { newVisitor } from "../http/visitor.ts";
import { test as withApps } from "./apps.ts";

export { expect } from "./apps.ts";

/** With a live view of both apps; afterwards they are as they were. */
export const test = withApps.extend<{ view: LiveView }>({
  view: async ({ db, file }, use) => {
    const view = await serveLiveView();
    await use(view);
    view.close();
    for (const app of [db, file]) {
      await app.setAffinity(false);
      await app.scale({ web: 3 });
      for (const { name } of app.addons()) await app.addonStart(name);
    }
  },
});

/** The card of an app, and its dynos that are up. */
export function cardOf(page: Page, { name }: App): { card: Locator; up: Locator } {
  const card = page.getByRole("region", { name });
  return { card, up: card.locator(".dynos > [data-state=up]") };
}

/** A visitor of this app alone, who comes back so many times. (All apps on localhost would share their cookies.) */
export function visitorOf({ httpsUrl }: App) {
  const visitor = newVisitor(httpsUrl);
  return async (times: number) => {
    for (let visit = 0; visit < times; visit++) await visitor.visit();
  };
}
