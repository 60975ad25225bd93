// The files that could not be used, as they are looked at: all, or those with one kind of reason.

import * as paging from "./pages.js";

/** @import { Action, Failures } from "./types" */

/** @type {Failures} */
export const initial = { ...paging.NOTHING, reason: null, hidden: false, reasons: [] };

/**
 * @param {Failures} failures
 * @param {Action} action
 * @returns {Failures}
 */
export function reduce(failures, action) {
  switch (action.type) {
    case "failures/asked": {
      const { reason, hidden, ticket } = action;
      const anew = reason !== failures.reason || hidden !== failures.hidden;
      return { ...paging.ask(failures, ticket, anew), reason, hidden };
    }
    case "failures/found": {
      const found = paging.answer(failures, action);
      return found === failures ? failures : { ...found, reasons: action.reasons };
    }
    case "failures/more":
      return paging.add(failures, action);
    case "failures/unanswered":
      return paging.refuse(failures, action);
    case "failures/looked":
      return { ...failures, first: action.first, last: action.last };
    default:
      return failures;
  }
}
