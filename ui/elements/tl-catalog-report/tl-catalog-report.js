// What came of the catalogue: what held it up, what could not be had, what brought the songs, those of each
// genre and artist, and what keeps it in order.

import { button, el, isOff, send, turnOff } from "../../dom.js";
import { TlSheet } from "../tl-sheet/tl-sheet.js";
import { TlTally } from "../tl-tally/tl-tally.js";
import { actable, bars, list, origins, pair, section, skips } from "./parts.js";
import { TlLimits } from "./tl-limits.js";
import { artworkWords, limitWords, linkWords, reportFacts, standing } from "./words.js";

/** @import { Intents } from "../../intents" */
/** @import { CatalogReport } from "../../wire" */

export class TlCatalogReport extends TlSheet {
  /** @type {CatalogReport | null} */
  #report = null;
  #standing = el("p", { class: "lead", "data-testid": "report-standing" });
  #facts = el("dl", { class: "facts" });
  #limit = el("p", { class: "dim", "data-testid": "report-limit" });
  #stages = el("ul", { class: "stages" });
  #time = section("Where the time went", this.#limit, this.#stages);
  #askAgain = this.#begins("Ask again", "tl-retry-catalog", "report-ask-again");
  #skipped = el("ul", { class: "skipped" });
  #skippedSection = actable("Not answered", this.#askAgain, this.#skipped);
  #again = this.#begins("Try again", "tl-retry-catalog", "report-retry");
  #failures = el("dl", { class: "facts" });
  #failureSection = actable("Could not be had", this.#again, this.#failures);
  #sources = el("table", { class: "figures" });
  #sourceSection = section("By what brought them", this.#sources);
  #genres = tally("genre", "Find a genre");
  #genreSection = section("By genre", this.#genres);
  #artists = tally("artist", "Find an artist");
  #artistSection = section("By artist", this.#artists);
  #dropped = el("dl", { class: "facts" });
  #droppedSection = section("Left out", this.#dropped);
  #artwork = el("p", { "data-testid": "report-artwork" });
  #clear = el(
    "button",
    { type: "button", class: "quiet worded", "aria-label": "Clear pictures", "data-testid": "artwork-clear" },
    "Clear",
  );
  #links = el("p", {});
  #look = this.#begins("Look them up again", "tl-refresh-catalog", "links-refresh");
  #upkeep = section(
    "Upkeep",
    el(
      "div",
      { class: "upkeep" },
      el("div", {}, this.#links, this.#look),
      el("div", {}, this.#artwork, this.#clear),
    ),
  );
  #limits = new TlLimits();
  #grow = button("grow", "Grow from the catalogue", { class: "plain", "data-testid": "report-grow" }, true);
  #goOn = this.#begins("Go on", "tl-resume-catalog", "report-go-on", "primary");

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    if (this.body.firstChild) return;
    this.body.append(
      this.#standing,
      this.#facts,
      this.#time,
      this.#skippedSection,
      this.#failureSection,
      this.#sourceSection,
      this.#genreSection,
      this.#artistSection,
      this.#droppedSection,
      this.#upkeep,
      section("Limits on previews", this.#limits),
    );
    this.foot.append(this.#grow, this.#goOn);
    this.#grow.addEventListener("click", () => {
      this.close();
      send(this, "tl-open", { what: "catalog" });
    });
    this.#clear.addEventListener("click", () => send(this, "tl-clear-artwork", null));
    this.#genres.onremove = ({ key }) => {
      const genre = this.#report?.genres.find(({ name }) => name === key);
      if (genre) send(this, "tl-remove-genre", genre);
    };
    this.#artists.onremove = ({ key }) => {
      const artist = this.#report?.artists.find(({ id }) => id === key);
      if (artist) send(this, "tl-remove-artist", artist);
    };
  }

  /**
   * Opens the dialog; one that is open is brought up to date where it stands.
   * @param {CatalogReport} report
   * @param {boolean} building
   */
  open(report, building) {
    if (this.isOpen) {
      this.show(report, building);
      return;
    }
    this.#genres.reset();
    this.#artists.reset();
    this.show(report, building);
    this.openAs("From the catalogue");
    this.body.scrollTop = 0;
    this.#focusOn();
  }

  /**
   * Brings an open dialog up to date.
   * @param {CatalogReport} report
   * @param {boolean} building
   */
  show(report, building) {
    this.#report = report;
    const { stages, skipped, failures, sources, genres, artists, dropped } = report;
    this.#standing.textContent = standing(report);
    list(this.#facts, reportFacts(report));
    this.#limit.textContent = limitWords(stages);
    bars(this.#stages, stages);
    this.#time.hidden = stages.length === 0;
    skips(this.#skipped, skipped);
    this.#skippedSection.hidden = skipped.length === 0;
    list(this.#failures, failures.map(pair));
    this.#failureSection.hidden = failures.length === 0;
    origins(this.#sources, sources);
    this.#sourceSection.hidden = sources.length === 0;
    this.#genreSection.hidden = genres.length === 0;
    this.#artistSection.hidden = artists.length === 0;
    list(this.#dropped, dropped.map(pair));
    this.#droppedSection.hidden = dropped.length === 0;
    this.#links.textContent = linkWords(report);
    this.#artwork.textContent = artworkWords(report);
    turnOff(this.#clear, report.artwork_bytes === 0);
    this.#upkeep.hidden = report.known === 0;
    this.#limits.show(report);
    this.#goOn.hidden = !report.unfinished && report.pending === 0;
    this.showBuilding(building);
    // A name that went has taken its button along.
    if (this.isOpen && !this.contains(document.activeElement)) this.#focusOn();
  }

  /**
   * Nothing is begun or taken out beside a build.
   * @param {boolean} building
   */
  showBuilding(building) {
    if (!this.#report) return;
    const { genres, artists, gone } = this.#report;
    this.#genres.show(
      genres.map(({ name, words, count }) => ({ key: name, words, count })),
      building,
    );
    this.#artists.show(
      artists.map(({ id, name, count }) => ({ key: id, words: name, count })),
      building,
    );
    for (const control of [this.#goOn, this.#again, this.#askAgain]) turnOff(control, building);
    turnOff(this.#look, building || gone === 0);
  }

  #focusOn() {
    (this.#goOn.hidden || isOff(this.#goOn) ? this.#grow : this.#goOn).focus();
  }

  /**
   * A button that closes the dialog and begins a build, whose panel says how far it is.
   * @param {string} label
   * @param {"tl-retry-catalog" | "tl-refresh-catalog" | "tl-resume-catalog"} what
   * @param {string} testid
   * @param {string} [weight]
   */
  #begins(label, what, testid, weight = "quiet worded") {
    const control = el("button", { type: "button", class: weight, "data-testid": testid }, label);
    control.addEventListener("click", () => {
      this.close();
      send(this, what, /** @type {Intents[typeof what]} */ (null));
    });
    return control;
  }
}

/**
 * @param {string} kind what one of its names is
 * @param {string} search what narrowing it is called
 */
function tally(kind, search) {
  const made = new TlTally();
  made.dataset["kind"] = kind;
  made.dataset["find"] = search;
  return made;
}

customElements.define("tl-catalog-report", TlCatalogReport);
