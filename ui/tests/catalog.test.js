// The catalogue: questions to it, seeds from it, plans, builds from it and what they leave.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../api.js";
import { lookupWords } from "../elements/tl-browser/words.js";
import { buildWords, pauseWords, unfinishedWords } from "../elements/tl-build/words.js";
import {
  artworkWords,
  kilobytes,
  limitNote,
  limitsOf,
  limitWords,
  linkWords,
  reportFacts,
  sourceRows,
  stageRows,
  standing,
} from "../elements/tl-catalog-report/words.js";
import { narrowed } from "../elements/tl-tally/words.js";
import * as words from "../elements/tl-catalog/words.js";
import { harvestWords } from "../journeys/build.js";
import {
  build,
  find,
  grow,
  limitPreviews,
  plan as ask,
  refreshedWords,
  refreshLinks,
  removeArtist,
  removeGenre,
  resume,
  retry,
  seedSong,
} from "../journeys/catalog.js";
import { removeSongs } from "../questions.js";
import { face } from "../state/app.js";
import { initial, reduce } from "../state/build.js";
import { news } from "../state/news.js";
import { catalogReport, catalogSong, later, open, plan, report, status, thread, track } from "./fake.js";

/** @import { BuildReport, CatalogSong, Crawling, Plan, PlanRequest, Progress } from "../wire" */

/** @type {PlanRequest} */
const REQUEST = { seeds: [{ kind: "genre", name: "Jazz" }], countries: ["us"], size: 2000 };

/** @type {Crawling} */
const CRAWLING = { calls: 12, calls_left: 40, wanted: 800, size: 2000, paused: null, wait_s: null };

/** @type {(more?: Partial<Crawling>) => Extract<Progress, { kind: "working" }>} */
const working = (more = {}) => ({
  kind: "working",
  total: 2000,
  done: 500,
  decoded: 510,
  added: 498,
  moved: 0,
  unchanged: 0,
  failed: 2,
  tracks_per_s: 2.4,
  eta_s: 600,
  crawling: { ...CRAWLING, ...more },
  file: "itunes:1",
  failure: null,
});

/** @param {Progress} progress */
const growing = (progress) =>
  reduce(reduce(initial, { type: "build/started", kind: "songs" }), { type: "build/progress", progress });

/** What every build asks for once it is over. */
const AFTERWARDS = {
  status: () => Promise.resolve(status({ songs: 3 })),
  browse: () => Promise.resolve({ total: 0, tracks: [] }),
  thread: () => Promise.resolve(thread()),
};

test("short words are not asked, and an answer on screen is not asked for again", async () => {
  /** @type {string[]} */
  const asked = [];
  const { context, store } = open({
    catalogSearch: (text) => {
      asked.push(text);
      return Promise.resolve([catalogSong(1)]);
    },
  });
  for (const text of ["pi", "pink", "pink", ""]) await find(context, { where: "box", text });
  assert.deepEqual(asked, ["pink"]);
  assert.deepEqual(store.state.catalog.box.songs, [], "an empty box has no songs under it");
});

test("an answer to older words is not shown under newer ones", async () => {
  const slow = /** @type {ReturnType<typeof later<CatalogSong[]>>} */ (later());
  const { context, store } = open({
    catalogSearch: (text) => (text === "pink" ? slow.promise : Promise.resolve([catalogSong(2)])),
  });
  const first = find(context, { where: "box", text: "pink" });
  await find(context, { where: "box", text: "pink moon" });
  slow.resolve([catalogSong(1)]);
  await first;
  assert.deepEqual(
    store.state.catalog.box.songs.map(({ song }) => song),
    [2],
  );
});

test("a catalogue that cannot be reached is one quiet line, and can be asked again", async () => {
  let asked = 0;
  const { context, store } = open({
    catalogSearch: () => {
      asked += 1;
      return Promise.reject(new ApiError("offline", "no route"));
    },
  });
  await find(context, { where: "box", text: "pink" });
  const { box, sheet } = store.state.catalog;
  assert.equal(lookupWords(box, 0), "The catalogue cannot be reached.");
  assert.equal(sheet.text, "", "the sheet asked nothing");
  assert.equal(store.state.toasts.list.length, 0, "nothing interrupts");
  await find(context, { where: "box", text: "pink" });
  assert.equal(asked, 2, "the same words are asked again after a failure");
});

