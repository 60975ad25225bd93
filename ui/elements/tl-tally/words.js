// A list of names, narrowed. Pure.

import { thousands } from "../../format.js";

/** @typedef {{ key: string | number, words: string, count: number }} Tallied */

/**
 * Those whose name holds what was typed, whatever its case and accents.
 * @template {{ words: string }} T
 * @param {readonly T[]} items
 * @param {string} text
 * @returns {readonly T[]}
 */
export function narrowed(items, text) {
  const wanted = plain(text.trim());
  return wanted === "" ? items : items.filter(({ words }) => plain(words).includes(wanted));
}

/**
 * What stands under the names.
 * @param {number} found
 * @param {number} shown the first of them
 */
export function restWords(found, shown) {
  if (found === 0) return "None by that name.";
  return found > shown ? `And ${thousands(found - shown)} more: type to narrow.` : "";
}

/** @param {string} text */
const plain = (text) =>
  text
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase();
