// A build under way, or one that rests: its stage, how far it is, a way out or on.

import { el, send, setAttribute, turnOff } from "../../dom.js";
import { shortPath } from "../../format.js";
import { buildWords, pauseWords, switchWords, unfinishedWords } from "./words.js";

/** @import { Build } from "../../state/types" */
/** @import { Crawling, Status } from "../../wire" */

export class TlBuild extends HTMLElement {
  #stage = el("h2", { class: "stage" });
  #cancel = el("button", { type: "button", class: "quiet worded", "data-testid": "build-cancel" }, "Cancel");
  #resume = el("button", { type: "button", class: "quiet worded", "data-testid": "build-go-on" }, "Go on");
  #pace = el("button", { type: "button", class: "link", "data-testid": "build-pace" }, "Full speed");
  #gentle = true;
  #fill = el("span");
  #bar = el(
    "div",
    { class: "bar", role: "progressbar", "aria-label": "Build", "aria-valuemin": 0, "aria-valuemax": 100 },
    this.#fill,
  );
  #left = el("p", { class: "left", "data-testid": "build-left" });
  #detail = el("p", { class: "detail dim figures", "data-testid": "build-detail" });
  #file = el("p", { class: "file cut dim" });
  #pause = el("p", { class: "pause", "data-testid": "build-pause" });
  /** @type {Crawling | null} */
  #crawling = null;
  /** When it is tried again, by the page's own clock; null while nobody knows. */
  #until = /** @type {number | null} */ (null);
  #ticking = 0;
  /** What goes on with it. */
  #onward = /** @type {() => void} */ (() => undefined);
  #gone = new AbortController();

  connectedCallback() {
    if (!this.firstChild) {
      this.append(
        el("header", {}, this.#stage, this.#cancel, this.#resume),
        this.#bar,
        this.#pause,
        this.#left,
        this.#detail,
        this.#file,
        this.#pace,
      );
    }
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    this.#cancel.addEventListener("click", () => send(this, "tl-cancel-build", null), { signal });
    this.#pace.addEventListener("click", () => send(this, "tl-pace", { gentle: !this.#gentle }), { signal });
    this.#resume.addEventListener("click", () => this.#onward(), { signal });
  }

  disconnectedCallback() {
    this.#gone.abort();
    clearInterval(this.#ticking);
  }

  /**
   * @param {Build} build
   * @param {Status | null} status
   * @param {boolean} playing
   */
  show(build, status, playing) {
    const switching = status ? switchWords(build, status) : null;
    const idle = build.phase === "idle";
    const resting = idle && !switching && status?.unfinished ? unfinishedWords(status) : null;
    const { stage, part, left, detail } = switching ?? resting ?? buildWords(build);
    this.hidden = idle && !switching && !resting;
    this.#onward = () =>
      resting ? send(this, "tl-resume-catalog", null) : send(this, "tl-rescan", { retryFailed: false });
    this.#cancel.hidden = idle;
    this.#cancel.textContent = build.kind === "songs" ? "Pause" : "Cancel";
    this.#resume.hidden = !idle;
    this.dataset["phase"] = build.phase;
    this.#stage.textContent = stage;
    turnOff(this.#cancel, build.stopping);
    this.#bar.hidden = part === null;
    setAttribute(this.#bar, "aria-valuenow", part === null ? null : Math.floor(part * 100));
    this.#bar.style.setProperty("--part", String(part ?? 0));
    this.#left.textContent = left;
    const waits = build.gentle === true && playing && build.phase === "working" && !build.stopping;
    this.#detail.textContent = waits ? "Waits while something plays." : detail;
    // A build that another window began goes as fast as that one said.
    this.#gentle = build.gentle ?? true;
    this.#pace.hidden = build.gentle === null || build.phase !== "working" || build.stopping;
    this.#pace.textContent = this.#gentle ? "Full speed" : "Go gently";
    this.#pace.title = this.#gentle
      ? "Take all of the computer that there is"
      : "Leave room for other work, and wait while something plays";
    this.#file.textContent = switching?.serving ?? (build.file ? shortPath(build.file) : "");
    this.#file.title = build.file ?? "";
    this.#showPause(build.stopping ? null : build.crawling);
  }

  /** @param {Crawling | null} crawling */
  #showPause(crawling) {
    if (crawling === this.#crawling) return;
    this.#crawling = crawling;
    const { paused = null, wait_s: wait = null } = crawling ?? {};
    this.#until = wait === null ? null : performance.now() + wait * 1000;
    clearInterval(this.#ticking);
    if (paused !== null && wait !== null) this.#ticking = window.setInterval(() => this.#tick(), 1000);
    this.#tick();
  }

  /** The wait is counted down here: nothing need be heard meanwhile. */
  #tick() {
    const left = this.#until === null ? null : (this.#until - performance.now()) / 1000;
    this.#pause.textContent = pauseWords(this.#crawling?.paused ?? null, left);
  }
}

customElements.define("tl-build", TlBuild);
