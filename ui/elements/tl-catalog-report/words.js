// How a library grown from the catalogue stands. Pure.

import { counted } from "../../format.js";

/** @import { CatalogReport } from "../../wire" */

const count = new Intl.NumberFormat("en");

/**
 * @param {CatalogReport} report
 * @returns {string} a sentence
 */
export function standing({ tracks, pending, unfinished }) {
  if (tracks === 0 && pending === 0 && !unfinished) return "Nothing from the catalogue yet.";
  const there = `${counted(tracks, "song")} ${tracks === 1 ? "is" : "are"} in the library`;
  if (pending > 0) return `${there}, ${count.format(pending)} to come.`;
  return unfinished ? `${there}, and more to be found.` : `${there}: all that could be had.`;
}

/**
 * @param {CatalogReport} report
 * @returns {[string, string][]}
 */
export function reportFacts({ known, wanted, failed, gone }) {
  /** @type {[string, string | false][]} */
  const all = [
    ["Found in the catalogue", count.format(known)],
    ["Wanted of them", count.format(wanted)],
    ["Could not be had", failed > 0 && count.format(failed)],
    ["Preview gone", gone > 0 && count.format(gone)],
  ];
  return all.flatMap(([term, value]) =>
    value === false ? [] : [/** @type {[string, string]} */ ([term, value])],
  );
}
