// One tab stop for a list of rows, moved with the arrow keys, that never loses the focus: when the
// focused row goes, the row that took its place gets it; when rows change places, it stays.

import { step } from "../keys.js";

/**
 * The attributes of a control of a row: it is reached with the arrow keys.
 * @param {string} name the same in every row, so that ↑ and ↓ keep to it
 */
export const stop = (name) => ({ tabindex: -1, "data-stop": name });

/** Rows are the children of `list`; their controls are those made with `stop`. */
export class Roving {
  #list;
  #fallback;
  /** @type {Element | null} */
  #current = null;

  /**
   * @param {HTMLElement} list
   * @param {AbortSignal} signal
   * @param {() => HTMLElement} fallback what gets the focus when the last row goes
   */
  constructor(list, signal, fallback) {
    this.#list = list;
    this.#fallback = fallback;
    list.addEventListener("focusin", ({ target }) => this.#settle(this.#rowOf(target)), { signal });
    list.addEventListener("keydown", (event) => this.#onKey(event), { signal });
  }

  /**
   * Runs a change of the rows; afterwards the focus is where it was, or next to it.
   * @param {() => void} change
   */
  keep(change) {
    const held = document.activeElement;
    const row = held && this.#rowOf(held);
    const index = row ? this.#rows.indexOf(row) : this.#index;
    const byKeyboard = held?.matches(":focus-visible") ?? false;
    change();
    const rows = this.#rows;
    if (!this.#current?.isConnected)
      this.#settle(rows[Math.min(Math.max(index, 0), rows.length - 1)] ?? null);
    else this.#settle(this.#current);
    if (!row || !(held instanceof HTMLElement)) return;
    if (!row.isConnected) this.#focus(this.#current, held.dataset["stop"]);
    else if (document.activeElement !== held) held.focus({ preventScroll: true });
    if (byKeyboard) document.activeElement?.scrollIntoView({ block: "nearest" });
  }

  /** Moves the focus into the list. */
  enter() {
    this.#focus(this.#current ?? this.#rows[0] ?? null);
  }

  get #rows() {
    return [...this.#list.children];
  }

  get #index() {
    return this.#current ? this.#rows.indexOf(this.#current) : -1;
  }

  /** @param {EventTarget | null} target */
  #rowOf(target) {
    return this.#rows.find((row) => target instanceof Node && row.contains(target)) ?? null;
  }

  /**
   * Gives the controls of `row` the tab stop.
   * @param {Element | null} row
   */
  #settle(row) {
    if (this.#current && this.#current !== row)
      stops(this.#current).forEach((stop) => {
        stop.tabIndex = -1;
      });
    this.#current = row;
    if (row)
      stops(row).forEach((stop) => {
        stop.tabIndex = 0;
      });
  }

  /**
   * @param {Element | null} row
   * @param {string} [name] the control to prefer
   */
  #focus(row, name) {
    const controls = row ? stops(row) : [];
    const control = controls.find((stop) => stop.dataset["stop"] === name) ?? controls[0];
    (control ?? this.#fallback()).focus();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const row = this.#rowOf(event.target);
    if (!row) return;
    const rows = this.#rows;
    const to = step(event, rows.indexOf(row), rows.length);
    const name = event.target instanceof HTMLElement ? event.target.dataset["stop"] : undefined;
    if (to !== null) this.#focus(rows[to] ?? null, name);
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const controls = stops(row);
      const at = controls.findIndex((stop) => stop === event.target);
      controls[at + (event.key === "ArrowLeft" ? -1 : 1)]?.focus();
    } else return;
    event.preventDefault();
  }
}

/**
 * The controls of a row.
 * @param {Element} row
 * @returns {HTMLElement[]}
 */
export const stops = (row) =>
  [...row.querySelectorAll("[data-stop]")].filter((stop) => stop instanceof HTMLElement);
