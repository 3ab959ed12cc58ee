// The live view: one card for each app that is up, fed by server-sent events.
import { createCard } from "./app-card.js";
import { find, write } from "./dom.js";

const apps = find(document, "#apps");
const notice = find(document, "#notice");
/** @type {Map<string, ReturnType<typeof createCard>>} */
const cards = new Map();

function sayWhenEmpty() {
  write(notice, cards.size ? "" : "No app is up. Start one: bin/dynos up apps/file-app");
}

/** @param {string} name */
function addCard(name) {
  const card = createCard(name);
  cards.set(name, card);
  const next = [...cards.keys()].sort().find((other) => other > name);
  apps.insertBefore(card.element, (next && cards.get(next)?.element) || null);
  return card;
}

/** @param {string} name */
function removeCard(name) {
  cards.get(name)?.remove();
  cards.delete(name);
}

const events = new EventSource("events");
events.addEventListener("app", ({ data }) => {
  const state = JSON.parse(data);
  (cards.get(state.name) ?? addCard(state.name)).show(state);
  sayWhenEmpty();
});
events.addEventListener("gone", ({ data }) => {
  removeCard(JSON.parse(data));
  sayWhenEmpty();
});
events.addEventListener("open", sayWhenEmpty);
events.addEventListener("error", () => {
  for (const name of [...cards.keys()]) removeCard(name);
  write(notice, "The command that serves this page has ended, or is out of reach.");
});
