// Files that could not be used: looked at, tried again, hidden.

import { around, lacking } from "../state/pages.js";
import { rescan } from "./build.js";
import { attempt, problem } from "./context.js";

/** @import { Which } from "../wire" */
/** @import { Context } from "./context.js" */

/**
 * Lists the failures with one kind of reason, or all; those that are hidden, or those that are not.
 * @param {Context} context
 * @param {{ reason: string | null, hidden: boolean }} choice
 */
export async function list(context, { reason, hidden }) {
  const { api, store, newest } = context;
  const ticket = context.ticket();
  store.dispatch({ type: "failures/asked", reason, hidden, ticket });
  await newest("failures", async () => {
    const { from, limit } = around(store.state.failures);
    try {
      const { total, failures: rows, reasons } = await api.failures(which(reason), hidden, from, limit);
      // The last one of its kind has gone.
      if (total === 0 && reason !== null) return void list(context, { reason: null, hidden });
      store.dispatch({ type: "failures/found", ticket, from, total, rows, reasons });
    } catch (thrown) {
      store.dispatch({ type: "failures/unanswered", ticket, error: problem(context, thrown) });
    }
  });
  await fill(context);
}

/**
 * Lists anew what is listed.
 * @param {Context} context
 */
export const refresh = (context) => list(context, context.store.state.failures);

/**
 * Other rows of the list are on screen.
 * @param {Context} context
 * @param {{ first: number, last: number }} rows
 */
export async function look(context, rows) {
  context.store.dispatch({ type: "failures/looked", ...rows });
  await fill(context);
}

/** @param {Context} context */
async function fill(context) {
  const { api, store, newest } = context;
  await newest("failed rows", async () => {
    const { failures } = store.state;
    const wanted = lacking(failures);
    if (!wanted || failures.searching) return;
    const { reason, hidden, edition } = failures;
    const { from, limit } = wanted;
    try {
      const { failures: rows } = await api.failures(which(reason), hidden, from, limit);
      store.dispatch({ type: "failures/more", edition, from, rows });
    } catch (thrown) {
      store.dispatch({ type: "failures/unanswered", ticket: edition, error: problem(context, thrown) });
    }
  });
}

/**
 * Tries some of them again. Songs of the catalogue among them are heard too, unless its build rests: they are then
 * part of what it goes on with.
 * @param {Context} context
 * @param {Which} some
 */
export async function retry(context, some) {
  const resting = context.store.state.library.status?.unfinished ?? false;
  if ((await attempt(context, () => context.api.retryFailures(some))) === undefined) return;
  const building = rescan(context, { retryFailed: false, songs: !resting });
  await refresh(context);
  await building;
  await refresh(context);
}

/**
 * Hides some of them, or shows them again.
 * @param {Context} context
 * @param {{ some: Which, hidden: boolean }} what
 */
export async function hide(context, { some, hidden }) {
  const status = await attempt(context, () => context.api.hideFailures(some, hidden));
  if (!status) return;
  context.store.dispatch({ type: "library/status", status });
  await refresh(context);
}

/**
 * @param {string | null} reason
 * @returns {Which}
 */
const which = (reason) => (reason === null ? { kind: "all" } : { kind: "reason", code: reason });
