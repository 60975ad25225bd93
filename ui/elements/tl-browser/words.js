// What stands where songs would. Pure.

import { tell } from "../../errors.js";

/** @import { Library, Lookup } from "../../state/types" */

/**
 * What stands under the library's list.
 * @param {Library} library
 * @param {boolean} building
 */
export function listWords({ total, query, searching, trouble }, building) {
  if (trouble) return `${tell(trouble).title}.${total ? " What is listed may be out of date." : ""}`;
  if (total === null) return "Looking…";
  if (total > 0 || searching) return "";
  if (query !== "") return `Nothing matches “${query}”.`;
  return building ? "Songs appear here as soon as they are heard." : "No songs yet.";
}

/**
 * @param {Lookup} lookup
 * @param {number} shown songs that are listed
 */
export function lookupWords({ text, searching, trouble }, shown) {
  if (searching) return "Looking…";
  if (trouble) return `${tell(trouble).title}.`;
  return text !== "" && shown === 0 ? "Nothing more by these words." : "";
}
