// The first journey: folders become a library.

import { counted } from "../format.js";
import { isBusy } from "../state/build.js";
import { attempt, say } from "./context.js";
import { search } from "./discover.js";

/** @import { BuildKind, BuildReport, Progress, Status } from "../wire" */
/** @import { Context } from "./context.js" */

/**
 * Asks for a folder and builds it.
 * @param {Context} context
 */
export async function addFolder(context) {
  const folder = await attempt(context, () => context.api.pickFolder());
  if (folder) await addFolders(context, [folder]);
}

/**
 * Builds folders one after the other; a cancelled build leaves the rest.
 * @param {Context} context
 * @param {readonly string[]} folders
 */
export async function addFolders(context, folders) {
  for (const folder of folders) {
    const report = await run(context, (onProgress) => context.api.build(folder, false, onProgress));
    if (!report || report.cancelled) return;
  }
}

/**
 * Makes the demo collection and builds it.
 * @param {Context} context
 */
export const addDemo = (context) => run(context, (onProgress) => context.api.buildDemo(onProgress));

/**
 * Looks for changes in all folders.
 * @param {Context} context
 * @param {{ retryFailed: boolean, songs?: boolean }} how `songs`: those of the catalogue that wait follow
 */
export async function rescan(context, { retryFailed, songs = false }) {
  const report = await run(context, (onProgress) => context.api.build(null, retryFailed, onProgress));
  await follow(context, report, songs);
}

/**
 * Hears the songs that lack the vectors of the model this library is to use.
 * @param {Context} context
 * @param {Status | null} before how the library stood before it was told to use that model
 */
export async function relisten(context, before) {
  const report = await run(context, (onProgress) => context.api.build(null, false, onProgress), { before });
  await follow(context, report, false);
}

/**
 * Lets songs of the catalogue follow the folders: while a switch to another model is under way, and where those
 * that wait are wanted.
 * @param {Context} context
 * @param {BuildReport | undefined} report what came of the folders
 * @param {boolean} waiting
 */
async function follow(context, report, waiting) {
  const { status } = context.store.state.library;
  if (!report || report.cancelled || !status) return;
  const switching = status.next_model !== null && status.songs > 0;
  if (!switching && !(waiting && status.unfinished)) return;
  await run(context, (onProgress) => context.api.resumeCatalog(onProgress), { kind: "songs" });
}

/**
 * Stops the build; what is done is kept.
 * @param {Context} context
 */
export async function cancel(context) {
  const { api, store } = context;
  store.dispatch({ type: "build/stopping" });
  if ((await attempt(context, () => api.cancelBuild())) === undefined) {
    store.dispatch({ type: "build/unstopped" });
  }
}

/**
 * Lets the build under way take what it can get of the machine, or only what nobody else needs.
 * @param {Context} context
 * @param {{ gentle: boolean }} how
 */
export async function pace(context, { gentle }) {
  context.store.dispatch({ type: "build/paced", gentle });
  if ((await attempt(context, () => context.api.setGentle(gentle))) === undefined)
    context.store.dispatch({ type: "build/paced", gentle: !gentle });
}

/**
 * Sets whether changes of the folders are noticed.
 * @param {Context} context
 * @param {{ on: boolean }} how
 */
export async function watch(context, { on }) {
  const status = await attempt(context, () => context.api.setWatching(on));
  if (status) context.store.dispatch({ type: "library/status", status });
}

/**
 * Shows how a build gets on that nobody asked for: it was begun because something was noticed. The build that it
 * gave way to is the one to be seen.
 * @param {Context} context
 * @param {Progress} progress
 */
export async function noticed(context, progress) {
  const { store } = context;
  const { build } = store.state;
  const unknown = build.phase === "idle" || build.phase === "elsewhere";
  if (!unknown && !build.unasked) return;
  if (progress.kind !== "finished") {
    if (unknown) store.dispatch({ type: "build/started", gentle: true, unasked: true });
    store.dispatch({ type: "build/progress", progress });
    return;
  }
  store.dispatch({ type: "build/ended" });
  const { added, failed } = progress.report;
  // Where it gave way to something else, nobody stopped it.
  const cancelled = progress.report.cancelled && build.stopping;
  if (added > 0 || failed > 0 || cancelled)
    say(context, { key: "built", ...reportWords({ ...progress.report, cancelled }) });
  await refresh(context);
}

/**
 * Takes a folder out of the library; nothing on disk is touched.
 * @param {Context} context
 * @param {{ id: number }} source
 */
export async function removeSource(context, { id }) {
  const status = await attempt(context, () => context.api.removeSource(id));
  if (!status) return;
  context.store.dispatch({ type: "library/status", status });
  await refresh(context);
}

/**
 * Takes in what a build has stored so far. A list that stands is not ranked again until the build
 * is done, so that it does not move under the listener's hands.
 * @param {Context} context
 * @param {Status} status
 */
export async function grown(context, status) {
  const { store } = context;
  store.dispatch({ type: "library/status", status });
  const { library, thread } = store.state;
  // What is under way is soon followed by another change, or was asked for after this one.
  if (library.searching) return;
  const waiting = (thread.shown?.seeds.length ?? 0) > 0 && thread.shown?.rows.length === 0;
  await (waiting ? refresh(context) : search(context, { text: library.query }));
}

