// The ranked list along the thread, and what stands in its place while there is none.

import { el, find, icon, knot, patch, send } from "../../dom.js";
import { byline, counted } from "../../format.js";
import { glide } from "../../motion.js";
import { Roving } from "../roving.js";
import { TlRow } from "../tl-row/tl-row.js";
import { suggest } from "./suggest.js";

/** @import { Build, Library, ThreadState, WhyState } from "../../state/types" */
/** @import { Player, Row, Thread, Track } from "../../wire" */

export class TlResults extends HTMLElement {
  #heading = el("h2", { class: "heading", tabindex: -1 });
  #list = el("div", { class: "rows", role: "list" });
  #empty = el("div", { class: "empty" });
  /** @type {Map<unknown, TlRow>} */
  #rows = new Map();
  #gone = new AbortController();
  /** @type {Roving | null} */
  #roving = null;
  /** @type {readonly Track[]} */
  #suggested = [];

  connectedCallback() {
    if (!this.firstChild) {
      this.append(
        el(
          "header",
          {},
          this.#heading,
          el("span", { class: "scale dim", "aria-hidden": "true" }, "Similarity"),
        ),
        this.#list,
        this.#empty,
      );
    }
    this.#gone = new AbortController();
    this.#roving = new Roving(this.#list, this.#gone.signal, () => this.#heading);
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  /**
   * @param {ThreadState} thread
   * @param {WhyState} why
   * @param {Library} library
   * @param {Build["phase"]} phase
   */
  show({ shown, listening }, why, library, phase) {
    const rows = shown?.rows ?? [];
    this.toggleAttribute("data-empty", rows.length === 0);
    this.#heading.textContent = rows.length > 0 ? `${counted(rows.length, "song")} along the thread` : "";
    this.#showRows(rows, shown?.seeds ?? [], why);
    const first = library.pages[0];
    if (library.answered === "" && first) this.#suggested = suggest(first, this.#suggested);
    // Until the thread is known there is nothing to say of it.
    this.#empty.hidden = rows.length > 0 || !shown;
    if (rows.length === 0 && shown) this.#showEmpty(shown, listening > 0, library, phase !== "idle");
  }

  /** @param {Player} player */
  hear(player) {
    for (const row of this.#rows.values()) row.hear(player);
  }

  /**
   * @param {readonly Row[]} rows
   * @param {readonly Track[]} seeds
   * @param {WhyState} why
   */
  #showRows(rows, seeds, why) {
    glide(this.#list, () =>
      this.#roving?.keep(() =>
        patch(this.#list, rows, {
          nodes: this.#rows,
          key: ({ id }) => id,
          make: () => new TlRow(),
          update: (node, row, index) => node.show(row, index + 1, seeds, row.id === why.id ? why : null),
        }),
      ),
    );
  }

  /**
   * @param {Thread | null} thread
   * @param {boolean} listening
   * @param {Library} library
   * @param {boolean} building
   */
  #showEmpty(thread, listening, { status }, building) {
    const seeded = (thread?.seeds.length ?? 0) > 0;
    const tracks = status?.tracks ?? 0;
    if (listening && !seeded)
      this.#say("Listening to what you dropped", "What lies near it appears here in a moment.");
    else if (tracks === 0 && building) {
      this.#say(
        "Your library is being made",
        "Songs appear on the left as soon as they are heard. You can start a thread before it is done.",
      );
    } else if (tracks === 0) {
      const demo = el(
        "button",
        { type: "button", class: "plain", "data-testid": "empty-try-demo" },
        "Try the demo collection",
      );
      demo.addEventListener("click", () => send(this, "tl-demo", null));
      const catalog = el(
        "button",
        { type: "button", class: "plain", "data-testid": "empty-catalog" },
        "Grow from the catalogue",
      );
      catalog.addEventListener("click", () => send(this, "tl-open", { what: "catalog" }));
      this.#say(
        "No music yet",
        "Add a folder on the left, or drop one here.",
        el("div", { class: "ways" }, catalog, demo),
      );
    } else if (!seeded) this.#suggestStart();
    else {
      this.#say(
        "Nothing more along this thread",
        building
          ? "The library is still being made: more may turn up as it grows."
          : "Everything near it is a seed or thumbed down. Try another seed, or add more music.",
      );
    }
  }

  /**
   * @param {string} title
   * @param {string} detail
   * @param {...HTMLElement} more
   */
  #say(title, detail, ...more) {
    this.#empty.replaceChildren(knot(), el("h2", {}, title), el("p", { class: "dim" }, detail), ...more);
  }

  #suggestStart() {
    if (this.#empty.querySelector(".suggestions") && this.#shows(this.#suggested)) return;
    const list = el(
      "ul",
      { class: "suggestions", "aria-label": "Songs to start from" },
      ...this.#suggested.map((track) => {
        const seed = el(
          "button",
          { type: "button", "data-testid": "suggestion", "data-track-id": track.id },
          icon("plus"),
          el(
            "span",
            { class: "words" },
            el("span", { class: "title cut" }, track.title),
            el("span", { class: "byline cut dim" }, byline(track)),
          ),
        );
        seed.addEventListener("click", () => send(this, "tl-seed", { id: track.id }));
        return el("li", {}, seed);
      }),
    );
    this.#say(
      "Start with a song or two",
      "Drop songs anywhere in this window, search on the left, or begin with one of these.",
      list,
    );
  }

  /** @param {readonly Track[]} tracks */
  #shows(tracks) {
    const there = [...find(this.#empty, ".suggestions").querySelectorAll("button")];
    return there.map((node) => node.dataset["trackId"]).join() === tracks.map(({ id }) => id).join();
  }
}

customElements.define("tl-results", TlResults);
