// The second journey: seeds become a list.

import { PAGE } from "../state/library.js";
import { attempt, say } from "./context.js";

/** @import { Thread } from "../wire" */
/** @import { Context } from "./context.js" */

/**
 * Lists the tracks that match `text`, or the first ones when it is empty.
 * @param {Context} context
 * @param {{ text: string }} question
 */
export const search = (context, { text }) => {
  const { query, limit } = context.store.state.library;
  return ask(context, text, text === query ? limit : PAGE);
};

/**
 * Lists one page more.
 * @param {Context} context
 */
export const more = (context) => {
  const { query, limit } = context.store.state.library;
  return ask(context, query, limit + PAGE);
};

/**
 * Makes a track of the library a seed.
 * @param {Context} context
 * @param {{ id: number }} track
 */
export const seed = (context, { id }) => change(context, () => context.api.seedTracks([id]));

/**
 * Makes audio files seeds; those that the library does not hold are embedded first.
 * @param {Context} context
 * @param {readonly string[]} paths
 */
export async function seedFiles(context, paths) {
  const { api, store } = context;
  store.dispatch({ type: "thread/listening", files: paths.length });
  try {
    // Embedding takes seconds, and thumbs need not wait for it: only its outcome is read in order.
    const done = await attempt(context, () => api.seedFiles([...paths]));
    if (done) await change(context, () => api.thread());
  } finally {
    store.dispatch({ type: "thread/listening", files: -paths.length });
  }
}

/**
 * Sets the thread aside and opens a fresh one.
 * @param {Context} context
 */
export async function newThread(context) {
  if (await change(context, () => context.api.clearThread())) {
    say(context, { key: "fresh", title: "A new thread", detail: "The one before was set aside." });
  }
}

/**
 * Does something that answers with the thread, after what was done before.
 * @param {Context} context
 * @param {() => Promise<Thread>} command
 * @returns {Promise<Thread | undefined>} nothing when it failed, which is said
 */
export async function change(context, command) {
  const { store, inOrder } = context;
  store.dispatch({ type: "toast/dismissed", key: "undo" });
  const thread = await attempt(context, () => inOrder(command));
  if (thread) store.dispatch({ type: "thread/answered", thread, ticket: null });
  return thread;
}

/**
 * @param {Context} context
 * @param {string} query
 * @param {number} limit
 */
async function ask(context, query, limit) {
  const { api, store } = context;
  store.dispatch({ type: "library/asked", query, limit });
  const tracks = await attempt(context, () => api.search(query, limit));
  store.dispatch(
    tracks ? { type: "library/found", query, limit, tracks } : { type: "library/unanswered", query, limit },
  );
}
