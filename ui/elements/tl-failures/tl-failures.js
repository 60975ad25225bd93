// The files that did not get into the library: where they are, why, another try, or out of sight.

import { el, send, turnOff } from "../../dom.js";
import { counted } from "../../format.js";
import { rowAt, whereIs } from "../../state/pages.js";
import { LongList } from "../long-list.js";
import { TlSheet } from "../tl-sheet/tl-sheet.js";
import { TlFailure } from "./tl-failure.js";
import { allWords, emptyWords, noteWords, reasonWords, titleWords } from "./words.js";

/** @import { Failures } from "../../state/types" */
/** @import { Which } from "../../wire" */

export class TlFailures extends TlSheet {
  #reasons = el("div", { class: "reasons", role: "group", "aria-label": "Reasons" });
  #say = el("p", { class: "dim", role: "status" });
  #again = control("Try again", "quiet worded", "failures-reload");
  #list = el("div", { class: "failures long", role: "list", "aria-label": "Files" });
  #scroll = el("div", { class: "scroll" }, this.#list);
  #note = el("p", { class: "dim" });
  #hide = control("Hide all", "plain", "failures-hide");
  #retry = control("Try all again", "primary", "failures-retry");
  #gone = new AbortController();
  /** @type {LongList<TlFailure> | null} */
  #rows = null;
  /** @type {Failures | null} */
  #failures = null;
  #building = false;

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.body.replaceChildren(this.#reasons, this.#say, this.#again, this.#scroll);
    this.body.classList.add("filled");
    this.foot.replaceChildren(this.#note, this.#hide, this.#retry);
    this.#gone = new AbortController();
    const { signal } = this.#gone;
    this.#rows = this.#longList(signal);
    this.#hide.addEventListener("click", () => this.#hideSome(this.#which), { signal });
    this.#retry.addEventListener("click", () => send(this, "tl-retry", this.#which), { signal });
    this.#again.addEventListener(
      "click",
      () => {
        // It goes as soon as it is asked.
        this.#fallback().focus();
        this.#look(this.#failures?.reason ?? null);
      },
      { signal },
    );
    this.#reasons.addEventListener("click", (event) => this.#choose(event.target), { signal });
  }

  disconnectedCallback() {
    this.#gone.abort();
  }

  /**
   * @param {Failures} failures
   * @param {boolean} building a build is under way: trying again has to wait
   */
  open(failures, building) {
    this.openAs("Files that could not be used");
    this.show(failures, building);
  }

  /**
   * Brings an open dialog up to date.
   * @param {Failures} failures
   * @param {boolean} building
   */
  show(failures, building) {
    const before = this.#failures;
    const anew = before?.reason !== failures.reason || before.hidden !== failures.hidden;
    const same =
      before?.pages === failures.pages && before.hidden === failures.hidden && this.#building === building;
    this.#failures = failures;
    this.#building = building;
    const { total, trouble } = failures;
    this.openAs(titleWords(failures));
    this.#showReasons(failures);
    if (!same) this.#rows?.show(total ?? 0, anew);
    this.#scroll.hidden = (total ?? 0) === 0;
    this.#say.textContent = emptyWords(failures);
    this.#again.hidden = !trouble;
    this.#note.textContent = noteWords(building);
    this.#hide.textContent = allWords(failures);
    const none = (total ?? 0) === 0;
    turnOff(this.#hide, none);
    turnOff(this.#retry, none || building);
  }

  /** @param {AbortSignal} signal */
  #longList(signal) {
    /** @param {number} index */
    const failure = (index) => this.#failures && rowAt(this.#failures, index);
    return new LongList({
      list: this.#list,
      scroll: this.#scroll,
      signal,
      make: () => new TlFailure(),
      update: (node, index) =>
        node.show(failure(index), this.#failures?.hidden ?? false, this.#building, (some, what) =>
          what === "retry" ? send(this, "tl-retry", some) : this.#hideSome(some),
        ),
      key: (index) => failure(index)?.file ?? null,
      find: (file) => this.#failures && whereIs(this.#failures, (failed) => failed.file === file),
      look: (first, last) => send(this, "tl-look-failures", { first, last }),
      ahead: null,
      fallback: () => this.#fallback(),
    });
  }

  /** Of the reasons the one that is chosen; the dialog always has its way out. */
  #fallback() {
    const chosen = this.#reasons.querySelector("[aria-pressed=true]");
    return chosen instanceof HTMLElement ? chosen : this.#hide;
  }

  /** @returns {Which} */
  get #which() {
    const code = this.#failures?.reason ?? null;
    return code === null ? { kind: "all" } : { kind: "reason", code };
  }

  /** @param {Which} some */
  #hideSome(some) {
    send(this, "tl-hide", { some, hidden: !this.#failures?.hidden });
  }

  /**
   * @param {string | null} reason
   * @param {boolean} [hidden]
   */
  #look(reason, hidden = this.#failures?.hidden ?? false) {
    send(this, "tl-list-failures", { reason, hidden });
  }

  /** @param {EventTarget | null} target */
  #choose(target) {
    const button = target instanceof Element ? target.closest("button") : null;
    if (!button) return;
    if (button.dataset["testid"] === "failures-hidden") this.#look(null, !this.#failures?.hidden);
    else this.#look(button.dataset["code"] ?? null);
  }

  /** @param {Failures} failures */
  #showReasons({ reasons, reason, hidden }) {
    const buttons = reasonWords(reasons, hidden).map(({ code, words, title }) => ({
      testid: "failures-reason",
      code,
      words,
      title,
      pressed: code === reason,
    }));
    const away = reasons.reduce((sum, { hidden: some }) => sum + some, 0);
    const all = [
      ...buttons,
      ...(away > 0 || hidden
        ? [
            {
              testid: "failures-hidden",
              code: null,
              words: counted(away, "hidden", "hidden"),
              title: "",
              pressed: hidden,
            },
          ]
        : []),
    ];
    // The same buttons stay, so that the one with the focus keeps it.
    while (this.#reasons.childElementCount > all.length) this.#reasons.lastElementChild?.remove();
    all.forEach(({ testid, code, words, title, pressed }, index) => {
      const there = this.#reasons.children[index];
      const button =
        there instanceof HTMLButtonElement ? there : el("button", { type: "button", class: "chip" });
      if (button !== there) this.#reasons.append(button);
      button.dataset["testid"] = testid;
      if (code === null) delete button.dataset["code"];
      else button.dataset["code"] = code;
      button.textContent = words;
      button.title = title;
      button.setAttribute("aria-pressed", String(pressed));
    });
  }
}

/**
 * @param {string} words
 * @param {string} looks
 * @param {string} testid
 */
const control = (words, looks, testid) =>
  el("button", { type: "button", class: looks, "data-testid": testid }, words);

customElements.define("tl-failures", TlFailures);
