// The parts of the report that only show.

import { el } from "../../dom.js";
import { capital, sentence, spokenTime, thousands } from "../../format.js";
import { sourceRows, stageRows } from "./words.js";

/** @import { Count, SkippedCall, SourceCount, Stage } from "../../wire" */

/** More than anyone reads. */
const MOST = 100;

/**
 * @param {string} title
 * @param {...HTMLElement} children
 */
export const section = (title, ...children) => el("section", {}, el("h3", {}, title), ...children);

/**
 * A section with something to do about it beside its title.
 * @param {string} title
 * @param {HTMLElement} action
 * @param {...HTMLElement} children
 */
export const actable = (title, action, ...children) =>
  el("section", {}, el("header", {}, el("h3", {}, title), action), ...children);

/**
 * @param {HTMLElement} parent
 * @param {readonly (readonly [string, string])[]} facts
 */
export const list = (parent, facts) =>
  parent.replaceChildren(
    ...facts.map(([term, value]) =>
      el("div", {}, el("dt", { class: "dim" }, term), el("dd", { class: "figures" }, value)),
    ),
  );

/** @type {(count: Count) => [string, string]} */
export const pair = ({ words, count: songs }) => [capital(words), thousands(songs)];

/**
 * How long each stage was busy, as bars.
 * @param {HTMLElement} parent
 * @param {readonly Stage[]} stages
 */
export const bars = (parent, stages) =>
  parent.replaceChildren(
    ...stageRows(stages).map(({ name, words, time, seconds, part, busiest }) => {
      const fill = el("span");
      const bar = el("span", { class: "bar", "aria-hidden": "true" }, fill);
      bar.style.setProperty("--part", String(part));
      return el(
        "li",
        { "data-testid": "report-stage", "data-stage": name, "data-busiest": busiest },
        el("span", { class: "cut", title: words }, words),
        bar,
        el(
          "span",
          { class: "time figures" },
          el("span", { "aria-hidden": "true" }, time),
          el("span", { class: "unseen" }, spokenTime(seconds)),
        ),
      );
    }),
  );

/**
 * What brought how many songs.
 * @param {HTMLElement} parent a table
 * @param {readonly SourceCount[]} sources
 */
export const origins = (parent, sources) =>
  parent.replaceChildren(
    el(
      "thead",
      { class: "dim" },
      el(
        "tr",
        {},
        el("td", {}),
        ...["In the library", "Of", "Failed"].map((name) => el("th", { scope: "col" }, name)),
      ),
    ),
    el(
      "tbody",
      {},
      ...sourceRows(sources).map(({ name, words, ready, wanted, failed }) =>
        el(
          "tr",
          { "data-testid": "report-source", "data-source": name },
          el("th", { scope: "row" }, words),
          ...[ready, wanted, failed].map((number) => el("td", {}, number)),
        ),
      ),
    ),
  );

/**
 * Calls that were given up, and why.
 * @param {HTMLElement} parent
 * @param {readonly SkippedCall[]} calls
 */
export const skips = (parent, calls) =>
  parent.replaceChildren(
    ...calls
      .slice(0, MOST)
      .map(({ words, reason }) =>
        el(
          "li",
          { "data-testid": "report-skipped" },
          el("p", {}, capital(words)),
          el("p", { class: "dim select" }, sentence(reason)),
        ),
      ),
    ...(calls.length > MOST
      ? [el("li", { class: "dim" }, `and ${thousands(calls.length - MOST)} more`)]
      : []),
  );
