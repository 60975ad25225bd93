// A library that does not open, and what can be saved of it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../api.js";
import { salvage, words } from "../journeys/open.js";
import { open, status, thread } from "./fake.js";

/** @import { Saved } from "../wire" */

/** @type {Saved} */
const saved = {
  kept: "/library/library-damaged-1.db",
  rows: [
    { what: "seeds and ratings", saved: 41, of: 41 },
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
    "41 seeds and ratings and 180 of 200 tracks. 20 tracks have no name until the library is built again." +
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
  assert.deepEqual(store.state.app, {
    phase: "failed",
    error: { code: "disk_full", message: "the disk is full" },
  });
});
