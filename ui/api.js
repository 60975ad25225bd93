// The only file that names window.__TAURI__: one function a command, one a kind of event.

/** @import { BuildReport, CatalogReport, CatalogSong, Comparable, Dropped, FailurePage, FetchProgress } from "./wire" */
/** @import { Imported, KnobsView, Model, Page, Plan, PlanRequest, Player, PreviewLimits, Progress } from "./wire" */
/** @import { Refreshed, Revealed, Saved, Side, Status, Thread, ThreadSummary, Track, Trial, Which, Why } from "./wire" */

/** An error of the shell: `code` says which (see errors.js), `message` says more in words. */
export class ApiError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   */
  constructor(code, message) {
    super(message);
    this.name = "ApiError";
    this.code = code;
  }

  /**
   * Wraps whatever a command rejected with.
   * @param {unknown} thrown
   */
  static from(thrown) {
    if (thrown instanceof ApiError) return thrown;
    const { code, message } = /** @type {{ code?: unknown, message?: unknown }} */ (Object(thrown));
    return new ApiError(
      typeof code === "string" ? code : "internal",
      typeof message === "string" ? message : String(thrown),
    );
  }
}

/**
 * @typedef {object} Tauri
 * @property {{ invoke: (name: string, args?: object) => Promise<unknown>, Channel: new () => { onmessage: (message: any) => void } }} core
 * @property {{ listen: (name: string, handler: (event: { payload: any }) => void) => Promise<() => void> }} event
 * @property {{ open: (options: object) => Promise<unknown> }} dialog
 */

/** @returns {Tauri} */
const tauri = () => /** @type {any} */ (window).__TAURI__;

/**
 * @param {string} name
 * @param {object} [args]
 * @returns {Promise<any>}
 */
async function call(name, args) {
  try {
    return await tauri().core.invoke(name, args);
  } catch (thrown) {
    throw ApiError.from(thrown);
  }
}

/**
 * @template T
 * @param {(progress: T) => void} onProgress
 */
function channel(onProgress) {
  const progress = new (tauri().core.Channel)();
  progress.onmessage = onProgress;
  return progress;
}

/** @returns {Promise<Status>} */
export const status = () => call("status");

/**
 * Saves what can be read of a damaged library; null when nothing is wrong with it.
 * @returns {Promise<Saved | null>}
 */
export const salvage = () => call("salvage");

/**
 * Builds `folder`, or every folder of the library when it is null; resolves when done or cancelled.
 * @param {string | null} folder
 * @param {boolean} retryFailed
 * @param {(progress: Progress) => void} onProgress
 * @returns {Promise<BuildReport>}
 */
export const build = async (folder, retryFailed, onProgress) =>
  call("build", { folder, retryFailed, onProgress: channel(onProgress) });

/**
 * @param {(progress: Progress) => void} onProgress
 * @returns {Promise<BuildReport>}
 */
export const buildDemo = async (onProgress) => call("build_demo", { onProgress: channel(onProgress) });

/** @returns {Promise<null>} */
export const cancelBuild = () => call("cancel_build");

/** @type {(id: number) => Promise<Status>} */
export const removeSource = (id) => call("remove_source", { id });

/**
 * Failures of `which`, hidden ones or those that are not: `limit` of them from number `offset` on.
 * @param {Which} which
 * @param {boolean} hidden
 * @param {number} offset
 * @param {number} limit
 * @returns {Promise<FailurePage>}
 */
export const failures = async (which, hidden, offset, limit) =>
  call("failures", { which, hidden, offset, limit });

/** @type {(which: Which) => Promise<number>} the next build tries them again */
export const retryFailures = (which) => call("retry_failures", { which });

/** @type {(which: Which, hidden: boolean) => Promise<Status>} */
export const hideFailures = (which, hidden) => call("hide_failures", { which, hidden });

/** @type {(text: string, offset: number, limit: number) => Promise<Page>} all tracks when `text` is empty */
export const browse = (text, offset, limit) => call("browse", { text, offset, limit });

/** @type {(text: string, letters: string, from: number) => Promise<number | null>} a row of the same list, by its artist */
export const ahead = (text, letters, from) => call("ahead", { text, letters, from });

/** @type {(on: boolean) => Promise<Status>} */
export const setWatching = (on) => call("set_watching", { on });

/** @type {(gentle: boolean) => Promise<null>} */
export const setGentle = (gentle) => call("set_gentle", { gentle });

/** @returns {Promise<Thread>} */
export const thread = () => call("thread");

/** @type {(ids: number[]) => Promise<Thread>} */
export const seedTracks = (ids) => call("seed_tracks", { ids });

/** @type {(paths: string[]) => Promise<Thread>} */
export const seedFiles = (paths) => call("seed_files", { paths });

/** @type {(id: number) => Promise<Thread>} */
export const unseed = (id) => call("unseed", { id });

/** @returns {Promise<Thread>} */
export const clearThread = () => call("clear_thread");

/** @type {(id: number, verdict: "up" | "down" | "clear") => Promise<Thread>} */
export const rate = (id, verdict) => call("rate", { id, verdict });

