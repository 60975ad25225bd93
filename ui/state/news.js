// What a voice says when the window changes by itself. Pure.

import { counted, quoted, sentence } from "../format.js";
import { modelOf } from "./models.js";

/** @import { State } from "./types" */
/** @import { FetchProgress } from "../wire" */

const STAGES = {
  starting: "Build started.",
  loading: "Waking the model.",
  rendering: "Making the demo collection.",
  scanning: "Looking for music.",
  working: "Listening to the songs.",
  finishing: "Putting the library in order.",
};

/**
 * What to announce between two snapshots; "" when nothing is worth interrupting for. Messages that
 * are on screen as toasts announce themselves.
 * @param {State} before
 * @param {State} after
 * @returns {string}
 */
export function news(before, after) {
  return [stage, pause, model, list, reason, found, offered, preview]
    .map((part) => part(before, after))
    .filter(Boolean)
    .join(" ");
}

/** @type {typeof news} */
function stage(before, after) {
  const { phase } = after.build;
  if (phase === before.build.phase || phase === "idle" || phase === "elsewhere") return "";
  if (phase === "working" && after.build.kind === "songs") return "Growing from the catalogue.";
  return STAGES[phase];
}

/** @type {typeof news} */
function pause(before, after) {
  const [was, is] = [before.build.crawling?.paused ?? null, after.build.crawling?.paused ?? null];
  if (was === is) return "";
  if (is) return sentence(is);
  return after.build.phase === "working" ? "It goes on." : "";
}

/** @type {typeof news} */
function model(before, after) {
  const [was, is] = [before.models.job, after.models.job];
  const quarter = quarterOf(is?.progress ?? null);
  if (!is?.progress || (stageOf(was) === stageOf(is) && quarterOf(was?.progress ?? null) === quarter))
    return "";
  const { progress } = is;
  const name = modelOf(after.models, is.id)?.name ?? is.id;
  switch (progress.kind) {
    case "connecting":
      return "Connecting.";
    case "downloading":
      return quarter === 0 ? `Downloading ${name}.` : `${quarter * 25} percent of ${name} is here.`;
    case "waiting":
      return `${sentence(progress.reason)} Trying again in ${counted(Math.ceil(progress.seconds), "second")}.`;
    case "verifying":
      return stageOf(was) === stageOf(is) ? "" : `Checking ${name}.`;
    default:
      return "";
  }
}

/** @param {State["models"]["job"]} job a try counts as a stage of its own */
const stageOf = (job) =>
  job?.progress && [job.id, job.progress.kind, "attempt" in job.progress && job.progress.attempt].join();

/** @param {FetchProgress | null} progress */
const quarterOf = (progress) =>
  progress?.kind === "downloading" && progress.total > 0
    ? Math.floor((4 * progress.done) / progress.total)
    : 0;

/** @type {typeof news} */
function list(before, after) {
  const [was, is] = [before.thread.confirmed, after.thread.confirmed];
  if (!was || !is || was === is) return "";
  if (ids(was.seeds) !== ids(is.seeds)) {
    if (is.seeds.length === 0) return "The thread is empty.";
    return `${counted(is.seeds.length, "seed")}, ${counted(is.rows.length, "song")} along the thread.`;
  }
  if (ids(was.rows) === ids(is.rows)) return "";
  const known = new Set(was.rows.map(({ id }) => id));
  const fresh = is.rows.filter(({ id }) => !known.has(id)).length;
  const words = "The list was ranked again";
  return fresh === 0 ? `${words}.` : `${words}: ${counted(fresh, "song is", "songs are")} new in it.`;
}

/** @type {typeof news} what carries a row, once it is known; the rest can be read there */
function reason({ why: was }, { why: is }) {
  const carrier = is.why?.anchors[0];
  if (!carrier || (was.why && was.id === is.id)) return "";
  return `Carried by ${quoted(carrier.title)}, ${Math.round(100 * carrier.share)} percent.`;
}

/** @type {typeof news} */
function found(before, after) {
  const { query, total, searching, edition } = after.library;
  if (searching || query === "" || edition === before.library.edition) return "";
  return total === 0 ? "Nothing found." : `${counted(total ?? 0, "track")} found.`;
}

/** @type {typeof news} */
function offered(before, after) {
  const { text, songs, searching, trouble } = after.catalog.box;
  if (searching || trouble || !before.catalog.box.searching || text === "") return "";
  return songs.length === 0 ? "" : `${counted(songs.length, "song")} in the catalogue.`;
}

/** @type {typeof news} a preview that does not come is said by the player itself */
function preview({ player: was }, { player: is }) {
  if (!is.track || is.error !== null) return "";
  if (is.fetching)
    return was.fetching && was.track?.id === is.track.id
      ? ""
      : `Getting the preview of ${quoted(is.track.title)}.`;
  return was.fetching && is.playing ? `Playing ${quoted(is.track.title)}.` : "";
}

/** @param {readonly { id: number }[]} tracks */
const ids = (tracks) => tracks.map(({ id }) => id).join();
