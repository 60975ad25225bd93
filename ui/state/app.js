// Whether the window has opened, and which of its faces it shows.

/** @import { Action, App, State } from "./types" */

/** @type {App} */
export const initial = { phase: "opening", error: null };

/**
 * @param {App} app
 * @param {Action} action
 * @returns {App}
 */
export function reduce(app, action) {
  switch (action.type) {
    case "app/opened":
      return { phase: "open", error: null };
    case "app/failed":
      return { phase: "failed", error: action.error };
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
