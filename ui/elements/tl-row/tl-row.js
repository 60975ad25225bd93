// One song of the ranked list: play, what it is, how alike it is and in which words, thumbs.

import { button, el, icon, patch, send, setAttribute, setIcon } from "../../dom.js";
import { byline, named, similarity } from "../../format.js";
import { songKey } from "../../keys.js";

/** @import { Player, Row, Track } from "../../wire" */

export class TlRow extends HTMLElement {
  /** @type {Row | null} */
  #row = null;
  #gone = new AbortController();
  #rank = el("span", { class: "rank figures", "aria-hidden": "true" });
  #glyph = icon("play");
  #title = el("span", { class: "title cut" });
  #byline = el("span", { class: "byline cut dim" });
  #tags = el("p", { class: "tags dim" });
  #bar = el("span", { class: "bar" }, el("span"));
  #score = el("span", { class: "figures" });
  #likeness = el("div", { class: "likeness dim", role: "img" }, this.#bar, this.#score);
  #play = el("button", { type: "button", class: "play", tabindex: -1, "data-stop": "play", "data-testid": "row-play" },
    el("span", { class: "disc" }, this.#rank, this.#glyph),
    el("span", { class: "words" }, this.#title, this.#byline));
  #up = button("up", "", { class: "quiet up", tabindex: -1, "data-stop": "up", "data-testid": "row-up", "aria-keyshortcuts": "U" });
  #down = button("down", "", { class: "quiet down", tabindex: -1, "data-stop": "down", "data-testid": "row-down", "aria-keyshortcuts": "D" });
  #more = button("more", "", { class: "quiet", tabindex: -1, "data-stop": "more", "data-testid": "row-more", "aria-haspopup": "menu" });
  /** @type {Map<unknown, HTMLElement>} */
  #ticks = new Map();

  connectedCallback() {
    if (!this.firstChild) this.append(this.#play, this.#tags, this.#likeness, this.#up, this.#down, this.#more);
    this.setAttribute("role", "listitem");
    this.dataset["testid"] = "row";
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    this.#play.addEventListener("click", () => this.#ask("play"), { signal });
    this.#up.addEventListener("click", () => this.#ask("up"), { signal });
    this.#down.addEventListener("click", () => this.#ask("down"), { signal });
    this.#more.addEventListener("click", () => this.#menu(), { signal });
    this.addEventListener("contextmenu", () => this.#menu(), { signal });
    this.addEventListener("keydown", (event) => {
      const key = songKey(event);
      if (!key) return;
      event.preventDefault();
      this.#ask(key);
    }, { signal });
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  /**
   * @param {Row} row
   * @param {number} rank from 1
   * @param {readonly Track[]} seeds
   */
  show(row, rank, seeds) {
    this.#rank.textContent = String(rank);
    if (row === this.#row) return;
    this.#row = row;
    this.dataset["trackId"] = String(row.id);
    this.dataset["status"] = row.status;
    this.#title.textContent = row.title;
    this.#byline.textContent = row.status === "missing" ? `${byline(row)} (file is missing)`.trim() : byline(row);
    this.#tags.replaceChildren(...(row.shared_tags.length > 0
      ? [el("span", { class: "unseen" }, "Shared: "), row.shared_tags.join(" · ")]
      : []));
    this.#tags.title = row.shared_tags.length > 0 ? "What it shares with the thread" : "";
    this.#showScore(row, seeds);
    this.toggleAttribute("data-up", row.thumb === "up");
    name(this.#up, row.thumb === "up" ? `Take back the thumb up for “${row.title}”` : `Thumb up “${row.title}”`);
    name(this.#down, `Thumb down “${row.title}”: it leaves this thread`);
    name(this.#more, `More for “${row.title}”`);
  }

  /** @param {Player} player */
  hear({ track, playing }) {
    const mine = this.#row !== null && track?.id === this.#row.id;
    this.toggleAttribute("data-current", mine);
    setIcon(this.#glyph, mine && playing ? "pause" : "play");
    if (this.#row) this.#play.setAttribute("aria-label", `${mine && playing ? "Pause" : "Play"} ${named(this.#row)}`);
  }

  /**
   * @param {Row} row
   * @param {readonly Track[]} seeds
   */
  #showScore(row, seeds) {
    this.#score.textContent = similarity(row.score);
    this.#bar.style.setProperty("--part", String(part(row.score)));
    const each = seeds.length > 1 ? row.seed_scores.slice(0, seeds.length) : [];
    const words = each.map((score, index) => `${similarity(score)} to “${seeds[index]?.title}”`);
    const label = [`Similarity ${similarity(row.score)}`, ...words].join(", ");
    this.#likeness.setAttribute("aria-label", label);
    this.#likeness.title = [`Similarity to the thread: ${similarity(row.score)} of 1`, ...words].join("\n");
    setAttribute(this.#likeness, "data-seeds", each.length || null);
    const scores = each.map((score, index) => ({ score, index }));
    const holder = this.#likeness.querySelector(".ticks") ?? el("span", { class: "ticks" });
    if (!holder.isConnected) this.#likeness.insertBefore(holder, this.#score);
    patch(holder, scores, {
      nodes: this.#ticks,
      key: ({ index }) => index,
      make: () => el("span"),
      update: (node, { score }) => node.style.setProperty("--part", String(part(score))),
    });
  }

  /** @param {"up" | "down" | "seed" | "play"} what */
  #ask(what) {
    if (!this.#row) return;
    const { id, title, thumb } = this.#row;
    switch (what) {
      case "play":
        return send(this, "tl-play", { id });
      case "seed":
        return send(this, "tl-seed", { id });
      case "down":
        return send(this, "tl-rate", { id, title, verdict: "down" });
      case "up":
        return send(this, "tl-rate", { id, title, verdict: thumb === "up" ? "clear" : "up" });
    }
  }

  #menu() {
    if (!this.#row) return;
    const { id, title } = this.#row;
    send(this, "tl-menu", {
      anchor: this.#more,
      items: [
        { label: "Make it a seed", icon: "plus", testid: "row-seed", choose: () => send(this, "tl-seed", { id }) },
        { label: "Show in folder", icon: "folder", testid: "row-reveal", choose: () => send(this, "tl-reveal", { id }) },
        { label: "Never show again, anywhere", icon: "ban", testid: "row-banish", choose: () => send(this, "tl-banish", { id, title }) },
      ],
    });
  }
}

/** @param {number} score */
const part = (score) => Math.min(1, Math.max(0, score));

/**
 * @param {HTMLElement} control
 * @param {string} words
 */
function name(control, words) {
  control.setAttribute("aria-label", words);
  control.title = words;
}

customElements.define("tl-row", TlRow);
