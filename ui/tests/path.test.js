// What lies between two songs.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../api.js";
import { ends, groups, outcome, title } from "../elements/tl-path/words.js";
import { walk } from "../journeys/path.js";
import { isBusy } from "../state/path.js";
import { later, open, row, thread, track, why } from "./fake.js";

/** @import { Track } from "../wire" */

const WAY = Object.freeze({ from: 1, to: 2, steps: 5 });

test("what was found stays until there is something to put in its place", async () => {
  const second = /** @type {ReturnType<typeof later<Track[]>>} */ (later());
  const answers = [Promise.resolve([track(3), track(4)]), second.promise];
  const { context, store } = open({ path: () => answers.shift() ?? Promise.resolve([]) });
  await walk(context, WAY);
  assert.deepEqual(
    store.state.path.found?.tracks.map(({ id }) => id),
    [3, 4],
  );
  const done = walk(context, { ...WAY, steps: 1 });
  assert.equal(isBusy(store.state.path), true);
  assert.equal(store.state.path.found?.tracks.length, 2, "the old one is still there");
  second.resolve([track(5)]);
  await done;
  assert.equal(isBusy(store.state.path), false);
  assert.deepEqual(
    store.state.path.found?.tracks.map(({ id }) => id),
    [5],
  );
});

test("an answer to an older question comes too late", async () => {
  const first = /** @type {ReturnType<typeof later<Track[]>>} */ (later());
  const answers = [first.promise, Promise.resolve([track(7)])];
  const { context, store } = open({ path: () => answers.shift() ?? Promise.resolve([]) });
  const old = walk(context, WAY);
  await walk(context, { ...WAY, to: 9 });
  first.resolve([track(3)]);
  await old;
  assert.deepEqual(
    store.state.path.found?.tracks.map(({ id }) => id),
    [7],
  );
});

test("a path that cannot be had says why, and nothing is awaited", async () => {
  const { context, store } = open({ path: () => Promise.reject(new ApiError("not_analysed", "")) });
  await walk(context, WAY);
  assert.equal(store.state.path.trouble?.code, "not_analysed");
  assert.equal(store.state.path.found, null);
  assert.equal(isBusy(store.state.path), false);
});

test("a path to a row begins at the seed that carries it", () => {
  const anchors = [
    { id: 9, title: "liked", share: 0.5 },
    { id: 2, title: "seed", share: 0.3 },
  ];
  const stood = thread({ seeds: [track(1), track(2)], rows: [row(3), row(4, { why: why({ anchors }) })] });
  assert.deepEqual(ends(stood, { from: null, to: 4 }), { from: 2, to: 4 });
  assert.deepEqual(ends(stood, { from: null, to: 99 }), { from: 1, to: 99 });
});

test("a path from a seed leads to the next one, or else into the list", () => {
  const two = thread({ seeds: [track(1), track(2)] });
  assert.deepEqual(ends(two, { from: 1, to: null }), { from: 1, to: 2 });
  assert.deepEqual(ends(two, { from: 2, to: null }), { from: 2, to: 1 });
  assert.deepEqual(ends(thread(), { from: 1, to: null }), { from: 1, to: 2 });
  assert.equal(ends(thread({ rows: [] }), { from: 1, to: null }), null, "there is no other song");
  assert.equal(ends(thread({ seeds: [], rows: [] }), { from: null, to: null }), null);
});

test("ends are chosen from the thread and the list, each song once", () => {
  const stood = thread({ seeds: [track(1)], liked: [track(2), track(1)], rows: [row(2), row(3)] });
  assert.deepEqual(
    groups(stood).map(({ tracks }) => tracks.map(({ id }) => id)),
    [[1, 2], [3]],
  );
  assert.deepEqual(groups(thread({ seeds: [], liked: [], rows: [] })), []);
});

test("a path is told by its ends and by what it lacks", () => {
  assert.equal(title({ title: "A" }, { title: "B" }), "Between “A” and “B”");
  assert.equal(outcome(5, 5), "");
  assert.match(outcome(1, 5), /^Only 1 song lies/);
  assert.match(outcome(0, 5), /^Nothing lies/);
});
