// Growing a library from the catalogue: around what, how far, and what that takes before it begins.

import { announce, el, send, setAttribute } from "../../dom.js";
import { counted } from "../../format.js";
import { isBusy } from "../../state/build.js";
import { TlSheet } from "../tl-sheet/tl-sheet.js";
import { planView } from "./plan.js";
import { TlSeeds } from "./tl-seeds.js";
import * as words from "./words.js";

/** @import { Planning, State } from "../../state/types" */

const regions = new Intl.DisplayNames(["en"], { type: "region" });

export class TlCatalog extends TlSheet {
  #seeds = new TlSeeds();
  #own = el("input", {
    type: "number",
    min: 1,
    max: words.MOST,
    step: 1,
    inputmode: "numeric",
    "aria-label": "Your own number of songs",
    "data-testid": "catalog-size-own",
  });
  #sizes = el("div", { class: "sizes", role: "radiogroup", "aria-label": "Songs" });
  #country = el("select", { "aria-label": "Store", "data-testid": "catalog-country" });
  #plan = el("section", { class: "plan", "aria-label": "Plan", "data-testid": "catalog-plan" });
  #note = el("p", { class: "dim", role: "status" });
  #ask = el("button", { type: "button", class: "primary", "data-testid": "catalog-ask" }, "Plan");
  #build = el("button", { type: "button", class: "primary", "data-testid": "catalog-build" }, "Build");
  #size = words.SIZES[1] ?? 0;
  /** @type {Planning | null} */
  #planning = null;
  #building = false;

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    if (this.body.firstChild) return;
    this.#sizes.append(
      ...words.SIZES.map((size) => this.#radio(String(size), counted(size, "song"))),
      this.#radio("own", this.#own),
    );
    this.#country.append(
      ...words.COUNTRIES.map((code) => el("option", { value: code }, regions.of(code.toUpperCase()) ?? code)),
    );
    this.body.append(
      section("Around what?", this.#seeds),
      el(
        "div",
        { class: "two" },
        section("How many songs?", this.#sizes),
        section("Which store?", this.#country),
      ),
      this.#plan,
    );
    this.foot.append(this.#note, this.#ask, this.#build);
    this.#listen();
  }

  #listen() {
    this.#seeds.addEventListener("picked", () => this.#changed());
    this.#sizes.addEventListener("change", () => this.#resize());
    this.#own.addEventListener("input", () => this.#resize());
    this.#own.addEventListener("focus", () => {
      this.#choose("own");
      this.#resize();
    });
    this.#country.addEventListener("change", () => this.#changed());
    this.#ask.addEventListener("click", () => {
      const request = this.#request();
      if (request && !this.#busy) send(this, "tl-plan", request);
    });
    this.#build.addEventListener("click", () => {
      if (this.#building) return;
      send(this, "tl-build-catalog", null);
      this.close();
    });
  }

  /** @param {Pick<State, "catalog" | "library" | "build">} state */
  open(state) {
    this.#choose(words.SIZES.includes(this.#size) ? String(this.#size) : "own");
    this.show(state);
    this.openAs("Grow a library from the catalogue");
    this.#seeds.enter();
  }

  /** @override */
  closed() {
    this.#seeds.clear();
    send(this, "tl-unplan", null);
  }

  /**
   * Brings an open dialog up to date.
   * @param {Pick<State, "catalog" | "library" | "build">} state
   */
  show({ catalog: { sheet, planning }, library: { status }, build }) {
    this.#seeds.show(sheet, (status?.tracks ?? 0) > (status?.songs ?? 0));
    this.#building = isBusy(build);
    setAttribute(this.#build, "aria-disabled", this.#building ? "true" : null);
    this.#showNote();
    if (planning !== this.#planning) this.#showPlan(planning);
  }

  /** @param {Planning} planning */
  #showPlan(planning) {
    const { request, plan, trouble } = planning;
    const fresh = plan !== null && plan !== this.#planning?.plan;
    const held = document.activeElement === this.#ask;
    this.#planning = planning;
    this.#ask.hidden = plan !== null;
    this.#build.hidden = plan === null;
    this.#ask.textContent = this.#busy ? "Planning…" : "Plan";
    setAttribute(this.#ask, "aria-disabled", this.#busy ? "true" : null);
    setAttribute(this.#plan, "role", trouble ? "alert" : null);
    this.#plan.replaceChildren(...planView(planning));
    if (!fresh || !request) return;
    this.#plan.scrollIntoView({ block: "nearest" });
    if (held) this.#build.focus();
    announce(words.planSentences(plan, request.size).join(" "));
  }

  #showNote() {
    this.#note.textContent = this.#building
      ? "A build is under way: this one can begin once it is done."
      : this.#request() === null
        ? `Say how many songs, at most ${words.MOST.toLocaleString("en")}.`
        : this.#seeds.picks.length === 0
          ? "With nothing chosen, it grows around the charts."
          : "";
  }

  get #busy() {
    return this.#planning !== null && this.#planning.request !== null && this.#planning.plan === null;
  }

  /**
   * @param {string} value
   * @param {string | HTMLElement} label
   */
  #radio(value, label) {
    const input = el("input", { type: "radio", name: "catalog-size", value, "data-testid": "catalog-size" });
    if (typeof label === "string") return el("label", { class: "pill" }, input, label);
    input.setAttribute("aria-label", "Own number");
    return el("span", { class: "pill" }, el("label", {}, input, "Own:"), label);
  }

  /** @param {string} value */
  #choose(value) {
    const input = this.#sizes.querySelector(`input[value="${value}"]`);
    if (input instanceof HTMLInputElement) input.checked = true;
  }

  #resize() {
    const chosen = this.#sizes.querySelector('input[type="radio"]:checked');
    if (!(chosen instanceof HTMLInputElement)) return;
    this.#size = chosen.value === "own" ? this.#own.valueAsNumber : Number(chosen.value);
    this.#changed();
  }

  /** What was planned is not what is asked for any more. */
  #changed() {
    this.#showNote();
    this.#ask.disabled = this.#request() === null;
    if (this.#planning?.request || this.#planning?.trouble) send(this, "tl-unplan", null);
  }

  #request() {
    return words.requestOf(this.#seeds.picks, this.#country.value, this.#size);
  }
}

/**
 * @param {string} title
 * @param {HTMLElement} child
 */
const section = (title, child) => el("section", {}, el("h3", {}, title), child);

customElements.define("tl-catalog", TlCatalog);
