// What lies between two songs.

import { problem } from "./context.js";

/** @import { Way } from "../state/types" */
/** @import { Context } from "./context.js" */

/**
 * Looks for the songs that lead from one to another. What goes wrong is said where they would stand.
 * @param {Context} context
 * @param {Way} way
 */
export async function walk(context, way) {
  const { api, store } = context;
  store.dispatch({ type: "path/asked", way });
  try {
    const tracks = await api.path(way.from, way.to, way.steps);
    store.dispatch({ type: "path/found", way, tracks });
  } catch (thrown) {
    store.dispatch({ type: "path/failed", way, error: problem(context, thrown) });
  }
}