test("what is found in the catalogue is said to those who listen", async () => {
  const { context, store, states } = open({ catalogSearch: () => Promise.resolve([catalogSong(1)]) });
  await find(context, { where: "box", text: "pink" });
  assert.equal(news(/** @type {any} */ (states.at(-2)), store.state), "1 song in the catalogue.");
});

test("a song of the catalogue is busy while it is heard, and then a track that can be taken off", async () => {
  const heard = /** @type {ReturnType<typeof later<import("../wire").Thread>>} */ (later());
  const seeded = thread({ seeds: [track(1), track(77)] });
  let asked = 0;
  const { context, store } = open({
    catalogSearch: () => Promise.resolve([catalogSong(5), catalogSong(6)]),
    seedSong: () => {
      asked += 1;
      return heard.promise;
    },
    thread: () => Promise.resolve(seeded),
  });
  await find(context, { where: "box", text: "pink" });
  const done = seedSong(context, { song: 5 });
  assert.deepEqual(store.state.catalog.fetching, [5]);
  await seedSong(context, { song: 5 });
  assert.equal(asked, 1, "a second click waits with the first");
  heard.resolve(seeded);
  await done;
  assert.deepEqual(store.state.catalog.fetching, []);
  assert.deepEqual(
    store.state.catalog.box.songs.map((song) => song.track),
    [77, null],
  );
  assert.equal(store.state.thread.shown?.seeds.length, 2);
});

test("a seed that could not be had says why, and nothing stays busy", async () => {
  const { context, store } = open({ seedSong: () => Promise.reject(new ApiError("catalog_refused", "403")) });
  await seedSong(context, { song: 5 });
  assert.deepEqual(store.state.catalog.fetching, []);
  assert.equal(store.state.toasts.list[0]?.title, "The catalogue asks for a pause");
});

test("a plan for what is no longer wanted comes too late", async () => {
  const slow = /** @type {ReturnType<typeof later<Plan>>} */ (later());
  const { context, store } = open({ planCatalog: () => slow.promise });
  const asked = ask(context, REQUEST);
  store.dispatch({ type: "plan/dropped" });
  slow.resolve(plan());
  await asked;
  assert.equal(store.state.catalog.planning.plan, null);
});

test("a plan that could not be made says why where it would stand", async () => {
  const { context, store } = open({ planCatalog: () => Promise.reject(new ApiError("no_model", "gone")) });
  await ask(context, REQUEST);
  assert.equal(store.state.catalog.planning.trouble?.code, "no_model");
  assert.equal(store.state.catalog.planning.request, null, "it can be asked for again");
});

test("what is built is what was planned, and the order goes back as it came", async () => {
  /** @type {unknown[]} */
  const orders = [];
  const { context, store, states } = open({
    planCatalog: () => Promise.resolve(plan({ order: { seeds: ["x"], odd: 1 } })),
    buildCatalog: (order, onProgress) => {
      orders.push(order);
      onProgress(working());
      return Promise.resolve(report());
    },
    ...AFTERWARDS,
  });
  await build(context);
  assert.equal(orders.length, 0, "nothing without a plan");
  await ask(context, REQUEST);
  await build(context);
  assert.deepEqual(orders, [{ seeds: ["x"], odd: 1 }]);
  assert.ok(states.some((state) => state.build.kind === "songs" && state.build.crawling?.wanted === 800));
  assert.equal(store.state.toasts.list[0]?.action?.intent, "catalog-report");
});

