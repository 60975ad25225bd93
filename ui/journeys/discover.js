// The second journey: seeds become a list.

import { around, lacking } from "../state/pages.js";
import { attempt, problem, say } from "./context.js";

/** @import { Thread } from "../wire" */
/** @import { Context } from "./context.js" */

/**
 * Lists the tracks that match `text`, all when it is empty. One question is under way at a time, and the next is
 * the newest: nothing is waited for but an answer.
 * @param {Context} context
 * @param {{ text: string }} question
 */
export async function search(context, { text }) {
  const { api, store, newest } = context;
  const ticket = context.ticket();
  store.dispatch({ type: "library/asked", query: text, ticket });
  await newest("search", async () => {
    const { from, limit } = around(store.state.library);
    try {
      const { total, tracks: rows } = await api.browse(text, from, limit);
      store.dispatch({ type: "library/found", ticket, from, total, rows });
    } catch (thrown) {
      store.dispatch({ type: "library/unanswered", ticket, error: problem(context, thrown) });
    }
  });
  await fill(context);
}

/**
 * Other rows of the list are on screen: those that are not known are asked for.
 * @param {Context} context
 * @param {{ first: number, last: number }} rows
 */
export async function look(context, rows) {
  context.store.dispatch({ type: "library/looked", ...rows });
  await fill(context);
}

/** @param {Context} context */
async function fill(context) {
  const { api, store, newest } = context;
  await newest("rows", async () => {
    const { library } = store.state;
    const wanted = lacking(library);
    // The answer that is under way brings others.
    if (!wanted || library.searching) return;
    const { query, edition } = library;
    const { from, limit } = wanted;
    try {
      const { tracks: rows } = await api.browse(query, from, limit);
      store.dispatch({ type: "library/more", edition, from, rows });
    } catch (thrown) {
      store.dispatch({ type: "library/unanswered", ticket: edition, error: problem(context, thrown) });
    }
  });
}

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
