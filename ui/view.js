// From snapshots to elements: each element is shown anew when the parts it shows have changed.

import "./elements/tl-browser/tl-browser.js";
import "./elements/tl-build/tl-build.js";
import "./elements/tl-catalog/tl-catalog.js";
import "./elements/tl-catalog-report/tl-catalog-report.js";
import "./elements/tl-compare/tl-compare.js";
import "./elements/tl-confirm/tl-confirm.js";
import "./elements/tl-drop/tl-drop.js";
import "./elements/tl-failures/tl-failures.js";
import "./elements/tl-fetch/tl-fetch.js";
import "./elements/tl-import/tl-import.js";
import "./elements/tl-keys/tl-keys.js";
import "./elements/tl-knobs/tl-knobs.js";
import "./elements/tl-library/tl-library.js";
import "./elements/tl-licence/tl-licence.js";
import "./elements/tl-menu/tl-menu.js";
import "./elements/tl-models/tl-models.js";
import "./elements/tl-near/tl-near.js";
import "./elements/tl-notices/tl-notices.js";
import "./elements/tl-path/tl-path.js";
import "./elements/tl-player/tl-player.js";
import "./elements/tl-results/tl-results.js";
import "./elements/tl-shelf/tl-shelf.js";
import "./elements/tl-thread/tl-thread.js";
import "./elements/tl-threads/tl-threads.js";
import "./elements/tl-toasts/tl-toasts.js";
import "./elements/tl-trouble/tl-trouble.js";
import "./elements/tl-welcome/tl-welcome.js";
import { announce, find, send } from "./dom.js";
import { createFocusKeeper } from "./focus.js";
import { face } from "./state/app.js";
import { isBusy } from "./state/build.js";
import { news } from "./state/news.js";

/** @import { State } from "./state/types" */
/** @import { Track } from "./wire" */

/**
 * @param {Document} document
 * @param {State} first what stands before anything has happened
 * @returns {(state: State) => void} shows a snapshot
 */
