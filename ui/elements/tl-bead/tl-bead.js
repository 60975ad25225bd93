// One song on the thread: a seed, a liked song, one that was thumbed down, or one the list turns away from.

import { button, el, icon, send, setAttribute, setIcon } from "../../dom.js";
import { named } from "../../format.js";
import { stop } from "../roving.js";
import { menuOf, times, weighs } from "./weight.js";

/** @import { Track } from "../../wire" */

/** @typedef {"seed" | "liked" | "disliked" | "opposed"} Kind */

const TESTID = { seed: "seed-chip", liked: "liked-chip", disliked: "disliked-chip", opposed: "opposed-chip" };

/** @type {Record<Kind, string>} */
const WORDS = { seed: "seed", liked: "liked", disliked: "thumbed down", opposed: "turned away from" };

/** @type {Record<Kind, (title: string) => string>} */
const REMOVE = {
  seed: (title) => `Remove the seed “${title}”`,
  liked: (title) => `Take back the thumb up for “${title}”`,
  disliked: (title) => `Take back the thumb down for “${title}”`,
  opposed: (title) => `Turn away from “${title}” no more`,
};

export class TlBead extends HTMLElement {
  /** @type {Track | null} */
  #track = null;
  /** @type {Kind} */
  #kind = "seed";
  #title = el("span", { class: "title cut" });
  #artist = el("span", { class: "artist cut dim" });
  #thumb = icon("up");
  #play = el(
    "button",
    { type: "button", class: "song", ...stop("song") },
    this.#thumb,
    el("span", { class: "words" }, this.#title, this.#artist),
  );
  #weight = el("span", { class: "weight figures", "data-testid": "seed-weight" });
  #more = button("more", "", {
    class: "quiet more",
    ...stop("more"),
    "data-testid": "chip-more",
    "aria-haspopup": "menu",
  });
  /** What it counts beside the other seeds. */
  #counts = 1;
  #remove = button("close", "", { class: "quiet remove", ...stop("remove"), "data-testid": "chip-remove" });
  #gone = new AbortController();

  connectedCallback() {
    if (!this.firstChild) this.append(this.#play, this.#weight, this.#remove);
    this.setAttribute("role", "listitem");
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    this.#play.addEventListener("click", () => this.#track && send(this, "tl-play", { id: this.#track.id }), {
      signal,
    });
    this.#more.addEventListener("click", () => this.#menu(), { signal });
    this.addEventListener("contextmenu", () => this.#menu(), { signal });
    this.#remove.addEventListener("click", () => this.#takeAway(), { signal });
    this.addEventListener(
      "keydown",
      ({ key }) => {
        if (key === "Delete" || key === "Backspace") this.#takeAway();
      },
      { signal },
    );
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  /**
   * @param {Kind} kind
   * @param {Track} track
   * @param {number | null} pocket which of the thread's pockets a seed is in, from 1; null where there are none
   * @param {number} weight what a seed counts beside the others
   */
  show(kind, track, pocket, weight) {
    this.#kind = kind;
    this.#track = track;
    this.dataset["kind"] = kind;
    this.dataset["trackId"] = String(track.id);
    this.dataset["testid"] = TESTID[kind];
    this.#title.textContent = track.title;
    this.#artist.textContent = kind === "seed" ? (track.artist ?? "") : "";
    setAttribute(this.#thumb, "hidden", kind === "seed");
    setIcon(this.#thumb, kind === "opposed" ? "turn" : kind === "disliked" ? "down" : "up");
    setAttribute(this, "data-pocket", pocket);
    const inPocket = pocket === null ? "" : `, pocket ${pocket}`;
    this.#counts = weight;
    this.#weight.textContent = weight === 1 ? "" : times(weight);
    const counting = weight === 1 ? "" : `, ${weighs(weight)}`;
    this.#play.title = `Play ${named(track)}${inPocket}${counting}`;
    this.#play.setAttribute("aria-label", `Play ${named(track)}, ${WORDS[kind]}${inPocket}${counting}`);
    // A control that is not there is no stop for the arrow keys either.
    if (!this.#isSeed) this.#more.remove();
    else if (this.#more.parentNode !== this) this.#weight.after(this.#more);
    this.#more.title = `More for the seed “${track.title}”`;
    this.#more.setAttribute("aria-label", this.#more.title);
    this.#remove.title = REMOVE[kind](track.title);
    this.#remove.setAttribute("aria-label", REMOVE[kind](track.title));
  }

  get #isSeed() {
    return this.#kind === "seed" || this.#kind === "opposed";
  }

  #menu() {
    if (!this.#track || !this.#isSeed) return;
    const items = menuOf(this.#track, this.#kind === "seed", this.#counts);
    send(this, "tl-menu", { anchor: this.#more, items });
  }

  #takeAway() {
    if (!this.#track) return;
    const { id, title } = this.#track;
    if (this.#isSeed) send(this, "tl-unseed", { id });
    else send(this, "tl-rate", { id, title, verdict: "clear" });
  }
}

customElements.define("tl-bead", TlBead);
