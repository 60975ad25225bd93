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
    if (error.code === "library_damaged") words.append(this.#salvage());
    this.replaceChildren(words);
  }

  #salvage() {
    const save = el(
      "button",
      { type: "button", class: "primary", "data-testid": "salvage" },
      "Save what can be read",
    );
    save.addEventListener("click", () => {
      save.disabled = true;
      send(this, "tl-salvage", null);
    });
    return el("div", { class: "ways" }, save);
  }
}

customElements.define("tl-trouble", TlTrouble);