export function createView(document, first) {
  const root = document.documentElement;
  const browser = find(document, "tl-browser");
  const build = find(document, "tl-build");
  const catalog = find(document, "tl-catalog");
  const compare = find(document, "tl-compare");
  const drop = find(document, "tl-drop");
  const failures = find(document, "tl-failures");
  const fetch = find(document, "tl-fetch");
  const knobs = find(document, "tl-knobs");
  const library = find(document, "tl-library");
  const models = find(document, "tl-models");
  const notices = find(document, "tl-notices");
  const path = find(document, "tl-path");
  const player = find(document, "tl-player");
  const report = find(document, "tl-catalog-report");
  const results = find(document, "tl-results");
  const shelf = find(document, "tl-shelf");
  const thread = find(document, "tl-thread");
  const toasts = find(document, "tl-toasts");
  const trouble = find(document, "tl-trouble");

  const parts = [
    part(
      (s) => [s.app],
      (s) => {
        trouble.show(s.app);
        if (s.app.error) closeAll(document);
      },
    ),
    part(
      (s) => [face(s), s.build.phase],
      (s) => {
        root.dataset["face"] = face(s);
        root.dataset["build"] = s.build.phase === "idle" ? "idle" : "working";
      },
    ),
    part(
      (s) => [s.library.status],
      (s) => notices.show(s.library.status),
    ),
    part(
      (s) => [s.library, s.catalog.box, s.catalog.fetching, s.thread.shown?.seeds, s.build.phase],
      (s) => browser.show(s.library, s.catalog, seedIds(s), s.build.phase),
    ),
    part(
      (s) => [s.build, s.library.status, s.player.playing],
      (s) => build.show(s.build, s.library.status, s.player.playing),
    ),
    part(
      (s) => [s.library.status, s.build],
      (s) => shelf.show(s.library.status, s.build),
    ),
    part(
      (s) => [s.thread, isBusy(s.build)],
      (s) => thread.show(s.thread, isBusy(s.build)),
    ),
    part(
      (s) => [s.thread.shown],
      (s) => knobs.show(s.thread.shown),
    ),
    part(
      (s) => [s.thread, s.why, s.library.status, s.library.edition, s.build.phase],
      (s) => results.show(s.thread, s.why, s.library, s.build.phase),
    ),
    part(
      (s) => [s.path, s.thread.shown?.seeds],
      (s) => path.show(s.path, seedIds(s)),
    ),
    part(
      (s) => [s.player],
      (s) => player.show(s.player),
    ),
    part(
      (s) => [s.player.track?.id, s.player.playing, s.player.fetching, s.thread.shown, s.path],
      (s) => {
        path.hear(s.player);
        browser.hear(s.player);
        results.hear(s.player);
      },
    ),
    part(
      (s) => [s.models, s.library.status, isBusy(s.build)],
      (s) => {
        fetch.show(s.models, s.library.status);
        if (models.isOpen) models.show(s);
      },
    ),
    part(
      (s) => [s.catalog.sheet, s.catalog.planning, s.library.status, isBusy(s.build)],
      (s) => {
        if (catalog.isOpen) catalog.show(s);
      },
    ),
    part(
      (s) => [isBusy(s.build)],
      (s) => {
        const building = isBusy(s.build);
        report.showBuilding(building);
        // What a build brought is in its report.
        if (!building && report.isOpen) send(report, "tl-open", { what: "catalog-report" });
      },
    ),
    part(
      (s) => [s.compare],
      (s) => {
        if (compare.isOpen) compare.show(s.compare);
      },
    ),
    part(
      (s) => [s.player.track?.id, s.player.playing],
      (s) => compare.hear(s.player),
    ),
    part(
      (s) => [s.toasts],
      (s) => toasts.show(s.toasts.list),
    ),
    part(
      (s) => [s.drop],
      (s) => drop.show(s.drop),
    ),
    part(
      (s) => [s.failures, isBusy(s.build)],
      (s) => {
        if (failures.isOpen) failures.show(s.failures, isBusy(s.build));
      },
    ),
    part(
      (s) => [s.library.status, isBusy(s.build)],
      (s) => {
        if (library.isOpen && s.library.status) library.show(s.library.status, isBusy(s.build));
      },
    ),
  ];

  const keepFocus = createFocusKeeper(document, () =>
    enter(document, root.dataset["face"] === "failed" ? trouble : thread),
  );
  let before = first;
  return (state) => {
    keepFocus(() => parts.forEach((show) => show(state)));
    const words = news(before, state);
    before = state;
    if (words) announce(words);
  };
}

/**
 * Gives the focus to a place that is always there.
 * @param {Document} document
 * @param {{ enter: () => void }} face what is seen where no dialog is open
 */
function enter(document, face) {
  const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
  if (dialog) find(dialog, "button.close").focus();
  else face.enter();
}

/**
 * Closes the dialogs: what they are about is not to be had.
 * @param {Document} document
 */
function closeAll(document) {
  const menu = find(document, "tl-menu");
  if (!menu.hidden) menu.close();
  for (const dialog of document.querySelectorAll("dialog[open]"))
    if (dialog instanceof HTMLDialogElement) dialog.close();
}

/**
 * @param {(state: State) => readonly unknown[]} pick
 * @param {(state: State) => void} show called when something picked is another thing than last time
 * @returns {(state: State) => void}
 */
function part(pick, show) {
  /** @type {readonly unknown[] | null} */
  let last = null;
  return (state) => {
    const now = pick(state);
    if (last?.every((value, index) => value === now[index])) return;
    last = now;
    show(state);
  };
}

/** @type {readonly Track[]} */
const NONE = [];

/** @type {WeakMap<object, ReadonlySet<number>>} */
const sets = new WeakMap();

/**
 * The same set for the same seeds.
 * @param {State} state
 */
function seedIds({ thread }) {
  const seeds = thread.shown?.seeds ?? NONE;
  const set = sets.get(seeds) ?? new Set(seeds.map(({ id }) => id));
  sets.set(seeds, set);
  return set;
}
