// Short messages. Notices pass by themselves; errors stay until they are read.

import { button, el, icon, patch, send } from "../../dom.js";

/** @import { Toast, ToastAction } from "../../state/types" */

/** How long a notice stays, in ms; WCAG 2.2.1 asks that what can be acted on be reachable elsewhere too: it is. */
const STAY = 8000;

export class TlToasts extends HTMLElement {
  // Two regions that are there before anything is said in them, so that voices hear the first word.
  #errors = el("div", { role: "alert" });
  #notices = el("div", { role: "status" });
  /** @type {Map<unknown, HTMLElement>} */
  #errorNodes = new Map();
  /** @type {Map<unknown, HTMLElement>} */
  #noticeNodes = new Map();
  /** @type {readonly Toast[]} */
  #list = [];
  /** @type {Map<number, number>} timers by toast */
  #timers = new Map();
  #gone = new AbortController();

  connectedCallback() {
    if (!this.firstChild) this.append(this.#errors, this.#notices);
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    // Nothing goes away under the pointer or the focus.
    for (const event of ["pointerenter", "focusin"])
      this.addEventListener(event, () => this.#hold(), { signal });
    for (const event of ["pointerleave", "focusout"])
      this.addEventListener(event, () => this.#release(), { signal });
    this.#release();
  }

  disconnectedCallback() {
    this.#gone.abort();
    this.#hold();
  }

  /** @param {readonly Toast[]} list */
  show(list) {
    this.#list = list;
    this.#fill("error", this.#errors, this.#errorNodes);
    this.#fill("notice", this.#notices, this.#noticeNodes);
    this.#release();
  }

  /** Dismisses the newest; answers whether there was one. */
  dismissLast() {
    const last = this.#list.at(-1);
    if (last) send(this, "tl-dismiss", { key: last.key });
    return last !== undefined;
  }

  /**
   * @param {Toast["severity"]} severity
   * @param {HTMLElement} region
   * @param {Map<unknown, HTMLElement>} nodes
   */
  #fill(severity, region, nodes) {
    const toasts = this.#list.filter((toast) => toast.severity === severity);
    patch(region, toasts, {
      nodes,
      key: ({ id }) => id,
      make: (toast) => this.#make(toast),
      update: () => undefined,
    });
  }

  #hold() {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #release() {
    const there = new Set(this.#list.map(({ id }) => id));
    for (const [id, timer] of this.#timers) {
      if (there.has(id)) continue;
      clearTimeout(timer);
      this.#timers.delete(id);
    }
    for (const { id, key, severity } of this.#list) {
      if (severity === "error" || this.#timers.has(id)) continue;
      this.#timers.set(
        id,
        window.setTimeout(() => send(this, "tl-dismiss", { key }), STAY),
      );
    }
  }

  /** @param {Toast} toast */
  #make({ key, severity, title, detail, action }) {
    const close = button("close", "Dismiss", { class: "quiet", "data-testid": "toast-close" });
    close.addEventListener("click", () => send(this, "tl-dismiss", { key }));
    return el(
      "div",
      { class: "toast", "data-testid": "toast", "data-severity": severity, "data-key": key },
      severity === "error" ? icon("warn") : null,
      el(
        "div",
        { class: "words" },
        el("p", { class: "title" }, title),
        detail ? el("p", { class: "dim" }, detail) : null,
      ),
      action ? this.#action(key, action) : null,
      close,
    );
  }

  /**
   * @param {string} key
   * @param {ToastAction} action
   */
  #action(key, action) {
    const { label, intent } = action;
    const act = el("button", { type: "button", class: "link", "data-testid": `toast-${intent}` }, label);
    act.addEventListener("click", () => {
      send(this, "tl-dismiss", { key });
      this.#answer(action);
    });
    return act;
  }

  /** @param {ToastAction} action */
  #answer(action) {
    switch (action.intent) {
      case "undo":
        return send(this, "tl-undo", null);
      case "use":
        return send(this, "tl-use-model", { id: action.model });
      case "resume":
        return send(this, "tl-fetch-model", { id: action.model, acceptLicence: true });
      case "resume-catalog":
        return send(this, "tl-resume-catalog", null);
      default:
        return send(this, "tl-open", { what: action.intent });
    }
  }
}

customElements.define("tl-toasts", TlToasts);
