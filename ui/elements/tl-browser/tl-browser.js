// The library as a list: search it, hear its songs, make them seeds.

import { button, el, icon, patch, send } from "../../dom.js";
import { counted } from "../../format.js";
import { hasMore } from "../../state/library.js";
import { Roving } from "../roving.js";
import { TlFound } from "../tl-found/tl-found.js";

/** @import { Library } from "../../state/types" */
/** @import { Player } from "../../wire" */

/** Keys typed faster than this, in ms, are one question. */
const PAUSE = 120;

export class TlBrowser extends HTMLElement {
  #input = el("input", {
    type: "search",
    placeholder: "Search your library",
    "aria-label": "Search your library",
    "data-testid": "search-input",
    "aria-keyshortcuts": "/ Control+F",
    autocomplete: "off",
    spellcheck: "false",
  });
  #field = el(
    "div",
    { class: "field" },
    icon("search"),
    this.#input,
    el("kbd", { "aria-hidden": "true" }, "/"),
  );
  #list = el("div", { class: "found", role: "list", "aria-label": "Library" });
  #more = button("plus", "Show more", { class: "quiet worded", "data-testid": "search-more" }, true);
  #none = el("p", { class: "none dim" });
  /** @type {Map<unknown, TlFound>} */
  #nodes = new Map();
  #timer = 0;
  #gone = new AbortController();
  /** @type {Roving | null} */
  #roving = null;

  connectedCallback() {
    if (!this.firstChild)
      this.append(this.#field, el("div", { class: "scroll" }, this.#list, this.#none, this.#more));
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    this.#roving = new Roving(this.#list, signal, () => this.#input);
    this.#input.addEventListener("input", () => this.#askSoon(), { signal });
    this.#input.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    this.#more.addEventListener("click", () => send(this, "tl-more", null), { signal });
  }

  disconnectedCallback() {
    this.#gone.abort();
    clearTimeout(this.#timer);
  }

  /** Puts the cursor into the search field, ready to be typed over. */
  search() {
    this.#input.focus();
    this.#input.select();
  }

  /**
   * @param {Library} library
   * @param {ReadonlySet<number>} seeds
   */
  show(library, seeds) {
    const { found, query, searching } = library;
    this.#roving?.keep(() =>
      patch(this.#list, found, {
        nodes: this.#nodes,
        key: ({ id }) => id,
        make: () => new TlFound(),
        update: (node, track) => node.show(track, seeds.has(track.id)),
      }),
    );
    this.#more.hidden = !hasMore(library);
    this.#none.textContent =
      found.length === 0 && !searching && query !== "" ? `Nothing matches “${query}”.` : "";
    this.#list.setAttribute(
      "aria-label",
      query === "" ? "Library" : `${counted(found.length, "track")} found`,
    );
  }

  /** @param {Player} player */
  hear(player) {
    for (const node of this.#nodes.values()) node.hear(player);
  }

  #askSoon() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#ask(), PAUSE);
  }

  #ask() {
    clearTimeout(this.#timer);
    send(this, "tl-search", { text: this.#input.value.trim() });
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if ((event.key === "ArrowDown" || event.key === "Enter") && this.#nodes.size > 0) {
      event.preventDefault();
      this.#roving?.enter();
    } else if (event.key === "Escape" && this.#input.value !== "") {
      event.preventDefault();
      this.#input.value = "";
      this.#ask();
    }
  }
}

customElements.define("tl-browser", TlBrowser);
