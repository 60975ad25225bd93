// A list of any length: only the rows on screen are in the document, and the ones that leave it are used
// again. It has one tab stop, moved with the keyboard, and never loses the focus: a row that is scrolled
// away keeps it; when the list changes, it goes with its row, or to the row that took its place.

import { step } from "../keys.js";
import { stops } from "./roving.js";
import { pageStep, reveal, span } from "./span.js";
import { aim, NOTHING, type } from "./typed.js";

/** How long nothing is scrolled, in ms, before the list is at rest. */
const REST = 200;

/** Frames that are waited for, at most, until a list that became longer can be scrolled to its end. */
const PATIENCE = 30;

/**
 * @template {HTMLElement} N
 * @typedef {object} How
 * @property {HTMLElement} list it has no other children; its sheet gives all rows one height, see base.css
 * @property {HTMLElement} scroll what is scrolled
 * @property {AbortSignal} signal
 * @property {() => N} make
 * @property {(node: N, index: number) => void} update shows row number `index` in a node; its controls are made with `stop`
 * @property {(index: number) => unknown} key what the row is, as long as it is that; null while it is not known
 * @property {(key: unknown) => number | null} find where the row is now
 * @property {(first: number, last: number) => void} look other rows are on screen
 * @property {((letters: string, from: number) => Promise<number | null | undefined>) | null} ahead finds a row by letters
 * @property {() => HTMLElement} fallback what gets the focus when the last row goes
 */

/** @template {HTMLElement} N */
export class LongList {
  #how;
  #total = 0;
  /** @type {Map<number, { node: N, key: unknown }>} the rows in the document, by number */
  #rows = new Map();
  /** The row with the tab stop. */
  #current = 0;
  /** Height of a row as it was measured last. */
  #row = 0;
  /** @type {N[]} nodes that no row has now */
  #spare = [];
  #seen = { first: 0, last: -1 };
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #resting;
  #typed = NOTHING;

