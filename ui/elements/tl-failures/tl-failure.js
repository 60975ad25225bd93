// One file that could not be used.

import { button, el, isOff, setAttribute, turnOff } from "../../dom.js";
import { shortPath } from "../../format.js";
import { stop } from "../roving.js";

/** @import { Failure, Which } from "../../wire" */

/** @typedef {(some: Which, what: "retry" | "hide") => void} Act */

export class TlFailure extends HTMLElement {
  /** @type {Failure | null} */
  #failure = null;
  /** @type {Act} */
  #act = () => undefined;
  #file = el("p", { class: "file cut select" });
  #reason = el("p", { class: "reason select" });
  #path = el("p", { class: "path cut dim select" });
  #retry = button("fresh", "Try again", { class: "quiet", ...stop("retry"), "data-testid": "failure-retry" });
  #hide = el("button", {
    type: "button",
    class: "quiet worded",
    ...stop("hide"),
    "data-testid": "failure-hide",
  });

  connectedCallback() {
    // It comes and goes as the list is scrolled, and listens to nothing but itself.
    if (this.firstChild) return;
    this.append(el("div", { class: "words" }, this.#file, this.#reason, this.#path), this.#retry, this.#hide);
    this.dataset["testid"] = "failure";
    this.#retry.addEventListener("click", () => this.#ask("retry"));
    this.#hide.addEventListener("click", () => this.#ask("hide"));
  }

  /**
   * @param {Failure | null} failure null while it is not known
   * @param {boolean} hidden it is hidden, and can be shown again
   * @param {boolean} building trying again has to wait
   * @param {Act} act
   */
  show(failure, hidden, building, act) {
    this.#failure = failure;
    this.#act = act;
    setAttribute(this, "aria-busy", failure ? null : "true");
    this.dataset["code"] = failure?.code ?? "";
    const { path = "", reason = "" } = failure ?? {};
    const short = shortPath(path);
    this.#file.textContent = short;
    this.#reason.textContent = this.#reason.title = reason;
    this.#path.textContent = this.#path.title = short === path ? "" : path;
    this.#hide.textContent = hidden ? "Show" : "Hide";
    this.#hide.setAttribute("aria-label", `${hidden ? "Show" : "Hide"} ${short}`);
    const words = building ? "Wait until the build is done" : `Try ${short} again`;
    this.#retry.setAttribute("aria-label", words);
    this.#retry.title = words;
    turnOff(this.#retry, building);
  }

  /** @param {"retry" | "hide"} what */
  #ask(what) {
    if (!this.#failure || (what === "retry" && isOff(this.#retry))) return;
    this.#act({ kind: "file", file: this.#failure.file }, what);
  }
}

customElements.define("tl-failure", TlFailure);