test("growing on takes seeds and liked songs, each once", async () => {
  /** @type {unknown[]} */
  const asked = [];
  const { context, store } = open({
    growCatalog: (tracks, more) => {
      asked.push([tracks, more]);
      return Promise.resolve(report());
    },
    ...AFTERWARDS,
  });
  store.dispatch({
    type: "thread/answered",
    thread: thread({ seeds: [track(1), track(2)], liked: [track(2), track(3)] }),
    ticket: null,
  });
  await grow(context, { more: 200 });
  assert.deepEqual(asked, [[[1, 2, 3], 200]]);
  store.dispatch({ type: "thread/answered", thread: thread({ seeds: [] }), ticket: null });
  await grow(context, { more: 200 });
  assert.equal(asked.length, 1, "an empty thread grows nothing");
});

test("going on is a build of the catalogue, one at a time", async () => {
  const answer = /** @type {ReturnType<typeof later<BuildReport>>} */ (later());
  let asked = 0;
  const { context, store } = open({
    resumeCatalog: () => {
      asked += 1;
      return answer.promise;
    },
    ...AFTERWARDS,
  });
  const done = resume(context);
  await resume(context);
  assert.equal(asked, 1);
  assert.equal(store.state.build.kind, "songs");
  answer.resolve(report({ cancelled: true }));
  await done;
  assert.ok(store.state.toasts.list.some(({ action }) => action?.intent === "resume-catalog"));
});

test("a removed genre leaves list and thread; a refusal is said", async () => {
  /** @type {string[]} */
  const asked = [];
  const { context, store } = open({
    removeGenre: (name) => {
      asked.push(name);
      return name === "Pop"
        ? Promise.reject(new ApiError("building", ""))
        : Promise.resolve(catalogReport({ known: 7 }));
    },
    ...AFTERWARDS,
  });
  assert.equal((await removeGenre(context, { name: "Jazz", words: "Jazz", count: 4 }))?.known, 7);
  assert.equal(store.state.library.status?.songs, 3, "the library was looked at again");
  assert.equal(await removeGenre(context, { name: "Pop", words: "Pop", count: 4 }), undefined);
  assert.deepEqual(asked, ["Jazz", "Pop"]);
  assert.equal(store.state.toasts.list.at(-1)?.key, "building");
});

test("an artist goes as a genre does, and the question says how many songs go along", async () => {
  /** @type {number[]} */
  const asked = [];
  const { context, store } = open({
    removeArtist: (id) => {
      asked.push(id);
      return Promise.resolve(catalogReport({ known: 5 }));
    },
    ...AFTERWARDS,
  });
  const artist = { id: 7, name: "Nick Drake", count: 1_200 };
  assert.match(removeSongs(artist.name, artist.count).detail, /^1,200 songs of the catalogue leave/);
  assert.match(removeSongs(artist.name, 1).detail, /no build brings it back/);
  assert.equal((await removeArtist(context, artist))?.known, 5);
  assert.deepEqual(asked, [7]);
  assert.equal(store.state.toasts.list.at(-1)?.title, "“Nick Drake” left the library");
});

test("asking again and looking dead links up are builds, one at a time, that say what came of them", async () => {
  const { context, store, states } = open({
    retryCatalog: (onProgress) => {
      onProgress(working());
      return Promise.resolve(report({ added: 2, skipped: 3 }));
    },
    refreshCatalog: () => Promise.resolve({ ...report({ added: 4 }), looked: 9, back: 4, gone: 5 }),
    ...AFTERWARDS,
  });
  await retry(context);
  assert.ok(states.some((state) => state.build.kind === "songs" && state.build.crawling));
  assert.match(store.state.toasts.list.at(-1)?.detail ?? "", /3 questions got no answer/);
  await refreshLinks(context);
  const { title, detail } = store.state.toasts.list.at(-1) ?? {};
  assert.equal(title, "4 previews are back");
  assert.equal(detail, "9 dead links looked up: 4 back, 5 still gone. 4 songs added.");
});

