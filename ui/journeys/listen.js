// Playing a song.

import { attempt } from "./context.js";

/** @import { Player } from "../wire" */
/** @import { Context } from "./context.js" */

/**
 * Plays a track; the one that is loaded already is paused or goes on.
 * @param {Context} context
 * @param {{ id: number }} track
 */
export const play = (context, { id }) =>
  context.store.state.player.track?.id === id ? toggle(context) : hear(context, () => context.api.play(id));

/**
 * Plays a track from a moment in it.
 * @param {Context} context
 * @param {{ id: number, seconds: number }} moment
 */
export async function playFrom(context, { id, seconds }) {
  const { api, store } = context;
  const { track, playing } = store.state.player;
  if (track?.id !== id) await hear(context, () => api.play(id));
  else if (!playing) await hear(context, () => api.resume());
  if (store.state.player.track?.id === id) await hear(context, () => api.seek(seconds));
}

/**
 * Pauses or goes on; a track that has come to its end starts again, and one whose preview is on its way
 * is taken out.
 * @param {Context} context
 */
export function toggle(context) {
  const { api, store } = context;
  const { track, playing, fetching, position_s: position, duration_s: duration } = store.state.player;
  if (!track) return Promise.resolve();
  if (fetching) return hear(context, () => api.stop());
  if (playing) return hear(context, () => api.pause());
  const ended = duration > 0 && position >= duration - 0.25;
  return hear(context, () => (ended ? api.play(track.id) : api.resume()));
}

/**
 * @param {Context} context
 * @param {{ seconds: number }} where
 */
export const seek = (context, { seconds }) => hear(context, () => context.api.seek(seconds));

/**
 * @param {Context} context
 * @param {() => Promise<Player>} command
 */
async function hear(context, command) {
  const player = await attempt(context, command);
  if (player) context.store.dispatch({ type: "player/changed", player });
}
