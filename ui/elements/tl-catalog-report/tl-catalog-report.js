// What came of the catalogue: songs of each genre, what was left out, what could not be had.

import { button, el, find, patch, send } from "../../dom.js";
import { TlSheet } from "../tl-sheet/tl-sheet.js";
import { reportFacts, standing } from "./words.js";

/** @import { CatalogReport, Count } from "../../wire" */

const count = new Intl.NumberFormat("en");

export class TlCatalogReport extends TlSheet {
  #standing = el("p", { class: "lead", "data-testid": "report-standing" });
  #facts = el("dl", { class: "facts" });
  #genres = el("ul", { class: "genres" });
  #genreSection = section("By genre", this.#genres);
  #dropped = el("dl", { class: "facts" });
  #droppedSection = section("Left out", this.#dropped);
  #failures = el("dl", { class: "facts" });
  #failureSection = section("Could not be had", this.#failures);
  /** @type {Map<unknown, HTMLLIElement>} */
  #nodes = new Map();
  #grow = button("grow", "Grow from the catalogue", { class: "plain", "data-testid": "report-grow" }, true);
  #goOn = el("button", { type: "button", class: "primary", "data-testid": "report-go-on" }, "Go on");

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    if (this.body.firstChild) return;
    this.body.append(
      this.#standing,
      this.#facts,
      this.#genreSection,
      this.#droppedSection,
      this.#failureSection,
    );
    this.foot.append(this.#grow, this.#goOn);
    this.#grow.addEventListener("click", () => {
      this.close();
      send(this, "tl-open", { what: "catalog" });
    });
    this.#goOn.addEventListener("click", () => {
      if (this.#goOn.getAttribute("aria-disabled") === "true") return;
      this.close();
      send(this, "tl-resume-catalog", null);
    });
  }

  /**
   * @param {CatalogReport} report
   * @param {boolean} building
   */
  open(report, building) {
    this.show(report, building);
    this.openAs("From the catalogue");
    this.#focusOn();
  }

  /**
   * Brings an open dialog up to date.
   * @param {CatalogReport} report
   * @param {boolean} building
   */
  show(report, building) {
    this.#standing.textContent = standing(report);
    list(this.#facts, reportFacts(report));
    const most = Math.max(1, ...report.genres.map(({ count: songs }) => songs));
    patch(this.#genres, report.genres, {
      nodes: this.#nodes,
      key: ({ name }) => name,
      make: () => el("li", { "data-testid": "report-genre" }),
      update: (node, genre) => this.#genre(node, genre, most, building),
    });
    this.#genreSection.hidden = report.genres.length === 0;
    list(this.#dropped, report.dropped.map(pair));
    this.#droppedSection.hidden = report.dropped.length === 0;
    list(this.#failures, report.failures.map(pair));
    this.#failureSection.hidden = report.failures.length === 0;
    this.#goOn.hidden = !report.unfinished && report.pending === 0;
    this.#goOn.setAttribute("aria-disabled", String(building));
    // A genre that went has taken its button along.
    if (this.isOpen && !this.contains(document.activeElement)) this.#focusOn();
  }

  #focusOn() {
    (this.#goOn.hidden ? this.#grow : this.#goOn).focus();
  }

  /**
   * @param {HTMLLIElement} node
   * @param {Count} genre
   * @param {number} most
   * @param {boolean} building
   */
  #genre(node, genre, most, building) {
    if (!node.firstChild) {
      const remove = el(
        "button",
        {
          type: "button",
          class: "quiet worded",
          "aria-label": `Remove ${genre.words}`,
          "data-testid": "genre-remove",
        },
        "Remove",
      );
      node.append(
        el("span", { class: "name cut" }, genre.words),
        el("span", { class: "bar", "aria-hidden": "true" }, el("span")),
        el("span", { class: "count dim" }),
        remove,
      );
    }
    find(node, ".bar").style.setProperty("--part", String(genre.count / most));
    find(node, ".count").textContent = count.format(genre.count);
    const remove = find(node, "button");
    remove.disabled = building;
    remove.onclick = () => send(this, "tl-remove-genre", genre);
  }
}

/**
 * @param {string} title
 * @param {HTMLElement} child
 */
const section = (title, child) => el("section", {}, el("h3", {}, title), child);

/**
 * @param {HTMLElement} parent
 * @param {readonly (readonly [string, string])[]} facts
 */
const list = (parent, facts) =>
  parent.replaceChildren(
    ...facts.map(([term, value]) =>
      el("div", {}, el("dt", { class: "dim" }, term), el("dd", { class: "figures" }, value)),
    ),
  );

/** @type {(count: Count) => [string, string]} */
const pair = ({ words, count: songs }) => [words, count.format(songs)];

customElements.define("tl-catalog-report", TlCatalogReport);