test("what came of looking dead links up is said also when there is little to say", () => {
  const none = { ...report({ added: 0 }), looked: 0, back: 0, gone: 0 };
  assert.equal(refreshedWords(none).title, "No link is dead");
  assert.equal(refreshedWords({ ...none, looked: 2, gone: 2 }).title, "No preview is back");
  assert.equal(refreshedWords({ ...none, looked: 2, back: 1, gone: 1 }).title, "1 preview is back");
  assert.equal(refreshedWords({ ...none, cancelled: true }).action.intent, "resume-catalog");
});

test("a build that this window did not begin is told as what it is", () => {
  const running = status({ building: true, building_kind: "songs" });
  const begun = reduce(initial, {
    type: "app/opened",
    status: running,
    thread: thread(),
    page: { total: 0, tracks: [] },
  });
  assert.deepEqual([begun.phase, begun.kind], ["elsewhere", "songs"]);
  assert.equal(buildWords(begun).stage, "Growing the library");
  const stopping = reduce(begun, { type: "build/stopping" });
  assert.equal(buildWords(stopping).stage, "Pausing…");
  const still = reduce(stopping, { type: "library/status", status: running });
  assert.equal(still.stopping, true, "a change on the way does not bring the button back");
  assert.equal(reduce(still, { type: "library/status", status: status() }).phase, "idle");
  const files = status({ building: true, building_kind: "files" });
  const other = reduce(initial, {
    type: "app/opened",
    status: files,
    thread: thread(),
    page: { total: 0, tracks: [] },
  });
  assert.equal(buildWords(other).stage, "Building the library");
});

test("the panel says calls, songs found and heard, and how far all of it is", () => {
  const { stage, part, left, detail } = buildWords(growing(working()));
  assert.equal(stage, "Growing the library");
  assert.equal(part, 0.25);
  assert.equal(left, "about 10 minutes left");
  assert.equal(detail, "800 of 2,000 songs found · 500 heard, 2.4 tracks/s · 12 of about 52 calls");
  const found = buildWords(growing(working({ calls: 52, calls_left: 0 })));
  assert.match(found.detail, / · 52 calls$/, "once the crawl is done, nothing is to come");
});

test("a build that waits says why and counts down", () => {
  const paused = "the network is not reachable";
  const { stage, left } = buildWords(growing(working({ paused, wait_s: 75 })));
  assert.deepEqual([stage, left], ["Waiting", ""]);
  assert.equal(pauseWords(paused, 74.2), "The network is not reachable. Trying again in 1:15.");
  assert.equal(pauseWords(paused, -1), "The network is not reachable. Trying again…");
  assert.equal(pauseWords(paused, null), "The network is not reachable.");
  assert.equal(pauseWords(null, 3), "");
});

test("a pause is announced once, and so is its end", () => {
  const { store } = open({});
  store.dispatch({ type: "build/started", kind: "songs" });
  /** @type {(progress: Progress) => string} */
  const heard = (progress) => {
    const before = store.state;
    store.dispatch({ type: "build/progress", progress });
    return news(before, store.state);
  };
  assert.equal(heard(working()), "Growing from the catalogue.");
  assert.equal(heard(working({ paused: "offline", wait_s: 9 })), "Offline.");
  assert.equal(heard(working({ paused: "offline", wait_s: 8 })), "", "a count-down is no news");
  assert.equal(heard(working()), "It goes on.");
});

test("a build that was begun keeps the library in view, and offers to go on", () => {
  const { store } = open({});
  const begun = status({ tracks: 0, sources: [], unfinished: true });
  store.dispatch({
    type: "app/opened",
    status: begun,
    thread: thread({ seeds: [], rows: [] }),
    page: { total: 0, tracks: [] },
  });
  assert.equal(face(store.state), "library");
  assert.equal(unfinishedWords({ songs: 812 }).detail, "812 songs from the catalogue so far");
});

test("a build from the catalogue says what it brought, and the way on", () => {
  assert.deepEqual(harvestWords(report()), {
    title: "3 songs added",
    detail: "",
    action: { label: "Report", intent: "catalog-report" },
  });
  const paused = harvestWords(report({ added: 1, failed: 2, cancelled: true }));
  assert.equal(paused.title, "Paused. 1 song added");
  assert.match(paused.detail, /^2 songs could not be had\. Nothing is lost/);
  assert.equal(paused.action.intent, "resume-catalog");
});