/** @type {(id: number) => Promise<Thread>} */
export const banish = (id) => call("banish", { id });

/** @returns {Promise<Thread>} */
export const undo = () => call("undo");

/** @type {(id: number, weight: number) => Promise<Thread>} a seed of either kind beside the others, which weigh one */
export const weighSeed = (id, weight) => call("weigh_seed", { id, weight });

/** @type {(from: number, to: number, steps: number) => Promise<Track[]>} what lies between two tracks, in order */
export const path = (from, to, steps) => call("path", { from, to, steps });

/** @type {(knob: keyof KnobsView, value: number) => Promise<Thread>} `value` from 0 to 1 */
export const turnKnob = (knob, value) => call("turn_knob", { knob, value });

/** @type {(ids: number[]) => Promise<Thread>} the list turns away from them; `unseed` takes that back */
export const oppose = (ids) => call("oppose", { ids });

/** @type {(id: number) => Promise<Thread>} a thumb down for a track and all its versions */
export const rateFamily = (id) => call("rate_family", { id });

/** @type {(id: number, radii: number[]) => Promise<number[]>} how many tracks `downNear` would hide with each */
export const wouldHide = (id, radii) => call("would_hide", { id, radii });

/** @type {(id: number, radius: number) => Promise<Thread>} a thumb down for all that sounds like a track */
export const downNear = (id, radius) => call("down_near", { id, radius });

/** @type {(id: number) => Promise<Track[]>} the one that stands for them first */
export const versions = (id) => call("versions", { id });

/** @type {(id: number) => Promise<Why>} in full */
export const why = (id) => call("why", { id });

/** @type {(name: string | null) => Promise<Thread>} */
export const nameThread = (name) => call("name_thread", { name });

/** @returns {Promise<ThreadSummary[]>} the newest first */
export const threads = () => call("threads");

/** @type {(id: number) => Promise<Thread>} the one that was open is kept */
export const openThread = (id) => call("open_thread", { id });

/** @type {(id: number, before: number | null) => Promise<Thread>} a new thread of what was said in one, up to a time */
export const branchThread = (id, before) => call("branch_thread", { id, before });

/** @type {(id: number, name: string) => Promise<string | null>} the file's path; null when none was chosen */
export const exportThread = (id, name) => call("export_thread", { id, name });

/** @type {(path: string) => Promise<Imported>} */
export const importThread = (path) => call("import_thread", { path });

/** @type {(paths: string[]) => Promise<Dropped>} */
export const classify = (paths) => call("classify", { paths });

/** @type {(id: number) => Promise<Player>} */
export const play = (id) => call("play", { id });

/** @returns {Promise<Player>} */
export const pause = () => call("pause");

/** @returns {Promise<Player>} */
export const resume = () => call("resume");

/** @returns {Promise<Player>} */
export const stop = () => call("stop");

/** @type {(seconds: number) => Promise<Player>} */
export const seek = (seconds) => call("seek", { seconds });

/** @type {(id: number) => Promise<null>} */
export const reveal = (id) => call("reveal", { id });

/** @returns {Promise<Model[]>} */
export const models = () => call("models");

/**
 * Fetches a model, or goes on where a fetch stopped; resolves when it is there or was cancelled.
 * @param {string} id
 * @param {boolean} acceptLicence the listener has read the licence and takes it
 * @param {(progress: FetchProgress) => void} onProgress
 * @returns {Promise<Model>}
 */
export const fetchModel = async (id, acceptLicence, onProgress) =>
  call("fetch_model", { id, acceptLicence, onProgress: channel(onProgress) });

/** @returns {Promise<null>} */
export const cancelFetch = () => call("cancel_fetch");

/**
 * Takes a model from a file; one that is not the published file is taken and marked.
 * @param {string} id
 * @param {string} path
 * @param {string | null} stats the statistics its input is normalised by; null for the published ones
 * @param {(progress: FetchProgress) => void} onProgress
 * @returns {Promise<Model>}
 */
export const importModel = async (id, path, stats, onProgress) =>
  call("import_model", { id, path, stats, onProgress: channel(onProgress) });

/**
 * @param {string} id
 * @param {(progress: FetchProgress) => void} onProgress
 * @returns {Promise<Model>}
 */
export const verifyModel = async (id, onProgress) =>
  call("verify_model", { id, onProgress: channel(onProgress) });

/** @type {(id: string) => Promise<Model[]>} */
export const removeModel = (id) => call("remove_model", { id });

/** @type {(id: string) => Promise<Status>} */
export const useModel = (id) => call("use_model", { id });

/** @type {(id: string, page: "licence" | "origin") => Promise<null>} in the listener's own browser */
export const openPage = (id, page) => call("open_page", { id, page });

/** @type {(track: number) => Promise<null>} the page of a catalogue's song in its store, likewise */
export const openStore = (track) => call("open_store", { track });

/** @type {(text: string) => Promise<CatalogSong[]>} one question to the catalogue */
export const catalogSearch = (text) => call("catalog_search", { text });

/** @type {(song: number) => Promise<Thread>} a song that is not in the library is heard on the spot */
export const seedSong = (song) => call("seed_song", { song });

