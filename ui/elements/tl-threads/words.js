// Threads as they are listed. Pure.

import { counted, listed } from "../../format.js";

/** @import { ThreadSummary } from "../../wire" */

/** Seeds that are named; the rest are counted. */
const NAMED = 3;

const day = new Intl.DateTimeFormat("en", { dateStyle: "medium" });

/**
 * What a thread is called: its name, or else what it begins with.
 * @param {ThreadSummary} thread
 */
export const called = ({ name, seeds }) => name ?? (seeds.length > 0 ? from(seeds) : "An empty thread");

/**
 * What is in it and when it was changed.
 * @param {ThreadSummary} thread
 */
export const facts = ({ name, seeds, thumbs, changed_at: at, open }) =>
  [
    open && "open now",
    name !== null && seeds.length > 0 && from(seeds),
    thumbs > 0 && counted(thumbs, "thumb"),
    day.format(new Date(at)),
  ]
    .filter(Boolean)
    .join(" · ");

/**
 * Whether a thread stood otherwise at a time, so that it can be had as it was then.
 * @param {Pick<ThreadSummary, "begun_at" | "changed_at">} thread
 * @param {number} time Unix milliseconds
 */
export const wasAt = ({ begun_at: begun, changed_at: changed }, time) => begun < time && changed >= time;

/** @param {readonly string[]} seeds */
function from(seeds) {
  const named = seeds.slice(0, NAMED);
  const rest = seeds.length - named.length;
  return listed(rest > 0 ? [...named, `${rest} more`] : named);
}