test("a plan is told in sentences and three rows, of which one is the limit", () => {
  const [lead, ...rest] = words.planSentences(plan({ seeds: ["Jazz", "Nick Drake", "the charts"] }), 2000);
  assert.equal(lead, "2,000 songs around Jazz, Nick Drake and the charts, the nearest first.");
  assert.equal(rest.length, 2);
  assert.match(rest[0] ?? "", /^All of it takes about 26 minutes\. .* listening to them/);
  assert.match(words.planSentences(plan({ songs: 900 }), 2000)[1] ?? "", /add some for more/);
  assert.match(
    words.planSentences(plan({ seeds: ["a", "b", "c", "d", "e"] }), 2000)[0] ?? "",
    /c and 2 more/,
  );
  const rows = words.planRows(plan({ limit: "calls" }));
  assert.deepEqual(
    rows.map(({ amount, limit }) => [amount, limit]),
    [
      ["120 calls", true],
      ["2.0 GB", false],
      ["2,000 songs, 1.4 a second", false],
    ],
  );
});

test("artists are offered once each, the most frequent first", () => {
  const songs = [
    catalogSong(1, { artist: "Beck", artist_id: 2 }),
    catalogSong(2, { artist: "Nick Drake", artist_id: 1 }),
    catalogSong(3, { artist: "Nick Drake", artist_id: 1 }),
    catalogSong(4, { artist: null, artist_id: null }),
  ];
  assert.deepEqual(
    words.artistPicks(songs).map(({ name, seed }) => [name, seed]),
    [
      ["Nick Drake", { kind: "artist", id: 1 }],
      ["Beck", { kind: "artist", id: 2 }],
    ],
  );
});

test("a size that is none asks for nothing", () => {
  const picks = [words.CHARTS, words.genrePick("Jazz"), words.namePick("Nick Drake"), words.OWN];
  assert.deepEqual(words.requestOf(picks, "de", 500), {
    seeds: [
      { kind: "charts" },
      { kind: "genre", name: "Jazz" },
      { kind: "artist_name", name: "Nick Drake" },
      { kind: "own" },
    ],
    countries: ["de"],
    size: 500,
  });
  for (const size of [NaN, 0, -1, 1.5, words.MOST + 1]) assert.equal(words.requestOf([], "us", size), null);
});

test("genres and stores are those that the catalogue knows, each once", () => {
  assert.equal(words.GENRES.length, 20);
  assert.equal(new Set(words.GENRES).size, 20);
  assert.ok(words.COUNTRIES.every((code) => /^[a-z]{2}$/.test(code)));
  assert.equal(words.COUNTRIES[0], "us");
  assert.equal(new Set(words.COUNTRIES).size, words.COUNTRIES.length);
});

test("the report says how the library stands", () => {
  assert.equal(standing(catalogReport()), "1,980 songs are in the library: all that could be had.");
  assert.equal(standing(catalogReport({ pending: 20 })), "1,980 songs are in the library, 20 to come.");
  assert.match(standing(catalogReport({ unfinished: true })), /more to be found/);
  assert.match(standing(catalogReport({ tracks: 0 })), /^Nothing/);
  assert.deepEqual(reportFacts(catalogReport({ gone: 0 })), [
    ["Found in the catalogue", "3,100"],
    ["Wanted of them", "2,000"],
    ["In the library", "1,980"],
    ["Could not be had", "12"],
  ]);
  const own = reportFacts(catalogReport({ own: 1_234 }));
  assert.ok(own.some(([term, value]) => /own files/.test(term) && value === "1,234"));
});

