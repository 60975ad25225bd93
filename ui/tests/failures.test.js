// Files that could not be used: their list, another try, out of sight.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../api.js";
import { emptyWords, reasonWords, titleWords } from "../elements/tl-failures/words.js";
import { failedWords } from "../elements/tl-shelf/words.js";
import { hide, list, retry } from "../journeys/failures.js";
import { open, page, report, status, thread } from "./fake.js";

/** @import { FailurePage, Which } from "../wire" */

/**
 * @param {number} total
 * @returns {FailurePage}
 */
const failures = (total) => ({
  total,
  failures: Array.from({ length: total }, (_, n) => ({
    file: n + 1,
    path: `/music/${n}.mp3`,
    code: "silent",
    reason: "no sound in it",
  })),
  reasons: [
    { code: "silent", reason: "no sound in it", shown: total, hidden: 1 },
    { code: "not_audio", reason: "it is no audio", shown: 0, hidden: 2 },
  ],
});

test("all are listed, or those with one kind of reason", async () => {
  /** @type {[Which, boolean][]} */
  const asked = [];
  const { context, store } = open({
    failures: (which, hidden) => {
      asked.push([which, hidden]);
      return Promise.resolve(failures(2));
    },
  });
  await list(context, { reason: null, hidden: false });
  await list(context, { reason: "silent", hidden: true });
  assert.deepEqual(asked, [
    [{ kind: "all" }, false],
    [{ kind: "reason", code: "silent" }, true],
  ]);
  assert.equal(store.state.failures.total, 2);
});

test("trying one again builds, and lists anew what is left", async () => {
  /** @type {string[]} */
  const calls = [];
  let left = 2;
  const { context, store } = open({
    retryFailures: (which) => {
      calls.push(`retry ${which.kind}`);
      left -= 1;
      return Promise.resolve(1);
    },
    build: (folder, retryFailed) => {
      calls.push(`build ${folder} ${retryFailed}`);
      return Promise.resolve(report());
    },
    failures: () => Promise.resolve(failures(left)),
    status: () => Promise.resolve(status()),
    browse: () => Promise.resolve(page([])),
    thread: () => Promise.resolve(thread()),
  });
  await retry(context, { kind: "file", file: 1 });
  assert.deepEqual(calls, ["retry file", "build null false"]);
  assert.equal(store.state.failures.total, 1);
});

test("songs of the catalogue are tried again too, unless their build rests", async () => {
  for (const resting of [false, true]) {
    /** @type {string[]} */
    const calls = [];
    let unfinished = resting;
    const { context, store } = open({
      retryFailures: () => {
        unfinished = true;
        return Promise.resolve(1);
      },
      build: () => {
        calls.push("folders");
        return Promise.resolve(report());
      },
      resumeCatalog: () => {
        calls.push("songs");
        unfinished = false;
        return Promise.resolve(report());
      },
      failures: () => Promise.resolve(failures(1)),
      status: () => Promise.resolve(status({ unfinished })),
      browse: () => Promise.resolve(page([])),
      thread: () => Promise.resolve(thread()),
    });
    store.dispatch({ type: "library/status", status: status({ unfinished }) });
    await retry(context, { kind: "all" });
    assert.deepEqual(calls, resting ? ["folders"] : ["folders", "songs"]);
  }
});

test("when the last of its kind has gone, all others are listed", async () => {
  const { context, store } = open({
    failures: (which) => Promise.resolve(failures(which.kind === "all" ? 2 : 0)),
  });
  await list(context, { reason: "silent", hidden: false });
  await Promise.resolve();
  assert.equal(store.state.failures.reason, null);
  while (store.state.failures.searching) await new Promise((then) => setTimeout(then));
  assert.equal(store.state.failures.total, 2);
});

test("hiding is kept by the library, and lists anew", async () => {
  const { context, store } = open({
    hideFailures: () => Promise.resolve(status({ failed: 0, hidden: 3 })),
    failures: () => Promise.resolve(failures(0)),
  });
  await hide(context, { some: { kind: "all" }, hidden: true });
  assert.equal(store.state.library.status?.hidden, 3);
  assert.equal(emptyWords(store.state.failures), "Nothing else failed: the rest is hidden.");
});

test("a list that cannot be had says so where it would stand", async () => {
  const { context, store } = open({ failures: () => Promise.reject(new ApiError("library_busy", "busy")) });
  assert.equal(emptyWords(store.state.failures), "Looking…");
  await list(context, { reason: null, hidden: false });
  assert.match(emptyWords(store.state.failures), /in use by another program/);
});

test("reasons are offered with their counts, and none of which there is nothing", () => {
  const { reasons } = failures(1_200);
  assert.deepEqual(
    reasonWords(reasons, false).map(({ words }) => words),
    ["All 1,200", "Silent 1,200"],
  );
  assert.deepEqual(
    reasonWords(reasons, true).map(({ words }) => words),
    ["All 3", "Silent 1", "No music 2"],
  );
});

test("the title counts what is listed", async () => {
  const { context, store } = open({ failures: () => Promise.resolve(failures(2)) });
  await list(context, { reason: null, hidden: false });
  assert.equal(titleWords(store.state.failures), "2 files could not be used");
  await list(context, { reason: null, hidden: true });
  assert.equal(titleWords(store.state.failures), "2 files hidden");
});

test("what could not be heard is not said to be of the catalogue, where files of one's own may be among it", () => {
  assert.equal(failedWords(3, false), "3 files could not be used");
  assert.equal(failedWords(3, true), "3 songs could not be heard");
});
