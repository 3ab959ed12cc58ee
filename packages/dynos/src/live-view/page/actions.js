import { find, write } from "./dom.js";

/**
 * Runs the actions of one card: shows what is being done until its effect is complete, and what went wrong.
 * @param {HTMLElement} card
 * @param {string} app
 * @returns {import("./types.d.ts").Act}
 */
export function createAct(card, app) {
  const doing = find(card, ".doing");
  const trouble = find(card, ".trouble");
  /** @type {Set<{ text: string }>} */
  const going = new Set();
  const show = () => write(doing, [...going].map(({ text }) => `${text}…`).join(" "));

  return async (text, verb, parameter) => {
    const one = { text };
    going.add(one);
    show();
    write(trouble, "");
    const answer = await fetch("act", {
      method: "POST",
      body: JSON.stringify({ app, verb, parameter }),
    })
      .then((response) => response.json())
      .catch(() => ({ error: "The command that serves this page does not answer." }));
    going.delete(one);
    show();
    if (answer.error) write(trouble, answer.error);
  };
}

/**
 * A button that is busy keeps the focus and ignores further presses.
 * @param {HTMLElement} button
 * @param {() => Promise<void>} work
 */
export function onPress(button, work) {
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    button.setAttribute("aria-disabled", "true");
    button.setAttribute("aria-busy", "true");
    await work();
    button.removeAttribute("aria-disabled");
    button.removeAttribute("aria-busy");
  });
}

/** The server's limit. */
const MAX_DYNOS = 16;
/** Presses within this time make one request. */
const SETTLE_MS = 250;

/**
 * Plus and minus. Several presses while dynos boot add up; the app gets the last number once it is free.
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
    wanted = Math.min(Math.max((wanted ?? actual) + change, 0), MAX_DYNOS);
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
    // The next state says what there is now.
    wanted = undefined;
  }
  fewer.addEventListener("click", () => void change(-1));
  more.addEventListener("click", () => void change(1));

  function show() {
    const number = wanted ?? actual;
    write(output, dynos(number));
    output.classList.toggle("wanted", wanted !== undefined);
    fewer.setAttribute("aria-disabled", String(number <= 0));
    more.setAttribute("aria-disabled", String(number >= MAX_DYNOS));
  }

  /** @param {number} web */
  return (web) => {
    actual = web;
    show();
  };
}

/** @param {number} number */
const dynos = (number) => (number === 1 ? "1 dyno" : `${number} dynos`);
