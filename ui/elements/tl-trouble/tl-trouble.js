// What stands in the window when the library cannot be opened, or is of no use any more.

import { el, icon, send, turnOff } from "../../dom.js";
import { tell } from "../../errors.js";

/** @import { App, Problem, Remedy } from "../../state/types" */

/** @type {Record<Remedy, string>} */
const DOING = { salvage: "Saving what can be read…", reopen: "Opening the library…" };

export class TlTrouble extends HTMLElement {
  #alert = el("div", { class: "words", role: "alert" });
  #save = this.#way("Save what can be read", "tl-salvage", "salvage");
  #again = this.#way("Try again", "tl-reopen", "reopen");
  #say = el("p", { class: "small dim", role: "status", "data-testid": "trouble-say" });
  #ways = el("div", { class: "ways" }, this.#save, this.#again);
  /** @type {Problem | null} */
  #error = null;

  /** @param {Pick<App, "error" | "damaged" | "trying">} app */
  show({ error, damaged, trying }) {
    if (!error) return this.replaceChildren();
    if (!this.firstChild) this.append(this.#alert, this.#ways, this.#say);
    if (error !== this.#error) this.#tell(error);
    this.#save.hidden = !damaged;
    this.#again.className = damaged ? "plain" : "primary";
    for (const way of [this.#save, this.#again]) turnOff(way, trying !== null);
    this.#say.textContent = trying ? DOING[trying] : "";
  }

  /** Takes the focus. */
  enter() {
    (this.#save.hidden ? this.#again : this.#save).focus();
  }

  /** @param {Problem} error */
  #tell(error) {
    this.#error = error;
    const { title, detail } = tell(error);
    this.dataset["code"] = error.code;
    this.#alert.replaceChildren(icon("mark"), el("h1", {}, title), el("p", { class: "dim select" }, detail));
  }

  /**
   * A way out, which leads to one answer at a time.
   * @param {string} label
   * @param {"tl-salvage" | "tl-reopen"} what
   * @param {string} testid
   */
  #way(label, what, testid) {
    const way = el("button", { type: "button", class: "primary", "data-testid": testid }, label);
    way.addEventListener("click", () => send(this, what, null));
    return way;
  }
}

customElements.define("tl-trouble", TlTrouble);
