// How a library grown from the catalogue stands. Pure.

import { counted } from "../../format.js";

/** @import { CatalogReport } from "../../wire" */

/**
 * @param {CatalogReport} report
 * @returns {string} a sentence
 */
export function standing({ tracks, pending, unfinished }) {
  if (tracks === 0 && pending === 0 && !unfinished) return "Nothing from the catalogue yet.";
  const there = `${counted(tracks, "song")} ${tracks === 1 ? "is" : "are"} in the library`;
  if (pending > 0) return `${there}, ${counted(pending, "song")} to come.`;
  return unfinished ? `${there}, and more to be found.` : `${there}: all that could be had.`;
}

/**
 * @param {CatalogReport} report
 * @returns {[string, string][]}
 */
export function reportFacts({ known, wanted, failed, gone }) {
  /** @type {[string, string | false][]} */
  const all = [
    ["Found in the catalogue", counted(known, "song")],
    ["Wanted of them", counted(wanted, "song")],
    ["Could not be had", failed > 0 && counted(failed, "song")],
    ["Preview gone", gone > 0 && counted(gone, "song")],
  ];
  return all.flatMap(([term, value]) =>
    value === false ? [] : [/** @type {[string, string]} */ ([term, value])],
  );
}
