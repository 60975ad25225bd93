// What a seed counts beside the others, and what else can be done with it.

import { send } from "../../dom.js";

/** @import { MenuItem } from "../../intents" */
/** @import { Track } from "../../wire" */

/** What a seed may count, the most first, and how the menu says it. */
const WEIGHTS = Object.freeze([
  { weight: 4, label: "Counts four times", testid: "weigh-4" },
  { weight: 2, label: "Counts twice", testid: "weigh-2" },
  { weight: 1, label: "Counts once", testid: "weigh-1" },
  { weight: 0.5, label: "Counts half", testid: "weigh-half" },
]);

/**
 * A weight as it stands on a bead: 0.5 gives "×½".
 * @param {number} weight
 */
export const times = (weight) => `×${weight === 0.5 ? "½" : Number(weight.toFixed(2))}`;

/**
 * The same for a voice.
 * @param {number} weight
 */
export const weighs = (weight) =>
  WEIGHTS.find((one) => one.weight === weight)?.label.toLowerCase() ??
  `counts ${Number(weight.toFixed(2))} times`;

/**
 * What is chosen is asked for by the page: the bead may have gone while its menu was open.
 * @param {Pick<Track, "id">} track
 * @param {boolean} wanted it is no song to turn away from
 * @param {number} counts
 * @returns {MenuItem[]}
 */
export function menuOf({ id }, wanted, counts) {
  /** @type {MenuItem[]} */
  const weights = WEIGHTS.map(({ weight, label, testid }) => ({
    label,
    icon: weight === counts ? "check" : "blank",
    testid,
    checked: weight === counts,
    choose: () => {
      if (weight !== counts) send(document, "tl-weigh", { id, weight });
    },
  }));
  /** @type {MenuItem} */
  const between = {
    label: "What lies between this and…",
    icon: "path",
    testid: "chip-path",
    choose: () => send(document, "tl-between", { from: id, to: null }),
  };
  return wanted ? [...weights, between] : weights;
}
