// A build in words. Pure.

import { clock, counted, pace, sentence, thousands, timeLeft } from "../../format.js";

/** @import { Build } from "../../state/types" */
/** @import { Crawling, Ordering, Status } from "../../wire" */

/**
 * What the panel says: `part` is 0 to 1, or null while the total is not known.
 * @param {Build} build
 * @returns {{ stage: string, part: number | null, left: string, detail: string }}
 */
export function buildWords(build) {
  if (build.kind === "songs" && build.crawling && !build.stopping) return growthWords(build, build.crawling);
  const stage = build.stopping ? (build.kind === "songs" ? "Pausing…" : "Stopping…") : stageOf(build);
  const left = build.stopping ? "" : timeLeft(build.eta);
  const part = build.total === null || build.total === 0 ? null : Math.min(1, build.done / build.total);
  return { stage, part, left, detail: build.stopping ? "What is done is kept." : detail(build) };
}

/**
 * What the panel says while the library grows from the catalogue. The total counts what is still to
 * be found as work to do, so the bar does not run ahead of the crawl.
 * @param {Build} build
 * @param {Crawling} crawling
 * @returns {ReturnType<typeof buildWords>}
 */
function growthWords(
  { done, total, eta, pace: perSecond },
  { calls, calls_left: callsLeft, wanted, size, paused },
) {
  return {
    stage: paused ? "Waiting" : "Growing the library",
    part: total === null || total === 0 ? null : Math.min(1, done / total),
    left: paused ? "" : timeLeft(eta),
    detail: [
      `${thousands(wanted)} of ${counted(size, "song")} found`,
      [`${thousands(done)} heard`, pace(perSecond)].filter(Boolean).join(", "),
      callsLeft > 0
        ? `${thousands(calls)} of about ${counted(calls + callsLeft, "call")}`
        : counted(calls, "call"),
    ].join(" · "),
  };
}

/**
 * Why nothing moves, and when it will be tried again.
 * @param {string | null} paused
 * @param {number | null} seconds until then
 */
export const pauseWords = (paused, seconds) =>
  paused === null
    ? ""
    : [
        sentence(paused),
        seconds !== null && (seconds > 0 ? `Trying again in ${clock(Math.ceil(seconds))}.` : "Trying again…"),
      ]
        .filter(Boolean)
        .join(" ");

/**
 * What the panel says of a build from the catalogue that was begun and rests.
 * @param {Pick<Status, "songs">} status
 */
export const unfinishedWords = ({ songs }) => ({
  stage: "Not finished growing",
  part: null,
  left: "",
  detail:
    songs > 0 ? `${counted(songs, "song")} from the catalogue so far` : "Nothing from the catalogue so far",
});

/**
 * What the panel says while the library changes over to another model.
 * @param {Build} build
 * @param {Pick<Status, "model_name" | "next_model">} status
 * @returns {(ReturnType<typeof buildWords> & { serving: string }) | null} null when it does not, or songs are not being heard yet
 */
export function switchWords(build, { model_name: serving, next_model: next }) {
  if (!next || !(build.phase === "idle" || build.phase === "working")) return null;
  const { name, done, total } = next;
  const part = total > 0 ? Math.min(1, done / total) : null;
  const far = `${thousands(done)} of ${thousands(total)}`;
  const both = { part, serving: `${serving} serves meanwhile` };
  if (build.phase === "idle") return { ...both, stage: `${name} has heard ${far}`, left: "", detail: "" };
  const words = buildWords(build);
  if (build.stopping) return { ...words, ...both };
  const detail = [far, pace(build.pace)].filter(Boolean).join(" · ");
  return { ...both, stage: `Re-listening with ${name}`, left: words.left, detail };
}

/** @param {Build} build */
const stageOf = ({ phase, kind }) =>
  kind === "songs" && phase === "elsewhere" ? "Growing the library" : STAGES[phase];

/** @type {Record<Build["phase"], string>} */
const STAGES = {
  idle: "",
  elsewhere: "Building the library",
  starting: "Starting…",
  loading: "Waking the model",
  rendering: "Making the demo",
  scanning: "Looking for music",
  working: "Listening to songs",
  finishing: "Putting things in order",
};

/** @type {Record<Ordering, string>} */
const ORDERING = { comparing: "compared with all others", versions: "looked at for other versions" };

/** @param {Build} build */
function detail({ phase, files, done, total, pace: perSecond, file, note, step }) {
  switch (phase) {
    case "loading":
      return [file, note].filter(Boolean).join(" · ");
    case "scanning":
      return files > 0 ? `${counted(files, "song")} so far` : "";
    case "rendering":
      return `${thousands(done)} of ${thousands(total ?? 0)} pieces`;
    case "working":
      return [`${thousands(done)} of ${thousands(total ?? 0)}`, pace(perSecond)]
        .filter(Boolean)
        .join(" · ");
    case "finishing":
      return step === null
        ? ""
        : `${thousands(done)} of ${counted(total ?? 0, "song")} ${ORDERING[step]}`;
    default:
      return "";
  }
}
