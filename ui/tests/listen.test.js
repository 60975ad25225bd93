// The player's buttons.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../api.js";
import { say, toggleWords } from "../elements/tl-player/words.js";
import { play, seek, toggle } from "../journeys/listen.js";
import { news } from "../state/news.js";
import { later, open, track } from "./fake.js";

/** @import { Player } from "../wire" */

/** @param {Partial<Player>} [more] @returns {Player} */
const player = (more = {}) => ({
  track: track(1),
  playing: true,
  fetching: false,
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

test("a preview on its way is said, and the same button stops it", async () => {
  const song = track(5, { path: "", title: "Pink Moon", artist: "Nick Drake" });
  const coming = player({ track: song, playing: false, fetching: true, position_s: 0, duration_s: 0 });
  const brought = /** @type {ReturnType<typeof later<Player>>} */ (later());
  let stopped = 0;
  const { context, store } = open({
    play: () => {
      store.dispatch({ type: "player/changed", player: coming });
      return brought.promise;
    },
    stop: () => {
      stopped += 1;
      return Promise.resolve(player({ track: null, playing: false }));
    },
  });
  const before = store.state;
  const played = play(context, { id: 5 });
  assert.equal(news(before, store.state), "Getting the preview of “Pink Moon”.");
  assert.equal(say(store.state.player), "The preview is on its way…");
  assert.match(toggleWords(store.state.player), /^Stop/);
  await play(context, { id: 5 });
  assert.equal(stopped, 1, "a second press takes it out");
  brought.resolve(player({ track: null, playing: false }));
  await played;
  assert.equal(store.state.player.track, null);
});

test("a preview that has come is announced, one that has not says why in the player", () => {
  const song = track(5, { path: "", title: "Pink Moon" });
  const { store } = open({});
  const coming = player({ track: song, playing: false, fetching: true });
  store.dispatch({ type: "player/changed", player: coming });
  const waiting = store.state;
  store.dispatch({ type: "player/changed", player: player({ track: song }) });
  assert.equal(news(waiting, store.state), "Playing “Pink Moon”.");
  const error = "the catalogue cannot be reached";
  store.dispatch({ type: "player/changed", player: { ...coming, fetching: false, error } });
  assert.equal(news(waiting, store.state), "", "an alert speaks for itself");
  assert.equal(say(store.state.player), "The catalogue cannot be reached.");
});
