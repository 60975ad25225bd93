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
    const again = el("button", { type: "button", class: "primary", "data-testid": "reopen" }, "Try again");
    again.addEventListener("click", () => send(this, "tl-reopen", null));
    this.replaceChildren(
      el(
        "div",
        { class: "words", role: "alert" },
        icon("mark"),
        el("h1", {}, title),
        el("p", { class: "dim select" }, detail),
        again,
      ),
    );
  }
}

customElements.define("tl-trouble", TlTrouble);
