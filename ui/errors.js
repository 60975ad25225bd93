// What the listener is told for each error code of the shell: how bad, in which words, what to do.

import { sentence } from "./format.js";

/**
 * @typedef {object} Telling
 * @property {"error" | "notice"} severity errors interrupt and stay; notices pass
 * @property {string} title what happened
 * @property {string} todo what to do about it
 * @property {boolean} [detail] the shell's own message says which file or why, and is shown too
 */

/** @type {Readonly<Record<string, Telling>>} */
export const ERRORS = Object.freeze({
  no_tracks: {
    severity: "notice",
    title: "The library is empty",
    todo: "Add a music folder, or try the demo collection.",
  },
  unknown_track: {
    severity: "notice",
    title: "That track is no longer in the library",
    todo: "Search for it again, or add the folder it is in.",
  },
  unreadable_audio: {
    severity: "error",
    title: "That file could not be read as music",
    todo: "Check that it plays elsewhere, or try another copy of it.",
    detail: true,
  },
  nothing_to_undo: {
    severity: "notice",
    title: "There is nothing to undo",
    todo: "Thumbs and seeds of this thread can be undone once you have given some.",
  },
  building: {
    severity: "notice",
    title: "The library is already being built",
    todo: "Wait until it is done, or cancel it first.",
  },
  not_building: { severity: "notice", title: "Nothing is being built", todo: "Add a folder to start." },
  folder_gone: {
    severity: "error",
    title: "That folder is not there",
    todo: "Connect the drive it is on, or add it again from where it is now.",
    detail: true,
  },
  no_sound: {
    severity: "error",
    title: "There is no sound device to play on",
    todo: "Connect speakers or headphones and press play again. Everything else works without.",
    detail: true,
  },
  file_missing: {
    severity: "error",
    title: "The file of this track is gone",
    todo: "Connect the drive it is on, or look for changes in the library.",
    detail: true,
  },
  library_newer: {
    severity: "error",
    title: "This library was made by a newer Throughline",
    todo: "Update Throughline to open it. Nothing was changed.",
    detail: true,
  },
  library_damaged: {
    severity: "error",
    title: "The library is damaged",
    todo: "What can be read of it can be saved into a new one: the damaged file is kept, and your music is untouched.",
    detail: true,
  },
  disk_full: {
    severity: "error",
    title: "The disk is full",
    todo: "Free some space and try again. A build goes on where it stopped.",
  },
  file_refused: {
    severity: "error",
    title: "A file could not be read or written",
    todo: "Try again, or choose another place.",
    detail: true,
  },
  disk_failed: {
    severity: "error",
    title: "The disk did not answer",
    todo: "Check that it is connected and has room, then try again. What was said before is kept.",
    detail: true,
  },
  not_analysed: {
    severity: "notice",
    title: "That track has not been heard yet",
    todo: "It can be a seed as soon as the library is built.",
  },
  no_thread: {
    severity: "notice",
    title: "There is no thread between these seeds",
    todo: "Add another seed, or take one away.",
  },
  no_throughline: {
    severity: "notice",
    title: "There is no thread of that name",
    todo: "Choose another one.",
    detail: true,
  },
  nothing_said: {
    severity: "notice",
    title: "There was nothing in that thread then",
    todo: "Branch it as it is now.",
  },
  name_taken: { severity: "notice", title: "Another thread has this name", todo: "Choose another one." },
  throughline_file: {
    severity: "error",
    title: "That file is no thread",
    todo: "Choose one that was exported from Throughline, by this version or an older one.",
    detail: true,
  },
  no_library: {
    severity: "error",
    title: "There is no library there",
    todo: "Add a music folder to make one.",
    detail: true,
  },
  library_busy: {
    severity: "error",
    title: "The library is in use by another program",
    todo: "Wait until that one is done, and try again.",
  },
  library_read_only: {
    severity: "error",
    title: "The library cannot be written",
    todo: "Check that its folder belongs to you and is not write-protected.",
    detail: true,
  },
  licence_not_accepted: {
    severity: "notice",
    title: "The licence of this model has not been accepted",
    todo: "Read it under Models, and accept it to go on.",
  },
  no_model: {
    severity: "error",
    title: "That model is not on this computer",
    todo: "Get it under Models, import its file, or let this library use another one.",
    detail: true,
  },
  model_damaged: {
    severity: "error",
    title: "The file of this model is damaged",
    todo: "Get it again. What it has heard so far is kept.",
    detail: true,
  },
  model_in_use: {
    severity: "notice",
    title: "That model is being fetched",
    todo: "Wait until it is here, or cancel it first.",
  },
  network: {
    severity: "error",
    title: "The download was interrupted",
    todo: "What is here is kept: resume it when you are connected.",
    detail: true,
  },
  offline: {
    severity: "error",
    title: "The catalogue cannot be reached",
    todo: "Connect to the internet and try again. What is in the library works without.",
    detail: true,
  },
  catalog_refused: {
    severity: "error",
    title: "The catalogue asks for a pause",
    todo: "It answers only so many questions a minute. Wait a little, then try again.",
    detail: true,
  },
  superseded: {
    severity: "notice",
    title: "A newer search took its place",
    todo: "Search again for these words.",
  },
  no_preview: {
    severity: "notice",
    title: "There is nothing to hear of this song",
    todo: "The catalogue has no preview of it: try another version, or another song.",
  },
  nothing_to_resume: {
    severity: "notice",
    title: "There is nothing to go on with",
    todo: "Plan a library from the catalogue first.",
  },
  no_plan: {
    severity: "notice",
    title: "There is no plan for this",
    todo: "Choose other songs, artists or genres to grow around.",
    detail: true,
  },
  no_limit: {
    severity: "notice",
    title: "Previews cannot be limited like this",
    todo: "Choose 1 to 16 previews at once, and at least 1 kB a second or no limit.",
    detail: true,
  },
  fetch_refused: {
    severity: "error",
    title: "The server does not give this file away",
    todo: "Download it from its page in a browser, then import the file.",
    detail: true,
  },
  not_comparable: {
    severity: "notice",
    title: "These two models cannot be compared here",
    todo: "Both need to have listened to this library first.",
    detail: true,
  },
  internal: {
    severity: "error",
    title: "Something went wrong inside Throughline",
    todo: "Try again; if it stays, start Throughline anew.",
    detail: true,
  },
});

/**
 * The telling for one error; codes that are not in the table read as `internal`.
 * @param {{ code: string, message: string }} error
 * @returns {{ severity: "error" | "notice", title: string, detail: string }}
 */
export function tell({ code, message }) {
  const known = Object.hasOwn(ERRORS, code) ? ERRORS[code] : undefined;
  const { severity, title, todo, detail } = /** @type {Telling} */ (known ?? ERRORS["internal"]);
  return { severity, title, detail: detail && message ? `${sentence(message)} ${todo}` : todo };
}