/** @type {(request: PlanRequest) => Promise<Plan>} asks no network; measures the model shortly */
export const planCatalog = (request) => call("plan_catalog", { request });

/**
 * Builds what a plan ordered; resolves when it is done or was paused, which `cancelBuild` does.
 * @param {unknown} order as the plan has it
 * @param {(progress: Progress) => void} onProgress
 * @returns {Promise<BuildReport>}
 */
export const buildCatalog = async (order, onProgress) =>
  call("build_catalog", { order, onProgress: channel(onProgress) });

/**
 * Goes on with a build from the catalogue that was begun and not finished.
 * @param {(progress: Progress) => void} onProgress
 * @returns {Promise<BuildReport>}
 */
export const resumeCatalog = async (onProgress) =>
  call("resume_catalog", { onProgress: channel(onProgress) });

/**
 * Lets what was grown from the catalogue grow on, around these tracks.
 * @param {number[]} tracks
 * @param {number} more songs wanted more
 * @param {(progress: Progress) => void} onProgress
 * @returns {Promise<BuildReport>}
 */
export const growCatalog = async (tracks, more, onProgress) =>
  call("grow_catalog", { tracks, more, onProgress: channel(onProgress) });

/** @type {(track: number) => Promise<ArrayBuffer>} its picture; empty when there is none, or none now */
export const artwork = (track) => call("artwork", { track });

/** @returns {Promise<CatalogReport>} pictures are fetched again when they are looked at */
export const clearArtwork = () => call("clear_artwork");

/** @type {(limits: PreviewLimits) => Promise<CatalogReport>} they count from the next build on */
export const limitPreviews = (limits) => call("limit_previews", { limits });

/**
 * Asks for every failed song and every call that was given up once more, then goes on.
 * @param {(progress: Progress) => void} onProgress
 * @returns {Promise<BuildReport>}
 */
export const retryCatalog = async (onProgress) => call("retry_catalog", { onProgress: channel(onProgress) });

/**
 * Looks dead links up anew and hears the songs whose previews are back; `cancelBuild` pauses it.
 * @param {(progress: Progress) => void} onProgress
 * @returns {Promise<Refreshed>}
 */
export const refreshCatalog = async (onProgress) =>
  call("refresh_catalog", { onProgress: channel(onProgress) });

/** @returns {Promise<CatalogReport>} */
export const catalogReport = () => call("catalog_report");

/** @type {(name: string) => Promise<CatalogReport>} its songs leave the library */
export const removeGenre = (name) => call("remove_genre", { name });

/** @type {(id: number) => Promise<CatalogReport>} its songs leave the library */
export const removeArtist = (id) => call("remove_artist", { id });

/** @returns {Promise<Comparable[]>} oldest first */
export const comparable = () => call("comparable");

/** @type {(a: string, b: string) => Promise<Trial>} */
export const trial = (a, b) => call("trial", { a, b });

/** @type {(trial: number, side: Side) => Promise<Revealed>} */
export const vote = (trial, side) => call("vote", { trial, side });

/**
 * Asks for a folder; null when the listener thought better of it.
 * @returns {Promise<string | null>}
 */
export const pickFolder = () => pick({ directory: true, title: "Add a music folder" });

/**
 * Asks for a file whose name ends in one of `extensions`, or any other.
 * @param {string} title
 * @param {string} kind what such files are called
 * @param {string[]} extensions
 * @returns {Promise<string | null>} null when the listener thought better of it
 */
export const pickFile = (title, kind, extensions) =>
  pick({
    title,
    filters: [
      { name: kind, extensions },
      { name: "All files", extensions: ["*"] },
    ],
  });

/**
 * @param {object} options
 * @returns {Promise<string | null>}
 */
async function pick(options) {
  try {
    const path = await tauri().dialog.open(options);
    return typeof path === "string" ? path : null;
  } catch (thrown) {
    throw ApiError.from(thrown);
  }
}

/**
 * @template T
 * @param {string} name
 * @param {(payload: T) => void} handler
 * @returns {Promise<() => void>} stops listening
 */
const listen = (name, handler) => tauri().event.listen(name, ({ payload }) => handler(payload));

/** @param {(player: Player) => void} handler */
export const onPlayer = (handler) => listen("player", handler);

/** @param {(status: Status) => void} handler */
export const onLibraryChanged = (handler) => listen("library-changed", handler);

/** @param {(progress: Progress) => void} handler of a build that nobody asked for */
export const onBuildProgress = (handler) => listen("build-progress", handler);

/** @param {(paths: string[]) => void} handler files that a second start of the app was given */
export const onOpenFiles = (handler) => listen("open-files", handler);

/** @param {(paths: string[]) => void} handler */
export const onDragEnter = (handler) =>
  listen("tauri://drag-enter", (/** @type {{ paths: string[] }} */ { paths }) => handler(paths));

/** @param {(paths: string[]) => void} handler */
export const onDragDrop = (handler) =>
  listen("tauri://drag-drop", (/** @type {{ paths: string[] }} */ { paths }) => handler(paths));

/** @param {() => void} handler */
export const onDragLeave = (handler) => listen("tauri://drag-leave", handler);
