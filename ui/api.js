// The only file that names window.__TAURI__: one function a command, one a kind of event.

/** @import { BuildReport, Dropped, Failure, Player, Progress, Status, Thread, Track } from "./wire" */

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

/** @param {(progress: Progress) => void} onProgress */
function channel(onProgress) {
  const progress = new (tauri().core.Channel)();
  progress.onmessage = onProgress;
  return progress;
}

/** @returns {Promise<Status>} */
export const status = () => call("status");

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

/** @returns {Promise<Failure[]>} */
export const failures = () => call("failures");

/** @type {(text: string, limit: number) => Promise<Track[]>} */
export const search = (text, limit) => call("search", { text, limit });

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

/**
 * Asks for a folder; null when the listener thought better of it.
 * @returns {Promise<string | null>}
 */
export async function pickFolder() {
  try {
    const folder = await tauri().dialog.open({ directory: true, title: "Add a music folder" });
    return typeof folder === "string" ? folder : null;
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
