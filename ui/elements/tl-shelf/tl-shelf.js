// The foot of the library: how much there is, what could not be used, which model hears it, and a
// way to add more.

import { button, el, icon, send, turnOff } from "../../dom.js";
import { counted } from "../../format.js";
import { isBusy } from "../../state/build.js";
import { failedWords } from "./words.js";

/** @import { Build } from "../../state/types" */
/** @import { Status } from "../../wire" */

export class TlShelf extends HTMLElement {
  #tracks = el("span", { class: "figures", "data-testid": "track-count" });
  #folders = el("span", { class: "dim" });
  #library = el(
    "button",
    { type: "button", class: "library", "data-testid": "library-open", title: "Folders and details" },
    icon("folder"),
    el("span", { class: "words" }, this.#tracks, this.#folders),
  );
  #failed = el("span");
  #failures = el(
    "button",
    { type: "button", class: "quiet worded failures", "data-testid": "failures-open" },
    icon("warn"),
    this.#failed,
  );
  #add = button("plus", "Add folder", { class: "plain", "data-testid": "add-folder" }, true);
  #model = el("span", { class: "cut" });
  #models = el(
    "button",
    { type: "button", class: "quiet worded models", "data-testid": "models-open" },
    icon("fork"),
    this.#model,
  );
  #songs = el("span", { class: "cut" });
  #catalog = el(
    "button",
    { type: "button", class: "quiet worded catalog", "data-testid": "catalog-open" },
    icon("grow"),
    this.#songs,
  );
  /** Something has grown: the report is what is wanted first. */
  #grown = false;
  #gone = new AbortController();

  connectedCallback() {
    if (!this.firstChild)
      this.append(
        this.#failures,
        el("div", { class: "line" }, this.#library, this.#add),
        this.#catalog,
        this.#models,
      );
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    this.#library.addEventListener("click", () => send(this, "tl-open", { what: "library" }), { signal });
    this.#failures.addEventListener("click", () => send(this, "tl-open", { what: "failures" }), { signal });
    this.#models.addEventListener("click", () => send(this, "tl-open", { what: "models" }), { signal });
    this.#catalog.addEventListener(
      "click",
      () => send(this, "tl-open", { what: this.#grown ? "catalog-report" : "catalog" }),
      { signal },
    );
    this.#add.addEventListener("click", () => send(this, "tl-add-folder", null), { signal });
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  /**
   * @param {Status | null} status
   * @param {Build} build
   */
  show(status, build) {
    if (!status) return;
    const failed = Math.max(status.failed, build.failed);
    this.#tracks.textContent = counted(status.tracks, "song");
    this.#grown = status.songs > 0 || status.unfinished;
    const folders = status.sources.length;
    this.#folders.textContent = folders === 0 && this.#grown ? "no folder" : counted(folders, "folder");
    this.#failed.textContent = failedWords(failed, this.#grown || build.kind === "songs");
    this.#failures.hidden = failed === 0;
    this.#model.textContent = `Heard with ${status.model_name}`;
    this.#models.title = `${status.model_name} on ${status.device}\nModels`;
    this.#songs.textContent = !this.#grown
      ? "Grow from the catalogue"
      : status.songs > 0
        ? `${counted(status.songs, "song")} from the catalogue`
        : "From the catalogue";
    turnOff(this.#add, isBusy(build));
  }
}

customElements.define("tl-shelf", TlShelf);
