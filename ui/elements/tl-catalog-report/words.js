// How a library grown from the catalogue stands. Pure.

import { bytes, capital, clock, counted } from "../../format.js";

/** @import { CatalogReport, Stage } from "../../wire" */

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

/**
 * How long each stage of a build was busy; `part` is 0 to 1, of the longest.
 * @param {readonly Stage[]} stages
 */
export function stageRows(stages) {
  const longest = Math.max(1e-9, ...stages.map(({ seconds }) => seconds));
  return stages.map(({ name, words, seconds, busiest }) => ({
    name,
    words: capital(words),
    time: seconds > 0 && seconds < 1 ? "< 0:01" : clock(seconds),
    seconds,
    part: seconds / longest,
    busiest,
  }));
}

/**
 * What held a build up. The times are sums, so the limit need not be the longest.
 * @param {readonly Stage[]} stages
 * @returns {string} a sentence; "" when nothing did
 */
export function limitWords(stages) {
  const limit = stages.find(({ busiest }) => busiest);
  return limit ? `The limit was ${limit.words}. Times of what is done side by side add up.` : "";
}

/**
 * @param {Pick<CatalogReport, "artwork_bytes" | "artwork_limit">} report
 * @returns {string} a sentence
 */
export const artworkWords = ({ artwork_bytes: kept, artwork_limit: limit }) =>
  kept === 0
    ? `Pictures are kept when they are looked at, ${bytes(limit)} of them at most.`
    : `${bytes(kept)} of pictures are kept, of ${bytes(limit)} at most.`;

/**
 * @param {Pick<CatalogReport, "gone">} report
 * @returns {string} a sentence
 */
export const linkWords = ({ gone }) =>
  gone === 0
    ? "Every link leads to a preview, as far as is known."
    : `${counted(gone, "link")} ${gone === 1 ? "is" : "are"} dead. A preview that is back is listened to.`;
