// The catalogue: what was found in it, which of its songs are on their way, and what is planned.

/** @import { Action, Catalog, Lookup } from "./types" */

/** Shorter words find too much to be worth a question: the catalogue answers only so many a minute. */
export const LEAST = 3;

/** @type {Lookup} */
const NOTHING = { text: "", songs: [], searching: false, trouble: null };

/** @type {Catalog} */
export const initial = {
  box: NOTHING,
  sheet: NOTHING,
  fetching: [],
  planning: { request: null, plan: null, trouble: null },
};

/**
 * @param {Catalog} catalog
 * @param {Action} action
 * @returns {Catalog}
 */
export function reduce(catalog, action) {
  switch (action.type) {
    case "catalog/asked":
    case "catalog/found":
    case "catalog/unfound": {
      const lookup = look(catalog[action.where], action);
      return lookup === catalog[action.where] ? catalog : { ...catalog, [action.where]: lookup };
    }
    case "catalog/fetching":
      return { ...catalog, fetching: [...catalog.fetching, action.song] };
    case "catalog/fetched": {
      const { song, track } = action;
      const fetching = catalog.fetching.filter((other) => other !== song);
      if (track === null) return { ...catalog, fetching };
      /** @param {Lookup} lookup */
      const known = (lookup) => ({
        ...lookup,
        songs: lookup.songs.map((other) => (other.song === song ? { ...other, track } : other)),
      });
      return { ...catalog, fetching, box: known(catalog.box), sheet: known(catalog.sheet) };
    }
    case "plan/asked":
      return { ...catalog, planning: { request: action.request, plan: null, trouble: null } };
    case "plan/made":
      // A plan for what is no longer wanted comes too late; so does a refusal.
      return catalog.planning.request === action.request
        ? { ...catalog, planning: { request: action.request, plan: action.plan, trouble: null } }
        : catalog;
    case "plan/failed":
      return catalog.planning.request === action.request
        ? { ...catalog, planning: { request: null, plan: null, trouble: action.error } }
        : catalog;
    case "plan/dropped":
      return { ...catalog, planning: initial.planning };
    default:
      return catalog;
  }
}

/**
 * @param {Lookup} lookup
 * @param {Extract<Action, { type: "catalog/asked" | "catalog/found" | "catalog/unfound" }>} action
 * @returns {Lookup}
 */
function look(lookup, action) {
  const { text } = action;
  if (action.type === "catalog/asked")
    return text === "" ? NOTHING : { text, songs: [], searching: true, trouble: null };
  if (text !== lookup.text) return lookup;
  return action.type === "catalog/found"
    ? { text, songs: action.songs, searching: false, trouble: null }
    : { text, songs: [], searching: false, trouble: action.error };
}
