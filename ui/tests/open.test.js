// A library that does not open, and what can be saved of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../api.js";
import { search } from "../journeys/discover.js";
import { reopen, salvage, words } from "../journeys/open.js";
import { rate } from "../journeys/rate.js";
import { open, status, thread } from "./fake.js";

/** @import { Saved } from "../wire" */

/** @type {Saved} */
const saved = {
  kept: "/library/library-damaged-1.db",
  rows: [
    { what: "seeds and ratings", saved: 41, of: 41 },
    { what: "throughlines", saved: 2, of: 2 },
    { what: "tracks", saved: 180, of: 200 },
    { what: "songs of the catalogue", saved: 0, of: 0 },
  ],
  nameless: 20,
};

test("what was saved and what was lost is said, and where the damaged library is", () => {
  const { title, detail } = words(saved);
  assert.equal(title, "What could be read was saved");
  assert.equal(
    detail,
    "41 seeds and ratings, 2 threads and 180 of 200 tracks. 20 tracks have no name until the library is built again." +
      " The damaged library is kept as /library/library-damaged-1.db.",
  );
  assert.equal(words({ ...saved, rows: [], nameless: 0 }).title, "Nothing could be read");
});

test("a damaged library is salvaged and opened", async () => {
  const { context, store } = open({
    salvage: () => Promise.resolve(saved),
    status: () => Promise.resolve(status({ tracks: 180 })),
    thread: () => Promise.resolve(thread()),
    browse: () => Promise.resolve({ total: 0, tracks: [] }),
  });
  store.dispatch({ type: "app/failed", error: { code: "library_damaged", message: "page 7" } });
  await salvage(context, { dataset: {} });
  assert.equal(store.state.app.phase, "open");
  assert.equal(store.state.library.status?.tracks, 180);
  assert.equal(store.state.toasts.list.at(-1)?.key, "salvaged");
});

test("a library that cannot be salvaged stays closed, and says why", async () => {
  const { context, store } = open({
    salvage: () => Promise.reject(new ApiError("disk_full", "the disk is full")),
  });
  store.dispatch({ type: "app/failed", error: { code: "library_damaged", message: "page 7" } });
  await salvage(context, { dataset: {} });
  const { phase, error, damaged } = store.state.app;
  assert.deepEqual([phase, error?.code], ["failed", "disk_full"]);
  assert.ok(damaged, "it can still be salvaged");
});

test("a way out shows that it is taken, until it led somewhere", async () => {
  const { context, store, states } = open({
    status: () => Promise.reject(new ApiError("library_newer", "")),
    browse: () => Promise.resolve({ total: 0, tracks: [] }),
  });
  store.dispatch({ type: "app/failed", error: { code: "library_newer", message: "" } });
  await reopen(context, { dataset: {} });
  assert.ok(states.some(({ app }) => app.trying === "reopen"));
  assert.deepEqual([store.state.app.trying, store.state.app.damaged], [null, false]);
});

test("damage that is met while the library is open can be salvaged, whoever meets it", async () => {
  const damage = () => Promise.reject(new ApiError("library_damaged", "page 7"));
  const { context, store } = open({ browse: damage, rate: damage });
  await search(context, { text: "" });
  assert.deepEqual([store.state.app.phase, store.state.app.damaged], ["failed", true]);
  const another = open({ browse: damage, rate: damage });
  await rate(another.context, { id: 2, title: "Song 2", verdict: "up" });
  assert.equal(another.store.state.app.phase, "failed");
  assert.equal(another.store.state.toasts.list.length, 0, "the window itself says it");
});

test("what plays is stopped where damage takes the player from the window", async () => {
  for (const playing of [false, true]) {
    let stopped = false;
    const { context, store } = open({
      browse: () => Promise.reject(new ApiError("library_damaged", "page 7")),
      stop: () => {
        stopped = true;
        return Promise.resolve(store.state.player);
      },
    });
    store.dispatch({ type: "player/changed", player: { ...store.state.player, playing } });
    await search(context, { text: "" });
    assert.equal(stopped, playing);
  }
});
