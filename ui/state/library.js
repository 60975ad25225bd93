// The library: how it stands, and the part of it that is listed.

import * as paging from "./pages.js";

/** @import { Action, Library } from "./types" */

/** @type {Library} */
export const initial = { ...paging.NOTHING, status: null, query: "", answered: null };

/**
 * @param {Library} library
 * @param {Action} action
 * @returns {Library}
 */
export function reduce(library, action) {
  switch (action.type) {
    case "app/opened": {
      const { total, tracks: rows } = action.page;
      const opened = { ...initial, status: action.status, answered: "" };
      return paging.answer(opened, { ticket: 0, from: 0, total, rows });
    }
    case "library/status":
      return { ...library, status: action.status };
    case "library/asked": {
      const { query, ticket } = action;
      return { ...paging.ask(library, ticket, query !== library.query), query };
    }
    case "library/found": {
      const found = paging.answer(library, action);
      return found === library ? library : { ...found, answered: library.query };
    }
    case "library/more":
      return paging.add(library, action);
    case "library/unanswered":
      return paging.refuse(library, action);
    case "library/looked":
      return { ...library, first: action.first, last: action.last };
    default:
      return library;
  }
}
