import { createAct, createScale, onPress } from "./actions.js";
import { find, fromTemplate, write } from "./dom.js";
import { countsOf, createRate, shareOf } from "./figures.js";
import { createDots, createWires } from "./flow.js";
import { createAddonRow, createDynoRow } from "./rows.js";
import { createStrip } from "./strip.js";

/** The card of one app. @param {string} name */
export function createCard(name) {
  const element = fromTemplate("app");
  const act = createAct(element, name);
  const [dynoList, addonList] = [find(element, ".dynos"), find(element, ".addons")];
  const affinity = find(element, ".affinity");
  /** @type {Map<string, ReturnType<typeof createDynoRow>>} */
  const rows = new Map();
  /** @type {Map<string, ReturnType<typeof createAddonRow>>} */
  const addons = new Map();
  const flow = find(element, ".flow");
  const wires = createWires(flow, rows);
  const dots = createDots(flow, rows);
  const strip = createStrip(find(element, ".strip"), rows);
  const scale = createScale(element, act);
  const rate = createRate(find(element, ".rate"));

  const heading = find(element, "h2");
  heading.id = `app-${name}`;
  element.setAttribute("aria-labelledby", heading.id);
  write(heading, name);
  find(element, ".visit").setAttribute("aria-label", `Open ${name}`);
  const isOn = () => affinity.getAttribute("aria-checked") === "true";
  onPress(affinity, () =>
    act(`Switching affinity ${isOn() ? "off" : "on"}`, "setAffinity", !isOn()),
  );
  onPress(find(element, ".tools .restart"), () => act("Restarting all dynos", "restart"));
  onPress(find(element, ".tools .cycle"), () =>
    act("Restarting one dyno after the other", "cycle"),
  );

  /** @param {import("./types.d.ts").Dyno} dyno */
  function rowOf(dyno) {
    const row = rows.get(dyno.name) ?? createDynoRow(dyno, act);
    if (!rows.has(dyno.name)) dynoList.append(row.element);
    rows.set(dyno.name, row);
    return row;
  }

  /** @param {string} addon */
  function addonOf(addon) {
    const row = addons.get(addon) ?? createAddonRow(addon, act);
    if (!addons.has(addon)) addonList.append(row.element);
    addons.set(addon, row);
    return row;
  }

  /** @param {readonly import("./types.d.ts").Dyno[]} dynos */
  function removeAllBut(dynos) {
    for (const [dyno, row] of rows) {
      if (dynos.some((each) => each.name === dyno)) continue;
      if (row.element.contains(document.activeElement)) find(element, ".more").focus();
      row.element.remove();
      rows.delete(dyno);
    }
  }

  return {
    element,
    /** @param {import("./types.d.ts").AppState} state */
    show({ dynos, total, ...state }) {
      find(element, ".visit").setAttribute("href", ownHost(state.httpsUrl, name));
      affinity.setAttribute("aria-checked", String(state.affinity));
      scale(dynos.filter((dyno) => dyno.type === "web" && dyno.state !== "stopping").length);
      for (const dyno of dynos) rowOf(dyno).show(dyno);
      removeAllBut(dynos);
      for (const addon of state.addons) addonOf(addon.name).show(addon);
      write(find(element, ".share"), shareOf(total));
      write(find(element, ".counts"), countsOf(total));
      element.classList.toggle("keeps", total.found > 0 && total.lost === 0);
      element.classList.toggle("loses", total.lost > 0);
      rate(state.recentCount);
      strip(state.recent);
      wires.draw();
      dots.draw(state.recent);
    },
    remove() {
      wires.stop();
      element.remove();
    },
  };
}

/**
 * The app's address with a host name for this app alone. Browsers send the cookies of a host to all its ports, so that
 * two apps on one name would overwrite each other's session cookie. Names below localhost are loopback (RFC 6761).
 * @param {string} httpsUrl @param {string} name
 */
function ownHost(httpsUrl, name) {
  return httpsUrl.replace("//localhost:", `//${name}.localhost:`);
}
