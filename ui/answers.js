// What happens when an element asks for something, or a key is pressed.

import { catalogAnswers } from "./answers-catalog.js";
import { modelAnswers } from "./answers-models.js";
import { find, send } from "./dom.js";
import { RADII } from "./elements/tl-near/words.js";
import { ends } from "./elements/tl-path/words.js";
import * as build from "./journeys/build.js";
import { begin } from "./journeys/compare.js";
import { attempt } from "./journeys/context.js";
import * as discover from "./journeys/discover.js";
import * as failures from "./journeys/failures.js";
import * as listen from "./journeys/listen.js";
import { list } from "./journeys/models.js";
import { reopen, salvage } from "./journeys/open.js";
import { walk } from "./journeys/path.js";
import * as rate from "./journeys/rate.js";
import * as shelf from "./journeys/shelf.js";
import * as why from "./journeys/why.js";
import { shortcut } from "./keys.js";
import * as questions from "./questions.js";
import { isBusy } from "./state/build.js";

/** @import { Context } from "./journeys/context.js" */
/** @import { Intents } from "./intents" */

/** @typedef {{ [K in keyof Intents]: (detail: Intents[K]) => unknown }} Answers */

/**
 * Answers the elements of `document` for as long as it lives.
 * @param {Document} document
 * @param {Context} context
 */
export function answer(document, context) {
  for (const [name, reply] of Object.entries(answers(document, context))) {
    document.addEventListener(name, (event) => {
      if (event instanceof CustomEvent) reply(/** @type {never} */ (event.detail));
    });
  }
  document.addEventListener("click", ({ target }) => {
    const opener = target instanceof Element ? target.closest("[data-opens]") : null;
    if (opener instanceof HTMLElement)
      send(document, "tl-open", {
        what: /** @type {Intents["tl-open"]["what"]} */ (opener.dataset["opens"]),
      });
  });
  document.addEventListener("keydown", (event) => onKey(document, event));
  document.addEventListener("contextmenu", (event) => {
    if (!isText(event.target)) event.preventDefault();
  });
  // The shell takes drops; what the page would do with one is to leave itself.
  for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => event.preventDefault());
}

/**
 * @param {Document} document
 * @param {Context} context
 * @returns {Answers}
 */
function answers(document, context) {
  const { api, store } = context;
  return {
    "tl-add-folder": () => build.addFolder(context),
    "tl-demo": () => build.addDemo(context),
    "tl-rescan": (how) => build.rescan(context, how),
    "tl-cancel-build": () => build.cancel(context),
    "tl-remove-source": (source) =>
      find(document, "tl-confirm").ask(questions.removeSource(source), () =>
        build.removeSource(context, source),
      ),
    "tl-search": (question) => discover.search(context, question),
    "tl-look": (rows) => discover.look(context, rows),
    "tl-ahead": async ({ letters, from, then }) =>
      then((await attempt(context, () => api.ahead(store.state.library.query, letters, from))) ?? null),
    "tl-list-failures": (choice) => failures.list(context, choice),
    "tl-look-failures": (rows) => failures.look(context, rows),
    "tl-retry": (some) => failures.retry(context, some),
    "tl-hide": (what) => failures.hide(context, what),
    "tl-pace": (how) => build.pace(context, how),
    "tl-watch": (how) => build.watch(context, how),
    "tl-reopen": () => reopen(context, document.documentElement),
    "tl-seed": (track) => discover.seed(context, track),
    "tl-unseed": (track) => rate.unseed(context, track),
    "tl-rate": (rating) => rate.rate(context, rating),
    "tl-banish": (track) => rate.banish(context, track),
    "tl-oppose": (track) => rate.oppose(context, track),
    "tl-rate-family": (track) => rate.rateFamily(context, track),
    "tl-near": (track) => near(document, context, track),
    "tl-weigh": (seed) => rate.weigh(context, seed),
    "tl-turn": (turn) => rate.turn(context, turn),
    "tl-why": ({ id, keep }) => (keep ? why.open(context, { id }) : why.toggle(context, { id })),
    "tl-undo": () => rate.undo(context),
    "tl-new-thread": () =>
      find(document, "tl-confirm").ask(questions.newThread, () => discover.newThread(context)),
    "tl-name-thread": (what) => shelf.name(context, what),
    "tl-open-thread": (thread) => shelf.openThread(context, thread),
    "tl-export-thread": (thread) => shelf.exportThread(context, thread),
    "tl-import-thread": async () => {
      if (await shelf.importThread(context)) find(document, "tl-threads").close();
    },
    "tl-branch-thread": (what) => shelf.branch(context, what),
    "tl-between": (between) => {
      const { shown } = store.state.thread;
      const both = shown && ends(shown, between);
      if (both) find(document, "tl-path").open(shown, both);
    },
    "tl-walk": (way) => walk(context, way),
    "tl-play": (track) => listen.play(context, track),
    "tl-play-from": (moment) => listen.playFrom(context, moment),
    "tl-toggle": () => listen.toggle(context),
    "tl-seek": (where) => listen.seek(context, where),
    "tl-reveal": ({ id }) => attempt(context, () => api.reveal(id)),
    ...catalogAnswers(document, context),
    ...modelAnswers(document, context),
    "tl-menu": ({ anchor, items }) =>
      find(document, "tl-menu").open(anchor, items, () => find(document, "tl-thread").enter()),
    "tl-open": ({ what }) => open(document, context, what),
    "tl-salvage": () => salvage(context, document.documentElement),
    "tl-dismiss": ({ key }) => store.dispatch({ type: "toast/dismissed", key }),
  };
}