  /** @param {How<N>} how */
  constructor(how) {
    this.#how = how;
    const { list, scroll, signal } = how;
    scroll.addEventListener("scroll", () => this.#draw(false), { signal, passive: true });
    list.addEventListener("focusin", ({ target }) => this.#settle(this.#indexOf(target)), { signal });
    list.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    const size = new ResizeObserver(() => this.#draw(false));
    size.observe(scroll);
    signal.addEventListener("abort", () => {
      size.disconnect();
      clearTimeout(this.#resting);
    });
  }

  /** Rows of the whole list. */
  get total() {
    return this.#total;
  }

  /** Those that are in the document. */
  get nodes() {
    return [...this.#rows.values()].map(({ node }) => node);
  }

  /**
   * Shows the list as it is now.
   * @param {number} total
   * @param {boolean} anew it is another list: it is seen from its top
   */
  show(total, anew) {
    const { list, scroll, fallback } = this.#how;
    const held = this.#focused;
    const name = stopName(held && document.activeElement);
    const { top, row } = this.#view;
    const pin = held ? this.#current : Math.max(0, Math.floor(top / row) || 0);
    const [pinned, current] = [this.#rows.get(pin)?.key, this.#rows.get(this.#current)?.key];
    this.#total = total;
    list.style.setProperty("--total", String(total));
    // What is looked at stays where it is, whatever comes and goes above it.
    if (anew) {
      scroll.scrollTop = 0;
      for (const row of this.#rows.values()) row.key = null;
    } else if (top > 0) scroll.scrollTop += (this.#place(pinned, pin) - pin) * row;
    this.#move(anew && !held ? 0 : this.#place(current, anew ? 0 : this.#current), held);
    this.#current = Math.max(0, Math.min(this.#current, total - 1));
    this.#draw(true);
    // The node of a row that went may be in use again for another one, and have the focus still.
    const kept = held?.contains(document.activeElement) && this.#rows.get(this.#current)?.node === held;
    if (!held || (kept && !anew)) return;
    if (total > 0) this.#focus(this.#current, name);
    else fallback().focus();
  }

  /** Moves the focus into the list. */
  enter() {
    this.#draw(false);
    if (this.#total > 0) this.#focus(this.#current, "");
  }

  get #view() {
    const { list, scroll } = this.#how;
    const there = list.getBoundingClientRect();
    return {
      top: scroll.getBoundingClientRect().top + scroll.clientTop - there.top,
      height: scroll.clientHeight,
      row: this.#height,
      total: this.#total,
    };
  }

  /** Height of a row, in px: measured by one, since the list as a whole may not have its new height yet. */
  get #height() {
    const { list, make } = this.#how;
    if (this.#total === 0) return 0;
    let [node] = this.nodes;
    if (!node) {
      node = make();
      list.append(node);
      this.#spare.push(node);
    }
    this.#row = node.getBoundingClientRect().height || this.#row;
    return this.#row;
  }

  /** The row with the focus, if one has it. */
  get #focused() {
    const node = this.#rows.get(this.#current)?.node;
    return node?.contains(document.activeElement) ? node : null;
  }

  /**
   * Where the row is now that was `index`.
   * @param {unknown} key what it is
   * @param {number} index
   */
  #place(key, index) {
    const { key: keyAt, find } = this.#how;
    return key === undefined || key === null || keyAt(index) === key ? index : (find(key) ?? index);
  }

  /**
   * Gives the tab stop to row `to`; the node that has the focus goes there with it.
   * @param {number} to
   * @param {N | null} held
   */
  #move(to, held) {
    if (to !== this.#current && held) {
      for (const { node } of this.#rows.values()) if (node !== held) this.#spare.push(node);
      this.#rows = new Map([[to, { node: held, key: null }]]);
    }
    this.#current = to;
  }

  /**
   * @param {boolean} all rows that are drawn already may be others now
   * @param {boolean} [bound] the focus is on its way to the row with the tab stop, which keeps that out of sight too
   */
  #draw(all, bound = false) {
    const { list, make, look } = this.#how;
    const view = this.#view;
    const { first, last } = span(view);
    const seen = span(view, 0);
    const away = this.#current < seen.first || this.#current > seen.last;
    if (away && !bound && !this.#focused && seen.last >= seen.first) this.#current = seen.first;
    /** @type {Set<number>} */
    const wanted = new Set();
    for (let index = first; index <= last; index += 1) wanted.add(index);
    if (this.#total > 0 && last >= first) wanted.add(this.#current);
    for (const [index, { node }] of this.#rows) {
      if (wanted.has(index)) continue;
      this.#rows.delete(index);
      this.#spare.push(node);
    }
    for (const index of wanted) {
      const there = this.#rows.get(index)?.node;
      const node = there ?? this.#spare.pop() ?? make();
      if (!there || all) this.#fill(node, index);
      if (!node.isConnected) list.append(node);
      if (!there) settle(node, index === this.#current);
    }
    for (const node of this.#spare.splice(0)) node.remove();
    clearTimeout(this.#resting);
    this.#resting = setTimeout(() => this.#order(), REST);
    this.#settle(this.#current);
    if (this.#seen.first === first && this.#seen.last === last) return;
    this.#seen = { first, last };
    // What comes of it is shown, and this is not yet.
    queueMicrotask(() => look(first, last));
  }

  /**
   * Puts the rows in the order in which they are read. Where they are seen does not depend on it, and to move one
   * costs more than to fill it, so it waits until the list is at rest. The row with the focus is not moved.
   */
  #order() {
    const { list } = this.#how;
    const held = this.#focused;
    let next = list.firstChild;
    for (const [, { node }] of [...this.#rows].sort(([a], [b]) => a - b)) {
      while (node === held && next && next !== node) {
        const after = next.nextSibling;
        next.remove();
        next = after;
      }
      if (node === next) next = node.nextSibling;
      else list.insertBefore(node, next);
    }
  }

  /**
   * @param {N} node
   * @param {number} index
   */
  #fill(node, index) {
    const { update, key } = this.#how;
    const now = key(index);
    const before = this.#rows.get(index)?.key ?? null;
    // What is not known any more of a row out of sight is what it was.
    if (now !== null || before === null) update(node, index);
    node.style.setProperty("--index", String(index));
    node.setAttribute("role", "listitem");
    node.setAttribute("aria-posinset", String(index + 1));
    node.setAttribute("aria-setsize", String(this.#total));
    this.#rows.set(index, { node, key: now ?? before });
  }

  /** @param {EventTarget | null} target */
  #indexOf(target) {
    for (const [index, { node }] of this.#rows)
      if (target instanceof Node && node.contains(target)) return index;
    return null;
  }

  /** @param {number | null} index */
  #settle(index) {
    if (index === null) return;
    const before = this.#rows.get(this.#current)?.node;
    if (before && index !== this.#current) settle(before, false);
    this.#current = index;
    const node = this.#rows.get(index)?.node;
    if (node) settle(node, true);
  }

  /**
   * Scrolls to a row. What scrolls may hear some frames late that the list is longer now, and stops where it ended
   * before: then it is tried again.
   * @param {number} index
   * @param {number} frames
   */
  #reveal(index, frames) {
    const { scroll } = this.#how;
    const view = this.#view;
    const to = scroll.scrollTop + reveal(index, view) - view.top;
    scroll.scrollTop = to;
    this.#draw(false, true);
    if (frames === 0 || Math.abs(scroll.scrollTop - to) <= 1) return;
    requestAnimationFrame(() => {
      if (this.#current === index && this.#focused) this.#reveal(index, frames - 1);
    });
  }

  /**
   * @param {number} index
   * @param {string} name the control to prefer
   */
  #focus(index, name) {
    this.#settle(index);
    this.#reveal(index, PATIENCE);
    const node = this.#rows.get(index)?.node;
    const controls = node ? stops(node) : [];
    const control = controls.find((stop) => stop.dataset["stop"] === name) ?? controls[0];
    control?.focus({ preventScroll: true });
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const index = this.#indexOf(event.target);
    const node = index === null ? null : this.#rows.get(index)?.node;
    if (index === null || !node) return;
    const name = stopName(event.target);
    const to = step(event, index, this.#total, pageStep(this.#view));
    if (to !== null) this.#focus(to, name);
    else if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
      const controls = stops(node);
      const at = controls.findIndex((stop) => stop === event.target);
      controls[at + (event.key === "ArrowLeft" ? -1 : 1)]?.focus();
    } else if (!this.#type(event, index, name)) return;
    event.preventDefault();
  }

  /**
   * Jumps to the row that begins with the letters that are typed; answers whether the key was one.
   * @param {KeyboardEvent} event
   * @param {number} index
   * @param {string} name
   */
  #type(event, index, name) {
    const { ahead } = this.#how;
    const typed = ahead && type(this.#typed, event, event.timeStamp);
    if (!ahead || !typed) return false;
    this.#typed = typed;
    const { letters, from } = aim(typed, index);
    void ahead(letters, from).then((to) => {
      // More may have been typed since, or the focus gone elsewhere.
      if (typeof to === "number" && this.#typed === typed && this.#focused) this.#focus(to, name);
    });
    return true;
  }
}

/**
 * @param {HTMLElement} row
 * @param {boolean} current it has the tab stop
 */
function settle(row, current) {
  for (const stop of stops(row)) stop.tabIndex = current ? 0 : -1;
}

/** @param {unknown} control */
const stopName = (control) => (control instanceof HTMLElement ? (control.dataset["stop"] ?? "") : "");
