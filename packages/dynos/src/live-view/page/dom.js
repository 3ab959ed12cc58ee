/**
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} from
 * @param {string} selector
 */
export const find = (from, selector) => /** @type {T} */ (from.querySelector(selector));

/** @param {string} id */
export function fromTemplate(id) {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById(id));
  return /** @type {HTMLElement} */ (template.content.firstElementChild?.cloneNode(true));
}

/**
 * Writes only what has changed, so that a page that is left open costs nothing.
 * @param {Element} element
 * @param {string} text
 */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
