// What the player says beside its buttons. Pure.

import { byline, sentence } from "../../format.js";

/** @import { Player } from "../../wire" */

/**
 * Whose song it is, or why it is not heard.
 * @param {Player} player
 */
export function say({ track, fetching, error }) {
  if (error !== null) return sentence(error);
  if (fetching) return "The preview is on its way…";
  return track ? byline(track) : "Press play on any song";
}

/**
 * What the player's button does.
 * @param {Pick<Player, "playing" | "fetching">} player
 */
export const toggleWords = ({ playing, fetching }) =>
  fetching ? "Stop: the preview is on its way" : playing ? "Pause" : "Play";
