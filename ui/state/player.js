// What is heard.

/** @import { Action } from "./types" */
/** @import { Player } from "../wire" */

/** @type {Player} */
export const initial = {
  track: null,
  playing: false,
  fetching: false,
  position_s: 0,
  duration_s: 0,
  error: null,
};

/**
 * @param {Player} player
 * @param {Action} action
 * @returns {Player}
 */
export const reduce = (player, action) => (action.type === "player/changed" ? action.player : player);
