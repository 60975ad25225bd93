// What lies between two songs, as it was asked and found.

/** @import { Action, PathState } from "./types" */

/** @type {PathState} */
export const initial = { asked: null, found: null, trouble: null };

/**
 * @param {PathState} path
 * @param {Action} action
 * @returns {PathState}
 */
export function reduce(path, action) {
  switch (action.type) {
    case "app/opened":
      return initial;
    case "path/asked":
      return { ...path, asked: action.way, trouble: null };
    case "path/found":
      // An answer to another question than the last one comes too late.
      return action.way === path.asked
        ? { ...path, found: { way: action.way, tracks: action.tracks } }
        : path;
    case "path/failed":
      return action.way === path.asked ? { ...path, found: null, trouble: action.error } : path;
    default:
      return path;
  }
}

/**
 * Whether an answer is awaited.
 * @param {PathState} path
 */
export const isBusy = ({ asked, found, trouble }) =>
  asked !== null && trouble === null && found?.way !== asked;