/**
 * Asks how much of what sounds like a track is to leave the list, after counting it.
 * @param {Document} document
 * @param {Context} context
 * @param {Intents["tl-near"]} track
 */
async function near(document, context, { id, title }) {
  const counts = await attempt(context, () => context.api.wouldHide(id, [...RADII]));
  if (!counts) return;
  find(document, "tl-near").ask(title, counts, (radius, count) =>
    rate.downNear(context, { id, title, radius, count }),
  );
}

/**
 * @param {Document} document
 * @param {Context} context
 * @param {Intents["tl-open"]["what"]} what
 */
async function open(document, context, what) {
  const { api, store } = context;
  const building = isBusy(store.state.build);
  switch (what) {
    case "search":
      return find(document, "tl-browser").search();
    case "keys":
      return find(document, "tl-keys").open();
    case "library": {
      const { status } = store.state.library;
      if (status) find(document, "tl-library").open(status, building);
      return;
    }
    case "failures":
      find(document, "tl-failures").open(store.state.failures, building);
      return failures.list(context, { reason: null, hidden: false });
    case "threads": {
      const threads = await attempt(context, () => api.threads());
      if (threads) find(document, "tl-threads").open(threads, new Date().setHours(0, 0, 0, 0));
      return;
    }
    case "models":
      if (await list(context)) find(document, "tl-models").open(store.state);
      return;
    case "compare":
      if (!(await begin(context))) return;
      find(document, "tl-models").close();
      find(document, "tl-compare").open(store.state);
      return;
    case "catalog":
      return find(document, "tl-catalog").open(store.state);
    case "catalog-report": {
      const report = await attempt(context, () => api.catalogReport());
      if (report) find(document, "tl-catalog-report").open(report, building);
    }
  }
}

/**
 * @param {Document} document
 * @param {KeyboardEvent} event
 */
function onKey(document, event) {
  const busy =
    document.documentElement.dataset["face"] !== "library" || document.querySelector("dialog[open]");
  if (event.defaultPrevented || busy) return;
  if (event.key === "Escape") {
    if (find(document, "tl-toasts").dismissLast()) event.preventDefault();
    return;
  }
  const what = shortcut(event, isText(event.target));
  if (!what) return;
  event.preventDefault();
  if (what === "undo") send(document, "tl-undo", null);
  else send(document, "tl-open", { what: what === "help" ? "keys" : "search" });
}

/** @param {EventTarget | null} target */
const isText = (target) => target instanceof HTMLInputElement && target.type !== "range";
