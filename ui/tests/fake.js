// A shell made of plain functions, and things to fill it with.

import { createContext } from "../journeys/context.js";
import { initial, reduce } from "../state/root.js";
import { Store } from "../store.js";

/** @import { Action, State } from "../state/types" */
/** @import { Api } from "../journeys/context.js" */
/** @import { BuildReport, CatalogReport, CatalogSong, Model, Page, Plan, Row, Status, Thread, Track, Trial, Why } from "../wire" */

/**
 * @param {number} id
 * @param {Partial<Track>} [more]
 * @returns {Track}
 */
export const track = (id, more = {}) => ({
  id,
  path: `/music/${id}.ogg`,
  store: null,
  artwork: false,
  title: `Song ${id}`,
  artist: null,
  album: null,
  year: null,
  genre: null,
  duration_s: 200,
  status: "ready",
  ...more,
});

/**
 * @param {Partial<Why>} [more]
 * @returns {Why}
 */
export const why = (more = {}) => ({
  anchors: [{ id: 1, title: "Song 1", share: 1 }],
  percentile: 99.25,
  agreement: 1,
  without_seed: [],
  novelty: 0.1,
  moment: null,
  in_charge: "anchors",
  rank: 1,
  parts: { anchors: 1.5, dislikes: 0, head: 0, novelty: 0, uncertainty: 0, fatigue: 0 },
  ...more,
});

/**
 * A whole list on one page.
 * @param {Track[]} tracks
 * @returns {Page}
 */
export const page = (tracks) => ({ total: tracks.length, tracks });

/**
 * @param {number} id
 * @param {Partial<Row>} [more]
 * @returns {Row}
 */
export const row = (id, more = {}) => ({
  ...track(id),
  score: 1.5,
  likeness: 0.5,
  seed_scores: [0.5],
  shared_tags: [],
  thumb: null,
  versions: 0,
  why: why(),
  ...more,
});

/**
 * @param {Partial<Thread>} [more]
 * @returns {Thread}
 */
export const thread = (more = {}) => ({
  id: 1,
  name: null,
  seeds: [track(1)],
  liked: [],
  disliked: [],
  opposed: [],
  weights: [],
  knobs: { breadth: 0.5, explore: 0 },
  check: null,
  in_charge: "anchors",
  rows: [row(2), row(3), row(4)],
  undo: null,
  note: null,
  ...more,
});

/**
 * @param {Partial<Status>} [more]
 * @returns {Status}
 */
export const status = (more = {}) => ({
  library: "/data",
  tracks: 4,
  missing: 0,
  failed: 0,
  hidden: 0,
  banished: 0,
  sources: [{ id: 1, path: "/music", tracks: 4, online: true }],
  songs: 0,
  unfinished: false,
  model: "musicnn",
  model_name: "MusiCNN",
  next_model: null,
  model_note: null,
  device: "CPU",
  device_note: null,
  watching: { on: true, note: null },
  building: false,
  building_kind: null,
  sound: null,
  version: "0.1.0",
  ...more,
});

/**
 * @param {string} id
 * @param {Partial<Model>} [more]
 * @returns {Model}
 */
export const model = (id, more = {}) => ({
  id,
  name: `Model ${id}`,
  good_for: "Hears well.",
  dimension: 1024,
  bytes: 1_316_802_088,
  licence: { name: "MIT", url: "https://example.org/licence", terms: "Use it as you like.", stated: true },
  origin: "https://example.org/model",
  state: "absent",
  got_bytes: 0,
  sha256: null,
  published: true,
  folder: null,
  ...more,
});

/**
 * @param {number} id
 * @returns {Trial}
 */
export const trial = (id) => ({
  id,
  seeds: [track(1)],
  left: [track(2), track(3)],
  right: [track(3), track(4)],
});

/**
 * @param {Partial<BuildReport>} [more]
 * @returns {BuildReport}
 */
export const report = (more = {}) => ({
  added: 3,
  unchanged: 0,
  failed: 0,
  skipped: 0,
  missing: 0,
  moved: 0,
  seconds: 2,
  cancelled: false,
  ...more,
});

/**
 * @param {number} song
 * @param {Partial<CatalogSong>} [more]
 * @returns {CatalogSong}
 */
export const catalogSong = (song, more = {}) => ({
  song,
  title: `Song ${song}`,
  artist: "Artist",
  artist_id: 7,
  album: null,
  genre: "Folk",
  year: 1972,
  duration_s: 180,
  has_preview: true,
  track: null,
  ...more,
});

/**
 * @param {Partial<Plan>} [more]
 * @returns {Plan}
 */
export const plan = (more = {}) => ({
  order: { size: 2000 },
  seeds: ["Jazz"],
  calls: 120,
  songs: 2000,
  gigabytes: 1.96,
  call_minutes: 6,
  stream_minutes: 10,
  embed_minutes: 25,
  minutes: 26,
  limit: "embed",
  model: "MusiCNN",
  clips_per_s: 1.4,
  ...more,
});

/**
 * @param {Partial<CatalogReport>} [more]
 * @returns {CatalogReport}
 */
export const catalogReport = (more = {}) => ({
  known: 3100,
  wanted: 2000,
  tracks: 1980,
  pending: 0,
  failed: 12,
  gone: 8,
  own: 0,
  sources: [{ name: "artist", words: "artists that were named", wanted: 2000, ready: 1980, failed: 20 }],
  genres: [{ name: "Jazz", words: "Jazz", count: 1200 }],
  dropped: [{ name: "karaoke", words: "Karaoke versions", count: 40 }],
  failures: [{ name: "truncated", words: "The preview ends too early", count: 12 }],
  artists: [{ id: 7, name: "Nick Drake", count: 25 }],
  skipped: [],
  stages: [],
  previews: { connections: 4, bytes_per_s: null },
  connections_named: false,
  bytes_named: false,
  artwork_bytes: 0,
  artwork_limit: 50_000_000,
  unfinished: false,
  ...more,
});

/**
 * An open window without a document: its context, and every state it went through.
 * @param {Partial<Api>} api only what the test needs
 */
export function open(api) {
  /** @type {Store<State, Action>} */
  const store = new Store(reduce, initial);
  /** @type {State[]} */
  const states = [];
  store.addEventListener("change", () => states.push(store.state));
  store.dispatch({ type: "app/opened", status: status(), thread: thread(), page: page([]) });
  return { context: createContext(/** @type {Api} */ (api), store), store, states };
}

/**
 * A promise that the test settles.
 * @template T
 */
export function later() {
  /** @type {(value: T) => void} */
  let resolve = () => undefined;
  /** @type {(reason: unknown) => void} */
  let reject = () => undefined;
  /** @type {Promise<T>} */
  const promise = new Promise((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
