// The library as a list: search it, hear its songs, make them seeds. What the catalogue has besides
// follows.

import { button, el, icon, patch, send, setAttribute } from "../../dom.js";
import { counted, isSong } from "../../format.js";
import { LEAST } from "../../state/catalog.js";
import { rowAt, whereIs } from "../../state/pages.js";
import { LongList } from "../long-list.js";
import { Roving } from "../roving.js";
import { TlFound } from "../tl-found/tl-found.js";
import { TlSong } from "../tl-song/tl-song.js";
import { listWords, lookupWords } from "./words.js";

/** @import { Build, Catalog, Library } from "../../state/types" */
/** @import { Player } from "../../wire" */

/** Keys typed faster than this, in ms, are one question to the catalogue, which answers only so many a minute. */
const PAUSE = 700;

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
  #list = el("div", { class: "found long", role: "list", "aria-label": "Library" });
  #none = el("p", { class: "none dim", "data-testid": "search-say" });
  #again = button("fresh", "Try again", { class: "quiet worded", "data-testid": "search-again" }, true);
  #songs = el("div", { class: "songs", role: "list", "aria-label": "In the catalogue" });
  #say = el("p", { class: "say dim", "data-testid": "catalog-say" });
  #catalog = el(
    "section",
    { class: "catalog", hidden: true },
    el("h2", {}, "In the catalogue"),
    this.#songs,
    this.#say,
  );
  /** @type {Map<unknown, TlSong>} */
  #songNodes = new Map();
  #scroll = el("div", { class: "scroll" }, this.#none, this.#again, this.#list, this.#catalog);
  #timer = 0;
  #gone = new AbortController();
  /** @type {LongList<TlFound> | null} */
  #rows = null;
  /** @type {Library | null} */
  #library = null;
  /** @type {ReadonlySet<number>} */
  #seeds = new Set();
  /** @type {Player | null} */
  #player = null;
  /** @type {Roving | null} */
  #songRoving = null;

  connectedCallback() {
    if (!this.firstChild) this.append(this.#field, this.#scroll);
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    this.#rows = this.#longList(signal);
    this.#songRoving = new Roving(this.#songs, signal, () => this.#input);
    this.#input.addEventListener("input", () => this.#ask(), { signal });
    this.#input.addEventListener("keydown", (event) => this.#onKey(event), { signal });
    this.#again.addEventListener(
      "click",
      () => {
        // It goes as soon as it is asked.
        this.#input.focus();
        send(this, "tl-search", { text: this.#text });
      },
      { signal },
    );
  }

  disconnectedCallback() {
    this.#gone.abort();
    clearTimeout(this.#timer);
  }

  /** @param {AbortSignal} signal */
  #longList(signal) {
    /** @param {number} index */
    const track = (index) => this.#library && rowAt(this.#library, index);
    return new LongList({
      list: this.#list,
      scroll: this.#scroll,
      signal,
      make: () => new TlFound(),
      update: (node, index) => {
        const found = track(index);
        node.show(found, found !== null && this.#seeds.has(found.id));
        if (this.#player) node.hear(this.#player);
      },
      key: (index) => track(index)?.id ?? null,
      find: (id) => this.#library && whereIs(this.#library, (found) => found.id === id),
      look: (first, last) => send(this, "tl-look", { first, last }),
      ahead: (letters, from) =>
        new Promise((then) => {
          send(this, "tl-ahead", { letters, from, then });
        }),
      fallback: () => this.#input,
    });
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
   * @param {Build["phase"]} phase
   */
  show(library, catalog, seeds, phase) {
    const { status, answered, trouble } = library;
    const before = this.#library;
    const same = before?.pages === library.pages && this.#seeds === seeds;
    this.#library = library;
    this.#seeds = seeds;
    const total = library.total ?? 0;
    this.#list.toggleAttribute("data-pictured", (status?.songs ?? 0) > 0 || this.#listed.some(isSong));
    // That it was scrolled, the list knows best.
    if (!same) this.#rows?.show(total, answered !== before?.answered);
    this.#none.textContent = listWords(library, phase !== "idle");
    this.#again.hidden = !trouble;
    setAttribute(this.#list, "aria-busy", library.searching ? "true" : null);
    this.#list.setAttribute("aria-label", answered ? `${counted(total, "track")} found` : "Library");
    this.#showCatalog(library, catalog, seeds);
  }

  /**
   * @param {Library} library
   * @param {Pick<Catalog, "box" | "fetching">} catalog
   * @param {ReadonlySet<number>} seeds
   */
  #showCatalog({ query }, { box, fetching }, seeds) {
    const listed = new Set(this.#listed.map(({ id }) => id));
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

  /** The tracks that are known of the list. */
  get #listed() {
    return Object.values(this.#library?.pages ?? {}).flat();
  }

  /** @param {Player} player */
  hear(player) {
    this.#player = player;
    for (const node of this.#rows?.nodes ?? []) node.hear(player);
  }

  get #text() {
    return this.#input.value.trim();
  }

  #ask() {
    send(this, "tl-search", { text: this.#text });
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#askCatalog(), PAUSE);
  }

  #askCatalog() {
    clearTimeout(this.#timer);
    send(this, "tl-catalog-search", { where: "box", text: this.#text });
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const [rows, songs] = [this.#rows?.total ?? 0, this.#songNodes.size];
    if ((event.key === "ArrowDown" || event.key === "Enter") && rows + songs > 0) {
      event.preventDefault();
      (rows > 0 ? this.#rows : this.#songRoving)?.enter();
    } else if (event.key === "Escape" && this.#input.value !== "") {
      event.preventDefault();
      this.#input.value = "";
      this.#ask();
      this.#askCatalog();
    }
  }
}

customElements.define("tl-browser", TlBrowser);
