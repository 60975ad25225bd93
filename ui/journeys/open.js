// The window opens: the library as it stands, its first rows, then the thread. One that is damaged is salvaged.

import { capital, counted, listed, thousands } from "../format.js";
import { PAGE } from "../state/pages.js";
import { problem, say } from "./context.js";

/** @import { Context } from "./context.js" */
/** @import { Saved } from "../wire" */

/**
 * Opens the window; `data-ready` on `root` says how that went.
 * @param {Context} context
 * @param {{ dataset: DOMStringMap }} root
 * @param {() => Promise<unknown>} listen hears from now on what the shell says
 */
export async function start(context, root, listen) {
  try {
    await listen();
    await open(context, root);
  } catch (thrown) {
    fail(context, root, thrown);
  }
}

/**
 * Tries again what did not open.
 * @param {Context} context
 * @param {{ dataset: DOMStringMap }} root
 */
export async function reopen(context, root) {
  context.store.dispatch({ type: "app/trying", remedy: "reopen" });
  try {
    await open(context, root);
  } catch (thrown) {
    fail(context, root, thrown);
  }
}

/**
 * Saves what can be read of a damaged library, opens what came of it and says what was saved.
 * @param {Context} context
 * @param {{ dataset: DOMStringMap }} root
 */
export async function salvage(context, root) {
  context.store.dispatch({ type: "app/trying", remedy: "salvage" });
  try {
    const saved = await context.api.salvage();
    await open(context, root);
    if (saved) say(context, { key: "salvaged", ...words(saved) });
  } catch (thrown) {
    fail(context, root, thrown);
  }
}

/**
 * @param {Context} context
 * @param {{ dataset: DOMStringMap }} root
 */
async function open({ api, store, inOrder }, root) {
  const [status, page] = await Promise.all([api.status(), api.browse("", 0, PAGE)]);
  store.dispatch({ type: "app/opened", status, page, thread: null });
  performance.mark("first-rows");
  // The list along the thread may read every vector of the library, and what is there need not wait for it.
  const thread = await inOrder(() => api.thread());
  store.dispatch({ type: "thread/answered", thread, ticket: null });
  root.dataset["ready"] = "true";
}

/**
 * @param {Context} context
 * @param {{ dataset: DOMStringMap }} root
 * @param {unknown} thrown
 */
function fail(context, root, thrown) {
  context.store.dispatch({ type: "app/failed", error: problem(context, thrown) });
  root.dataset["ready"] = "failed";
}

/** What the shell counts, where the window has another name for it. */
const NAMES = /** @type {Readonly<Record<string, string>>} */ (Object.freeze({ throughlines: "threads" }));

/**
 * What was saved and what was lost, and where the damaged library is.
 * @param {Saved} saved
 */
export function words({ rows, nameless, kept }) {
  const told = rows.filter(({ saved, of }) => saved > 0 || (of ?? 0) > 0);
  const parts = told.map(({ what, saved, of }) => {
    const some = of === null || of === saved ? thousands(saved) : `${thousands(saved)} of ${thousands(of)}`;
    return `${some} ${NAMES[what] ?? what}`;
  });
  const all = parts.length > 0 && rows.every(({ saved, of }) => saved === of);
  const again =
    nameless > 0
      ? ` ${counted(nameless, "track has", "tracks have")} no name until the library is built again.`
      : "";
  return {
    title: all ? "The library was saved" : parts.length > 0 ? "What could be read was saved" : "Nothing could be read",
    detail: `${capital(listed(parts.length > 0 ? parts : ["nothing"]))}.${again} The damaged library is kept as ${kept}.`,
  };
}
