// The library is opened, and salvaged where it is damaged.

import { ApiError } from "../api.js";
import { capital, counted, listed, thousands } from "../format.js";
import { PAGE } from "../state/library.js";
import { say } from "./context.js";

/** @import { Context } from "./context.js" */
/** @import { Saved } from "../wire" */

/**
 * Shows the library as it stands, or why it cannot be shown; answers whether it can.
 * @param {Context} context
 */
export async function open({ api, store }) {
  try {
    const [status, thread, found] = await Promise.all([api.status(), api.thread(), api.search("", PAGE)]);
    store.dispatch({ type: "app/opened", status, thread, found });
    return true;
  } catch (thrown) {
    failed(store, thrown);
    return false;
  }
}

/**
 * Saves what can be read of a damaged library, opens what came of it and says what was saved.
 * @param {Context} context
 */
export async function salvage(context) {
  const { api, store } = context;
  try {
    const saved = await api.salvage();
    if ((await open(context)) && saved) say(context, { key: "salvaged", ...words(saved) });
  } catch (thrown) {
    failed(store, thrown);
  }
}

/**
 * @param {Context["store"]} store
 * @param {unknown} thrown
 */
function failed(store, thrown) {
  const { code, message } = ApiError.from(thrown);
  store.dispatch({ type: "app/failed", error: { code, message } });
}

/**
 * What was saved and what was lost, and where the damaged library is.
 * @param {Saved} saved
 */
export function words({ rows, nameless, kept }) {
  const told = rows.filter(({ saved, of }) => saved > 0 || (of ?? 0) > 0);
  const parts = told.map(({ what, saved, of }) =>
    of === null || of === saved
      ? `${thousands(saved)} ${what}`
      : `${thousands(saved)} of ${thousands(of)} ${what}`,
  );
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
