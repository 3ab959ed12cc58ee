/** Markup that is safe to put into a page: `html` makes it, and escapes everything else. */
export interface Html {
  readonly markup: string;
}

type Part = Html | string | number | false | null | undefined | Part[];

/** html`<p>${text}</p>`: text is escaped, other markup and lists of it go in as they are. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  const rest = parts.map((part, index) => markupOf(part) + (strings[index + 1] ?? ""));
  return { markup: (strings[0] ?? "") + rest.join("") };
}

function markupOf(part: Part): string {
  if (part === null || part === undefined || part === false) return "";
  if (Array.isArray(part)) return part.map(markupOf).join("");
  return typeof part === "object" ? part.markup : escapeHtml(String(part));
}

const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** A number and its unit stay on one line: "34 %", "1.4 ×". */
function escapeHtml(text: string): string {
  const escaped = text.replace(/[&<>"]/g, (character) => entities[character] ?? character);
  return escaped.replace(/(\d) (?=[%×])/g, "$1\u00a0");
}
