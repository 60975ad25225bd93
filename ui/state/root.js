// All reducers under one roof.

import * as app from "./app.js";
import * as build from "./build.js";
import * as catalog from "./catalog.js";
import * as compare from "./compare.js";
import * as drop from "./drop.js";
import * as failures from "./failures.js";
import * as library from "./library.js";
import * as models from "./models.js";
import * as path from "./path.js";
import * as player from "./player.js";
import * as thread from "./thread.js";
import * as toasts from "./toasts.js";
import * as why from "./why.js";

/** @import { Action, State } from "./types" */

/** @type {State} */
export const initial = {
  app: app.initial,
  library: library.initial,
  failures: failures.initial,
  build: build.initial,
  catalog: catalog.initial,
  models: models.initial,
  compare: compare.initial,
  thread: thread.initial,
  why: why.initial,
  path: path.initial,
  player: player.initial,
  toasts: toasts.initial,
  drop: drop.initial,
};

/**
 * @param {State} state
 * @param {Action} action
 * @returns {State} the same object when nothing changed
 */
export function reduce(state, action) {
  const next = {
    app: app.reduce(state.app, action),
    library: library.reduce(state.library, action),
    failures: failures.reduce(state.failures, action),
    build: build.reduce(state.build, action),
    catalog: catalog.reduce(state.catalog, action),
    models: models.reduce(state.models, action),
    compare: compare.reduce(state.compare, action),
    thread: thread.reduce(state.thread, action),
    why: why.reduce(state.why, action),
    path: path.reduce(state.path, action),
    player: player.reduce(state.player, action),
    toasts: toasts.reduce(state.toasts, action),
    drop: drop.reduce(state.drop, action),
  };
  const keys = /** @type {(keyof State)[]} */ (Object.keys(next));
  return keys.every((key) => next[key] === state[key]) ? state : next;
}
