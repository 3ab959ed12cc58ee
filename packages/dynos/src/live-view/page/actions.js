import { find, write } from "./dom.js";

/**
 * What the buttons of one card do: says what is going on until its effect is complete, and what went wrong.
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
 * While its work goes on a button keeps the focus and does nothing more.
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
