// One song of the ranked list: play, what it is, how alike it is and in which words, thumbs.

import { button, el, icon, send, setIcon } from "../../dom.js";
import { byline, isSong, named } from "../../format.js";
import { songKey } from "../../keys.js";
import { stop } from "../roving.js";
import { TlPicture } from "../tl-picture/tl-picture.js";
import { createLikeness } from "./likeness.js";
import { menuOf } from "./menu.js";
import { createWhy } from "./why.js";
import { brief } from "./words.js";

/** @import { WhyState } from "../../state/types" */
/** @import { Player, Row, Track } from "../../wire" */

export class TlRow extends HTMLElement {
  /** @type {Row | null} */
  #row = null;
  /** @type {WhyState | null} what is open */
  #told = null;
  /** @type {HTMLElement | null} */
  #why = null;
  #gone = new AbortController();
  #rank = el("span", { class: "rank figures", "aria-hidden": "true" });
  #picture = new TlPicture();
  #glyph = icon("play");
  #title = el("span", { class: "title cut" });
  #byline = el("span", { class: "byline cut dim" });
  #tags = el("p", { class: "tags dim" });
  #store = button("store", "", { class: "quiet store", ...stop("store"), "data-testid": "row-store" });
  #likeness = createLikeness();
  #play = el(
    "button",
    { type: "button", class: "play", ...stop("play"), "data-testid": "row-play" },
    el("span", { class: "disc" }, this.#picture, this.#rank, this.#glyph),
    el("span", { class: "words" }, this.#title, this.#byline),
  );
  #up = button("up", "", {
    class: "quiet up",
    ...stop("up"),
    "data-testid": "row-up",
    "aria-keyshortcuts": "U",
  });
  #down = button("down", "", {
    class: "quiet",
    ...stop("down"),
    "data-testid": "row-down",
    "aria-keyshortcuts": "D",
  });
  #more = button("more", "", {
    class: "quiet",
    ...stop("more"),
    "data-testid": "row-more",
    "aria-haspopup": "menu",
  });

  connectedCallback() {
    if (!this.firstChild)
      this.append(this.#play, this.#tags, this.#likeness.node, this.#up, this.#down, this.#more);
    this.#placeStore();
    this.setAttribute("role", "listitem");
    this.dataset["testid"] = "row";
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    this.#play.addEventListener("click", () => this.#ask("play"), { signal });
    this.#store.addEventListener(
      "click",
      () => this.#row && send(this, "tl-open-store", { id: this.#row.id }),
      { signal },
    );
    this.#likeness.node.addEventListener("click", () => this.#ask("why"), { signal });
    this.#up.addEventListener("click", () => this.#ask("up"), { signal });
    this.#down.addEventListener("click", () => this.#ask("down"), { signal });
    this.#more.addEventListener("click", () => this.#menu(), { signal });
    this.addEventListener("contextmenu", () => this.#menu(), { signal });
    this.addEventListener(
      "keydown",
      (event) => {
        const key = songKey(event);
        if (!key) return;
        event.preventDefault();
        this.#ask(key);
      },
      { signal },
    );
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  /**
   * @param {Row} row
   * @param {number} rank from 1
   * @param {readonly Track[]} seeds
   * @param {WhyState | null} told null while it is closed
   */
  show(row, rank, seeds, told) {
    this.#rank.textContent = String(rank);
    this.#showWhy(row, seeds, told);
    if (row === this.#row) return;
    this.#row = row;
    this.dataset["trackId"] = String(row.id);
    this.dataset["status"] = row.status;
    this.toggleAttribute("data-song", isSong(row));
    this.toggleAttribute("data-versions", row.versions > 0);
    this.#picture.show(row);
    this.#title.textContent = row.title;
    this.#title.title = row.title;
    const missing = row.store ? "(preview is gone)" : "(file is missing)";
    this.#byline.textContent = row.status === "missing" ? `${byline(row)} ${missing}`.trim() : byline(row);
    const tagged = row.shared_tags.length > 0;
    this.#tags.replaceChildren(...(tagged ? [el("span", { class: "unseen" }, "Shared: ")] : []), brief(row));
    this.#tags.title = tagged ? "What it shares with the thread" : "";
    this.#placeStore();
    name(this.#store, `Open “${row.title}” in the store`);
    this.#likeness.show(row, seeds);
    this.toggleAttribute("data-up", row.thumb === "up");
    name(
      this.#up,
      row.thumb === "up" ? `Take back the thumb up for “${row.title}”` : `Thumb up “${row.title}”`,
    );
    name(this.#down, `Thumb down “${row.title}”: it leaves this thread`);
    name(this.#more, `More for “${row.title}”`);
  }

  /**
   * @param {Row} row
   * @param {readonly Track[]} seeds
   * @param {WhyState | null} told
   */
  #showWhy(row, seeds, told) {
    const same =
      told === this.#told || (told?.why === this.#told?.why && told?.trouble === this.#told?.trouble);
    const there = (told === null) === (this.#told === null);
    this.#told = told;
    if (same && there && row === this.#row) return;
    this.toggleAttribute("data-open", told !== null);
    this.#likeness.node.setAttribute("aria-expanded", String(told !== null));
    const held = this.#why?.contains(document.activeElement);
    const why = told && createWhy(told, row, seeds);
    if (why && this.#why) this.#why.replaceWith(why);
    else if (why) this.append(why);
    else this.#why?.remove();
    this.#why = why;
    if (held) this.#likeness.node.focus({ preventScroll: true });
  }

  /** A control that is not there is no stop for the arrow keys either. */
  #placeStore() {
    const has = Boolean(this.#row?.store);
    this.toggleAttribute("data-store", has);
    if (!has) this.#store.remove();
    else if (this.#store.parentNode !== this) this.#tags.after(this.#store);
  }

  /** @param {Player} player */
  hear({ track, playing, fetching }) {
    const mine = this.#row !== null && track?.id === this.#row.id;
    this.toggleAttribute("data-current", mine);
    this.toggleAttribute("data-fetching", mine && fetching);
    setIcon(this.#glyph, mine && fetching ? "stop" : mine && playing ? "pause" : "play");
    if (this.#row)
      this.#play.setAttribute(
        "aria-label",
        `${mine && fetching ? "Stop" : mine && playing ? "Pause" : "Play"} ${named(this.#row)}`,
      );
  }

  /** @param {"up" | "down" | "seed" | "play" | "why"} what */
  #ask(what) {
    if (!this.#row) return;
    const { id, title, thumb } = this.#row;
    switch (what) {
      case "play":
        return send(this, "tl-play", { id });
      case "seed":
        return send(this, "tl-seed", { id });
      case "why":
        return send(this, "tl-why", { id, keep: false });
      case "down":
        return send(this, "tl-rate", { id, title, verdict: "down" });
      case "up":
        return send(this, "tl-rate", { id, title, verdict: thumb === "up" ? "clear" : "up" });
    }
  }

  #menu() {
    if (this.#row) send(this, "tl-menu", { anchor: this.#more, items: menuOf(this.#row) });
  }
}

/**
 * @param {HTMLElement} control
 * @param {string} words
 */
function name(control, words) {
  control.setAttribute("aria-label", words);
  control.title = words;
}

customElements.define("tl-row", TlRow);
