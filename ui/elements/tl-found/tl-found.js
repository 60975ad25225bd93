// One track of the library's list: a click makes it a seed, or takes it off the thread again. While it is on its
// way there is a place for it.

import { button, el, icon, send, setAttribute, setIcon } from "../../dom.js";
import { named } from "../../format.js";
import { songKey } from "../../keys.js";
import { stop } from "../roving.js";
import { TlPicture } from "../tl-picture/tl-picture.js";

/** @import { Player, Track } from "../../wire" */

const STATUS = { ready: "", pending: "waiting to be heard", missing: "file is missing" };

export class TlFound extends HTMLElement {
  /** @type {Track | null} */
  #track = null;
  #seeded = false;
  #picture = new TlPicture();
  #mark = icon("plus");
  #glyph = icon("play");
  #title = el("span", { class: "title cut" });
  #byline = el("span", { class: "byline cut dim" });
  #seed = el(
    "button",
    { type: "button", class: "seed", ...stop("seed"), "data-testid": "search-result" },
    this.#picture,
    el("span", { class: "words" }, this.#title, this.#byline),
    this.#mark,
  );
  #play = button("play", "", { class: "quiet play", ...stop("play"), "data-testid": "search-play" });
  /** What was heard of the player last, as far as it concerns this row. */
  #heard = "";

  connectedCallback() {
    // A row comes and goes as the list is scrolled: it listens to nothing but itself, so once is enough.
    if (this.firstChild) return;
    this.#play.replaceChildren(this.#glyph);
    this.append(this.#seed, this.#play);
    this.#seed.addEventListener("click", () => this.#toggleSeed());
    this.#play.addEventListener("click", () => this.#hear());
    this.addEventListener("keydown", (event) => {
      // Letters alone lead to another song.
      const key = event.shiftKey ? songKey(event) : null;
      if (key !== "seed" && key !== "play") return;
      event.preventDefault();
      if (key === "seed") this.#toggleSeed();
      else this.#hear();
    });
  }

  /**
   * @param {Track | null} track null while it is not known
   * @param {boolean} seeded
   */
  show(track, seeded) {
    if (track === this.#track && seeded === this.#seeded && this.hasAttribute("data-status")) return;
    this.#track = track;
    this.#seeded = seeded;
    setAttribute(this, "aria-busy", track ? null : "true");
    if (!track) return this.#wait();
    const gone = track.store && track.status === "missing";
    const status = gone ? "preview is gone" : STATUS[track.status];
    this.dataset["status"] = track.status;
    this.dataset["trackId"] = String(track.id);
    this.#seed.dataset["trackId"] = String(track.id);
    this.#picture.show(track);
    this.#title.textContent = track.title;
    this.#byline.textContent = [track.artist, status].filter(Boolean).join(" · ");
    setIcon(this.#mark, seeded ? "check" : "plus");
    this.#seed.setAttribute("aria-pressed", String(seeded));
    this.#seed.setAttribute("aria-label", [`Seed ${named(track)}`, status].filter(Boolean).join(", "));
    this.#seed.title = seeded
      ? "On the thread: click to take it off"
      : `${track.title}\nClick to make it a seed`;
  }

  #wait() {
    this.dataset["status"] = "waiting";
    delete this.dataset["trackId"];
    delete this.#seed.dataset["trackId"];
    this.#picture.show(null);
    this.#title.textContent = this.#byline.textContent = this.#seed.title = "";
    this.#seed.setAttribute("aria-pressed", "false");
    this.#seed.setAttribute("aria-label", "Loading");
  }

  /** @param {Player} player */
  hear({ track, playing, fetching }) {
    const mine = this.#track !== null && track?.id === this.#track.id;
    const words = `${mine && fetching ? "Stop" : mine && playing ? "Pause" : "Play"} ${this.#track ? named(this.#track) : ""}`;
    const heard = `${mine} ${words}`;
    if (heard === this.#heard) return;
    this.#heard = heard;
    this.toggleAttribute("data-current", mine);
    this.toggleAttribute("data-fetching", mine && fetching);
    setIcon(this.#glyph, mine && fetching ? "stop" : mine && playing ? "pause" : "play");
    this.#play.setAttribute("aria-label", words);
    this.#play.title = words;
  }

  #toggleSeed() {
    if (this.#track) send(this, this.#seeded ? "tl-unseed" : "tl-seed", { id: this.#track.id });
  }

  #hear() {
    if (this.#track) send(this, "tl-play", { id: this.#track.id });
  }
}

customElements.define("tl-found", TlFound);
