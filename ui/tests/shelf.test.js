// Threads by name, and as files.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../api.js";
import { called, facts, wasAt } from "../elements/tl-threads/words.js";
import { branch, exportThread, importThread, missing, name, openThread } from "../journeys/shelf.js";
import { open, thread } from "./fake.js";

/** @import { ThreadSummary } from "../wire" */

/** @type {(more?: Partial<ThreadSummary>) => ThreadSummary} */
const summary = (more = {}) => ({
  id: 1,
  name: null,
  seeds: ["A", "B"],
  thumbs: 0,
  begun_at: Date.UTC(2026, 10, 10, 12),
  changed_at: Date.UTC(2026, 10, 12, 12),
  open: false,
  ...more,
});

test("a name is trimmed, and an empty one takes the name away", async () => {
  /** @type {(string | null)[]} */
  const given = [];
  const { context, store } = open({
    nameThread: (called) => {
      given.push(called);
      return Promise.resolve(thread({ name: called }));
    },
  });
  await name(context, { name: "  Evenings " });
  assert.equal(store.state.thread.shown?.name, "Evenings");
  await name(context, { name: "  " });
  assert.deepEqual(given, ["Evenings", null]);
});

test("a name that another thread has is said, and the old one stays", async () => {
  const { context, store } = open({ nameThread: () => Promise.reject(new ApiError("name_taken", "")) });
  await name(context, { name: "Evenings" });
  assert.equal(store.state.thread.shown?.name, null);
  assert.equal(store.state.toasts.list[0]?.title, "Another thread has this name");
});

test("another thread is opened in place of this one", async () => {
  const { context, store } = open({ openThread: (id) => Promise.resolve(thread({ id, rows: [] })) });
  await openThread(context, { id: 7 });
  assert.equal(store.state.thread.shown?.id, 7);
});

test("a branch is opened and says that the other one is kept", async () => {
  /** @type {(number | null)[]} */
  const times = [];
  const { context, store } = open({
    branchThread: (_, before) => {
      times.push(before);
      return Promise.resolve(thread({ id: 8 }));
    },
  });
  await branch(context, { id: 1, before: null });
  assert.equal(store.state.thread.shown?.id, 8);
  assert.equal(store.state.toasts.list[0]?.title, "A branch of the thread");
  await branch(context, { id: 1, before: 1000 });
  assert.equal(store.state.toasts.list[0]?.title, "The thread as it was");
  assert.deepEqual(times, [null, 1000]);
});

test("a thread can be had as it was if it was there and has changed since", () => {
  const noon = Date.UTC(2026, 10, 12, 12);
  assert.equal(wasAt(summary(), noon), true);
  assert.equal(wasAt(summary(), noon + 1), false, "nothing was said since");
  assert.equal(wasAt(summary({ begun_at: noon }), noon), false, "it was not there yet");
});

test("an export says where it went, and nothing when no file was chosen", async () => {
  const paths = ["/home/me/Evenings.throughline", null];
  const { context, store } = open({ exportThread: () => Promise.resolve(paths.shift() ?? null) });
  await exportThread(context, { id: 1, name: "Evenings" });
  assert.equal(store.state.toasts.list[0]?.detail, "Evenings.throughline");
  store.dispatch({ type: "toast/dismissed", key: "exported" });
  await exportThread(context, { id: 1, name: "Evenings" });
  assert.equal(store.state.toasts.list.length, 0);
});

test("an import opens what it brought and names what is not here", async () => {
  const { context, store } = open({
    pickFile: () => Promise.resolve("/t.json"),
    importThread: () => Promise.resolve({ thread: thread({ id: 9 }), unresolved: ["A — B"] }),
  });
  assert.equal(await importThread(context), true);
  assert.equal(store.state.thread.shown?.id, 9);
  assert.equal(store.state.toasts.list[0]?.detail, "Not in this library, and left out: “A — B”.");
  assert.equal(missing([]), "");
  assert.match(missing(["a", "b", "c", "d", "e"]), /“c” and 2 other songs/);
});

test("a file that holds no thread is said", async () => {
  const { context, store } = open({
    pickFile: () => Promise.resolve("/t.json"),
    importThread: () => Promise.reject(new ApiError("throughline_file", "it is not JSON")),
  });
  assert.equal(await importThread(context), false);
  assert.equal(store.state.toasts.list[0]?.title, "That file is no thread");
});

test("a thread without a name is called by its seeds", () => {
  assert.equal(called(summary()), "A and B");
  assert.equal(called(summary({ seeds: [] })), "An empty thread");
  assert.equal(called(summary({ seeds: ["A", "B", "C", "D"] })), "A, B, C and 1 more");
  assert.equal(
    facts(summary({ name: "Evenings", thumbs: 3, open: true })),
    "open now · A and B · 3 thumbs · Nov 12, 2026",
  );
});
