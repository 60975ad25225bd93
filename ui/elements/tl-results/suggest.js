// A few songs to start from, spread over what the library lists. Pure.

/** @import { Track } from "../../wire" */

/** As many as fit on a small window. */
export const SUGGESTIONS = 6;

/**
 * Keeps what was suggested before as long as it is listed, so that nothing jumps while a build adds
 * songs; otherwise picks ready tracks at even distances, so that they come from different artists.
 * @param {readonly Track[]} listed in the library's order
 * @param {readonly Track[]} before
 * @returns {readonly Track[]}
 */
export function suggest(listed, before) {
  const ready = listed.filter(({ status }) => status === "ready");
  const there = new Set(ready.map(({ id }) => id));
  if (before.length === SUGGESTIONS && before.every(({ id }) => there.has(id))) return before;
  if (ready.length <= SUGGESTIONS) return ready;
  return Array.from(
    { length: SUGGESTIONS },
    (_, index) => ready[Math.floor((index * ready.length) / SUGGESTIONS)],
  ).filter((track) => track !== undefined);
}
