// What the knobs say of where they stand. Pure.

/** @import { KnobsView, Thread } from "../../wire" */

/** @typedef {keyof KnobsView} Knob */

/** Where the knobs stand until they are turned. */
export const REST = Object.freeze({ breadth: 0.5, explore: 0 });

/** How far from a mark a knob may stand and still be at it: half a step of its slider. */
const NEAR = 0.025;

/**
 * What the list does with the knob there, in a short sentence.
 * @param {Knob} knob
 * @param {number} value 0 to 1
 * @param {Thread | null} thread
 */
export const caption = (knob, value, thread) =>
  knob === "breadth" ? breadth(value, thread) : explore(value);

/**
 * @param {number} value
 * @param {Thread | null} thread
 */
function breadth(value, thread) {
  const anchors = (thread?.seeds.length ?? 0) + (thread?.liked.length ?? 0);
  if (anchors < 2) return "It matters from the second seed or liked song on.";
  if (thread?.check?.kind === "pockets" || thread?.check?.kind === "loose") {
    if (value <= NEAR) return "The strongest pocket alone.";
    if (value < 0.5 - NEAR) return "The strongest pocket, and some of the others.";
    if (value <= 0.5 + NEAR) return "Each pocket counts as it comes.";
    if (value < 1 - NEAR) return "Small pockets get more room.";
    return "Every pocket gets the same share.";
  }
  if (value <= NEAR) return "Near to all that you chose.";
  if (value < 0.5 - NEAR) return "Near to most of what you chose.";
  if (value <= 0.5 + NEAR) return "Near to several of what you chose.";
  if (value < 1 - NEAR) return "Near to a few of what you chose.";
  return "Near to any one of what you chose.";
}

/** @param {number} value */
function explore(value) {
  if (value <= NEAR) return "What fits best, however familiar.";
  if (value < 0.35) return "A little of what is new to you.";
  if (value < 0.7) return "Half the way out from what you know.";
  if (value < 1 - NEAR) return "Far from what you know, as long as it fits.";
  return "As far out as still fits.";
}
