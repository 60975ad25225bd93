// The library as a list: search it, hear its songs, make them seeds. What the catalogue has besides
// follows.

import { button, el, icon, patch, send } from "../../dom.js";
import { counted, isSong } from "../../format.js";
import { LEAST } from "../../state/catalog.js";
import { hasMore } from "../../state/library.js";
import { Roving } from "../roving.js";
import { TlFound } from "../tl-found/tl-found.js";
import { TlSong } from "../tl-song/tl-song.js";
import { lookupWords } from "./words.js";

/** @import { Catalog, Library } from "../../state/types" */
/** @import { Player } from "../../wire" */

/** Keys typed faster than this, in ms, are one question. */
const PAUSE = 120;

/** The same for the catalogue, which answers only so many questions a minute. */
const LONG_PAUSE = 700;

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
  #songs = el("div", { class: "songs", role: "list", "aria-label": "In the catalogue" });
  #say = el("p", { class: "say dim", "data-testid": "catalog-say" });
  #catalog = el(
    "section",
    { class: "catalog", hidden: true },
    el("h2", {}, "In the catalogue"),
    this.#songs,
    this.#say,
  );
  /** @type {Map<unknown, TlFound>} */
  #nodes = new Map();
  /** @type {Map<unknown, TlSong>} */
  #songNodes = new Map();
  #timer = 0;
  #longTimer = 0;
  #gone = new AbortController();
  /** @type {Roving | null} */
  #roving = null;
  /** @type {Roving | null} */
  #songRoving = null;

  connectedCallback() {
    if (!this.firstChild)
      this.append(
        this.#field,
        el("div", { class: "scroll" }, this.#list, this.#none, this.#more, this.#catalog),
      );
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    this.#roving = new Roving(this.#list, signal, () => this.#input);
    this.#songRoving = new Roving(this.#songs, signal, () => this.#input);
    this.#input.addEventListener("input", () => this.#askSoon(), { signal });
    this.#input.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    this.#more.addEventListener("click", () => send(this, "tl-more", null), { signal });
  }

  disconnectedCallback() {
    this.#gone.abort();
    clearTimeout(this.#timer);
    clearTimeout(this.#longTimer);
  }

  /** Puts the cursor into the search field, ready to be typed over. */
  search() {
    this.#input.focus();
    this.#input.select();
  }

  /**
   * @param {Library} library
   * @param {Pick<Catalog, "box" | "fetching">} catalog
   * @param {ReadonlySet<number>} seeds
   */
  show(library, catalog, seeds) {
    const { found, query, searching, status } = library;
    this.#list.toggleAttribute("data-pictured", (status?.songs ?? 0) > 0 || found.some(isSong));
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
    this.#showCatalog(library, catalog, seeds);
  }

  /**
   * @param {Library} library
   * @param {Pick<Catalog, "box" | "fetching">} catalog
   * @param {ReadonlySet<number>} seeds
   */
  #showCatalog({ query, found }, { box, fetching }, seeds) {
    const listed = new Set(found.map(({ id }) => id));
    const songs = box.songs.filter(({ track }) => track === null || !listed.has(track));
    // What was found for other words is not shown under these.
    this.#catalog.hidden = query.length < LEAST || box.text !== query;
    this.#songRoving?.keep(() =>
      patch(this.#songs, this.#catalog.hidden ? [] : songs, {
        nodes: this.#songNodes,
        key: ({ song }) => song,
        make: () => new TlSong(),
        update: (node, song) =>
          node.show(song, fetching.includes(song.song), song.track !== null && seeds.has(song.track)),
      }),
    );
    this.#say.textContent = lookupWords(box, songs.length);
  }

  /** @param {Player} player */
  hear(player) {
    for (const node of this.#nodes.values()) node.hear(player);
  }

  #askSoon() {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#ask(), PAUSE);
    clearTimeout(this.#longTimer);
    this.#longTimer = window.setTimeout(() => this.#askCatalog(), LONG_PAUSE);
  }

  #ask() {
    clearTimeout(this.#timer);
    send(this, "tl-search", { text: this.#input.value.trim() });
  }

  #askCatalog() {
    clearTimeout(this.#longTimer);
    send(this, "tl-catalog-search", { where: "box", text: this.#input.value.trim() });
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if ((event.key === "ArrowDown" || event.key === "Enter") && this.#nodes.size + this.#songNodes.size > 0) {
      event.preventDefault();
      (this.#nodes.size > 0 ? this.#roving : this.#songRoving)?.enter();
    } else if (event.key === "Escape" && this.#input.value !== "") {
      event.preventDefault();
      this.#input.value = "";
      this.#ask();
      this.#askCatalog();
    }
  }
}

customElements.define("tl-browser", TlBrowser);
