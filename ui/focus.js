// The focus is never lost: when a change takes away what held it, it goes back to where it was
// before, or to a place that is always there. Lists see to their own rows (elements/roving.js).

/**
 * @param {Document} document
 * @param {() => void} fallback gives the focus to a place that is always there
 * @returns {(change: () => void) => void} runs a change of the page
 */
export function createFocusKeeper(document, fallback) {
  /** @type {HTMLElement | null} the last place that had the focus, other than a passing message */
  let place = null;
  document.addEventListener("focusin", ({ target }) => {
    if (target instanceof HTMLElement && !target.closest("tl-toasts")) place = target;
  });
  return (change) => {
    const held = document.activeElement;
    change();
    if (held === document.body || isThere(held) || isThere(document.activeElement)) return;
    if (place && isThere(place)) place.focus({ preventScroll: true });
    // A place under a dialog is there, but takes no focus.
    if (!isThere(document.activeElement)) fallback();
  };
}

/**
 * Runs a change that makes the controls in `parent` anew: what had the focus is found again by its `data-testid`
 * and its place among those of the same, or its neighbour is.
 * @param {HTMLElement} parent
 * @param {() => void} change
 */
export function renew(parent, change) {
  const held = document.activeElement;
  const id = held instanceof HTMLElement && parent.contains(held) ? held.dataset["testid"] : undefined;
  const alike = () =>
    [...parent.querySelectorAll("[data-testid]")].filter(
      (node) => node instanceof HTMLElement && node.dataset["testid"] === id,
    );
  const index = alike().findIndex((node) => node === held);
  change();
  if (index < 0 || held?.isConnected) return;
  const now = alike();
  const next = now[Math.min(index, now.length - 1)];
  if (next instanceof HTMLElement) next.focus({ preventScroll: true });
}

/**
 * Whether something can hold the focus.
 * @param {Element | null} node
 */
function isThere(node) {
  if (!node?.isConnected || node === node.ownerDocument.body) return false;
  return node.getClientRects().length > 0 && !node.matches(":disabled");
}
