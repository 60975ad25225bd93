// The player: what is heard, and where in it.

import { button, el, icon, send, setAttribute, setIcon } from "../../dom.js";
import { isSong, clock, spokenTime } from "../../format.js";
import { TlPicture } from "../tl-picture/tl-picture.js";
import { say, toggleWords } from "./words.js";

/** @import { Player } from "../../wire" */

export class TlPlayer extends HTMLElement {
  #glyph = icon("play");
  #toggle = el(
    "button",
    { type: "button", class: "toggle", "data-testid": "player-toggle", "aria-label": "Play" },
    this.#glyph,
  );
  #picture = new TlPicture();
  #title = el("p", { class: "title cut", "data-testid": "player-title" });
  #byline = el("p", { class: "byline cut dim", "data-testid": "player-say" });
  #position = el("span", { class: "figures dim" });
  #duration = el("span", { class: "figures dim" });
  #seek = el("input", {
    type: "range",
    min: 0,
    max: 1,
    step: 1,
    value: 0,
    "aria-label": "Position",
    "data-testid": "player-seek",
  });
  #store = button("store", "Open in the store", { class: "link", "data-testid": "player-store" }, true);
  #courtesy = el(
    "div",
    { class: "courtesy", "data-testid": "player-courtesy" },
    el("p", { class: "dim" }, "Preview provided courtesy of iTunes"),
    this.#store,
  );
  #track = 0;
  /** The listener holds the slider: it does not follow the music. */
  #held = false;
  #gone = new AbortController();

  connectedCallback() {
    if (!this.firstChild) {
      this.append(
        this.#toggle,
        el("div", { class: "now" }, this.#picture, el("div", { class: "words" }, this.#title, this.#byline)),
        el("div", { class: "seek" }, this.#position, this.#seek, this.#duration),
        this.#courtesy,
      );
    }
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    this.#toggle.addEventListener("click", () => send(this, "tl-toggle", null), { signal });
    this.#store.addEventListener("click", () => send(this, "tl-open-store", { id: this.#track }), { signal });
    this.#seek.addEventListener(
      "input",
      () => {
        this.#held = true;
        this.#showPosition(this.#seek.valueAsNumber);
      },
      { signal },
    );
    this.#seek.addEventListener(
      "change",
      () => {
        this.#held = false;
        send(this, "tl-seek", { seconds: this.#seek.valueAsNumber });
      },
      { signal },
    );
    this.#seek.addEventListener("keydown", (event) => this.#onKey(event), { signal });
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  /** @param {Player} player */
  show(player) {
    const { track, playing, fetching, position_s: position, duration_s: duration, error } = player;
    this.dataset["playing"] = String(playing);
    setAttribute(this, "data-idle", track === null);
    setAttribute(this, "data-fetching", fetching);
    const silent = error !== null && duration <= 0;
    setAttribute(this, "data-trouble", silent);
    this.#byline.classList.toggle("cut", !silent);
    setAttribute(this, "aria-busy", fetching ? "true" : null);
    setIcon(this.#glyph, fetching ? "stop" : playing ? "pause" : "play");
    this.#toggle.disabled = track === null;
    this.#toggle.setAttribute("aria-label", toggleWords(player));
    this.#picture.hidden = track === null || !isSong(track);
    this.#picture.show(track);
    this.#title.textContent = track?.title ?? "Nothing playing";
    this.#byline.textContent = say(player);
    this.#byline.title = this.#byline.textContent;
    setAttribute(this.#byline, "role", error ? "alert" : null);
    this.#track = track?.id ?? 0;
    this.#courtesy.hidden = !track?.store;
    this.#seek.disabled = track === null || duration <= 0;
    this.#seek.max = String(Math.max(1, duration));
    this.#duration.textContent = clock(duration);
    if (this.#held) return;
    this.#seek.valueAsNumber = position;
    this.#showPosition(position);
  }

  /** @param {number} seconds */
  #showPosition(seconds) {
    const max = Number(this.#seek.max);
    this.#position.textContent = clock(seconds);
    this.#seek.style.setProperty("--part", String(Math.min(1, seconds / max)));
    this.#seek.setAttribute("aria-valuetext", `${spokenTime(seconds)} of ${spokenTime(max)}`);
  }

  /**
   * Arrow keys move by five seconds: the slider's own step is one.
   * @param {KeyboardEvent} event
   */
  #onKey(event) {
    const by = { ArrowRight: 5, ArrowUp: 5, ArrowLeft: -5, ArrowDown: -5 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const seconds = Math.min(Number(this.#seek.max), Math.max(0, this.#seek.valueAsNumber + by));
    this.#seek.valueAsNumber = seconds;
    this.#showPosition(seconds);
    send(this, "tl-seek", { seconds });
  }
}

customElements.define("tl-player", TlPlayer);
