// A model on its way, seen from the library: how far it is, and what can be done when it is here.

import { button, el, send, setAttribute, turnOff } from "../../dom.js";
import { modelOf } from "../../state/models.js";
import { DOING, jobWords, of } from "../tl-model/words.js";

/** @import { Models } from "../../state/types" */
/** @import { Status } from "../../wire" */

export class TlFetch extends HTMLElement {
  #stage = el("button", { type: "button", class: "stage link-plain", "data-testid": "fetch-open" });
  #cancel = el("button", { type: "button", class: "quiet worded", "data-testid": "fetch-cancel" }, "Cancel");
  #aside = button("close", "Put aside", { class: "quiet", "data-testid": "fetch-put-aside" });
  #fill = el("span");
  #bar = el(
    "div",
    { class: "bar", role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100 },
    this.#fill,
  );
  #left = el("p", { class: "left" });
  #detail = el("p", { class: "detail dim figures", "data-testid": "fetch-detail" });
  #use = el(
    "button",
    { type: "button", class: "link", "data-testid": "fetch-use" },
    "Use it in this library",
  );
  #arrived = "";
  #gone = new AbortController();

  connectedCallback() {
    if (!this.firstChild) {
      this.append(
        el("header", {}, this.#stage, this.#cancel, this.#aside),
        this.#bar,
        this.#left,
        this.#detail,
        this.#use,
      );
    }
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    this.#stage.addEventListener("click", () => send(this, "tl-open", { what: "models" }), { signal });
    this.#cancel.addEventListener("click", () => send(this, "tl-cancel-fetch", null), { signal });
    this.#aside.addEventListener("click", () => send(this, "tl-put-aside", null), { signal });
    this.#use.addEventListener("click", () => send(this, "tl-use-model", { id: this.#arrived }), { signal });
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  /**
   * @param {Models} models
   * @param {Status | null} status
   */
  show(models, status) {
    const { job, arrived } = models;
    this.hidden = job === null && arrived === null;
    this.dataset["phase"] = job?.progress?.kind ?? (job ? "starting" : "arrived");
    if (job) this.#showJob(models, job);
    else if (arrived !== null) {
      this.#arrived = arrived;
      this.#stage.textContent = `${modelOf(models, arrived)?.name ?? arrived} is here`;
      this.#left.textContent = "";
      this.#detail.textContent = "";
      this.#bar.hidden = true;
    }
    this.#cancel.hidden = job?.kind !== "fetch";
    turnOff(this.#cancel, job?.stopping ?? false);
    this.#aside.hidden = job !== null;
    this.#use.hidden = job !== null || status?.model === arrived;
  }

  /**
   * @param {Models} models
   * @param {NonNullable<Models["job"]>} job
   */
  #showJob(models, job) {
    const name = modelOf(models, job.id)?.name ?? job.id;
    const { stage, part, left, detail } = jobWords(job);
    const { progress } = job;
    const title = `${DOING[job.kind]} ${name}`;
    this.#stage.textContent = title;
    this.#bar.hidden = part === null;
    this.#bar.setAttribute("aria-label", title);
    setAttribute(this.#bar, "aria-valuenow", part === null ? null : Math.floor(part * 100));
    this.#bar.style.setProperty("--part", String(part ?? 0));
    this.#left.textContent = progress?.kind === "downloading" ? left : stage;
    this.#detail.textContent = progress?.kind === "verifying" ? of(progress.done, progress.total) : detail;
  }
}

customElements.define("tl-fetch", TlFetch);
