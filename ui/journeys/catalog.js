// The catalogue: search it, seed with a song of it, grow the library from it, and tend what has grown.

import { ApiError } from "../api.js";
import { counted, quoted } from "../format.js";
import { LEAST } from "../state/catalog.js";
import { refresh, run } from "./build.js";
import { attempt, say } from "./context.js";

/** @import { Where } from "../state/types" */
/** @import { CatalogReport, PlanRequest } from "../wire" */
/** @import { Context } from "./context.js" */

/**
 * Looks for songs in the catalogue. What goes wrong is said where the songs would stand.
 * @param {Context} context
 * @param {{ where: Where, text: string }} question
 */
export async function find({ api, store }, { where, text }) {
  const asked = text.length < LEAST ? "" : text;
  const { text: last, trouble } = store.state.catalog[where];
  // An answer that is on screen is not asked for again.
  if (asked === last && !trouble) return;
  store.dispatch({ type: "catalog/asked", where, text: asked });
  if (asked === "") return;
  try {
    const songs = await api.catalogSearch(asked);
    store.dispatch({ type: "catalog/found", where, text: asked, songs });
  } catch (thrown) {
    const { code, message } = ApiError.from(thrown);
    store.dispatch({ type: "catalog/unfound", where, text: asked, error: { code, message } });
  }
}

/**
 * Makes a song of the catalogue a seed; one that the library does not hold is heard first.
 * @param {Context} context
 * @param {{ song: number }} what
 */
export async function seedSong(context, { song }) {
  const { api, store, inOrder } = context;
  if (store.state.catalog.fetching.includes(song)) return;
  store.dispatch({ type: "toast/dismissed", key: "undo" });
  store.dispatch({ type: "catalog/fetching", song });
  const before = new Set(store.state.thread.shown?.seeds.map(({ id }) => id));
  /** @type {number | null} */
  let track = null;
  try {
    // Hearing it takes a while, and thumbs need not wait for it: only its outcome is read in order.
    const seeded = await attempt(context, () => api.seedSong(song));
    track = seeded?.seeds.findLast(({ id }) => !before.has(id))?.id ?? null;
    if (!seeded) return;
    const thread = await attempt(context, () => inOrder(() => api.thread()));
    if (thread) store.dispatch({ type: "thread/answered", thread, ticket: null });
  } finally {
    store.dispatch({ type: "catalog/fetched", song, track });
  }
}

/**
 * Explains what it would take to grow a library.
 * @param {Context} context
 * @param {PlanRequest} request
 */
export async function plan({ api, store }, request) {
  store.dispatch({ type: "plan/asked", request });
  try {
    store.dispatch({ type: "plan/made", request, plan: await api.planCatalog(request) });
  } catch (thrown) {
    const { code, message } = ApiError.from(thrown);
    store.dispatch({ type: "plan/failed", request, error: { code, message } });
  }
}

/**
 * Builds what was planned.
 * @param {Context} context
 */
export async function build(context) {
  const { plan } = context.store.state.catalog.planning;
  if (!plan) return;
  context.store.dispatch({ type: "plan/dropped" });
  await run(context, (onProgress) => context.api.buildCatalog(plan.order, onProgress), { catalog: true });
}

/**
 * Goes on with what was begun.
 * @param {Context} context
 */
export const resume = (context) =>
  run(context, (onProgress) => context.api.resumeCatalog(onProgress), { catalog: true });

/**
 * Grows on around the seeds and liked songs of the thread.
 * @param {Context} context
 * @param {{ more: number }} how songs wanted more
 */
export async function grow(context, { more }) {
  const { seeds = [], liked = [] } = context.store.state.thread.shown ?? {};
  const tracks = [...new Set([...seeds, ...liked].map(({ id }) => id))];
  if (tracks.length === 0) return;
  await run(context, (onProgress) => context.api.growCatalog(tracks, more, onProgress), { catalog: true });
}

/**
 * Takes a genre of the catalogue out of the library.
 * @param {Context} context
 * @param {{ name: string, words: string, count: number }} genre
 * @returns {Promise<CatalogReport | undefined>} how it stands then; undefined when it was refused
 */
export async function removeGenre(context, { name, words, count }) {
  const { api, store } = context;
  const report = await attempt(context, () => api.removeGenre(name));
  if (!report) return undefined;
  say(context, {
    key: "genre",
    title: `${quoted(words)} left the library`,
    detail: `${counted(count, "song")}.`,
  });
  const status = await attempt(context, () => api.status());
  if (status) store.dispatch({ type: "library/status", status });
  await refresh(context);
  return report;
}
