// The third journey: thumbs move the list. They show at once and are taken back when refused.

import { counted, quoted } from "../format.js";
import { isOvertaken } from "../state/thread.js";
import { sayError, say } from "./context.js";

/** @import { Act, Turn } from "../state/types" */
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
 * Lets the list turn away from a track.
 * @param {Context} context
 * @param {{ id: number, title: string }} track
 */
export const oppose = (context, { id, title }) =>
  act(context, { kind: "oppose", id }, `The list turns away from ${quoted(title)}`);

/**
 * A thumb down for a track and all its versions.
 * @param {Context} context
 * @param {{ id: number, title: string }} track
 */
export const rateFamily = (context, { id, title }) =>
  act(context, { kind: "family", id }, `${quoted(title)} left this thread, in every version`);

/**
 * A thumb down for a track and all that sounds like it.
 * @param {Context} context
 * @param {{ id: number, title: string, radius: number, count: number }} what
 */
export const downNear = (context, { id, title, radius, count }) =>
  act(
    context,
    { kind: "near", id, radius },
    count === 1
      ? `${quoted(title)} left this thread`
      : `${counted(count, "song")} that sound like ${quoted(title)} left this thread`,
  );

/**
 * Lets a seed, of either kind, count more or less than the others.
 * @param {Context} context
 * @param {{ id: number, weight: number }} what
 */
export const weigh = (context, { id, weight }) => act(context, { kind: "weigh", id, weight }, "");

/**
 * Turns a knob. Of turns that wait, the last of each knob alone is made.
 * @param {Context} context
 * @param {{ knob: Turn["knob"], value: number }} turn
 */
export const turn = (context, { knob, value }) => act(context, { kind: "turn", knob, value }, "");

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
    const thread = await inOrder(async () =>
      isOvertaken(store.state.thread, ticket) ? null : send(api, what),
    );
    if (thread) store.dispatch({ type: "thread/answered", thread, ticket });
    else store.dispatch({ type: "thread/refused", ticket });
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
function send(api, act) {
  switch (act.kind) {
    case "turn":
      return api.turnKnob(act.knob, act.value);
    case "weigh":
      return api.weighSeed(act.id, act.weight);
    case "near":
      return api.downNear(act.id, act.radius);
    case "family":
      return api.rateFamily(act.id);
    case "oppose":
      return api.oppose([act.id]);
    case "banish":
      return api.banish(act.id);
    case "unseed":
      return api.unseed(act.id);
    default:
      return api.rate(act.id, act.kind);
  }
}
