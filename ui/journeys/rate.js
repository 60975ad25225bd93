// The third journey: thumbs move the list. They show at once and are taken back when refused.

import { quoted } from "../format.js";
import { sayError, say } from "./context.js";

/** @import { Act } from "../state/types" */
/** @import { Thread } from "../wire" */
/** @import { Api, Context } from "./context.js" */

/**
 * @param {Context} context
 * @param {{ id: number, title: string, verdict: "up" | "down" | "clear" }} rating
 */
export const rate = (context, { id, title, verdict }) =>
  act(context, { kind: verdict, id }, verdict === "down" ? `${quoted(title)} left this thread` : "");

/**
 * Never shows a track again, in any thread.
 * @param {Context} context
 * @param {{ id: number, title: string }} track
 */
export const banish = (context, { id, title }) =>
  act(context, { kind: "banish", id }, `${quoted(title)} will never be shown again`);

/**
 * @param {Context} context
 * @param {{ id: number }} track
 */
export const unseed = (context, { id }) => act(context, { kind: "unseed", id }, "");

/**
 * Takes the last act back.
 * @param {Context} context
 */
export async function undo(context) {
  const { api, store, inOrder } = context;
  store.dispatch({ type: "toast/dismissed", key: "undo" });
  try {
    const thread = await inOrder(() => api.undo());
    store.dispatch({ type: "thread/answered", thread, ticket: null });
  } catch (thrown) {
    sayError(context, thrown);
  }
}

/**
 * @param {Context} context
 * @param {Act} what
 * @param {string} words offered with an undo; "" when the list itself says enough
 */
async function act(context, what, words) {
  const { api, store, inOrder } = context;
  const ticket = context.ticket();
  store.dispatch({ type: "thread/acted", ticket, act: what });
  if (words) say(context, { key: "undo", title: words, action: { label: "Undo", intent: "undo" } });
  else store.dispatch({ type: "toast/dismissed", key: "undo" });
  try {
    const thread = await inOrder(() => send(api, what));
    store.dispatch({ type: "thread/answered", thread, ticket });
  } catch (thrown) {
    store.dispatch({ type: "thread/refused", ticket });
    store.dispatch({ type: "toast/dismissed", key: "undo" });
    sayError(context, thrown);
  }
}

/**
 * @param {Api} api
 * @param {Act} act
 * @returns {Promise<Thread>}
 */
function send(api, { kind, id }) {
  switch (kind) {
    case "banish":
      return api.banish(id);
    case "unseed":
      return api.unseed(id);
    default:
      return api.rate(id, kind);
  }
}
