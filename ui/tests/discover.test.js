// Seeds, the search, drops.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../api.js";
import { listWords } from "../elements/tl-browser/words.js";
import { suggest, SUGGESTIONS } from "../elements/tl-results/suggest.js";
import { dropped, entered, left } from "../journeys/drop.js";
import { look, newThread, search, seed, seedFiles } from "../journeys/discover.js";
import { dropWords } from "../state/drop.js";
import { PAGE, rowAt } from "../state/pages.js";
import { later, open, page, report, row, status, thread, track } from "./fake.js";

/** @import { Page, Thread } from "../wire" */

test("one question is under way at a time, and the next is the newest", async () => {
  const slow = /** @type {ReturnType<typeof later<Page>>} */ (later());
  /** @type {string[]} */
  const asked = [];
  const { context, store, states } = open({
    browse: (text) => {
      asked.push(text);
      return text === "a" ? slow.promise : Promise.resolve(page([track(text.length)]));
    },
  });
  const first = search(context, { text: "a" });
  await Promise.resolve();
  const all = [first, ...["ab", "abc"].map((text) => search(context, { text }))];
  assert.equal(store.state.library.query, "abc", "what is asked for shows at once");
  slow.resolve(page([track(99)]));
  await Promise.all(all);
  assert.deepEqual(asked, ["a", "abc"], "nobody waits for what nobody wants any more");
  assert.equal(rowAt(store.state.library, 0)?.id, 3);
  assert.equal(store.state.library.answered, "abc");
  assert.ok(
    states.every(({ library }) => rowAt(library, 0)?.id !== 99),
    "an answer to an older question is not shown over a newer one",
  );
});

/**
 * A library of `total` tracks that counts what it is asked for.
 * @param {number} total
 */
function shelf(total) {
  /** @type {[number, number][]} */
  const asked = [];
  const opened = open({
    browse: (_, from, limit) => {
      asked.push([from, limit]);
      const length = Math.max(0, Math.min(limit, total - from));
      return Promise.resolve({ total, tracks: Array.from({ length }, (_, n) => track(from + n + 1)) });
    },
  });
  return { asked, ...opened };
}

test("of a long list the pages that are looked at are asked for, each once", async () => {
  const { asked, context, store } = shelf(20_000);
  await search(context, { text: "" });
  await look(context, { first: PAGE - 5, last: PAGE + 25 });
  await look(context, { first: PAGE, last: PAGE + 30 });
  await look(context, { first: 19_980, last: 19_999 });
  assert.deepEqual(asked, [
    [0, PAGE],
    [PAGE, PAGE],
    [19_900, PAGE],
  ]);
  assert.equal(rowAt(store.state.library, 19_999)?.id, 20_000);
});

test("a list that is asked for again is asked for where it is looked at", async () => {
  const { asked, context, store } = shelf(20_000);
  await search(context, { text: "" });
  await look(context, { first: 5_090, last: 5_120 });
  await search(context, { text: "" });
  assert.deepEqual(asked.at(-1), [5_000, 2 * PAGE]);
  assert.equal(rowAt(store.state.library, 0), null, "what was known before is of another answer");
  await search(context, { text: "x" });
  assert.deepEqual(asked.at(-1), [0, PAGE], "another list is looked at from its top");
});

test("rows that came on screen while an answer was under way are asked for after it", async () => {
  const { asked, context } = shelf(20_000);
  const searching = search(context, { text: "x" });
  const looking = look(context, { first: 700, last: 720 });
  await Promise.all([searching, looking]);
  assert.deepEqual(asked.at(-1), [700, PAGE]);
});

test("a failed search is said where the list is, which stays, and can be asked again", async () => {
  let fails = true;
  const { context, store } = open({
    browse: () =>
      fails ? Promise.reject(new ApiError("internal", "no")) : Promise.resolve(page([track(1)])),
  });
  await search(context, { text: "x" });
  const { library } = store.state;
  assert.equal(library.searching, false);
  assert.match(listWords(library, false), /Something went wrong/);
  fails = false;
  await search(context, { text: "x" });
  assert.equal(listWords(store.state.library, false), "");
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
    browse: () => Promise.resolve({ total: 0, tracks: [] }),
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
