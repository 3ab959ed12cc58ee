// The live view: one card for each app that is up, fed by server-sent events.
import { createCard } from "./app-card.js";

const apps = /** @type {HTMLElement} */ (document.getElementById("apps"));
const notice = /** @type {HTMLElement} */ (document.getElementById("notice"));
/** @type {Map<string, ReturnType<typeof createCard>>} */
const cards = new Map();

/** @param {string} text */
function say(text) {
  if (notice.textContent !== text) notice.textContent = text;
}

function sayWhenEmpty() {
  say(cards.size ? "" : "No app is up. Start one: bin/dynos up apps/file-app");
}

const events = new EventSource("events");
events.addEventListener("app", ({ data }) => {
  const state = JSON.parse(data);
  let card = cards.get(state.name);
  if (!card) {
    card = createCard(state.name);
    cards.set(state.name, card);
    const next = [...cards.keys()].sort().find((name) => name > state.name);
    apps.insertBefore(card.element, next ? (cards.get(next)?.element ?? null) : null);
  }
  card.show(state);
  sayWhenEmpty();
});
events.addEventListener("gone", ({ data }) => {
  const name = JSON.parse(data);
  cards.get(name)?.element.remove();
  cards.delete(name);
  sayWhenEmpty();
});
events.addEventListener("open", sayWhenEmpty);
events.addEventListener("error", () => {
  for (const { element } of cards.values()) element.remove();
  cards.clear();
  say("The command that serves this page has ended, or is out of reach.");
});
