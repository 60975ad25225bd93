// How alike a row and what carries it are: a bar, its number, and a tick for each seed. It opens the row.

import { el, icon, patch } from "../../dom.js";
import { similarity } from "../../format.js";
import { stop } from "../roving.js";

/** @import { Row, Track } from "../../wire" */

/** @typedef {{ node: HTMLButtonElement, show: (row: Row, seeds: readonly Track[]) => void }} Likeness */

/** @returns {Likeness} */
export function createLikeness() {
  const bar = el("span", { class: "bar" }, el("span"));
  const ticks = el("span", { class: "ticks" });
  const number = el("span", { class: "figures" });
  const node = el(
    "button",
    {
      type: "button",
      class: "likeness dim",
      ...stop("why"),
      "aria-expanded": "false",
      "aria-keyshortcuts": "W",
      "data-testid": "row-why",
    },
    bar,
    ticks,
    number,
    icon("fold"),
  );
  /** @type {Map<unknown, HTMLElement>} */
  const nodes = new Map();

  return {
    node,
    show({ title, likeness, seed_scores: scores }, seeds) {
      // With one seed its own similarity is the row's.
      const each = seeds.length > 1 ? scores.slice(0, seeds.length) : [];
      const words = each.map((to, index) => `${similarity(to)} to “${seeds[index]?.title}”`);
      number.textContent = similarity(likeness);
      node.title = [
        `Similarity to what carries it: ${similarity(likeness)} of 1`,
        ...words,
        "Why is it here?",
      ].join("\n");
      node.setAttribute(
        "aria-label",
        [`Why is “${title}” here? Similarity ${similarity(likeness)}`, ...words].join(", "),
      );
      bar.style.setProperty("--part", String(part(likeness)));
      patch(ticks, [...each.entries()], {
        nodes,
        key: ([index]) => index,
        make: () => el("span"),
        update: (tick, [, to]) => tick.style.setProperty("--part", String(part(to))),
      });
    },
  };
}

/** @param {number} cosine */
const part = (cosine) => Math.min(1, Math.max(0, cosine));
