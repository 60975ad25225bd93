// Two models over one library, side by side and blind: which list fits the seeds better?

import { newest } from "../state/compare.js";
import { attempt, problem } from "./context.js";

/** @import { Pair } from "../state/types" */
/** @import { Side } from "../wire" */
/** @import { Context } from "./context.js" */

/**
 * Begins with the two newest models; answers whether the comparison could be opened.
 * @param {Context} context
 */
export async function begin(context) {
  const { api, store } = context;
  const models = await attempt(context, () => api.comparable());
  if (!models) return false;
  store.dispatch({ type: "compare/opened", models });
  const pair = newest(models);
  if (pair) void tryPair(context, pair);
  else {
    const error = { code: "not_comparable", message: "" };
    store.dispatch({ type: "compare/failed", pair: null, error });
  }
  return true;
}

/**
 * The next trial of two models.
 * @param {Context} context
 * @param {Pair} pair
 */
export async function tryPair(context, { a, b }) {
  const { api, store } = context;
  const pair = { a, b };
  store.dispatch({ type: "compare/asked", pair });
  try {
    const trial = await api.trial(a, b);
    store.dispatch({ type: "compare/tried", pair, trial });
  } catch (thrown) {
    store.dispatch({ type: "compare/failed", pair, error: problem(context, thrown) });
  }
}

/**
 * Says which list fits better, once a trial; the answer says which was which.
 * @param {Context} context
 * @param {{ side: Side }} vote
 */
export async function vote(context, { side }) {
  const { api, store } = context;
  const { trial, pair, revealed, busy } = store.state.compare;
  if (!trial || revealed || busy) return;
  store.dispatch({ type: "compare/voted", side });
  try {
    const answer = await api.vote(trial.id, side);
    store.dispatch({ type: "compare/revealed", trial: trial.id, revealed: answer });
  } catch (thrown) {
    store.dispatch({ type: "compare/failed", pair, error: problem(context, thrown) });
  }
}
