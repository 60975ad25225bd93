// Things held over the window and let go, or opened with the app: songs become seeds, folders join the library,
// threads are opened.

import { skipped } from "../state/drop.js";
import { addFolders } from "./build.js";
import { attempt, say } from "./context.js";
import { seedFiles } from "./discover.js";
import { importFile } from "./shelf.js";

/** @import { Context } from "./context.js" */

/**
 * @param {Context} context
 * @param {readonly string[]} paths
 */
export async function entered({ api, store }, paths) {
  store.dispatch({ type: "drop/entered", what: null });
  try {
    const what = await api.classify([...paths]);
    if (store.state.drop.over) store.dispatch({ type: "drop/entered", what });
  } catch {
    // The overlay then says what any drop does; the drop itself reports the error.
  }
}

/** @param {Context} context */
export const left = ({ store }) => store.dispatch({ type: "drop/left" });

/**
 * @param {Context} context
 * @param {readonly string[]} paths
 */
export async function dropped(context, paths) {
  context.store.dispatch({ type: "drop/left" });
  const what = await attempt(context, () => context.api.classify([...paths]));
  if (!what) return;
  const { folders, audio, threads, other } = what;
  if (other.length > 0) {
    say(context, {
      key: "skipped",
      title: `${skipped(other)}`,
      detail: "Songs become seeds, folders join the library, threads are opened.",
    });
  }
  // The last one stays open, and the songs become its seeds.
  for (const path of threads) await importFile(context, path);
  await Promise.all([
    audio.length > 0 && seedFiles(context, audio),
    folders.length > 0 && addFolders(context, folders),
  ]);
}
