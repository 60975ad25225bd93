// The line that joins the beads of a thread. Pure.

/**
 * @typedef {object} Bead
 * @property {number} left
 * @property {number} right
 * @property {number} middle the height at which the thread goes through
 */

/** How far the thread hangs between two beads, as a part of their distance. */
const SAG = 0.22;

/** @param {number} n */
const at = (n) => Math.round(n * 10) / 10;

/**
 * An SVG path from the left edge through every bead, slack in between; at the end of a line it
 * swings round to the next one, and after the last bead it runs out in a loose end.
 * @param {readonly Bead[]} beads in reading order
 * @param {number} width of the whole
 */
export function threadPath(beads, width) {
  const [first] = beads;
  if (!first) return "";
  const parts = [`M0 ${at(first.middle)}H${at(first.left)}`];
  beads.forEach((bead, index) => {
    const next = beads[index + 1];
    parts.push(`H${at(bead.right)}`);
    if (!next) parts.push(looseEnd(bead, width));
    else if (Math.abs(next.middle - bead.middle) < 2) parts.push(slack(bead, next));
    else parts.push(turn(bead, next, width));
  });
  return parts.join("");
}

/** @type {(from: Bead, to: Bead) => string} */
function slack(from, to) {
  const gap = to.left - from.right;
  const low = at(from.middle + gap * SAG);
  return `C${at(from.right + gap * 0.35)} ${low} ${at(to.left - gap * 0.35)} ${low} ${at(to.left)} ${at(to.middle)}`;
}

/**
 * Round the right edge, back between the two lines, and in from the left.
 * @type {(from: Bead, to: Bead, width: number) => string}
 */
function turn(from, to, width) {
  const half = (to.middle - from.middle) / 2;
  const between = at(from.middle + half);
  const right = Math.min(width - half, from.right + 24);
  const left = Math.max(half, to.left - 12);
  return (
    `H${at(right)}C${at(right + half)} ${at(from.middle)} ${at(right + half)} ${between} ${at(right)} ${between}` +
    `H${at(left)}C${at(left - half)} ${between} ${at(left - half)} ${at(to.middle)} ${at(left)} ${at(to.middle)}H${at(to.left)}`
  );
}

/** @type {(from: Bead, width: number) => string} */
function looseEnd({ right }, width) {
  const reach = at(Math.min(72, width - right));
  if (reach < 12) return "";
  /** @type {(x: number, y: number) => string} */
  const point = (x, y) => `${at(reach * x)} ${at(reach * y)}`;
  return `c${point(0.2, 0)} ${point(0.26, 0.14)} ${point(0.46, 0.14)}s${point(0.26, -0.22)} ${point(0.5, -0.2)}`;
}
