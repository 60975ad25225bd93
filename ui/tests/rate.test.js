// Thumbs show at once, and are taken back when the shell refuses them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../api.js";
import { banish, rate, undo, unseed } from "../journeys/rate.js";
import { later, open, row, thread, track } from "./fake.js";

/** @import { Thread } from "../wire" */

/** @param {import("../store.js").Store<import("../state/types").State, any>} store */
const rows = (store) => store.state.thread.shown?.rows.map(({ id }) => id);

test("a thumb down takes the row away before the shell has answered", async () => {
  const answer = /** @type {ReturnType<typeof later<Thread>>} */ (later());
  const { context, store } = open({ rate: () => answer.promise });
  const done = rate(context, { id: 3, title: "Song 3", verdict: "down" });
  assert.deepEqual(rows(store), [2, 4], "the row is gone at once");
  assert.deepEqual(
    store.state.thread.shown?.disliked.map(({ id }) => id),
    [3],
    "and counted as thumbed down",
  );
  assert.equal(store.state.toasts.list[0]?.action?.intent, "undo", "an undo is offered");
  answer.resolve(thread({ rows: [row(4), row(2)], disliked: [track(3)] }));
  await done;
  assert.deepEqual(rows(store), [4, 2], "the shell's order is what counts in the end");
  assert.equal(store.state.thread.pending.length, 0, "nothing is pending any more");
});

test("a refused thumb is rolled back and said", async () => {
  const { context, store } = open({ rate: () => Promise.reject(new ApiError("disk_full", "no space")) });
  const before = store.state.thread.shown;
  await rate(context, { id: 3, title: "Song 3", verdict: "down" });
  assert.deepEqual(store.state.thread.shown, before, "everything is as it was");
  const [toast, ...others] = store.state.toasts.list;
  assert.equal(toast?.severity, "error");
  assert.match(toast?.title ?? "", /disk is full/);
  assert.equal(others.length, 0, "no undo is offered for what did not happen");
});

test("of two thumbs the refused one alone is rolled back", async () => {
  const { context, store } = open({
    rate: (id) =>
      id === 2
        ? Promise.reject(new ApiError("internal", "broken"))
        : Promise.resolve(thread({ rows: [row(2), row(3)], disliked: [track(4)] })),
  });
  await Promise.all([
    rate(context, { id: 2, title: "Song 2", verdict: "down" }),
    rate(context, { id: 4, title: "Song 4", verdict: "down" }),
  ]);
  assert.deepEqual(rows(store), [2, 3], "2 is back, 4 stays away");
});

test("acts reach the shell in the order in which they were done", async () => {
  const first = /** @type {ReturnType<typeof later<Thread>>} */ (later());
  /** @type {string[]} */
  const heard = [];
  const { context } = open({
    rate: (id) => {
      heard.push(`rate ${id}`);
      return first.promise;
    },
    undo: () => {
      heard.push("undo");
      return Promise.resolve(thread());
    },
  });
  const both = Promise.all([rate(context, { id: 2, title: "Song 2", verdict: "down" }), undo(context)]);
  await Promise.resolve();
  assert.deepEqual(heard, ["rate 2"], "the undo waits for the thumb");
  first.resolve(thread());
  await both;
  assert.deepEqual(heard, ["rate 2", "undo"]);
});

test("a thumb up marks the row, makes it liked and can be cleared", async () => {
  const answer = /** @type {ReturnType<typeof later<Thread>>} */ (later());
  const { context, store } = open({ rate: () => answer.promise });
  void rate(context, { id: 2, title: "Song 2", verdict: "up" });
  assert.equal(store.state.thread.shown?.rows[0]?.thumb, "up");
  assert.deepEqual(
    store.state.thread.shown?.liked.map(({ id }) => id),
    [2],
  );
  void rate(context, { id: 2, title: "Song 2", verdict: "clear" });
  assert.equal(store.state.thread.shown?.rows[0]?.thumb, null, "the later act wins");
  assert.deepEqual(store.state.thread.shown?.liked, []);
});

test("a banished track leaves the rows and the liked songs, and can be undone", async () => {
  const { context, store } = open({ banish: () => new Promise(() => undefined) });
  void banish(context, { id: 2, title: "Song 2" });
  assert.deepEqual(rows(store), [3, 4]);
  assert.equal(store.state.toasts.list[0]?.action?.intent, "undo");
});

test("a removed seed leaves the thread at once and comes back when refused", async () => {
  const { context, store } = open({ unseed: () => Promise.reject(new ApiError("unknown_track", "")) });
  const done = unseed(context, { id: 1 });
  assert.deepEqual(store.state.thread.shown?.seeds, []);
  await done;
  assert.deepEqual(
    store.state.thread.shown?.seeds.map(({ id }) => id),
    [1],
  );
});

test("an undo that has nothing to undo is said, not thrown", async () => {
  const { context, store } = open({ undo: () => Promise.reject(new ApiError("nothing_to_undo", "")) });
  await undo(context);
  assert.equal(store.state.toasts.list[0]?.severity, "notice");
});
