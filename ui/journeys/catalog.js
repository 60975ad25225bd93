// The catalogue: search it, seed with a song of it, grow the library from it, and tend what has grown.

import { counted, quoted, thousands } from "../format.js";
import { LEAST } from "../state/catalog.js";
import { harvestWords, refresh, run, work } from "./build.js";
import { attempt, problem, say } from "./context.js";

/** @import { Where } from "../state/types" */
/** @import { ArtistCount, CatalogReport, Count, PlanRequest, PreviewLimits, Refreshed } from "../wire" */
/** @import { Context } from "./context.js" */

/**
 * Looks for songs in the catalogue. What goes wrong is said where the songs would stand.
 * @param {Context} context
 * @param {{ where: Where, text: string }} question
 */
export async function find(context, { where, text }) {
  const { api, store } = context;
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
    store.dispatch({ type: "catalog/unfound", where, text: asked, error: problem(context, thrown) });
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
export async function plan(context, request) {
  const { api, store } = context;
  store.dispatch({ type: "plan/asked", request });
  try {
    store.dispatch({ type: "plan/made", request, plan: await api.planCatalog(request) });
  } catch (thrown) {
    store.dispatch({ type: "plan/failed", request, error: problem(context, thrown) });
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
  await run(context, (onProgress) => context.api.buildCatalog(plan.order, onProgress), { kind: "songs" });
}

/**
 * Goes on with what was begun.
 * @param {Context} context
 */
export const resume = (context) =>
  run(context, (onProgress) => context.api.resumeCatalog(onProgress), { kind: "songs" });

/**
 * Grows on around the seeds and liked songs of the thread.
 * @param {Context} context
 * @param {{ more: number }} how songs wanted more
 */
export async function grow(context, { more }) {
  const { seeds = [], liked = [] } = context.store.state.thread.shown ?? {};
  const tracks = [...new Set([...seeds, ...liked].map(({ id }) => id))];
  if (tracks.length === 0) return;
  await run(context, (onProgress) => context.api.growCatalog(tracks, more, onProgress), { kind: "songs" });
}

/**
 * Asks once more for every song and every call that was given up.
 * @param {Context} context
 */
export const retry = (context) =>
  run(context, (onProgress) => context.api.retryCatalog(onProgress), { kind: "songs" });

/**
 * Looks dead links up anew, and hears the songs whose previews are back.
 * @param {Context} context
 */
export const refreshLinks = (context) =>
  work(context, "songs", (onProgress) => context.api.refreshCatalog(onProgress), refreshedWords);

/**
 * What came of looking dead links up, as a message.
 * @param {Refreshed} refreshed
 * @returns {ReturnType<typeof harvestWords>}
 */
export function refreshedWords(refreshed) {
  const { looked, back, gone } = refreshed;
  if (refreshed.cancelled) return harvestWords(refreshed);
  const detail = [
    looked > 0 &&
      `${counted(looked, "dead link")} looked up: ${thousands(back)} back, ${thousands(gone)} still gone.`,
    refreshed.added > 0 && `${counted(refreshed.added, "song")} added.`,
  ];
  return {
    title:
      looked === 0
        ? "No link is dead"
        : back === 0
          ? "No preview is back"
          : `${counted(back, "preview")} ${back === 1 ? "is" : "are"} back`,
    detail: detail.filter(Boolean).join(" "),
    action: { label: "Report", intent: "catalog-report" },
  };
}

/**
 * Lets go of the pictures that were kept.
 * @param {Context} context
 * @returns {Promise<CatalogReport | undefined>} how it stands then; undefined when it was refused
 */
export const clearArtwork = (context) => attempt(context, () => context.api.clearArtwork());

/**
 * Keeps other limits on previews. What was refused is told, and how they are is shown again.
 * @param {Context} context
 * @param {PreviewLimits} limits
 * @returns {Promise<CatalogReport | undefined>} how it stands then
 */
export const limitPreviews = async (context, limits) =>
  (await attempt(context, () => context.api.limitPreviews(limits))) ??
  attempt(context, () => context.api.catalogReport());

/**
 * Takes a genre of the catalogue out of the library.
 * @param {Context} context
 * @param {Count} genre
 */
export const removeGenre = (context, { name, words, count }) =>
  remove(context, words, count, () => context.api.removeGenre(name));

/**
 * The same with an artist.
 * @param {Context} context
 * @param {ArtistCount} artist
 */
export const removeArtist = (context, { id, name, count }) =>
  remove(context, name, count, () => context.api.removeArtist(id));

/**
 * @param {Context} context
 * @param {string} words what goes
 * @param {number} count songs that go with it
 * @param {() => Promise<CatalogReport>} command
 * @returns {Promise<CatalogReport | undefined>} how it stands then; undefined when it was refused
 */
async function remove(context, words, count, command) {
  const { api, store } = context;
  const report = await attempt(context, command);
  if (!report) return undefined;
  say(context, {
    key: "removed",
    title: `${quoted(words)} left the library`,
    detail: `${counted(count, "song")}.`,
  });
  const status = await attempt(context, () => api.status());
  if (status) store.dispatch({ type: "library/status", status });
  await refresh(context);
  return report;
}
