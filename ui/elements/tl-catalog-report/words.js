// How a library grown from the catalogue stands. Pure.

import { bytes, capital, clock, counted, thousands } from "../../format.js";

/** @import { CatalogReport, PreviewLimits, SourceCount, Stage } from "../../wire" */

/**
 * @param {CatalogReport} report
 * @returns {string} a sentence
 */
export function standing({ tracks, pending, unfinished }) {
  if (tracks === 0 && pending === 0 && !unfinished) return "Nothing from the catalogue yet.";
  const there = `${counted(tracks, "song")} ${tracks === 1 ? "is" : "are"} in the library`;
  if (pending > 0) return `${there}, ${thousands(pending)} to come.`;
  return unfinished ? `${there}, and more to be found.` : `${there}: all that could be had.`;
}

/**
 * @param {CatalogReport} report
 * @returns {[string, string][]}
 */
export function reportFacts({ known, wanted, failed, gone, tracks, own }) {
  /** @type {[string, string | false][]} */
  const all = [
    ["Found in the catalogue", thousands(known)],
    ["Wanted of them", thousands(wanted)],
    ["In the library", thousands(tracks)],
    ["Beside them, of your own files", own > 0 && thousands(own)],
    ["Could not be had", failed > 0 && thousands(failed)],
    ["Preview gone", gone > 0 && thousands(gone)],
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

/**
 * What brought how many songs, as rows of a table; nothing is said where there is nothing to say.
 * @param {readonly SourceCount[]} sources
 */
export const sourceRows = (sources) =>
  sources.map(({ name, words, wanted, ready, failed }) => ({
    name,
    words: capital(words),
    ready: thousands(ready),
    wanted: thousands(wanted),
    failed: failed > 0 ? thousands(failed) : "",
  }));

/** More connections than this are an imposition: `throughline_catalog::PreviewLimits::most`. */
export const MOST_CONNECTIONS = 16;

/**
 * Limits as they were typed; null while they are none.
 * @param {string} connections
 * @param {string} kilobytes a second; empty for no limit
 * @returns {PreviewLimits | null}
 */
export function limitsOf(connections, kilobytes) {
  const most = Number(connections);
  const rate = kilobytes.trim() === "" ? null : Number(kilobytes);
  if (!Number.isInteger(most) || most < 1 || most > MOST_CONNECTIONS) return null;
  if (rate !== null && (!Number.isSafeInteger(rate * 1000) || rate < 1)) return null;
  return { connections: most, bytes_per_s: rate === null ? null : rate * 1000 };
}

/**
 * The limit on bytes as it is typed: thousands a second.
 * @param {PreviewLimits} limits
 */
export const kilobytes = ({ bytes_per_s: rate }) =>
  rate === null ? "" : String(Math.max(1, Math.round(rate / 1000)));

/**
 * When the limits count, and which of them cannot be set here.
 * @param {Pick<CatalogReport, "connections_named" | "bytes_named">} report
 * @returns {string} sentences
 */
export function limitNote({ connections_named: connections, bytes_named: bytes }) {
  const when = "They count from the next build on.";
  if (!connections && !bytes) return when;
  const named = connections && bytes ? "Both are" : "One is";
  return `${when} ${named} set by a variable when Throughline was started, and cannot be changed here.`;
}
