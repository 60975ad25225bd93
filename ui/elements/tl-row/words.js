// Why a row is in the list, in words. Pure.

import { clock, counted, listed, quoted } from "../../format.js";

/** @import { Row, Track, Why } from "../../wire" */

/** Anchors that are told one by one. */
const NAMED = 4;

/** Seeds whose absence is told. */
const MISSED = 3;

/** Rows of the list: a row that would stand further down would not be in it. */
const LIST = 100;

/**
 * The reason in a few words, for every row: the tags it shares, or else what it is nearest to.
 * @param {Pick<Row, "shared_tags" | "why">} row
 */
export function brief({ shared_tags: tags, why }) {
  if (tags.length > 0) return tags.join(" · ");
  const [first] = why.anchors;
  return first ? `like ${quoted(first.title)}` : "";
}

/**
 * What carries a row, the greatest share first; small shares are told together.
 * @param {Pick<Why, "anchors">} why
 * @returns {{ title: string, share: number, percent: string }[]}
 */
export function carriers({ anchors }) {
  const shown = anchors.filter(({ share }) => share >= 0.005);
  const named = shown.length > NAMED ? shown.slice(0, NAMED - 1) : shown;
  const rest = shown.slice(named.length);
  const all = named.map(({ title, share }) => ({ title: quoted(title), share }));
  if (rest.length > 0)
    all.push({ title: `${rest.length} more`, share: rest.reduce((sum, { share }) => sum + share, 0) });
  return all.map((one) => ({ ...one, percent: percent(one.share) }));
}

/**
 * Everything else that is known of it, a sentence each.
 * @param {Why} why
 * @param {Pick<Row, "shared_tags">} row
 * @param {readonly Pick<Track, "id" | "title">[]} seeds
 */
export function reasons(why, { shared_tags: tags }, seeds) {
  return [
    `Closer than ${percentile(why.percentile)} of your library.`,
    seeds.length > 1 && agreement(why.agreement, seeds.length),
    ...without(why, seeds),
    tags.length > 0 && `Shares ${listed(tags)}.`,
    newness(why.novelty),
    why.in_charge === "head" && "Learnt from your thumbs.",
  ].filter((words) => typeof words === "string");
}

/**
 * The moments most alike, as the two buttons that play them are called.
 * @param {Why} why
 * @param {readonly Pick<Track, "id" | "title">[]} seeds
 */
export function moment({ moment: found }, seeds) {
  const seed = seeds.find(({ id }) => id === found?.seed_id);
  if (!found || !seed) return null;
  return { theirs: `${clock(found.seed_s)} of ${quoted(seed.title)}`, its: `${clock(found.row_s)} here` };
}

/** @param {number} share */
const percent = (share) => `${Math.round(share * 100)} %`;

/** @param {number} value 0 to 100; 100 is said of nothing, since a row is not closer than itself */
const percentile = (value) => `${Math.min(99.9, Math.floor(value * 10) / 10).toFixed(1)} %`;

/**
 * @param {number} leading
 * @param {number} seeds
 */
const agreement = (leading, seeds) =>
  leading === seeds
    ? seeds === 2
      ? "Both seeds lead here."
      : `All ${seeds} seeds lead here.`
    : `${leading} of ${seeds} seeds ${leading === 1 ? "leads" : "lead"} here.`;

/**
 * What the row owes its seeds, the greatest debt first.
 * @param {Why} why
 * @param {readonly Pick<Track, "id" | "title">[]} seeds
 */
function without({ without_seed: ranks, rank: now }, seeds) {
  return ranks
    .map(({ id, rank }) => ({ seed: seeds.find((seed) => seed.id === id), falls: rank - now }))
    .filter(({ seed, falls }) => seed && falls !== 0)
    .sort((a, b) => Math.abs(b.falls) - Math.abs(a.falls))
    .slice(0, MISSED)
    .map(({ seed, falls }) => {
      const places = counted(Math.abs(falls), "place");
      const what =
        falls < 0 ? `rise ${places}` : now + falls > LIST ? "not be in the list" : `fall ${places}`;
      return `Without ${quoted(seed?.title ?? "")} it would ${what}.`;
    });
}

/** @param {number} novelty 0 to 1 */
function newness(novelty) {
  if (novelty < 0.2) return "It sounds like what you know.";
  return novelty < 0.6 ? "It sounds a little new to you." : "It sounds new to you.";
}
