// What stands where the catalogue's songs would. Pure.

import { tell } from "../../errors.js";

/** @import { Lookup } from "../../state/types" */

/**
 * @param {Lookup} lookup
 * @param {number} shown songs that are listed
 */
export function lookupWords({ text, searching, trouble }, shown) {
  if (searching) return "Looking…";
  if (trouble) return `${tell(trouble).title}.`;
  return text !== "" && shown === 0 ? "Nothing more by these words." : "";
}
