// Whether the window has opened, and which of its faces it shows.

/** @import { Action, App, State } from "./types" */

/** Code of the error that leaves nothing to do with a library but to save what can be read of it. */
export const DAMAGED = "library_damaged";

/** @type {App} */
export const initial = { phase: "opening", error: null, damaged: false, trying: null };

/**
 * @param {App} app
 * @param {Action} action
 * @returns {App}
 */
export function reduce(app, action) {
  switch (action.type) {
    case "app/opened":
      return { ...initial, phase: "open" };
    case "app/failed": {
      const { error } = action;
      return { phase: "failed", error, damaged: app.damaged || error.code === DAMAGED, trying: null };
    }
    case "app/trying":
      return { ...app, trying: action.remedy };
    default:
      return app;
  }
}

/**
 * The face of the window: `welcome` until there is something to show or a build is making it.
 * @param {State} state
 * @returns {"opening" | "failed" | "welcome" | "library"}
 */
export function face({ app, library, build, thread }) {
  if (app.phase !== "open") return app.phase;
  const { status } = library;
  const empty = !status || (status.tracks === 0 && status.sources.length === 0 && !status.unfinished);
  const threaded = (thread.shown?.seeds.length ?? 0) > 0 || thread.listening > 0;
  return empty && build.phase === "idle" && !threaded ? "welcome" : "library";
}
