import { setTimeout as pause } from "node:timers/promises";
import { type App, serveLiveView } from "@repo/dynos";
import { newVisitor } from "../http/visitor.ts";
import type { Show } from "./shoot.ts";

const VISITORS = 5;
const BOTTOM_PX = 40;

/** Both apps side by side, with requests on their way. */
export const showLiveView =
  (apps: readonly App[]): Show =>
  async (page) => {
    const view = await serveLiveView();
    page.once("close", view.close);
    let over = false;
    const visiting = apps.flatMap(({ httpsUrl }) =>
      Array.from({ length: VISITORS }, async () => {
        const visitor = newVisitor(httpsUrl);
        while (!over) {
          await visitor.visit();
          await pause(50);
        }
      }),
    );
    await page.goto(view.url);
    await pause(5_000);
    // Stands still from here on: dots are on their way in every card, and stay there.
    await page.waitForFunction(() => {
      const cards = [...document.querySelectorAll(".app")];
      const flying = cards.every((card) => card.querySelectorAll(".dots > *").length > 7);
      if (flying) for (const animation of document.getAnimations()) animation.pause();
      return flying && cards.length > 1;
    });
    over = true;
    await Promise.all(visiting);
    const box = await page.locator("main").boundingBox();
    return { height: (box?.y ?? 0) + (box?.height ?? 0) + BOTTOM_PX };
  };
