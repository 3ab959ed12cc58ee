import { hold } from "./evidence.ts";
import { send } from "./http.ts";
import { pause } from "./meanwhile.ts";

/** So many answers in a row that every one of a few dynos is among them. */
const inARow = 20;
const patienceSeconds = 60;

/** How long it takes until every dyno reaches its store again; not at all is a broken app. */
export async function secondsUntilReady(): Promise<number> {
  const began = Date.now();
  const seconds = () => (Date.now() - began) / 1000;
  let readySince: number | undefined;
  let row = 0;
  while (row < inARow && seconds() < patienceSeconds) {
    const at = seconds();
    const { status } = await send("GET", "/readyz", { accept: [503] });
    row = status === 200 ? row + 1 : 0;
    if (row === 0) await pause(50);
    if (row === 1) readySince = at;
  }
  hold(row >= inARow);
  return Math.round((readySince ?? seconds()) * 100) / 100;
}
