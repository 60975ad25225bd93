// Threads by name: kept, opened again, and carried elsewhere as files.

import { counted, fileName, listed, quoted } from "../format.js";
import { attempt, say } from "./context.js";
import { change } from "./discover.js";

/** @import { Context } from "./context.js" */

/** Songs of a file that are named when they are not here; the rest are counted. */
const NAMED = 3;

/**
 * Calls the open thread by a name; an empty one takes its name away.
 * @param {Context} context
 * @param {{ name: string }} what
 */
export const name = (context, { name }) =>
  change(context, () => context.api.nameThread(name.trim() === "" ? null : name.trim()));

/**
 * Opens another thread; the one that was open is kept.
 * @param {Context} context
 * @param {{ id: number }} thread
 */
export const openThread = (context, { id }) => change(context, () => context.api.openThread(id));

/**
 * Begins a new thread with what was said in another one, which is kept as it is.
 * @param {Context} context
 * @param {{ id: number, before: number | null }} what `before` is the time up to which it counts, null for all of it
 */
export async function branch(context, { id, before }) {
  const thread = await change(context, () => context.api.branchThread(id, before));
  if (!thread) return;
  const [title, detail] =
    before === null
      ? ["A branch of the thread", "The one it comes from is kept as it is."]
      : ["The thread as it was", "The newer one is kept as it is."];
  say(context, { key: "branched", title, detail });
}

/**
 * Writes a thread to a file that the listener is asked for.
 * @param {Context} context
 * @param {{ id: number, name: string }} thread
 */
export async function exportThread(context, { id, name }) {
  const path = await attempt(context, () => context.api.exportThread(id, name));
  if (path) say(context, { key: "exported", title: "The thread was exported", detail: fileName(path) });
}

/**
 * Asks for a file and opens the thread in it.
 * @param {Context} context
 * @returns {Promise<boolean>} whether there is another thread now
 */
export async function importThread(context) {
  const path = await attempt(context, () =>
    context.api.pickFile("Import a thread", "Threads", ["throughline", "json"]),
  );
  return path ? importFile(context, path) : false;
}

/**
 * Opens the thread in a file; says which of its songs are not here.
 * @param {Context} context
 * @param {string} path
 * @returns {Promise<boolean>} whether there is another thread now
 */
export async function importFile(context, path) {
  /** @type {string[]} */
  let unresolved = [];
  const thread = await change(context, async () => {
    const imported = await context.api.importThread(path);
    unresolved = imported.unresolved;
    return imported.thread;
  });
  if (!thread) return false;
  say(context, { key: "imported", title: "The thread was imported", detail: missing(unresolved) });
  return true;
}

/**
 * Which songs of a file are not in the library, in a sentence; "" when all are.
 * @param {readonly string[]} songs
 */
export function missing(songs) {
  if (songs.length === 0) return "";
  const named = songs.length > NAMED + 1 ? songs.slice(0, NAMED) : songs;
  const names = named.map(quoted);
  if (named.length < songs.length) names.push(`${counted(songs.length - named.length, "other song")}`);
  return `Not in this library, and left out: ${listed(names)}.`;
}
