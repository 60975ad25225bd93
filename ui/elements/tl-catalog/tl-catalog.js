// Growing a library from the catalogue: around what, how far, and what that takes before it begins.

import { announce, el, icon, patch, send, setAttribute } from "../../dom.js";
import { tell } from "../../errors.js";
import { counted } from "../../format.js";
import { Roving, stop } from "../roving.js";
import { TlSheet } from "../tl-sheet/tl-sheet.js";
import * as words from "./words.js";

/** @import { Lookup, Planning, State } from "../../state/types" */
/** @import { Choice } from "./words.js" */

/** Keys typed faster than this, in ms, are one question: each costs a call. */
const PAUSE = 500;

/** Songs and artists offered at most: what can be looked over. */
const OFFERS = 8;
const ARTISTS = 3;

const regions = new Intl.DisplayNames(["en"], { type: "region" });

export class TlCatalog extends TlSheet {
  #input = el("input", {
    type: "search",
    placeholder: "A song or an artist",
    "aria-label": "Songs and artists to grow around",
    "data-testid": "catalog-input",
    autocomplete: "off",
    spellcheck: "false",
  });
  #picked = el("ul", { class: "picks", "aria-label": "Chosen" });
  #offers = el("div", { class: "offers", role: "list", "aria-label": "Found in the catalogue" });
  #say = el("p", { class: "say dim", role: "status" });
  #kinds = el("div", { class: "pills", role: "group", "aria-label": "Charts, your files, genres" });
  #own = el("input", {
    type: "number",
    min: 1,
    max: words.MOST,
    step: 1,
    inputmode: "numeric",
    "aria-label": "Your own number of songs",
    "data-testid": "catalog-size-own",
  });
  #sizes = el("div", { class: "sizes", role: "radiogroup", "aria-label": "Songs" });
  #country = el("select", { "aria-label": "Store", "data-testid": "catalog-country" });
  #plan = el("section", { class: "plan", "aria-label": "Plan", "data-testid": "catalog-plan", tabindex: -1 });
  #note = el("p", { class: "dim", role: "status" });
  #ask = el("button", { type: "button", class: "primary", "data-testid": "catalog-ask" }, "Plan");
  #build = el("button", { type: "button", class: "primary", "data-testid": "catalog-build" }, "Build");
  /** @type {Map<string, Choice>} */
  #picks = new Map();
  /** @type {Map<unknown, HTMLElement>} */
  #chips = new Map();
  #size = words.SIZES[1] ?? 0;
  /** @type {Planning | null} */
  #planning = null;
  #building = false;
  /** @type {Lookup | null} */
  #lookup = null;
  #timer = 0;
  #roving = new Roving(this.#offers, new AbortController().signal, () => this.#input);

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    if (this.body.firstChild) return;
    this.#kinds.append(
      ...[words.CHARTS, words.OWN, ...words.GENRES.map(words.genrePick)].map((pick) => this.#pill(pick)),
    );
    this.#sizes.append(
      ...words.SIZES.map((size) => this.#radio(String(size), counted(size, "song"))),
      this.#radio("own", this.#own),
    );
    this.#country.append(
      ...words.COUNTRIES.map((code) => el("option", { value: code }, regions.of(code.toUpperCase()) ?? code)),
    );
    this.body.append(
      section(
        "Around what?",
        el("div", { class: "field" }, icon("search"), this.#input),
        this.#offers,
        this.#say,
        this.#picked,
        this.#kinds,
      ),
      el(
        "div",
        { class: "two" },
        section("How many songs?", this.#sizes),
        section("Which store?", this.#country),
      ),
      this.#plan,
    );
    this.foot.append(this.#note, this.#ask, this.#build);
    this.#listen();
  }

  #listen() {
    this.#input.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => this.#search(), PAUSE);
    });
    this.#input.addEventListener("keydown", (event) => this.#onKey(event));
    this.#sizes.addEventListener("change", () => this.#resize());
    this.#own.addEventListener("input", () => this.#resize());
    this.#own.addEventListener("focus", () => {
      this.#choose("own");
      this.#resize();
    });
    this.#country.addEventListener("change", () => this.#changed());
    this.#ask.addEventListener("click", () => {
      const request = this.#request();
      if (request && !this.#busy) send(this, "tl-plan", request);
    });
    this.#build.addEventListener("click", () => {
      if (this.#build.getAttribute("aria-disabled") === "true") return;
      send(this, "tl-build-catalog", null);
      this.close();
    });
  }

  /** @param {Pick<State, "catalog" | "library" | "build">} state */
  open(state) {
    this.#choose(words.SIZES.includes(this.#size) ? String(this.#size) : "own");
    this.show(state);
    this.openAs("Grow a library from the catalogue");
    this.#input.focus();
  }

  /** @override */
  closed() {
    clearTimeout(this.#timer);
    this.#clear();
    send(this, "tl-unplan", null);
  }

  /**
   * Brings an open dialog up to date.
   * @param {Pick<State, "catalog" | "library" | "build">} state
   */
  show({ catalog: { sheet, planning }, library: { status }, build }) {
    const own = (status?.tracks ?? 0) > (status?.songs ?? 0);
    const pill = this.#kinds.children[1];
    if (pill instanceof HTMLElement) pill.hidden = !own;
    if (sheet !== this.#lookup) this.#showOffers(sheet);
    this.#building = build.phase !== "idle";
    setAttribute(this.#build, "aria-disabled", this.#building ? "true" : null);
    this.#showPicks();
    if (planning !== this.#planning) this.#showPlan(planning);
  }

  /** @param {Planning} planning */
  #showPlan(planning) {
    const { request, plan, trouble } = planning;
    const before = this.#planning;
    this.#planning = planning;
    const held = this.contains(document.activeElement) && document.activeElement === this.#ask;
    this.#ask.hidden = plan !== null;
    this.#build.hidden = plan === null;
    this.#ask.textContent = this.#busy ? "Planning…" : "Plan";
    setAttribute(this.#ask, "aria-disabled", this.#busy ? "true" : null);
    setAttribute(this.#plan, "role", trouble ? "alert" : null);
    if (plan && request) {
      this.#plan.replaceChildren(
        ...words
          .planSentences(plan, request.size)
          .map((text, index) => el("p", { class: index === 0 ? "lead" : "" }, text)),
        table(words.planRows(plan)),
      );
    } else if (trouble) {
      const { title, detail } = tell(trouble);
      this.#plan.replaceChildren(
        el("p", { class: "lead" }, icon("warn"), el("span", {}, title)),
        el("p", { class: "dim" }, detail),
      );
    } else {
      this.#plan.replaceChildren(
        ...(this.#busy ? [el("p", { class: "dim" }, "Finding out how fast this computer listens…")] : []),
      );
    }
    if (plan && before?.plan !== plan) {
      this.#plan.scrollIntoView({ block: "nearest" });
      if (held) this.#build.focus();
      announce(words.planSentences(plan, request?.size ?? 0).join(" "));
    }
  }

  get #busy() {
    return this.#planning !== null && this.#planning.request !== null && this.#planning.plan === null;
  }

  /** @param {Lookup} lookup */
  #showOffers(lookup) {
    this.#lookup = lookup;
    const { text, songs, searching, trouble } = lookup;
    const heard = songs.filter(({ has_preview: can }) => can);
    const none = text !== "" && !searching && heard.length === 0;
    // The name itself will do where the catalogue knows nothing, or cannot be asked.
    const picks = none
      ? [words.namePick(text)]
      : [...words.artistPicks(heard).slice(0, ARTISTS), ...heard.map(words.songPick)].slice(0, OFFERS);
    this.#roving.keep(() =>
      this.#offers.replaceChildren(
        ...picks.map((pick) => el("div", { role: "listitem" }, this.#offer(pick))),
      ),
    );
    this.#offers.hidden = picks.length === 0;
    this.#say.textContent = searching
      ? "Looking in the catalogue…"
      : trouble
        ? `${tell(trouble).title}. The name alone will do.`
        : none
          ? "Nothing found. The name alone will do."
          : "";
  }

  /** @param {Choice} pick */
  #offer(pick) {
    const { label, seed } = pick;
    const [title, ...rest] = label.split(" · ");
    const kind = seed.kind === "song" ? rest.join(" · ") : "Artist";
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
        el("span", { class: "title" }, seed.kind === "song" ? (title ?? "") : label),
        " ",
        el("span", { class: "dim" }, kind),
      ),
    );
    offer.addEventListener("click", () => {
      this.#picks.set(pick.key, pick);
      this.#clear();
      this.#changed();
      this.#input.focus();
    });
    return offer;
  }

  #showPicks() {
    const picks = [...this.#picks.values()].filter(
      ({ seed }) => !["genre", "charts", "own"].includes(seed.kind),
    );
    patch(this.#picked, picks, {
      nodes: this.#chips,
      key: ({ key }) => key,
      make: (pick) => this.#chip(pick),
      update: () => undefined,
    });
    this.#picked.hidden = picks.length === 0;
    for (const pill of this.#kinds.querySelectorAll("button"))
      pill.setAttribute("aria-pressed", String(this.#picks.has(pill.dataset["key"] ?? "")));
    this.#note.textContent = this.#building
      ? "A build is under way: this one can begin once it is done."
      : this.#request() === null
        ? `Say how many songs, at most ${words.MOST.toLocaleString("en")}.`
        : this.#picks.size === 0
          ? "With nothing chosen, it grows around the charts."
          : "";
  }

  /** @param {Choice} pick */
  #chip({ key, label }) {
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
      this.#changed();
      this.#input.focus();
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
    const { key, label } = pick;
    const pill = el(
      "button",
      {
        type: "button",
        class: "pill",
        "aria-pressed": "false",
        "data-key": key,
        "data-testid": "catalog-kind",
      },
      label,
    );
    pill.addEventListener("click", () => {
      if (!this.#picks.delete(key)) this.#picks.set(key, pick);
      this.#changed();
    });
    return pill;
  }

  /**
   * @param {string} value
   * @param {string | HTMLElement} label
   */
  #radio(value, label) {
    const input = el("input", { type: "radio", name: "catalog-size", value, "data-testid": "catalog-size" });
    if (typeof label === "string") return el("label", { class: "pill" }, input, label);
    input.setAttribute("aria-label", "Own number");
    return el("span", { class: "pill own" }, el("label", {}, input, "Own:"), label);
  }

  /** @param {string} value */
  #choose(value) {
    const input = this.#sizes.querySelector(`input[value="${value}"]`);
    if (!(input instanceof HTMLInputElement) || input.checked) return;
    input.checked = true;
    if (value !== "own") this.#size = Number(value);
  }

  #resize() {
    const chosen = this.#sizes.querySelector('input[type="radio"]:checked');
    if (!(chosen instanceof HTMLInputElement)) return;
    this.#size = chosen.value === "own" ? this.#own.valueAsNumber : Number(chosen.value);
    this.#changed();
  }

  /** What was planned is not what is asked for any more. */
  #changed() {
    this.#showPicks();
    setAttribute(this.#ask, "disabled", this.#request() === null);
    if (this.#planning?.request || this.#planning?.trouble) send(this, "tl-unplan", null);
  }

  #request() {
    return words.requestOf([...this.#picks.values()], this.#country.value, this.#size);
  }

  #search() {
    clearTimeout(this.#timer);
    send(this, "tl-catalog-search", { where: "sheet", text: this.#input.value.trim() });
  }

  #clear() {
    this.#input.value = "";
    this.#search();
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key === "ArrowDown" && !this.#offers.hidden) {
      event.preventDefault();
      this.#roving.enter();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.#search();
    } else if (event.key === "Escape" && this.#input.value !== "") {
      event.preventDefault();
      this.#clear();
    }
  }
}

/**
 * @param {string} title
 * @param {...HTMLElement} children
 */
const section = (title, ...children) => el("section", {}, el("h3", {}, title), ...children);

/** @param {ReturnType<typeof words.planRows>} rows */
const table = (rows) =>
  el(
    "table",
    { class: "figures" },
    el(
      "tbody",
      {},
      ...rows.map(({ stage, amount, time, limit }) =>
        el(
          "tr",
          { "data-limit": limit },
          el("th", { scope: "row" }, stage),
          el("td", {}, amount),
          el("td", {}, time, limit ? el("span", { class: "unseen" }, ", the limit") : null),
        ),
      ),
    ),
  );

customElements.define("tl-catalog", TlCatalog);
