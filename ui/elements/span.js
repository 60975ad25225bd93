// Which rows of a long list are on screen. All rows have one height; lengths are in px. Pure.

/**
 * @typedef {object} View
 * @property {number} top how far the list is scrolled: from its first row to the upper edge of what is seen
 * @property {number} height of what is seen
 * @property {number} row height of a row
 * @property {number} total rows of the list
 */

/** Rows that are kept ready above and below: about a turn of the wheel. */
const READY = 8;

/**
 * The rows that are drawn, the last one included; none where `last` is less than `first`.
 * @param {View} view
 * @param {number} [ready]
 */
export function span({ top, height, row, total }, ready = READY) {
  if (!(total > 0 && row > 0 && height >= 0)) return { first: 0, last: -1 };
  const first = Math.floor(top / row) - ready;
  const last = Math.ceil((top + height) / row) - 1 + ready;
  return { first: within(first, total), last: within(last, total) };
}

/**
 * How far the list has to be scrolled so that a row is seen whole: as little as possible.
 * @param {number} index
 * @param {View} view
 */
export function reveal(index, { top, height, row }) {
  const start = index * row;
  if (start < top) return start;
  return start + row > top + height ? start + row - height : top;
}

/**
 * How many rows further a page leads: what was last is then first.
 * @param {Pick<View, "height" | "row">} view
 */
export const pageStep = ({ height, row }) => (row > 0 ? Math.max(1, Math.floor(height / row) - 1) : 1);

/**
 * @param {number} index
 * @param {number} total
 */
const within = (index, total) => Math.min(Math.max(index, 0), total - 1);
