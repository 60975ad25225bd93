// What stands in the window when the library cannot be opened.

import { el, icon, send } from "../../dom.js";
import { tell } from "../../errors.js";

/** @import { Problem } from "../../state/types" */

export class TlTrouble extends HTMLElement {
  /** @param {Problem | null} error */
  show(error) {
    if (!error) return this.replaceChildren();
    const { title, detail } = tell(error);
    this.dataset["code"] = error.code;
    const words = el(
      "div",
      { class: "words", role: "alert" },
      icon("mark"),
      el("h1", {}, title),
      el("p", { class: "dim select" }, detail),
    );
    const ways = el("div", { class: "ways" });
    if (error.code === "library_damaged") ways.append(this.#way("Save what can be read", "tl-salvage", "salvage"));
    ways.append(this.#way("Try again", "tl-reopen", "reopen"));
    ways.firstElementChild?.classList.replace("plain", "primary");
    words.append(ways);
    // A way that was taken and led nowhere had the focus.
    const held = this.contains(document.activeElement);
    this.replaceChildren(words);
    if (held) /** @type {HTMLElement} */ (ways.firstElementChild).focus();
  }

  /**
   * A way out, which can be taken once.
   * @param {string} label
   * @param {"tl-salvage" | "tl-reopen"} what
   * @param {string} testid
   */
  #way(label, what, testid) {
    const way = el("button", { type: "button", class: "plain", "data-testid": testid }, label);
    way.addEventListener("click", () => {
      way.disabled = true;
      send(this, what, null);
    });
    return way;
  }
}

customElements.define("tl-trouble", TlTrouble);
