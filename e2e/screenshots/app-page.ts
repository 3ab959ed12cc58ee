import type { App } from "@repo/dynos";
import type { Show } from "./shoot.ts";

const MOST_PX = 880;

/** Twenty visits to the app that loses sessions: its strip says the most. */
export const showAppPage =
  ({ httpsUrl }: App): Show =>
  async (page) => {
    await page.goto(httpsUrl);
    await page.getByRole("button", { name: "Visit 20 times" }).click();
    await page.getByText(/^20 visits made/).waitFor();
    const box = await page.locator("body").boundingBox();
    return { height: Math.min(box?.height ?? MOST_PX, MOST_PX) };
  };
