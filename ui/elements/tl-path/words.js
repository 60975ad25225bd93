// Paths in words, and where they may lead from and to. Pure.

import { counted, quoted } from "../../format.js";

/** @import { Between } from "../../intents" */
/** @import { Thread, Track } from "../../wire" */

/** How many songs a path may have between its ends, and how many it has at first. */
export const LENGTHS = Object.freeze([1, 3, 5, 8, 12, 20, 50]);
export const FIRST = 5;

/**
 * The songs that can be ends of a path: what is on the thread, and what is listed along it.
 * @param {Thread} thread
 * @returns {{ words: string, tracks: readonly Track[] }[]} none of them empty, no track in two
 */
export function groups({ seeds, liked, rows }) {
  const on = new Map([...seeds, ...liked].map((track) => [track.id, track]));
  const off = rows.filter(({ id }) => !on.has(id));
  return [
    { words: "On the thread", tracks: [...on.values()] },
    { words: "In the list", tracks: off },
  ].filter(({ tracks }) => tracks.length > 0);
}

/**
 * Both ends, where one or both are left open: a path to a row begins at the seed that carries it most, one from
 * a seed leads to the next seed, or else to the first row.
 * @param {Thread} thread
 * @param {Between} between
 * @returns {{ from: number, to: number } | null} null when there are no two songs
 */
export function ends({ seeds, rows }, { from, to }) {
  const row = rows.find(({ id }) => id === to);
  const carrier = row?.why.anchors.find((anchor) => seeds.some(({ id }) => id === anchor.id));
  const start = from ?? carrier?.id ?? seeds.find(({ id }) => id !== to)?.id;
  const at = seeds.findIndex(({ id }) => id === start);
  const others = [...seeds.slice(at + 1), ...seeds.slice(0, Math.max(at, 0)), ...rows];
  const end = to ?? others.find(({ id }) => id !== start)?.id;
  return start === undefined || end === undefined || start === end ? null : { from: start, to: end };
}

/**
 * @param {Pick<Track, "title">} [from]
 * @param {Pick<Track, "title">} [to]
 */
export const title = (from, to) =>
  from && to ? `Between ${quoted(from.title)} and ${quoted(to.title)}` : "What lies between";

/**
 * What is said of a path that was found.
 * @param {number} found songs
 * @param {number} wanted
 */
export function outcome(found, wanted) {
  if (found === 0)
    return "Nothing lies between these two: a path takes one song of an artist, and none of the artists at its ends.";
  if (found < wanted)
    return `Only ${counted(found, "song")} ${found === 1 ? "lies" : "lie"} between them: a path takes one song of an artist.`;
  return "";
}
