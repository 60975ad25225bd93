// The library: how it stands, and the part of it that is listed.

/** @import { Action, Library } from "./types" */

/** Tracks listed at first, and added by each "Show more". */
export const PAGE = 200;

/** @type {Library} */
export const initial = { status: null, query: "", limit: PAGE, found: [], searching: false };

/**
 * @param {Library} library
 * @param {Action} action
 * @returns {Library}
 */
export function reduce(library, action) {
  switch (action.type) {
    case "app/opened":
      return { ...initial, status: action.status, found: action.found };
    case "library/status":
      return { ...library, status: action.status };
    case "library/asked":
      return { ...library, query: action.query, limit: action.limit, searching: true };
    case "library/found":
      return isAsked(library, action) ? { ...library, found: action.tracks, searching: false } : library;
    case "library/unanswered":
      return isAsked(library, action) ? { ...library, searching: false } : library;
    default:
      return library;
  }
}

/**
 * Whether more tracks than are listed may match.
 * @param {Library} library
 */
export const hasMore = ({ found, limit }) => found.length >= limit;

/**
 * An answer to an older question is not shown over a newer one.
 * @param {Library} library
 * @param {{ query: string, limit: number }} answer
 */
const isAsked = (library, { query, limit }) => query === library.query && limit === library.limit;
