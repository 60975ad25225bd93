// What all dialogs share: a title, a way out, and the focus back where it was.

import { button, el } from "../../dom.js";

let sheets = 0;

/** Extended by the dialogs, each of which fills `body`. */
export class TlSheet extends HTMLElement {
  #title = el("h2", { id: `sheet-${++sheets}` });
  #close = button("close", "Close", { class: "quiet close", "data-testid": "sheet-close" });
  body = el("div", { class: "body" });
  foot = el("footer", {});
  #dialog = el(
    "dialog",
    { class: "sheet", "aria-labelledby": this.#title.id },
    el("header", {}, this.#title, this.#close),
    this.body,
    this.foot,
  );

  connectedCallback() {
    if (this.firstChild) return;
    this.append(this.#dialog);
    this.#close.addEventListener("click", () => this.close());
    this.#dialog.addEventListener("click", ({ target }) => {
      // The backdrop is the dialog itself; everything inside it is something else.
      if (target === this.#dialog) this.close();
    });
  }

  get isOpen() {
    return this.#dialog.open;
  }

  /** @param {string} title */
  openAs(title) {
    this.#title.textContent = title;
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  close() {
    this.#dialog.close();
  }
}
