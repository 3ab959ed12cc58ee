import { onPress } from "./actions.js";
import { find, fromTemplate, write } from "./dom.js";

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
