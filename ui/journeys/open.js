// The window opens: the library as it stands, its first rows, then the thread.

import { PAGE } from "../state/pages.js";
import { problem } from "./context.js";

/** @import { Context } from "./context.js" */

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
  try {
    await open(context, root);
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
function fail({ store }, root, thrown) {
  store.dispatch({ type: "app/failed", error: problem(thrown) });
  root.dataset["ready"] = "failed";
}
