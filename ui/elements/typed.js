// Letters typed in a list, to jump to a row by. Pure: time is an argument.

/** Letters this far apart, in ms, belong to two words. */
const GAP = 1000;

/** Longer words lead nowhere that shorter ones do not. */
const MOST = 40;

/** @typedef {{ letters: string, at: number }} Typed */

/** @type {Typed} */
export const NOTHING = { letters: "", at: -Infinity };

/**
 * What has been typed once `key` is; null when the key is none to jump by. A space is one only within a word.
 * @param {Typed} typed
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">} event
 * @param {number} now in ms
 * @returns {Typed | null}
 */
export function type({ letters, at }, { key, ctrlKey, metaKey, altKey, shiftKey }, now) {
  const going = now - at < GAP ? letters : "";
  const counts = /^[\p{L}\p{N}]$/u.test(key) || (key === " " && going !== "");
  if (ctrlKey || metaKey || altKey || shiftKey || !counts) return null;
  return { letters: (going + key).slice(0, MOST), at: now };
}

/**
 * What is looked for, and from which row on: one letter again and again leads from row to row.
 * @param {Typed} typed
 * @param {number} index the row that has the focus
 */
export function aim({ letters }, index) {
  const first = letters.charAt(0);
  const again = [...letters].every((letter) => letter === first);
  return again ? { letters: first, from: index + 1 } : { letters, from: index };
}
