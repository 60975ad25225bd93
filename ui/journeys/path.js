// What lies between two songs.

import { ApiError } from "../api.js";

/** @import { Way } from "../state/types" */
/** @import { Context } from "./context.js" */

/**
 * Looks for the songs that lead from one to another. What goes wrong is said where they would stand.
 * @param {Context} context
 * @param {Way} way
 */
export async function walk({ api, store }, way) {
  store.dispatch({ type: "path/asked", way });
  try {
    const tracks = await api.path(way.from, way.to, way.steps);
    store.dispatch({ type: "path/found", way, tracks });
  } catch (thrown) {
    const { code, message } = ApiError.from(thrown);
    store.dispatch({ type: "path/failed", way, error: { code, message } });
  }
}
