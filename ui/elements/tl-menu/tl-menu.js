// The one menu of the window, shown beside what it belongs to.

import { el, icon } from "../../dom.js";

/** @import { MenuItem } from "../../intents" */

/** Least distance to the edge of the window, in CSS pixels. */
const MARGIN = 8;

export class TlMenu extends HTMLElement {
  /** @type {HTMLElement | null} */
  #anchor = null;
  #fallback = /** @type {() => void} */ (() => undefined);
  #gone = new AbortController();

  connectedCallback() {
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    this.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    this.addEventListener(
      "focusout",
      ({ relatedTarget }) => {
        if (!(relatedTarget instanceof Node && this.contains(relatedTarget))) this.#hide();
      },
      { signal },
    );
    addEventListener("resize", () => this.#hide(), { signal });
    addEventListener(
      "pointerdown",
      ({ target }) => {
        if (!(target instanceof Node && this.contains(target))) this.#hide();
      },
      { signal, capture: true },
    );
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  /**
   * @param {HTMLElement} anchor gets the focus back
   * @param {readonly MenuItem[]} items
   * @param {() => void} fallback gives it to a place that is always there, when the anchor has gone
   */
  open(anchor, items, fallback) {
    this.#hide();
    this.#anchor = anchor;
    this.#fallback = fallback;
    this.replaceChildren(
      ...items.map(({ label, icon: name, testid, checked, choose }) => {
        const item = el(
          "button",
          {
            type: "button",
            role: checked === undefined ? "menuitem" : "menuitemradio",
            "aria-checked": checked === undefined ? null : String(checked),
            tabindex: -1,
            "data-testid": testid,
          },
          icon(name),
          el("span", {}, label),
        );
        item.addEventListener("click", () => {
          this.close();
          choose();
        });
        return item;
      }),
    );
    this.hidden = false;
    anchor.setAttribute("aria-expanded", "true");
    this.#place(anchor.getBoundingClientRect());
    (this.#items.find((item) => item.getAttribute("aria-checked") === "true") ?? this.#items[0])?.focus();
  }

  /** Closes it and gives the focus back. */
  close() {
    const anchor = this.#anchor;
    this.#hide();
    // What is hidden takes no focus.
    if (anchor?.getClientRects().length) anchor.focus();
    else this.#fallback();
  }

  #hide() {
    if (this.hidden) return;
    this.#anchor?.removeAttribute("aria-expanded");
    this.#anchor = null;
    this.hidden = true;
  }

  /** @param {DOMRect} by */
  #place(by) {
    const { offsetWidth, offsetHeight } = this;
    const below = by.bottom + 4 + offsetHeight <= innerHeight - MARGIN;
    const top = below ? by.bottom + 4 : Math.max(MARGIN, by.top - 4 - offsetHeight);
    this.style.setProperty("top", `${top}px`);
    this.style.setProperty("left", `${Math.max(MARGIN, by.right - offsetWidth)}px`);
  }

  get #items() {
    return [...this.querySelectorAll("button")];
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const items = this.#items;
    const at = items.findIndex((item) => item === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    event.stopPropagation();
    if (event.key === "Escape" || event.key === "Tab") this.close();
    else if (to !== undefined) items.at(to % items.length)?.focus();
    else return;
    event.preventDefault();
  }
}

customElements.define("tl-menu", TlMenu);
