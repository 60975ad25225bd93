// What a row shows when it is open: what carries it, how close that is, and where to hear it.

import { button, el, send } from "../../dom.js";
import { tell } from "../../errors.js";
import { byline, counted, named } from "../../format.js";
import { stop } from "../roving.js";
import { carriers, moment, reasons } from "./words.js";

/** @import { WhyState } from "../../state/types" */
/** @import { Row, Track, Why } from "../../wire" */

/**
 * @param {WhyState} state of this row
 * @param {Row} row
 * @param {readonly Track[]} seeds
 * @returns {HTMLElement}
 */
export function createWhy({ why, versions, trouble }, row, seeds) {
  const busy = why === null && trouble === null;
  const node = el("div", {
    class: "why",
    role: "region",
    "aria-label": `Why “${row.title}” is here`,
    "aria-busy": busy ? "true" : null,
    "data-testid": "why",
    "data-phase": trouble ? "failed" : busy ? "asked" : "told",
  });
  if (trouble) node.append(el("p", { class: "dim" }, tell(trouble).title));
  else if (busy) node.append(el("p", { class: "dim waiting" }, "Looking for the reasons…"));
  if (!why) return node;
  node.append(carriedBy(why), told(why, row, seeds));
  if (versions.length > 0) node.append(others(versions));
  return node;
}

/** @param {Why} why */
const carriedBy = (why) =>
  el(
    "div",
    { class: "carried" },
    el("h3", {}, "Carried by"),
    el(
      "ul",
      {},
      ...carriers(why).map(({ title, share, percent }) => {
        const bar = el("span", { class: "bar", "aria-hidden": "true" }, el("span"));
        bar.style.setProperty("--part", String(share));
        return el(
          "li",
          { "data-testid": "why-anchor" },
          el("span", { class: "cut", title }, title),
          bar,
          el("span", { class: "figures dim" }, percent),
        );
      }),
    ),
  );

/**
 * @param {Why} why
 * @param {Row} row
 * @param {readonly Track[]} seeds
 */
function told(why, row, seeds) {
  const list = el("ul", { class: "told" }, ...reasons(why, row, seeds).map((words) => el("li", {}, words)));
  const alike = moment(why, seeds);
  if (alike && why.moment) {
    const { seed_id: seed, seed_s: theirs, row_s: its } = why.moment;
    list.append(
      el(
        "li",
        {},
        plays(alike.theirs, seed, theirs),
        " sounds most like ",
        plays(alike.its, row.id, its),
        ".",
      ),
    );
  }
  return el("div", { class: "reasons" }, el("h3", {}, "Why it is here"), list);
}

/**
 * A button that plays a track from a moment.
 * @param {string} words
 * @param {number} id
 * @param {number} seconds
 */
function plays(words, id, seconds) {
  const node = el(
    "button",
    {
      type: "button",
      class: "link",
      ...stop("moment"),
      "aria-label": `Play ${words}`,
      "data-testid": "why-moment",
    },
    words,
  );
  node.addEventListener("click", () => send(node, "tl-play-from", { id, seconds }));
  return node;
}

/** @param {readonly Track[]} versions */
const others = (versions) =>
  el(
    "div",
    { class: "versions" },
    el("h3", {}, counted(versions.length, "other version")),
    el(
      "ul",
      {},
      ...versions.map((track) => {
        const play = button("play", `Play ${named(track)}`, { class: "quiet", ...stop("version") });
        play.addEventListener("click", () => send(play, "tl-play", { id: track.id }));
        return el(
          "li",
          { "data-testid": "why-version", "data-track-id": track.id },
          play,
          el("span", { class: "title cut" }, track.title),
          el("span", { class: "dim cut" }, byline(track)),
        );
      }),
    ),
  );
