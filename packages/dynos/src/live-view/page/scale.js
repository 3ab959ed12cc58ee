import { find, write } from "./dom.js";

/** As many as the server takes. */
const MOST = 16;
/** Two presses in a row are one wish. */
const SETTLE_MS = 250;

/**
 * Plus and minus. Several presses while dynos boot add up; the app is asked for the last number once it is free.
 * @param {HTMLElement} card
 * @param {import("./types.d.ts").Act} act
 */
export function createScale(card, act) {
  const output = find(card, ".scale output");
  const [fewer, more] = [find(card, ".fewer"), find(card, ".more")];
  let actual = 0;
  /** @type {number | undefined} */
  let wanted;
  let busy = false;

  /** @param {number} change */
  async function change(change) {
    wanted = Math.min(Math.max((wanted ?? actual) + change, 0), MOST);
    show();
    if (busy) return;
    busy = true;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    /** @type {number | undefined} */
    let asked;
    while (asked !== wanted) {
      asked = wanted;
      await act(`Scaling to ${dynos(asked)}`, "scale", { web: asked });
    }
    busy = false;
    // What is there now is told by the next state.
    wanted = undefined;
  }
  fewer.addEventListener("click", () => void change(-1));
  more.addEventListener("click", () => void change(1));

  function show() {
    const number = wanted ?? actual;
    write(output, dynos(number));
    output.classList.toggle("wanted", wanted !== undefined);
    fewer.setAttribute("aria-disabled", String(number <= 0));
    more.setAttribute("aria-disabled", String(number >= MOST));
  }

  /** @param {number} web */
  return (web) => {
    actual = web;
    show();
  };
}

/** @param {number} number */
const dynos = (number) => (number === 1 ? "1 dyno" : `${number} dynos`);
