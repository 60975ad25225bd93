// The veil over the window while something is held above it: what a drop would do.

import { el, knot } from "../../dom.js";
import { dropWords } from "../../state/drop.js";

/** @import { Drop } from "../../state/types" */

export class TlDrop extends HTMLElement {
  #title = el("p", { class: "title" });
  #detail = el("p", { class: "dim" });

  connectedCallback() {
    if (this.firstChild) return;
    this.append(el("div", { class: "card", role: "status" }, knot(), this.#title, this.#detail));
  }

  /** @param {Drop} drop */
  show({ over, what }) {
    const { title, detail, useful } = dropWords(what);
    this.hidden = !over;
    this.toggleAttribute("data-useless", !useful);
    this.#title.textContent = title;
    this.#detail.textContent = detail;
  }
}

customElements.define("tl-drop", TlDrop);
