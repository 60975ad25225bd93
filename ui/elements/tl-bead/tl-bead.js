// One song on the thread: a seed, a liked song, one that was thumbed down, or one the list turns away from.

import { button, el, icon, send, setAttribute, setIcon } from "../../dom.js";
import { named } from "../../format.js";
import { stop } from "../roving.js";

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
  #remove = button("close", "", { class: "quiet remove", ...stop("remove"), "data-testid": "chip-remove" });
  #gone = new AbortController();

  connectedCallback() {
    if (!this.firstChild) this.append(this.#play, this.#remove);
    this.setAttribute("role", "listitem");
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    this.#play.addEventListener("click", () => this.#track && send(this, "tl-play", { id: this.#track.id }), {
      signal,
    });
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
   */
  show(kind, track, pocket) {
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
    this.#play.title = `Play ${named(track)}${inPocket}`;
    this.#play.setAttribute("aria-label", `Play ${named(track)}, ${WORDS[kind]}${inPocket}`);
    this.#remove.title = REMOVE[kind](track.title);
    this.#remove.setAttribute("aria-label", REMOVE[kind](track.title));
  }

  #takeAway() {
    if (!this.#track) return;
    const { id, title } = this.#track;
    if (this.#kind === "seed" || this.#kind === "opposed") send(this, "tl-unseed", { id });
    else send(this, "tl-rate", { id, title, verdict: "clear" });
  }
}

customElements.define("tl-bead", TlBead);
