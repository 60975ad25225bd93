// Seeds, the search, drops.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../api.js";
import { suggest, SUGGESTIONS } from "../elements/tl-results/suggest.js";
import { dropped, entered, left } from "../journeys/drop.js";
import { more, newThread, search, seed, seedFiles } from "../journeys/discover.js";
import { dropWords } from "../state/drop.js";
import { hasMore, PAGE } from "../state/library.js";
import { later, open, report, row, status, thread, track } from "./fake.js";

/** @import { Thread, Track } from "../wire" */

test("an answer to an older question is not shown over a newer one", async () => {
  const slow = /** @type {ReturnType<typeof later<Track[]>>} */ (later());
  const { context, store } = open({
    search: (text) => (text === "a" ? slow.promise : Promise.resolve([track(2)])),
  });
  const first = search(context, { text: "a" });
  await search(context, { text: "ab" });
  slow.resolve([track(1)]);
  await first;
  assert.deepEqual(
    store.state.library.found.map(({ id }) => id),
    [2],
  );
});

test("show more asks for one page more, and a new question for the first", async () => {
  /** @type {number[]} */
  const limits = [];
  const { context, store } = open({
    search: (_, limit) => {
      limits.push(limit);
      return Promise.resolve(Array.from({ length: limit }, (_, id) => track(id)));
    },
  });
  await more(context);
  assert.equal(hasMore(store.state.library), true, "a full page may not be all");
  await search(context, { text: "x" });
  assert.deepEqual(limits, [2 * PAGE, PAGE]);
});

test("a failed search is said and leaves the list as it was", async () => {
  const { context, store } = open({ search: () => Promise.reject(new ApiError("internal", "no")) });
  await search(context, { text: "x" });
  assert.equal(store.state.library.searching, false);
  assert.equal(store.state.toasts.list.length, 1);
});

test("a seed changes the thread, and takes away an undo offered before", async () => {
  const { context, store } = open({
    seedTracks: ([id]) => Promise.resolve(thread({ seeds: [track(1), track(id ?? 0)] })),
  });
  store.dispatch({
    type: "toast/shown",
    toast: { key: "undo", severity: "notice", title: "", detail: "", action: null },
  });
  await seed(context, { id: 9 });
  assert.deepEqual(
    store.state.thread.shown?.seeds.map(({ id }) => id),
    [1, 9],
  );
  assert.equal(store.state.toasts.list.length, 0);
});

test("thumbs need not wait while dropped files are embedded", async () => {
  const embedding = /** @type {ReturnType<typeof later<Thread>>} */ (later());
  const { context, store } = open({
    seedFiles: () => embedding.promise,
    thread: () => Promise.resolve(thread({ rows: [row(7)] })),
    seedTracks: () => Promise.resolve(thread({ rows: [row(6)] })),
  });
  const files = seedFiles(context, ["/a.ogg", "/b.ogg"]);
  assert.equal(store.state.thread.listening, 2);
  await seed(context, { id: 6 });
  assert.equal(store.state.thread.shown?.rows[0]?.id, 6, "the seed did not wait");
  embedding.resolve(thread());
  await files;
  assert.equal(store.state.thread.shown?.rows[0]?.id, 7, "the thread was read anew in the end");
  assert.equal(store.state.thread.listening, 0);
});

test("a file that cannot be read is said, and nothing waits for it", async () => {
  const { context, store } = open({
    seedFiles: () => Promise.reject(new ApiError("unreadable_audio", "a.ogg: not a stream")),
  });
  await seedFiles(context, ["/a.ogg"]);
  assert.equal(store.state.thread.listening, 0);
  assert.match(store.state.toasts.list[0]?.detail ?? "", /^A\.ogg: not a stream\. Check/);
});

test("a new thread says that the old one was set aside", async () => {
  const { context, store } = open({
    clearThread: () => Promise.resolve(thread({ id: 2, seeds: [], rows: [] })),
  });
  await newThread(context);
  assert.equal(store.state.thread.shown?.id, 2);
  assert.match(store.state.toasts.list[0]?.detail ?? "", /set aside/);
});

test("a drop opens the threads, seeds the songs, builds the folders and names the rest", async () => {
  /** @type {string[]} */
  const calls = [];
  const { context, store } = open({
    classify: () => Promise.resolve({ folders: ["/m"], audio: ["/a.ogg"], threads: ["/b.throughline"], other: ["/x/note.txt"] }),
    importThread: (path) => {
      calls.push(`import ${path}`);
      return Promise.resolve({ thread: thread(), unresolved: [] });
    },
    seedFiles: (paths) => {
      calls.push(`seed ${paths}`);
      return Promise.resolve(thread());
    },
    build: (folder) => {
      calls.push(`build ${folder}`);
      return Promise.resolve(report({ added: 1 }));
    },
    thread: () => Promise.resolve(thread()),
    status: () => Promise.resolve(status()),
    search: () => Promise.resolve([]),
  });
  await dropped(context, ["/m", "/a.ogg", "/b.throughline", "/x/note.txt"]);
  assert.deepEqual(calls, ["import /b.throughline", "seed /a.ogg", "build /m"]);
  assert.ok(
    store.state.toasts.list.some(({ title }) => title === "“note.txt” is no music, folder or thread"),
  );
});

test("what is held over the window is not shown any more once it has left", async () => {
  const answer = /** @type {ReturnType<typeof later<import("../wire").Dropped>>} */ (later());
  const { context, store } = open({ classify: () => answer.promise });
  const over = entered(context, ["/a.ogg"]);
  left(context);
  answer.resolve({ folders: [], audio: ["/a.ogg"], threads: [], other: [] });
  await over;
  assert.equal(store.state.drop.over, false);
});

test("the overlay says what a drop would do", () => {
  const none = { folders: [], audio: [], threads: [], other: [] };
  assert.equal(dropWords({ ...none, audio: ["/a/é b.ogg"] }).title, "Add “é b.ogg” to the thread");
  assert.equal(dropWords({ ...none, audio: ["/a", "/b"] }).title, "Add 2 songs to the thread");
  assert.equal(dropWords({ ...none, folders: ["C:\\Music\\"] }).title, "Add “Music” to the library");
  assert.equal(
    dropWords({ ...none, folders: ["/m"], audio: ["/a", "/b"] }).title,
    "Add “m” to the library, and 2 songs to the thread",
  );
  assert.equal(dropWords({ ...none, threads: ["/E.throughline"] }).title, "Open “E.throughline”");
  assert.equal(dropWords({ ...none, other: ["/a.txt"] }).useful, false);
  assert.equal(dropWords(none).useful, false);
});

test("suggestions are ready tracks, spread out, and do not jump as the library grows", () => {
  const tracks = Array.from({ length: 60 }, (_, id) => track(id, id % 2 ? { status: "missing" } : {}));
  const first = suggest(tracks, []);
  assert.equal(first.length, SUGGESTIONS);
  assert.ok(first.every(({ status: is }) => is === "ready"));
  assert.equal(new Set(first.map(({ id }) => id)).size, SUGGESTIONS, "each once");
  assert.equal(suggest([...tracks, track(99)], first), first, "the same ones while they are there");
  assert.notEqual(suggest(tracks.slice(2), first), first, "others when one has gone");
  assert.deepEqual(
    suggest([track(1)], []).map(({ id }) => id),
    [1],
    "few tracks are all suggested",
  );
});
