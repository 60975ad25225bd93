// The build: from progress messages to state and words.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../api.js";
import { buildWords } from "../elements/tl-build/words.js";
import { addDemo, addFolders, cancel, grown, noticed, pace, reportWords, watch } from "../journeys/build.js";
import { face } from "../state/app.js";
import { initial, isBusy, reduce } from "../state/build.js";
import { later, open, page, report, status, thread } from "./fake.js";

/** @import { Build } from "../state/types" */
/** @import { BuildReport, Progress } from "../wire" */

/** @type {Extract<Progress, { kind: "working" }>} */
const WORKING = {
  kind: "working",
  total: 200,
  done: 50,
  decoded: 52,
  added: 40,
  moved: 0,
  unchanged: 9,
  failed: 1,
  tracks_per_s: 2.5,
  eta_s: 60,
  crawling: null,
  file: "/music/a.ogg",
  failure: null,
};

/** @type {Extract<Progress, { kind: "finishing" }>} */
const FINISHING = { kind: "finishing", step: "comparing", done: 0, total: 16000, eta_s: null };

/** @param {...Progress} messages */
const after = (...messages) =>
  messages.reduce(
    (build, progress) => reduce(build, { type: "build/progress", progress }),
    reduce(initial, { type: "build/started" }),
  );

test("there is no bar while the total is unknown", () => {
  const waking = buildWords(after({ kind: "loading", model: "MusicFM", note: "the card is new to it" }));
  assert.deepEqual([waking.stage, waking.detail], ["Waking the model", "MusicFM · the card is new to it"]);
  const words = buildWords(after({ kind: "scanning", files: 1234 }));
  assert.deepEqual(words, { stage: "Looking for music", part: null, left: "", detail: "1,234 songs so far" });
});

test("a working build says how far it is, how fast and how long", () => {
  const words = buildWords(after({ kind: "scanning", files: 200 }, WORKING));
  assert.equal(words.part, 0.25);
  assert.equal(words.left, "about 1 minute left");
  assert.equal(words.detail, "50 of 200 · 2.5 tracks/s");
});

test("nothing to do is no division by nothing", () => {
  assert.equal(buildWords(after({ ...WORKING, total: 0, done: 0 })).part, null);
});

test("the failures so far are kept while the build is finished", () => {
  assert.equal(after(WORKING, FINISHING).failed, 1);
});

test("putting in order says how far it is, and has no bar where nothing is counted", () => {
  const early = buildWords(after(WORKING, FINISHING));
  assert.deepEqual(
    [early.stage, early.part, early.left, early.detail],
    ["Putting things in order", 0, "", "0 of 16,000 songs compared with all others"],
  );
  const later = buildWords(after(WORKING, { ...FINISHING, done: 4000, eta_s: 90 }));
  assert.deepEqual([later.part, later.left], [0.25, "about 2 minutes left"]);
  assert.match(buildWords(after({ ...FINISHING, step: "versions" })).detail, /other versions$/);
  const between = buildWords(after({ ...FINISHING, step: null, total: 0 }));
  assert.deepEqual([between.part, between.detail], [null, ""]);
});

test("a message that comes in late does not wake a build that has ended", () => {
  /** @type {Build} */
  const ended = reduce(after(WORKING), { type: "build/ended" });
  assert.equal(reduce(ended, { type: "build/progress", progress: WORKING }).phase, "idle");
});

test("a build that another window started shows, and goes when the library says so", () => {
  const opened = reduce(initial, {
    type: "app/opened",
    status: status({ building: true }),
    thread: thread(),
    page: { total: 0, tracks: [] },
  });
  assert.equal(opened.phase, "elsewhere");
  assert.equal(reduce(opened, { type: "library/status", status: status() }).phase, "idle");
});

test("the empty window welcomes until a build begins", async () => {
  const answer = /** @type {ReturnType<typeof later<BuildReport>>} */ (later());
  const { context, store } = open({ buildDemo: () => answer.promise });
  store.dispatch({
    type: "app/opened",
    status: status({ tracks: 0, sources: [] }),
    thread: thread({ seeds: [], rows: [] }),
    page: { total: 0, tracks: [] },
  });
  assert.equal(face(store.state), "welcome");
  void addDemo(context);
  assert.equal(face(store.state), "library");
});

test("folders are built one after the other; cancelling leaves the rest", async () => {
  /** @type {(string | null)[]} */
  const built = [];
  const { context, store } = open({
    build: (folder) => {
      built.push(folder);
      return Promise.resolve(report({ cancelled: folder === "/b" }));
    },
    status: () => Promise.resolve(status()),
    browse: () => Promise.resolve({ total: 0, tracks: [] }),
    thread: () => Promise.resolve(thread()),
  });
  await addFolders(context, ["/a", "/b", "/c"]);
  assert.deepEqual(built, ["/a", "/b"]);
  assert.equal(store.state.build.phase, "idle");
});

test("a failed build is said, and leaves the window usable", async () => {
  const { context, store } = open({
    buildDemo: () => Promise.reject(new ApiError("folder_gone", "/x is not there")),
    status: () => Promise.resolve(status()),
    browse: () => Promise.resolve({ total: 0, tracks: [] }),
    thread: () => Promise.resolve(thread()),
  });
  await addDemo(context);
  assert.equal(store.state.build.phase, "idle");
  assert.match(
    store.state.toasts.list[0]?.detail ?? "",
    /\/x is not there\./,
    "the shell's message says which folder",
  );
});

test("a second build is not started", async () => {
  const { context, store } = open({});
  store.dispatch({ type: "build/started" });
  await addDemo(context);
  assert.match(store.state.toasts.list[0]?.title ?? "", /already being built/);
});

