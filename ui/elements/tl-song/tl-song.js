// A song that the catalogue has: a click hears its preview and makes it a seed.

import { el, icon, isOff, send, setIcon, turnOff } from "../../dom.js";
import { named } from "../../format.js";
import { stop } from "../roving.js";

/** @import { CatalogSong } from "../../wire" */

export class TlSong extends HTMLElement {
  /** @type {CatalogSong | null} */
  #song = null;
  #seeded = false;
  #mark = icon("plus");
  #title = el("span", { class: "title cut" });
  #byline = el("span", { class: "byline cut dim" });
  #seed = el(
    "button",
    { type: "button", class: "seed", ...stop("seed"), "data-testid": "catalog-result" },
    el("span", { class: "words" }, this.#title, this.#byline),
    this.#mark,
  );
  #gone = new AbortController();

  connectedCallback() {
    if (!this.firstChild) this.append(this.#seed);
    this.setAttribute("role", "listitem");
    this.#gone = new AbortController();
    this.#seed.addEventListener("click", () => this.#choose(), { signal: this.#gone.signal });
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  /**
   * @param {CatalogSong} song
   * @param {boolean} busy it is being fetched and heard
   * @param {boolean} seeded
   */
  show(song, busy, seeded) {
    this.#song = song;
    this.#seeded = seeded;
    const state = busy ? "listening to it…" : song.has_preview ? "" : "no preview to listen to";
    this.dataset["song"] = String(song.song);
    this.toggleAttribute("data-busy", busy);
    this.toggleAttribute("data-deaf", !song.has_preview);
    this.#title.textContent = song.title;
    this.#byline.textContent = [song.artist, state || song.album].filter(Boolean).join(" · ");
    setIcon(this.#mark, seeded ? "check" : "plus");
    turnOff(this.#seed, busy || !song.has_preview);
    this.#seed.setAttribute("aria-pressed", String(seeded));
    this.#seed.setAttribute(
      "aria-label",
      [`Seed ${named(song)}, from the catalogue`, state].filter(Boolean).join(", "),
    );
    this.#seed.title = seeded
      ? "On the thread: click to take it off"
      : [song.title, state || "Click to make it a seed"].join("\n");
  }

  #choose() {
    if (!this.#song || isOff(this.#seed)) return;
    const { song, track } = this.#song;
    // A track of it may be there and still wait to be heard: the shell sees to that.
    if (this.#seeded && track !== null) send(this, "tl-unseed", { id: track });
    else send(this, "tl-seed-song", { song });
  }
}

customElements.define("tl-song", TlSong);
