import { createDots } from "./dots.js";

/**
 * @typedef {{ name: string, type: string, state: string, since: string, bootMs?: number, memoryBytes?: number,
 *   requests: number, found: number, lost: number, failed: number, color: string }} Dyno
 * @typedef {{ name: string, plan: string, state: string }} Addon
 * @typedef {{ dyno: string, status: number, session?: string }} Flown
 * @typedef {{ name: string, httpsUrl: string, affinity: boolean, dynos: Dyno[], addons: Addon[],
 *   flown: Flown[], flownCount: number }} AppState
 */

const count = new Intl.NumberFormat("en");

/** @template {Element} [T=HTMLElement] @param {ParentNode} from @param {string} selector */
const find = (from, selector) => /** @type {T} */ (from.querySelector(selector));

/** @param {string} id */
const fromTemplate = (id) => {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  return /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
};

/** Writes only what has changed, so that a page that is left open costs nothing.
 * @param {Element} element @param {string} text */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** The card of one app. @param {string} name */
export function createCard(name) {
  const element = fromTemplate("app");
  const list = find(element, ".dynos");
  const addons = find(element, ".addons");
  const trouble = find(element, ".trouble");
  const affinity = find(element, ".affinity");
  const dots = createDots(find(element, ".flow"));
  /** @type {Map<string, HTMLElement>} */
  const rows = new Map();
  /** @type {Map<string, HTMLElement>} */
  const chips = new Map();
  let web = 0;

  /** @param {HTMLElement} button @param {() => { verb: string, parameter?: unknown }} what */
  function onClick(button, what) {
    button.addEventListener("click", async () => {
      button.setAttribute("aria-busy", "true");
      const body = JSON.stringify({ app: name, ...what() });
      const answer = await fetch("act", { method: "POST", body })
        .then((response) => response.json())
        .catch(() => ({ error: "The command that serves this page does not answer." }));
      write(trouble, answer.error ?? "");
      button.removeAttribute("aria-busy");
    });
  }

  write(find(element, "h2"), name);
  onClick(affinity, () => ({
    verb: "setAffinity",
    parameter: affinity.getAttribute("aria-checked") !== "true",
  }));
  onClick(find(element, ".fewer"), () => ({
    verb: "scale",
    parameter: { web: Math.max(web - 1, 0) },
  }));
  onClick(find(element, ".more"), () => ({ verb: "scale", parameter: { web: web + 1 } }));
  onClick(find(element, ".tools .restart"), () => ({ verb: "restart" }));
  onClick(find(element, ".tools .cycle"), () => ({ verb: "cycle" }));

  /** @param {Dyno} dyno */
  function rowOf(dyno) {
    const known = rows.get(dyno.name);
    if (known) return known;
    const row = fromTemplate("dyno");
    row.style.setProperty("--dyno", dyno.color);
    write(find(row, ".name"), dyno.name);
    for (const verb of ["restart", "kill"]) {
      const button = find(row, `.${verb}`);
      button.setAttribute("aria-label", `${button.textContent} ${dyno.name}`);
      onClick(button, () => ({ verb, parameter: dyno.name }));
    }
    rows.set(dyno.name, row);
    list.append(row);
    return row;
  }

  /** @param {Addon} addon */
  function chipOf(addon) {
    const known = chips.get(addon.name);
    if (known) return known;
    const chip = fromTemplate("addon");
    onClick(find(chip, "button"), () => ({
      verb: chip.dataset.state === "available" ? "addonStop" : "addonStart",
      parameter: addon.name,
    }));
    chips.set(addon.name, chip);
    addons.append(chip);
    return chip;
  }

  return {
    element,
    /** @param {AppState} state */
    show(state) {
      web = state.dynos.filter(({ type }) => type === "web").length;
      write(find(element, "output"), web === 1 ? "1 dyno" : `${web} dynos`);
      affinity.setAttribute("aria-checked", String(state.affinity));
      find(element, ".visit").setAttribute("href", state.httpsUrl);
      for (const dyno of state.dynos) {
        const row = rowOf(dyno);
        row.dataset.state = dyno.state;
        write(find(row, ".state"), stateOf(dyno));
        write(find(row, ".figures"), figuresOf(dyno));
      }
      for (const [gone, row] of rows) {
        if (state.dynos.some((dyno) => dyno.name === gone)) continue;
        row.remove();
        rows.delete(gone);
      }
      for (const addon of state.addons) {
        const chip = chipOf(addon);
        chip.dataset.state = addon.state;
        write(find(chip, ".state"), `${addon.name} is ${addon.state}`);
        write(find(chip, "button"), addon.state === "available" ? "Stop" : "Start");
        find(chip, "button").setAttribute(
          "aria-label",
          `${addon.state === "available" ? "Stop" : "Start"} ${addon.name}`,
        );
      }
      write(find(element, ".sessions"), sessionsOf(state.dynos));
      element.classList.toggle(
        "loses",
        state.dynos.some(({ lost }) => lost > 0),
      );
      dots.fly(state.flown, rows);
    },
  };
}

/** @param {Dyno} dyno */
function stateOf({ state, since, bootMs }) {
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(since)) / 1_000));
  const minutes = Math.floor(seconds / 60);
  const time =
    minutes >= 120 ? `${Math.floor(minutes / 60)} h` : minutes ? `${minutes} min` : `${seconds} s`;
  const boot = state === "up" && bootMs ? `, booted in ${(bootMs / 1_000).toFixed(1)} s` : "";
  return `${state} for ${time}${boot}`;
}

/** @param {Dyno} dyno */
function figuresOf({ memoryBytes, requests, found, lost, failed }) {
  const figures = [`${count.format(requests)} ${requests === 1 ? "request" : "requests"}`];
  if (memoryBytes) figures.unshift(`${Math.round(memoryBytes / 2 ** 20)} MB`);
  if (found || lost) figures.push(`${count.format(found)} found`, `${count.format(lost)} lost`);
  if (failed) figures.push(`${count.format(failed)} failed`);
  return figures.join(" · ");
}

/** @param {Dyno[]} dynos */
function sessionsOf(dynos) {
  const found = dynos.reduce((sum, dyno) => sum + dyno.found, 0);
  const lost = dynos.reduce((sum, dyno) => sum + dyno.lost, 0);
  if (found + lost === 0) return "No request has brought a session yet.";
  const share = (100 * found) / (found + lost);
  return `Sessions: ${count.format(found)} found, ${count.format(lost)} lost (${share.toFixed(lost ? 1 : 0)} % found)`;
}