/**
 * Brings list and thread up to date with the library.
 * @param {Context} context
 */
export async function refresh(context) {
  const { api, store, inOrder } = context;
  await Promise.all([
    search(context, { text: store.state.library.query }),
    attempt(context, async () => {
      const thread = await inOrder(() => api.thread());
      store.dispatch({ type: "thread/answered", thread, ticket: null });
    }),
  ]);
}

/**
 * Runs a build, one at a time, and says what it did.
 * @param {Context} context
 * @param {(onProgress: (progress: Progress) => void) => Promise<BuildReport>} build
 * @param {{ before?: Status | null, kind?: BuildKind }} [how] `before`: how the library stood
 *   before, if not as it does now; `kind`: what it goes through
 * @returns {Promise<BuildReport | undefined>}
 */
export function run(context, build, { before, kind = "files" } = {}) {
  const old = before ?? context.store.state.library.status;
  return work(
    context,
    kind,
    build,
    (report, status) =>
      switchWords(old, status, report) ?? (kind === "songs" ? harvestWords(report) : reportWords(report)),
  );
}

/**
 * Does what nothing else may be done beside, shows how far it is, and says what came of it.
 * @template R
 * @param {Context} context
 * @param {BuildKind} kind
 * @param {(onProgress: (progress: Progress) => void) => Promise<R>} build
 * @param {(report: R, status: Status | undefined) => Omit<Parameters<typeof say>[1], "key">} words
 * @returns {Promise<R | undefined>} undefined when it failed, or had to wait
 */
export async function work(context, kind, build, words) {
  const { api, store } = context;
  if (isBusy(store.state.build)) {
    say(context, {
      key: "building",
      title: "The library is already being built",
      detail: "Wait until it is done, or cancel it first.",
    });
    return undefined;
  }
  store.dispatch({ type: "build/started", kind });
  const report = await attempt(context, () =>
    build((progress) => store.dispatch({ type: "build/progress", progress })),
  );
  store.dispatch({ type: "build/ended" });
  const status = await attempt(context, () => api.status());
  if (report) say(context, { key: "built", ...words(report, status) });
  if (status) store.dispatch({ type: "library/status", status });
  await refresh(context);
  return report;
}

/**
 * What a build did, as a message.
 * @param {BuildReport} report
 * @returns {{ title: string, detail: string, action?: { label: string, intent: "failures" } }}
 */
export function reportWords({ added, failed, moved, missing, cancelled }) {
  const detail = [
    moved > 0 && `${counted(moved, "file")} ${moved === 1 ? "was" : "were"} known already: moved, or copied.`,
    missing > 0 && `${counted(missing, "file")} ${missing === 1 ? "is" : "are"} no longer there.`,
    failed > 0 && `${counted(failed, "file")} could not be used.`,
    cancelled && "The next build goes on from here.",
  ]
    .filter(Boolean)
    .join(" ");
  const title = cancelled ? `Stopped. ${newSongs(added)}` : newSongs(added);
  return failed > 0
    ? { title, detail, action: { label: "Show them", intent: "failures" } }
    : { title, detail };
}

/**
 * What a build from the catalogue did, as a message.
 * @param {BuildReport} report
 * @returns {{ title: string, detail: string, action: { label: string, intent: "catalog-report" | "resume-catalog" } }}
 */
export function harvestWords({ added, failed, skipped, cancelled }) {
  const title = cancelled ? `Paused. ${newSongs(added)}` : newSongs(added);
  const detail = [
    failed > 0 && `${counted(failed, "song")} could not be had.`,
    skipped > 0 && `${counted(skipped, "question")} got no answer.`,
    cancelled && "Nothing is lost: go on whenever you like.",
  ]
    .filter(Boolean)
    .join(" ");
  return {
    title,
    detail,
    action: cancelled
      ? { label: "Go on", intent: "resume-catalog" }
      : { label: "Report", intent: "catalog-report" },
  };
}

/** @param {number} added */
const newSongs = (added) => (added > 0 ? `${counted(added, "song")} added` : "No new songs");

/**
 * What a build did for the switch to another model, as a message; null when it did nothing for it.
 * @param {Status | null} before
 * @param {Status | undefined} after
 * @param {BuildReport} report
 * @returns {{ title: string, detail: string, action?: { label: string, intent: "failures" } } | null}
 */
export function switchWords(before, after, { cancelled, failed }) {
  if (!before || !after) return null;
  if (before.model !== after.model) {
    const title = `${after.model_name} serves this library now`;
    const kept = `What ${before.model_name} heard is kept: you can go back at any time.`;
    return failed > 0
      ? {
          title,
          detail: `${counted(failed, "file")} could not be used. ${kept}`,
          action: { label: "Show them", intent: "failures" },
        }
      : { title, detail: kept };
  }
  if (!after.next_model || !cancelled) return null;
  const { name, done, total } = after.next_model;
  return {
    title: `Stopped. ${name} has heard ${done.toLocaleString("en")} of ${counted(total, "song")}`,
    detail: `${after.model_name} serves until you go on.`,
  };
}
