// The keyboard: which key means what, and how the help says it. Pure.

/**
 * @typedef {Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">} Key
 */

/** What the keyboard help lists: keys that belong together share a line. */
export const HELP = Object.freeze([
  {
    title: "Anywhere",
    keys: [
      { keys: ["/", "Ctrl F"], does: "Search the library" },
      { keys: ["Ctrl Z"], does: "Undo the last seed or thumb" },
      { keys: ["?"], does: "Show this help" },
      { keys: ["Esc"], does: "Close, or clear the search" },
    ],
  },
  {
    title: "In a list",
    keys: [
      { keys: ["↑", "↓"], does: "Move from song to song" },
      { keys: ["←", "→"], does: "Move between the buttons of a song" },
      { keys: ["Home", "End"], does: "First and last song" },
      { keys: ["Page ↑", "Page ↓"], does: "In the library: a screen further" },
      { keys: ["A", "…", "Z"], does: "In the library: to an artist, by first letters" },
    ],
  },
  {
    title: "On a song (S and P in the library too, with Shift)",
    keys: [
      { keys: ["Enter", "Space"], does: "Play or pause; in the library, seed" },
      { keys: ["U", "+"], does: "Thumb up" },
      { keys: ["D", "−"], does: "Thumb down" },
      { keys: ["S"], does: "Make it a seed" },
      { keys: ["P"], does: "Play or pause" },
      { keys: ["W"], does: "Why it is in the list" },
    ],
  },
  {
    title: "In a comparison",
    keys: [
      { keys: ["1", "3"], does: "Left, or right, fits better" },
      { keys: ["2"], does: "No difference" },
      { keys: ["N"], does: "Next" },
    ],
  },
]);

/**
 * A shortcut that works anywhere; null when the key means nothing, or belongs to the text in hand.
 * @param {Key} event
 * @param {boolean} inText the focus is in a text field
 * @returns {"search" | "undo" | "help" | null}
 */
export function shortcut({ key, ctrlKey, metaKey, altKey }, inText) {
  if (altKey) return null;
  if (ctrlKey || metaKey) {
    if (key === "f" || key === "F") return "search";
    return key === "z" && !inText ? "undo" : null;
  }
  if (inText) return null;
  if (key === "/") return "search";
  return key === "?" ? "help" : null;
}

/** @type {Readonly<Record<string, "up" | "down" | "seed" | "play" | "why">>} */
const SONG = Object.freeze({ u: "up", "+": "up", d: "down", "-": "down", s: "seed", p: "play", w: "why" });

/**
 * What a key does to the song that has the focus.
 * @param {Key} event
 */
export function songKey({ key, ctrlKey, metaKey, altKey }) {
  if (ctrlKey || metaKey || altKey) return null;
  const lower = key.toLowerCase();
  return Object.hasOwn(SONG, lower) ? (SONG[lower] ?? null) : null;
}

/** @type {Readonly<Record<string, "left" | "right" | "tie" | "next">>} */
const TRIAL = Object.freeze({ 1: "left", 2: "tie", 3: "right", n: "next" });

/**
 * What a key does in a blind comparison; arrow keys move between the songs there, as everywhere.
 * @param {Key} event
 */
export function trialKey({ key, ctrlKey, metaKey, altKey }) {
  if (ctrlKey || metaKey || altKey) return null;
  const lower = key.toLowerCase();
  return Object.hasOwn(TRIAL, lower) ? (TRIAL[lower] ?? null) : null;
}

/**
 * Where a key leads in a list of `length` from `index`; null when it leads nowhere.
 * @param {Key} event
 * @param {number} index
 * @param {number} length
 * @param {number} [page] rows of a screen; without it there are no pages
 */
export function step({ key, ctrlKey, metaKey, altKey }, index, length, page) {
  if (ctrlKey || metaKey || altKey || length === 0) return null;
  if (page !== undefined && key === "PageDown") return Math.min(index + page, length - 1);
  if (page !== undefined && key === "PageUp") return Math.max(index - page, 0);
  const to = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: length - 1 }[key];
  return to === undefined || to < 0 || to >= length ? null : to;
}
