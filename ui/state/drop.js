// Something is held over the window: what a drop would do.

import { counted, fileName, quoted } from "../format.js";

/** @import { Action, Drop } from "./types" */
/** @import { Dropped } from "../wire" */

/** @type {Drop} */
export const initial = { over: false, what: null };

/**
 * @param {Drop} drop
 * @param {Action} action
 * @returns {Drop}
 */
export function reduce(drop, action) {
  switch (action.type) {
    case "drop/entered":
      return { over: true, what: action.what };
    case "drop/left":
      return initial;
    default:
      return drop;
  }
}

/**
 * What a drop would do, in words; `useful` is false when it would do nothing.
 * @param {Dropped | null} what null while the shell is still looking
 * @returns {{ title: string, detail: string, useful: boolean }}
 */
export function dropWords(what) {
  if (!what)
    return { title: "Drop here", detail: "Songs become seeds, folders join the library", useful: true };
  const { folders, audio, threads, other } = what;
  const detail = other.length > 0 ? skipped(other) : "";
  const seeds = audio.length === 1 ? quoted(fileName(audio[0] ?? "")) : counted(audio.length, "song");
  const added = folders.length === 1 ? quoted(fileName(folders[0] ?? "")) : counted(folders.length, "folder");
  if (threads.length > 0) {
    const opened = threads.length === 1 ? quoted(fileName(threads[0] ?? "")) : counted(threads.length, "thread");
    return { title: `Open ${opened}`, detail, useful: true };
  }
  if (folders.length > 0 && audio.length > 0) {
    return { title: `Add ${added} to the library, and ${seeds} to the thread`, detail, useful: true };
  }
  if (audio.length > 0) return { title: `Add ${seeds} to the thread`, detail, useful: true };
  if (folders.length > 0) return { title: `Add ${added} to the library`, detail, useful: true };
  return { title: "Nothing to listen to here", detail: detail || "Drop songs or folders", useful: false };
}

/**
 * What is left aside of a drop.
 * @param {readonly string[]} paths
 */
export const skipped = (paths) =>
  paths.length === 1
    ? `${quoted(fileName(paths[0] ?? ""))} is no music, folder or thread`
    : `${counted(paths.length, "file")} are no music, folders or threads`;
