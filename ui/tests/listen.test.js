// The player's buttons.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../api.js";
import { play, seek, toggle } from "../journeys/listen.js";
import { open, track } from "./fake.js";

/** @import { Player } from "../wire" */

/** @param {Partial<Player>} [more] @returns {Player} */
const player = (more = {}) => ({
  track: track(1),
  playing: true,
  position_s: 5,
  duration_s: 200,
  error: null,
  ...more,
});

test("play on another song plays it, on the same one pauses and goes on", async () => {
  /** @type {string[]} */
  const heard = [];
  const { context, store } = open({
    play: (id) => {
      heard.push(`play ${id}`);
      return Promise.resolve(player({ track: track(id) }));
    },
    pause: () => {
      heard.push("pause");
      return Promise.resolve(player({ playing: false }));
    },
    resume: () => {
      heard.push("resume");
      return Promise.resolve(player());
    },
  });
  await play(context, { id: 1 });
  await play(context, { id: 1 });
  await play(context, { id: 1 });
  await play(context, { id: 2 });
  assert.deepEqual(heard, ["play 1", "pause", "resume", "play 2"]);
  assert.equal(store.state.player.track?.id, 2);
});

test("a song that has ended starts again", async () => {
  let played = 0;
  const { context, store } = open({
    play: () => {
      played += 1;
      return Promise.resolve(player());
    },
  });
  store.dispatch({ type: "player/changed", player: player({ playing: false, position_s: 200 }) });
  await toggle(context);
  assert.equal(played, 1, "resume would have thrown");
});

test("with nothing loaded the button does nothing", async () => {
  const { context, store } = open({});
  await toggle(context);
  assert.equal(store.state.toasts.list.length, 0, "and says nothing");
});

test("a machine without sound says so and loses nothing else", async () => {
  const { context, store } = open({
    play: () => Promise.reject(new ApiError("no_sound", "no device")),
    seek: () => Promise.resolve(player({ position_s: 9 })),
  });
  await play(context, { id: 1 });
  assert.match(store.state.toasts.list[0]?.title ?? "", /no sound device/);
  assert.equal(store.state.player.track, null);
  await seek(context, { seconds: 9 });
  assert.equal(store.state.player.position_s, 9);
});
