// Why a row is in the list: asked for when it is opened, and again when the list has changed under it.

import { problem } from "./context.js";

/** @import { Context } from "./context.js" */

/**
 * Opens a row; one that is open is closed.
 * @param {Context} context
 * @param {{ id: number }} row
 */
export const toggle = ({ store }, { id }) =>
  store.dispatch({ type: "why/opened", id: store.state.why.id === id ? null : id });

/**
 * Opens a row, if it is not.
 * @param {Context} context
 * @param {{ id: number }} row
 */
export const open = ({ store }, { id }) => {
  if (store.state.why.id !== id) store.dispatch({ type: "why/opened", id });
};

/**
 * Asks what is wanted to be known. Called after every change.
 * @param {Context} context
 */
export async function explain(context) {
  const { api, store, inOrder } = context;
  const { id, phase } = store.state.why;
  if (id === null || phase !== "wanted") return;
  const ticket = context.ticket();
  store.dispatch({ type: "why/asked", ticket });
  const row = store.state.thread.confirmed?.rows.find((row) => row.id === id);
  try {
    // After what was done before, whose list it is to explain.
    const [why, family] = await inOrder(() =>
      Promise.all([api.why(id), row && row.versions > 0 ? api.versions(id) : []]),
    );
    const versions = family.filter((track) => track.id !== id);
    store.dispatch({ type: "why/told", ticket, why, versions });
  } catch (thrown) {
    store.dispatch({ type: "why/untold", ticket, error: problem(context, thrown) });
  }
}
