// The foot of the library in words. Pure.

import { counted } from "../../format.js";

/**
 * How much of the library could not be heard.
 * @param {number} failed
 * @param {boolean} grown songs of the catalogue may be among them, beside the listener's own files
 */
export const failedWords = (failed, grown) =>
  grown ? `${counted(failed, "song")} could not be heard` : `${counted(failed, "file")} could not be used`;
