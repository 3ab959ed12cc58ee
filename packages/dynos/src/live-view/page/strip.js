const CELLS = 40;

/**
 * The last session outcomes, the newest on the right.
 * @param {HTMLElement} element
 * @param {ReadonlyMap<string, { color: string }>} rows
 */
export function createStrip(element, rows) {
  const cells = Array.from({ length: CELLS }, () => document.createElement("i"));
  element.append(...cells);
  /** @type {{ session?: string, color: string }[]} */
  let kept = [];

  /** @param {readonly import("./types.d.ts").RecentRequest[]} recent */
  return (recent) => {
    const news = recent.filter(({ session }) => session === "found" || session === "lost");
    if (news.length === 0) return;
    const colored = news.map(({ session, dyno }) => ({
      session,
      color: rows.get(dyno)?.color ?? "",
    }));
    kept = [...kept, ...colored].slice(-CELLS);
    kept.forEach(({ session = "", color }, at) => {
      const cell = /** @type {HTMLElement} */ (cells[CELLS - kept.length + at]);
      cell.className = session;
      cell.style.setProperty("--dyno", color);
    });
  };
}