test("cancelling shows at once and is taken back when it is refused", async () => {
  const { context, store, states } = open({
    cancelBuild: () => Promise.reject(new ApiError("internal", "stuck")),
  });
  store.dispatch({ type: "build/started" });
  await cancel(context);
  assert.ok(
    states.some(({ build }) => build.stopping),
    "it said that it stops",
  );
  assert.equal(store.state.build.stopping, false);
});

test("while a build adds songs the list is searched again, and a standing thread is let be", async () => {
  let asked = 0;
  const { context, store } = open({
    browse: () => {
      asked += 1;
      return Promise.resolve(page([]));
    },
  });
  await grown(context, status({ tracks: 9 }));
  assert.equal(store.state.library.status?.tracks, 9);
  assert.equal(asked, 1);
  assert.equal(
    store.state.toasts.list.length,
    0,
    "the thread was not asked for: that would have failed here",
  );
});

test("a report counts, and points to what failed", () => {
  assert.deepEqual(reportWords(report()), { title: "3 songs added", detail: "" });
  const { title, detail, action } = reportWords(
    report({ added: 0, failed: 1, missing: 2, moved: 1, cancelled: true }),
  );
  assert.equal(title, "Stopped. No new songs");
  assert.equal(
    detail,
    "1 file was known already: moved, or copied. 2 files are no longer there. 1 file could not be used. The next build goes on from here.",
  );
  assert.equal(action?.intent, "failures");
});

test("a build that nobody asked for shows once it works, gently, and says what it brought", async () => {
  const { context, store } = open({
    browse: () => Promise.resolve(page([])),
    thread: () => Promise.resolve(thread()),
  });
  await noticed(context, WORKING);
  assert.deepEqual([store.state.build.phase, store.state.build.gentle], ["working", true]);
  await noticed(context, { kind: "finished", report: report({ added: 2 }) });
  assert.equal(store.state.build.phase, "idle");
  assert.equal(store.state.toasts.list[0]?.title, "2 songs added");
});

test("a build that nobody asked for leaves room for one that is, and says no more", async () => {
  const answer = /** @type {ReturnType<typeof later<BuildReport>>} */ (later());
  /** @type {(progress: Progress) => void} */
  let tell = () => undefined;
  const { context, store } = open({
    build: (_folder, _retry, onProgress) => {
      tell = onProgress;
      return answer.promise;
    },
    status: () => Promise.resolve(status()),
    browse: () => Promise.resolve(page([])),
    thread: () => Promise.resolve(thread()),
  });
  await noticed(context, WORKING);
  assert.equal(isBusy(store.state.build), false, "nothing is refused beside it");
  const asked = addFolders(context, ["/a"]);
  tell({ kind: "scanning", files: 7 });
  assert.equal(isBusy(store.state.build), true);
  // It hears only now that it is to give way.
  await noticed(context, WORKING);
  await noticed(context, { kind: "finished", report: report({ added: 1, cancelled: true }) });
  assert.deepEqual([store.state.build.phase, store.state.build.files], ["scanning", 7]);
  assert.equal(store.state.toasts.list.length, 0);
  answer.resolve(report({ added: 5 }));
  await asked;
  assert.equal(store.state.build.phase, "idle");
  assert.equal(store.state.toasts.list[0]?.title, "5 songs added");
});

test("one that could not give way in time shows again", async () => {
  const { context, store } = open({
    build: () => Promise.reject(new ApiError("building", "")),
    status: () => Promise.resolve(status()),
    browse: () => Promise.resolve(page([])),
    thread: () => Promise.resolve(thread()),
  });
  await noticed(context, WORKING);
  await addFolders(context, ["/a"]);
  assert.equal(store.state.build.phase, "idle");
  await noticed(context, WORKING);
  assert.deepEqual([store.state.build.phase, store.state.build.unasked], ["working", true]);
});

test("one that gave way was stopped by nobody, one that the listener cancels was", async () => {
  const { context, store } = open({
    cancelBuild: () => Promise.resolve(null),
    browse: () => Promise.resolve(page([])),
    thread: () => Promise.resolve(thread()),
  });
  const finished = /** @type {Progress} */ ({ kind: "finished", report: report({ added: 0, cancelled: true }) });
  await noticed(context, WORKING);
  await noticed(context, finished);
  assert.equal(store.state.toasts.list.length, 0);
  await noticed(context, WORKING);
  await cancel(context);
  await noticed(context, finished);
  assert.match(store.state.toasts.list[0]?.title ?? "", /^Stopped/);
});

test("one that only found something gone says nothing", async () => {
  const { context, store, states } = open({
    browse: () => Promise.resolve(page([])),
    thread: () => Promise.resolve(thread()),
  });
  await noticed(context, { kind: "finished", report: report({ added: 0, missing: 3 }) });
  assert.equal(store.state.toasts.list.length, 0);
  assert.ok(states.every(({ build }) => build.phase === "idle"));
});

test("full speed shows at once and is taken back when it is refused", async () => {
  const { context, store, states } = open({
    setGentle: () => Promise.reject(new ApiError("internal", "no")),
  });
  store.dispatch({ type: "build/started", gentle: true });
  await pace(context, { gentle: false });
  assert.ok(states.some(({ build }) => build.gentle === false));
  assert.equal(store.state.build.gentle, true);
});

test("whether folders are watched is what the library says", async () => {
  const { context, store } = open({
    setWatching: (on) => Promise.resolve(status({ watching: { on, note: null } })),
  });
  await watch(context, { on: false });
  assert.equal(store.state.library.status?.watching.on, false);
});
