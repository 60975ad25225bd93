// The row that is open, and why it is in the list: told again whenever the list has changed.

/** @import { Action, WhyState } from "./types" */

/** @type {WhyState} */
export const initial = { id: null, phase: "told", ticket: 0, why: null, versions: [], trouble: null };

/**
 * @param {WhyState} state
 * @param {Action} action
 * @returns {WhyState}
 */
export function reduce(state, action) {
  switch (action.type) {
    case "why/opened":
      return action.id === null ? initial : { ...initial, id: action.id, phase: "wanted" };
    case "why/asked":
      return { ...state, phase: "asked", ticket: action.ticket };
    case "why/told":
      return isAwaited(state, action)
        ? { ...state, phase: "told", why: action.why, versions: action.versions, trouble: null }
        : state;
    case "why/untold":
      return isAwaited(state, action)
        ? { ...state, phase: "told", why: null, trouble: action.error }
        : state;
    case "thread/answered":
      if (state.id === null) return state;
      return action.thread.rows.some(({ id }) => id === state.id) ? { ...state, phase: "wanted" } : initial;
    default:
      return state;
  }
}

/**
 * What is told of a row that is closed by now, or of a list that has changed since, comes too late.
 * @param {WhyState} state
 * @param {{ ticket: number }} answer
 */
const isAwaited = ({ phase, ticket }, answer) => phase === "asked" && ticket === answer.ticket;
