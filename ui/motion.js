// Movement that explains a change: rows glide from where they were to where they are.

const GLIDE = { duration: 260, easing: "cubic-bezier(0.2, 0.7, 0.2, 1)" };

/** The listener asked the system for less movement. */
export const isStill = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Runs `change` and lets the children of `list` glide to their new places; new ones fade in.
 * Only what is on screen, before or after, moves.
 * @param {Element} list
 * @param {() => void} change
 */
export function glide(list, change) {
  if (isStill() || list.childElementCount === 0) return change();
  const before = new Map([...list.children].map((child) => [child, child.getBoundingClientRect().top]));
  change();
  const tops = [...list.children].map((child) => child.getBoundingClientRect().top);
  [...list.children].forEach((child, index) => {
    const top = tops[index] ?? 0;
    const old = before.get(child);
    if (!isSeen(top) && (old === undefined || !isSeen(old))) return;
    if (old === undefined) child.animate([{ opacity: 0 }, { opacity: 1 }], GLIDE);
    else if (old !== top) {
      child.animate([{ transform: `translateY(${old - top}px)` }, { transform: "none" }], GLIDE);
    }
  });
}

/** @param {number} top */
const isSeen = (top) => top > -100 && top < innerHeight + 100;
