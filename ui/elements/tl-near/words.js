// How much of what sounds like a song is to leave the list. Pure.

import { counted } from "../../format.js";

/** How far to go, as one less the least cosine to the song, and where to begin. */
export const RADII = Object.freeze([0.15, 0.3, 0.45]);
export const FIRST = 1;

const REACH = Object.freeze(["What is all but the same", "What is close to it", "What is like it at all"]);

/**
 * Each reach, and how many songs it would hide.
 * @param {readonly number[]} counts for each of `RADII`, the song itself included
 */
export const reaches = (counts) =>
  RADII.map((radius, index) => {
    const count = counts[index] ?? 0;
    return { radius, count, words: REACH[index] ?? "", hides: `hides ${counted(count, "song")}` };
  });
