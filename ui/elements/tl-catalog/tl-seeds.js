// What a library is to grow around: songs and artists found in the catalogue, genres, the charts.

import { el, icon, patch, send } from "../../dom.js";
import { tell } from "../../errors.js";
import { Roving, stop } from "../roving.js";
import * as words from "./words.js";

/** @import { Lookup } from "../../state/types" */
/** @import { Choice } from "./words.js" */

/** Keys typed faster than this, in ms, are one question: each costs a call. */
const PAUSE = 500;

/** Songs and artists offered at most: what can be looked over. */
const OFFERS = 8;
const ARTISTS = 3;

/** Says `picked` when something was chosen or taken away. */
export class TlSeeds extends HTMLElement {
  #input = el("input", {
    type: "search",
    placeholder: "A song or an artist",
    "aria-label": "Songs and artists to grow around",
    "data-testid": "catalog-input",
    autocomplete: "off",
    spellcheck: "false",
  });
  #offers = el("div", { class: "offers", role: "list", "aria-label": "Found in the catalogue" });
  #say = el("p", { class: "say dim", role: "status" });
  #chips = el("ul", { class: "picks", "aria-label": "Chosen" });
  #kinds = el("div", { class: "pills", role: "group", "aria-label": "Charts, your files, genres" });
  /** @type {Map<string, Choice>} */
  #picks = new Map();
  /** @type {Map<unknown, HTMLElement>} */
  #nodes = new Map();
  /** @type {Lookup | null} */
  #lookup = null;
  #timer = 0;
  #gone = new AbortController();
  /** @type {Roving | null} */
  #roving = null;

  connectedCallback() {
    if (!this.firstChild) {
      this.#kinds.append(
        ...[words.CHARTS, words.OWN, ...words.GENRES.map(words.genrePick)].map((pick) => this.#pill(pick)),
      );
      this.append(
        el("div", { class: "field" }, icon("search"), this.#input),
        this.#offers,
        this.#say,
        this.#chips,
        this.#kinds,
      );
      this.#showPicks();
    }
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    this.#roving = new Roving(this.#offers, signal, () => this.#input);
    this.#input.addEventListener(
      "input",
      () => {
        clearTimeout(this.#timer);
        this.#timer = window.setTimeout(() => this.#search(), PAUSE);
      },
      { signal },
    );
    this.#input.addEventListener("keydown", (event) => this.#onKey(event), { signal });
  }

  disconnectedCallback() {
    this.#gone.abort();
    clearTimeout(this.#timer);
  }

  /** Everything that is chosen, in the order in which it was. */
  get picks() {
    return [...this.#picks.values()];
  }

  /** Puts the cursor into the field. */
  enter() {
    this.#input.focus();
  }

  /** Forgets the words in the field; what was chosen stays. */
  clear() {
    this.#input.value = "";
    this.#search();
  }

  /**
   * @param {Lookup} lookup
   * @param {boolean} own the listener has files of their own
   */
  show(lookup, own) {
    const pill = this.#kinds.querySelector(`[data-key="${words.OWN.key}"]`);
    if (pill instanceof HTMLElement) pill.hidden = !own;
    if (lookup === this.#lookup) return;
    this.#lookup = lookup;
    const { text, songs, searching, trouble } = lookup;
    const heard = songs.filter(({ has_preview: can }) => can);
    const none = text !== "" && !searching && heard.length === 0;
    // The name itself will do where the catalogue knows nothing, or cannot be asked.
    const picks = none
      ? [words.namePick(text)]
      : [...words.artistPicks(heard).slice(0, ARTISTS), ...heard.map(words.songPick)].slice(0, OFFERS);
    this.#roving?.keep(() =>
      this.#offers.replaceChildren(
        ...picks.map((pick) => el("div", { role: "listitem" }, this.#offer(pick))),
      ),
    );
    this.#offers.hidden = picks.length === 0;
    this.#say.textContent = searching
      ? "Looking in the catalogue…"
      : none
        ? `${trouble ? tell(trouble).title : "Nothing found"}. The name alone will do.`
        : "";
  }

  /** @param {Choice} pick */
  #offer(pick) {
    const { name, by, seed } = pick;
    const offer = el(
      "button",
      {
        type: "button",
        class: "offer",
        ...stop("offer"),
        "data-testid": "catalog-offer",
        "data-kind": seed.kind,
      },
      icon("plus"),
      el(
        "span",
        { class: "cut" },
        el("span", { class: "title" }, name),
        " ",
        el("span", { class: "dim" }, seed.kind === "song" ? (by ?? "") : "Artist"),
      ),
    );
    offer.addEventListener("click", () => {
      this.#picks.set(pick.key, pick);
      this.clear();
      this.#picked();
      this.enter();
    });
    return offer;
  }

  /** @param {Choice} pick */
  #chip({ key, name, by }) {
    const label = [name, by].filter(Boolean).join(" · ");
    const remove = el(
      "button",
      {
        type: "button",
        class: "quiet",
        "aria-label": `Take away ${label}`,
        title: "Take away",
        "data-testid": "catalog-unpick",
      },
      icon("close"),
    );
    remove.addEventListener("click", () => {
      this.#picks.delete(key);
      this.#picked();
      this.enter();
    });
    return el(
      "li",
      { class: "pick", "data-testid": "catalog-pick" },
      el("span", { class: "cut" }, label),
      remove,
    );
  }

  /** @param {Choice} pick */
  #pill(pick) {
    const { key, name } = pick;
    const pill = el(
      "button",
      {
        type: "button",
        class: "pill",
        "aria-pressed": "false",
        "data-key": key,
        "data-testid": "catalog-kind",
      },
      name,
    );
    pill.addEventListener("click", () => {
      if (!this.#picks.delete(key)) this.#picks.set(key, pick);
      this.#picked();
    });
    return pill;
  }

  #picked() {
    this.#showPicks();
    this.dispatchEvent(new Event("picked"));
  }

  #showPicks() {
    const found = this.picks.filter(({ seed }) => !["genre", "charts", "own"].includes(seed.kind));
    patch(this.#chips, found, {
      nodes: this.#nodes,
      key: ({ key }) => key,
      make: (pick) => this.#chip(pick),
      update: () => undefined,
    });
    this.#chips.hidden = found.length === 0;
    for (const pill of this.#kinds.querySelectorAll("button"))
      pill.setAttribute("aria-pressed", String(this.#picks.has(pill.dataset["key"] ?? "")));
  }

  #search() {
    clearTimeout(this.#timer);
    send(this, "tl-catalog-search", { where: "sheet", text: this.#input.value.trim() });
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key === "ArrowDown" && !this.#offers.hidden) this.#roving?.enter();
    else if (event.key === "Enter") this.#search();
    else if (event.key === "Escape" && this.#input.value !== "") this.clear();
    else return;
    event.preventDefault();
  }
}

customElements.define("tl-seeds", TlSeeds);
