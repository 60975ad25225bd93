// A build under way: its stage, how far it is, and a way out.

import { el, send, setAttribute } from "../../dom.js";
import { fileName } from "../../format.js";
import { buildWords } from "./words.js";

/** @import { Build } from "../../state/types" */

export class TlBuild extends HTMLElement {
  #stage = el("h2", { class: "stage" });
  #cancel = el("button", { type: "button", class: "quiet worded", "data-testid": "build-cancel" }, "Cancel");
  #fill = el("span");
  #bar = el(
    "div",
    { class: "bar", role: "progressbar", "aria-label": "Build", "aria-valuemin": 0, "aria-valuemax": 100 },
    this.#fill,
  );
  #left = el("p", { class: "left", "data-testid": "build-left" });
  #detail = el("p", { class: "detail dim figures", "data-testid": "build-detail" });
  #file = el("p", { class: "file cut dim" });
  #gone = new AbortController();

  connectedCallback() {
    if (!this.firstChild) {
      this.append(
        el("header", {}, this.#stage, this.#cancel),
        this.#bar,
        this.#left,
        this.#detail,
        this.#file,
      );
    }
    this.#gone = new AbortController();
    this.#cancel.addEventListener("click", () => send(this, "tl-cancel-build", null), {
      signal: this.#gone.signal,
    });
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  /** @param {Build} build */
  show(build) {
    const { stage, part, left, detail } = buildWords(build);
    this.hidden = build.phase === "idle";
    this.dataset["phase"] = build.phase;
    this.#stage.textContent = stage;
    this.#cancel.disabled = build.stopping;
    this.#bar.hidden = part === null;
    setAttribute(this.#bar, "aria-valuenow", part === null ? null : Math.floor(part * 100));
    this.#bar.style.setProperty("--part", String(part ?? 0));
    this.#left.textContent = left;
    this.#detail.textContent = detail;
    this.#file.textContent = build.file ? fileName(build.file) : "";
    this.#file.title = build.file ?? "";
  }
}

customElements.define("tl-build", TlBuild);
