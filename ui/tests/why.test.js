// Why a row is in the list.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../api.js";
import { brief, carriers, moment, reasons } from "../elements/tl-row/words.js";
import { playFrom } from "../journeys/listen.js";
import { explain, open as openRow, toggle } from "../journeys/why.js";
import { news } from "../state/news.js";
import { later, open, row, thread, track, why } from "./fake.js";

/** @import { Player, Why } from "../wire" */

test("a row is opened, told, and closed; one at a time", async () => {
  const { context, store } = open({ why: (id) => Promise.resolve(why({ rank: id })) });
  toggle(context, { id: 2 });
  assert.equal(store.state.why.phase, "wanted");
  const before = store.state;
  await explain(context);
  assert.equal(store.state.why.why?.rank, 2);
  assert.equal(news(before, store.state), "Carried by “Song 1”, 100 percent.");
  toggle(context, { id: 3 });
  assert.deepEqual([store.state.why.id, store.state.why.why], [3, null], "the one before is closed");
  openRow(context, { id: 3 });
  assert.equal(store.state.why.id, 3, "it stays open when it is asked for again");
  toggle(context, { id: 3 });
  assert.equal(store.state.why.id, null);
});

test("a reason that comes too late is not told of another row", async () => {
  const slow = /** @type {ReturnType<typeof later<Why>>} */ (later());
  const { context, store } = open({ why: (id) => (id === 2 ? slow.promise : Promise.resolve(why())) });
  toggle(context, { id: 2 });
  const first = explain(context);
  toggle(context, { id: 3 });
  slow.resolve(why({ rank: 99 }));
  await first;
  assert.equal(store.state.why.why, null);
});

test("a reason of the list before is not told of the one that came after", async () => {
  const slow = /** @type {ReturnType<typeof later<Why>>} */ (later());
  let asked = 0;
  const { context, store } = open({
    why: () => (++asked === 1 ? slow.promise : Promise.resolve(why({ rank: 2 }))),
  });
  toggle(context, { id: 2 });
  const first = explain(context);
  store.dispatch({ type: "thread/answered", thread: thread(), ticket: null });
  const second = explain(context);
  slow.resolve(why({ rank: 1 }));
  await first;
  const rank = () => store.state.why.why?.rank;
  assert.equal(rank(), undefined, "it is of the past");
  await second;
  assert.equal(rank(), 2);
});

test("a list that changes is explained anew, and a row that left it is closed", async () => {
  const { context, store } = open({ why: () => Promise.resolve(why()) });
  toggle(context, { id: 2 });
  await explain(context);
  store.dispatch({ type: "thread/answered", thread: thread(), ticket: null });
  assert.deepEqual(
    [store.state.why.phase, store.state.why.why !== null],
    ["wanted", true],
    "what was told stays",
  );
  store.dispatch({ type: "thread/answered", thread: thread({ rows: [row(3)] }), ticket: null });
  assert.equal(store.state.why.id, null);
});

test("a reason that cannot be had is said in the row and nowhere else", async () => {
  const { context, store } = open({ why: () => Promise.reject(new ApiError("unknown_track", "")) });
  toggle(context, { id: 2 });
  await explain(context);
  assert.equal(store.state.why.trouble?.code, "unknown_track");
  assert.equal(store.state.toasts.list.length, 0);
});

test("versions are asked for where there are some, and the row itself is none of them", async () => {
  let asked = 0;
  const { context, store } = open({
    why: () => Promise.resolve(why()),
    versions: () => {
      asked += 1;
      return Promise.resolve([track(2), track(9)]);
    },
  });
  store.dispatch({
    type: "thread/answered",
    thread: thread({ rows: [row(2, { versions: 1 }), row(3)] }),
    ticket: null,
  });
  toggle(context, { id: 2 });
  await explain(context);
  assert.deepEqual(
    store.state.why.versions.map(({ id }) => id),
    [9],
  );
  toggle(context, { id: 3 });
  await explain(context);
  assert.equal(asked, 1);
});

test("reasons are said as a person would", () => {
  const seeds = [track(1, { title: "A" }), track(5, { title: "B" }), track(6, { title: "C" })];
  const told = why({
    percentile: 99.99,
    agreement: 2,
    without_seed: [
      { id: 1, rank: 61 },
      { id: 5, rank: 3 },
      { id: 6, rank: 4 },
    ],
    rank: 4,
    novelty: 0.9,
    in_charge: "head",
  });
  assert.deepEqual(reasons(told, { shared_tags: ["piano", "calm"] }, seeds), [
    "Closer than 99.9 % of your library.",
    "2 of 3 seeds lead here.",
    "Without “A” it would fall 57 places.",
    "Without “B” it would rise 1 place.",
    "Shares piano and calm.",
    "It sounds new to you.",
    "Learnt from your thumbs.",
  ]);
  const alone = reasons(why(), { shared_tags: [] }, [track(1)]);
  assert.deepEqual(alone, ["Closer than 99.2 % of your library.", "It sounds like what you know."]);
  const far = reasons(why({ without_seed: [{ id: 1, rank: 900 }] }), { shared_tags: [] }, seeds);
  assert.ok(far.includes("Without “A” it would not be in the list."), far.join(" "));
});

test("what carries a row is told with shares that add up", () => {
  const shares = [0.5, 0.2, 0.1, 0.1, 0.1];
  const anchors = shares.map((share, id) => ({ id, title: `S${id}`, share }));
  assert.deepEqual(
    carriers(why({ anchors })).map(({ title, percent }) => `${title} ${percent}`),
    ["“S0” 50 %", "“S1” 20 %", "“S2” 10 %", "2 more 20 %"],
  );
  assert.equal(brief(row(2, { shared_tags: ["piano"] })), "piano");
  assert.equal(brief(row(2)), "like “Song 1”", "without words in common there is still a reason");
});

test("the moments most alike can be heard", async () => {
  const found = why({ moment: { seed_id: 1, seed_s: 42, row_s: 70.4 } });
  assert.deepEqual(moment(found, [track(1)]), { theirs: "0:42 of “Song 1”", its: "1:10 here" });
  assert.equal(moment(found, [track(5)]), null, "not of a seed that has gone since");
  /** @type {string[]} */
  const calls = [];
  /** @type {(position: number) => Player} */
  const playing = (position) => ({
    track: track(2),
    playing: true,
    fetching: false,
    position_s: position,
    duration_s: 200,
    error: null,
  });
  const { context, store } = open({
    play: (id) => {
      calls.push(`play ${id}`);
      return Promise.resolve(playing(0));
    },
    seek: (seconds) => {
      calls.push(`seek ${seconds}`);
      return Promise.resolve(playing(seconds));
    },
  });
  await playFrom(context, { id: 2, seconds: 70.4 });
  await playFrom(context, { id: 2, seconds: 10 });
  assert.deepEqual(calls, ["play 2", "seek 70.4", "seek 10"]);
  assert.equal(store.state.player.position_s, 10);
});
