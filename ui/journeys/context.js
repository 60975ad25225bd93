// What every journey is given: the shell, the store, and a way to keep acts in order.

import { tell } from "../errors.js";
import { ApiError } from "../api.js";
import { DAMAGED } from "../state/app.js";

/** @import { Action, State, ToastAction } from "../state/types" */
/** @import { Store } from "../store.js" */

/** @typedef {typeof import("../api.js")} Api */

/**
 * @typedef {object} Context
 * @property {Api} api
 * @property {Store<State, Action>} store
 * @property {<T>(job: () => Promise<T>) => Promise<T>} inOrder runs a job after those given before
 * @property {() => number} ticket a number never given before
 * @property {<T>(what: string, job: () => Promise<T>) => Promise<T | undefined>} newest runs a job once the one
 *   before about the same thing has ended; of those that wait, only the newest is run
 */

/**
 * @param {Api} api
 * @param {Store<State, Action>} store
 * @returns {Context}
 */
export function createContext(api, store) {
  /** @type {Promise<unknown>} */
  let last = Promise.resolve();
  let tickets = 0;
  /** @type {Map<string, { last: Promise<unknown>, newest: number }>} */
  const lines = new Map();
  return Object.freeze({
    api,
    store,
    inOrder: (job) => {
      const done = last.then(job);
      last = done.catch(() => undefined);
      return done;
    },
    ticket: () => ++tickets,
    newest: (what, job) => {
      const line = lines.get(what) ?? { last: Promise.resolve(), newest: 0 };
      lines.set(what, line);
      const turn = ++line.newest;
      const done = line.last.then(() => (turn === line.newest ? job() : undefined));
      line.last = done.catch(() => undefined);
      return done;
    },
  });
}

/**
 * Says something in passing.
 * @param {Context} context
 * @param {{ key: string, title: string, detail?: string, action?: ToastAction }} message
 */
export function say({ store }, { key, title, detail = "", action }) {
  const toast = { key, severity: /** @type {const} */ ("notice"), title, detail, action: action ?? null };
  store.dispatch({ type: "toast/shown", toast });
}

/**
 * Says what went wrong and what to do.
 * @param {Context} context
 * @param {unknown} thrown
 */
export function sayError(context, thrown) {
  const error = problem(context, thrown);
  // The window itself says it then.
  if (error.code === DAMAGED) return;
  context.store.dispatch({ type: "toast/shown", toast: { key: error.code, action: null, ...tell(error) } });
}

/**
 * What was thrown, to be kept where it happened. A library that proves to be damaged is of no use until it is
 * salvaged, wherever that was found.
 * @param {Context} context
 * @param {unknown} thrown
 */
export function problem({ api, store }, thrown) {
  const { code, message } = ApiError.from(thrown);
  const error = { code, message };
  if (code === DAMAGED && store.state.app.phase === "open") {
    // The player goes with the rest of the window.
    if (store.state.player.playing || store.state.player.fetching) api.stop().catch(() => undefined);
    store.dispatch({ type: "app/failed", error });
  }
  return error;
}

/**
 * Does `job`; says so when it fails.
 * @template T
 * @param {Context} context
 * @param {() => Promise<T>} job
 * @returns {Promise<T | undefined>}
 */
export async function attempt(context, job) {
  try {
    return await job();
  } catch (thrown) {
    sayError(context, thrown);
    return undefined;
  }
}
