// Failures in words. Pure.

import { tell } from "../../errors.js";
import { capital, counted } from "../../format.js";

/** @import { Failures } from "../../state/types" */
/** @import { FailedReason } from "../../wire" */

/** @param {Failures} failures */
export function titleWords({ total, hidden }) {
  if (total === null) return "Files that could not be used";
  if (total === 0) return hidden ? "Nothing is hidden" : "Nothing failed";
  return `${counted(total, "file")} ${hidden ? "hidden" : "could not be used"}`;
}

/**
 * What stands where there are no files.
 * @param {Failures} failures
 */
export function emptyWords({ total, hidden, searching, reasons, trouble }) {
  if (trouble) return `${tell(trouble).title}. ${tell(trouble).detail}`;
  if (total === null) return "Looking…";
  if (total > 0 || searching) return "";
  if (hidden) return "No file is hidden.";
  return reasons.some(({ hidden: some }) => some > 0)
    ? "Nothing else failed: the rest is hidden."
    : "Every file could be read.";
}

/** @param {boolean} building */
export const noteWords = (building) =>
  building
    ? "You can try them again once the build is done."
    : "A file that changes is tried again by itself.";

/** @param {Pick<Failures, "hidden">} failures */
export const allWords = ({ hidden }) => (hidden ? "Show all again" : "Hide all");

/** Names of reasons that do not read well by themselves. */
const NAMES = /** @type {Readonly<Record<string, string>>} */ (
  Object.freeze({ not_audio: "No music", model_failed: "Model failed", no_preview: "No preview" })
);

/**
 * The choice of reasons, all of them first; those of which there is nothing to see are left out.
 * @param {readonly FailedReason[]} reasons
 * @param {boolean} hidden those that are hidden are looked at
 * @returns {{ code: string | null, words: string, title: string }[]}
 */
export function reasonWords(reasons, hidden) {
  const counts = reasons
    .map(({ code, reason, shown, hidden: away }) => ({ code, reason, count: hidden ? away : shown }))
    .filter(({ count }) => count > 0);
  const all = counts.reduce((sum, { count }) => sum + count, 0);
  return [
    { code: null, words: `All ${all.toLocaleString("en")}`, title: "" },
    ...counts.map(({ code, reason, count }) => ({
      code,
      words: `${NAMES[code] ?? capital(code.replaceAll("_", " "))} ${count.toLocaleString("en")}`,
      title: reason,
    })),
  ];
}
