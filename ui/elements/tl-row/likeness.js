// How alike a row and the thread are: a bar, its number, and a tick for each seed.

import { el, patch } from "../../dom.js";
import { similarity } from "../../format.js";

/** @import { Row, Track } from "../../wire" */

/** @typedef {{ node: HTMLElement, show: (row: Row, seeds: readonly Track[]) => void }} Likeness */

/** @returns {Likeness} */
export function createLikeness() {
  const bar = el("span", { class: "bar" }, el("span"));
  const ticks = el("span", { class: "ticks" });
  const number = el("span", { class: "figures" });
  const node = el("div", { class: "likeness dim", role: "img" }, bar, ticks, number);
  /** @type {Map<unknown, HTMLElement>} */
  const nodes = new Map();

  return {
    node,
    show({ score, seed_scores: scores }, seeds) {
      // With one seed its own similarity is the row's.
      const each = seeds.length > 1 ? scores.slice(0, seeds.length) : [];
      const words = each.map((to, index) => `${similarity(to)} to “${seeds[index]?.title}”`);
      number.textContent = similarity(score);
      node.title = [`Similarity to the thread: ${similarity(score)} of 1`, ...words].join("\n");
      node.setAttribute("aria-label", [`Similarity ${similarity(score)}`, ...words].join(", "));
      bar.style.setProperty("--part", String(part(score)));
      patch(ticks, [...each.entries()], {
        nodes,
        key: ([index]) => index,
        make: () => el("span"),
        update: (tick, [, to]) => tick.style.setProperty("--part", String(part(to))),
      });
    },
  };
}

/** @param {number} score */
const part = (score) => Math.min(1, Math.max(0, score));
