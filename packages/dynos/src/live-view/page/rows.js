import { onPress } from "./actions.js";
import { find, fromTemplate, write } from "./dom.js";
import { counted, duration, megabytes, seconds } from "./figures.js";

/**
 * One dyno of an app.
 * @param {import("./types.d.ts").Dyno} dyno
 * @param {import("./types.d.ts").Act} act
 */
export function createDynoRow({ name, color }, act) {
  const element = fromTemplate("dyno");
  element.style.setProperty("--dyno", color);
  write(find(element, ".name"), name);
  const buttons = { Restarting: find(element, ".restart"), Killing: find(element, ".kill") };
  for (const [doing, button] of Object.entries(buttons)) {
    button.setAttribute("aria-label", `${button.textContent} ${name}`);
    onPress(button, () => act(`${doing} ${name}`, button.className, name));
  }
  /** @param {string} part @param {string} text */
  const set = (part, text) => write(find(element, `.${part}`), text);

  return {
    element,
    color,
    /** @param {import("./types.d.ts").Dyno} dyno */
    show(dyno) {
      element.dataset.state = dyno.state;
      set("state", `${dyno.leaving ? "stopping, " : ""}${dyno.state} ${duration(dyno.since)}`);
      set("boot", seconds(dyno.bootMs));
      set("memory", megabytes(dyno.memoryBytes));
      set("requests", counted(dyno.requests));
      set("found", counted(dyno.found));
      set("lost", counted(dyno.lost));
      set("failed", counted(dyno.failed));
      find(element, ".lost").classList.toggle("some", dyno.lost > 0);
      find(element, ".failed").classList.toggle("some", dyno.failed > 0);
    },
  };
}

/**
 * One add-on of an app.
 * @param {string} name
 * @param {import("./types.d.ts").Act} act
 */
export function createAddonRow(name, act) {
  const element = fromTemplate("addon");
  const button = find(element, "button");
  const runs = () => element.dataset.state === "available";
  write(find(element, ".name"), name);
  onPress(button, () =>
    runs()
      ? act(`Stopping ${name}`, "addonStop", name)
      : act(`Starting ${name}`, "addonStart", name),
  );

  return {
    element,
    /** @param {import("./types.d.ts").Addon} addon */
    show({ state }) {
      element.dataset.state = state;
      write(find(element, ".state"), state);
      write(button, runs() ? "Stop" : "Start");
      button.setAttribute("aria-label", `${button.textContent} ${name}`);
    },
  };
}
