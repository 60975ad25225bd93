// The few things that everything here needs of the document. Nothing touches it at import.

/** @import { Intents } from "./intents" */

const SVG = "http://www.w3.org/2000/svg";

/**
 * The one element that matches; throws when there is none, since that is a mistake in these pages.
 * @template {string} S a tag, or any selector
 * @param {ParentNode} parent
 * @param {S} selector
 * @returns {S extends keyof HTMLElementTagNameMap ? HTMLElementTagNameMap[S] : HTMLElement}
 */
export function find(parent, selector) {
  const found = parent.querySelector(selector);
  if (!found) throw new Error(`nothing matches ${selector}`);
  return /** @type {any} */ (found);
}

/**
 * Makes an element. Attributes that are null or false are left out, true ones are empty.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean | null>} [attributes]
 * @param {...(Node | string | null)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) setAttribute(node, name, value);
  node.append(...children.filter((child) => child !== null));
  return node;
}

/**
 * @param {Element} node
 * @param {string} name
 * @param {string | number | boolean | null} value null and false take it away
 */
export function setAttribute(node, name, value) {
  if (value === null || value === false) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? "" : String(value));
}

/**
 * Says of a control whether it does nothing for now: clicks reach none of its listeners while it is off. It is not
 * `disabled`: one that has the focus would lose it.
 * @param {HTMLElement} control
 * @param {boolean} off
 */
export function turnOff(control, off) {
  control.setAttribute("aria-disabled", String(off));
  // The same listener is added once. In the capture phase it comes before all others.
  control.addEventListener("click", stopWhileOff, { capture: true });
}

/** @param {Event} event */
function stopWhileOff(event) {
  if (event.currentTarget instanceof HTMLElement && isOff(event.currentTarget)) event.stopImmediatePropagation();
}

/** @param {HTMLElement} control */
export const isOff = (control) => control.getAttribute("aria-disabled") === "true";

/**
 * One of the symbols that index.html defines. It is never read out: its button has a name.
 * @param {string} name
 */
export function icon(name) {
  const svg = svgEl("svg", { class: "icon", "aria-hidden": "true" });
  svg.append(svgEl("use", { href: `#i-${name}` }));
  return svg;
}

/**
 * @param {SVGSVGElement | SVGElement} svg made by `icon`
 * @param {string} name
 */
export function setIcon(svg, name) {
  const use = svg.firstElementChild;
  const href = `#i-${name}`;
  // What it refers to is copied anew whenever it is set.
  if (use?.getAttribute("href") !== href) use?.setAttribute("href", href);
}

/**
 * @template {keyof SVGElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number>} attributes
 * @returns {SVGElementTagNameMap[T]}
 */
export function svgEl(tag, attributes) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  return node;
}

/** The loop of thread that stands over words where there is nothing else to see. */
export function knot() {
  const svg = svgEl("svg", { class: "knot", viewBox: "0 0 160 64", "aria-hidden": "true" });
  svg.append(svgEl("path", { d: "M2 44C34 44 36 18 68 18c22 0 26 28 12 28s-10-28 12-28c32 0 34 26 66 26" }));
  return svg;
}

/**
 * A button with an icon, a name for voices and a tooltip; `label` shows words beside the icon.
 * @param {string} iconName
 * @param {string} name
 * @param {Record<string, string | number | boolean | null>} [attributes]
 * @param {boolean} [label]
 */
export function button(iconName, name, attributes = {}, label = false) {
  const naming = label ? {} : { "aria-label": name, title: name };
  return el(
    "button",
    { type: "button", ...naming, ...attributes },
    icon(iconName),
    label ? el("span", {}, name) : null,
  );
}

/**
 * Asks for something; whoever answers listens above.
 * @template {keyof Intents} K
 * @param {EventTarget} from
 * @param {K} name
 * @param {Intents[K]} detail
 */
export const send = (from, name, detail) =>
  from.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));

/**
 * Says something to those who listen rather than look.
 * @param {string} words
 */
export function announce(words) {
  const region = find(document, "#announcer");
  region.textContent = "";
  // An empty moment makes a voice repeat the same words.
  setTimeout(() => {
    region.textContent = words;
  }, 50);
}

/**
 * Makes the children of `parent` those of `items`, in order: a node lives as long as its key is
 * there, new ones are made, and those that already stand in the right order are not touched.
 * @template T
 * @template {ChildNode} N
 * @param {Node} parent has no other children
 * @param {readonly T[]} items
 * @param {{ nodes: Map<unknown, N>, key: (item: T) => unknown, make: (item: T) => N, update: (node: N, item: T, index: number) => void }} how
 *   `nodes` remembers the children between calls
 */
export function patch(parent, items, { nodes, key, make, update }) {
  const wanted = new Set(items.map(key));
  for (const [old, node] of nodes) {
    if (wanted.has(old)) continue;
    node.remove();
    nodes.delete(old);
  }
  let next = parent.firstChild;
  items.forEach((item, index) => {
    const node = nodes.get(key(item)) ?? make(item);
    nodes.set(key(item), node);
    update(node, item, index);
    if (node === next) next = node.nextSibling;
    else parent.insertBefore(node, next);
  });
}
