// What every journey is given: the shell, the store, and a way to keep acts in order.

import { tell } from "../errors.js";
import { ApiError } from "../api.js";

/** @import { Action, State, ToastAction } from "../state/types" */
/** @import { Store } from "../store.js" */

/** @typedef {typeof import("../api.js")} Api */

/**
 * @typedef {object} Context
 * @property {Api} api
 * @property {Store<State, Action>} store
 * @property {<T>(job: () => Promise<T>) => Promise<T>} inOrder runs a job after those given before
 * @property {() => number} ticket a number never given before
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
  return Object.freeze({
    api,
    store,
    inOrder: (job) => {
      const done = last.then(job);
      last = done.catch(() => undefined);
      return done;
    },
    ticket: () => ++tickets,
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
export function sayError({ store }, thrown) {
  const error = ApiError.from(thrown);
  store.dispatch({ type: "toast/shown", toast: { key: error.code, action: null, ...tell(error) } });
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