test("where the time went is told with the stage that was the limit", () => {
  /** @type {import("../wire").Stage[]} */
  const stages = [
    { name: "crawl", words: "asking the catalogue", seconds: 30, busiest: false },
    { name: "embed", words: "listening with MusiCNN", seconds: 120, busiest: true },
    { name: "store", words: "writing it down", seconds: 0.2, busiest: false },
  ];
  assert.deepEqual(
    stageRows(stages).map(({ words: what, time, part }) => [what, time, part]),
    [
      ["Asking the catalogue", "0:30", 0.25],
      ["Listening with MusiCNN", "2:00", 1],
      ["Writing it down", "< 0:01", 0.2 / 120],
    ],
  );
  assert.match(limitWords(stages), /^The limit was listening with MusiCNN\./);
  assert.equal(limitWords([]), "");
  assert.ok(
    stageRows([{ name: "store", words: "x", seconds: 0, busiest: false }]).every(({ part }) => part === 0),
    "a build that took no time has no bars",
  );
});

test("what brought the songs is told row by row", () => {
  const chart = { name: "chart", words: "charts", wanted: 1_200, ready: 1_100, failed: 0 };
  assert.deepEqual(sourceRows([chart, { ...chart, failed: 3 }]), [
    { name: "chart", words: "Charts", ready: "1,100", wanted: "1,200", failed: "" },
    { name: "chart", words: "Charts", ready: "1,100", wanted: "1,200", failed: "3" },
  ]);
});

test("limits on previews are what was typed, or none", () => {
  assert.deepEqual(limitsOf("6", ""), { connections: 6, bytes_per_s: null });
  assert.deepEqual(limitsOf("16", "250"), { connections: 16, bytes_per_s: 250_000 });
  for (const [connections, rate] of [
    ["0", ""],
    ["17", ""],
    ["", ""],
    ["2.5", ""],
    ["4", "0"],
    ["4", "-3"],
    ["4", "many"],
  ])
    assert.equal(limitsOf(connections ?? "", rate ?? ""), null, `${connections} and ${rate}`);
  assert.equal(kilobytes({ connections: 4, bytes_per_s: null }), "");
  assert.equal(kilobytes({ connections: 4, bytes_per_s: 250_000 }), "250");
  const note = (/** @type {boolean} */ connections, /** @type {boolean} */ bytes) =>
    limitNote({ connections_named: connections, bytes_named: bytes });
  assert.match(note(false, false), /next build on\.$/);
  assert.match(note(true, false), /One is set by a variable/);
  assert.match(note(true, true), /Both are set by a variable/);
});

test("limits that are refused are told, and how they are is shown again", async () => {
  const { context, store } = open({
    limitPreviews: ({ connections }) =>
      connections === 2
        ? Promise.resolve(catalogReport({ known: 1 }))
        : Promise.reject(new ApiError("no_limit", "1,000 bytes a second are the least")),
    catalogReport: () => Promise.resolve(catalogReport({ known: 9 })),
  });
  const limits = { connections: 2, bytes_per_s: null };
  assert.equal((await limitPreviews(context, limits))?.known, 1);
  assert.equal((await limitPreviews(context, { ...limits, connections: 3 }))?.known, 9);
  assert.equal(store.state.toasts.list.at(-1)?.key, "no_limit");
});

test("upkeep is told in sentences", () => {
  assert.equal(
    artworkWords({ artwork_bytes: 12_400_000, artwork_limit: 50_000_000 }),
    "12 MB of pictures are kept, of 50 MB at most.",
  );
  assert.match(artworkWords({ artwork_bytes: 0, artwork_limit: 50_000_000 }), /when they are looked at/);
  assert.match(linkWords({ gone: 1 }), /^1 link is dead\./);
  assert.match(linkWords({ gone: 0 }), /^Every link/);
});

test("a long list is narrowed by what its names hold, whatever their accents", () => {
  const items = ["Björk", "Nick Drake", "Beyoncé"].map((name) => ({ words: name }));
  /** @type {(text: string) => string[]} */
  const by = (text) => narrowed(items, text).map((item) => item.words);
  assert.deepEqual(by(" bjo"), ["Björk"]);
  assert.deepEqual(by("É"), ["Nick Drake", "Beyoncé"]);
  assert.deepEqual(by("  ").length, 3);
  assert.deepEqual(by("zz"), []);
});
