// Knobs, turning away, and whole families.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../api.js";
import { caption } from "../elements/tl-knobs/words.js";
import { menuOf, times, weighs } from "../elements/tl-bead/weight.js";
import { reaches } from "../elements/tl-near/words.js";
import { menuOf as rowMenu } from "../elements/tl-row/menu.js";
import { downNear, oppose, rateFamily, turn, unseed, weigh } from "../journeys/rate.js";
import { news } from "../state/news.js";
import { later, open, row, thread, track } from "./fake.js";

/** @import { KnobsView, Thread } from "../wire" */

/** @param {import("../store.js").Store<import("../state/types").State, any>} store */
const rows = (store) => store.state.thread.shown?.rows.map(({ id }) => id);

/** @type {(breadth: number, explore?: number) => KnobsView} */
const knobs = (breadth, explore = 0) => ({ breadth, explore });

test("a knob stands where it was turned to before the shell has ranked", async () => {
  const answer = /** @type {ReturnType<typeof later<Thread>>} */ (later());
  const { context, store } = open({ turnKnob: () => answer.promise });
  const done = turn(context, { knob: "breadth", value: 0.9 });
  assert.deepEqual(store.state.thread.shown?.knobs, knobs(0.9));
  answer.resolve(thread({ knobs: knobs(0.9), rows: [row(4), row(2)] }));
  await done;
  assert.deepEqual(rows(store), [4, 2], "the list is the shell's");
});

test("of turns that wait the last of each knob alone is made", async () => {
  const first = /** @type {ReturnType<typeof later<Thread>>} */ (later());
  /** @type {string[]} */
  const made = [];
  const { context, store } = open({
    turnKnob: (knob, value) => {
      made.push(`${knob} ${value}`);
      return made.length === 1
        ? first.promise
        : Promise.resolve(thread({ knobs: knobs(0.3, knob === "explore" ? 0.5 : 0) }));
    },
  });
  const begun = turn(context, { knob: "breadth", value: 0.1 });
  await Promise.resolve();
  const all = [
    begun,
    turn(context, { knob: "breadth", value: 0.2 }),
    turn(context, { knob: "breadth", value: 0.3 }),
    turn(context, { knob: "explore", value: 0.5 }),
  ];
  first.resolve(thread({ knobs: knobs(0.1) }));
  await Promise.all(all);
  assert.deepEqual(made, ["breadth 0.1", "breadth 0.3", "explore 0.5"]);
  assert.deepEqual(store.state.thread.shown?.knobs, knobs(0.3, 0.5));
  assert.equal(store.state.thread.pending.length, 0, "nothing waits any more");
});

test("a seed weighs what it was given before the shell has ranked, and one is no weight to remember", async () => {
  const answer = /** @type {ReturnType<typeof later<Thread>>} */ (later());
  const { context, store } = open({ weighSeed: () => answer.promise });
  const weights = () => store.state.thread.shown?.weights;
  const first = weigh(context, { id: 1, weight: 2 });
  assert.deepEqual(weights(), [{ id: 1, weight: 2 }]);
  const second = weigh(context, { id: 1, weight: 1 });
  assert.deepEqual(weights(), []);
  answer.resolve(thread());
  await Promise.all([first, second]);
  assert.deepEqual(weights(), []);
});

test("the menu of a seed marks what it counts, and only a wanted one has ways to others", () => {
  const items = menuOf(track(1), true, 0.5);
  const marked = items.filter(({ checked }) => checked);
  assert.deepEqual(
    marked.map(({ label }) => label),
    ["Counts half"],
  );
  assert.ok(items.some(({ testid }) => testid === "chip-path"));
  const opposed = menuOf(track(1), false, 1);
  assert.ok(opposed.every(({ checked }) => checked !== undefined));
  assert.deepEqual([0.5, 2, 1.25].map(times), ["×½", "×2", "×1.25"]);
  assert.deepEqual([0.5, 1.25].map(weighs), ["counts half", "counts 1.25 times"]);
});

test("what is chosen is asked for by the page, since its row may have gone", () => {
  const page = new EventTarget();
  Object.assign(globalThis, { document: page });
  /** @type {string[]} */
  const asked = [];
  for (const name of ["tl-weigh", "tl-banish"]) page.addEventListener(name, () => asked.push(name));
  const items = [...menuOf(track(1), true, 1), ...rowMenu(row(2))];
  for (const wanted of ["weigh-2", "row-banish"]) items.find(({ testid }) => testid === wanted)?.choose();
  assert.deepEqual(asked, ["tl-weigh", "tl-banish"]);
});

test("a refused turn goes back", async () => {
  const { context, store } = open({ turnKnob: () => Promise.reject(new ApiError("disk_full", "")) });
  await turn(context, { knob: "explore", value: 1 });
  assert.deepEqual(store.state.thread.shown?.knobs, knobs(0.5));
  assert.equal(store.state.toasts.list[0]?.severity, "error");
});

test("captions tell every place of a knob, and pockets from one thread", () => {
  const two = { seeds: [track(1), track(2)] };
  const one = thread({ ...two, check: { kind: "thread", pockets: [[1, 2]], sentence: "" } });
  const several = thread({ ...two, check: { kind: "pockets", pockets: [[1], [2]], sentence: "" } });
  const places = [0, 0.25, 0.5, 0.75, 1];
  for (const stands of [one, several]) {
    const said = places.map((value) => caption("breadth", value, stands));
    assert.equal(new Set(said).size, places.length, said.join(" "));
  }
  assert.match(caption("breadth", 0, several), /strongest pocket/);
  assert.doesNotMatch(caption("breadth", 0, one), /pocket/);
  assert.match(caption("breadth", 0, thread()), /second seed/, "one seed has no breadth");
  assert.equal(new Set([0, 0.2, 0.5, 0.8, 1].map((value) => caption("explore", value, one))).size, 5);
});

test("a song turned away from leaves the rows, hangs apart, and can be let go", async () => {
  const { context, store } = open({
    oppose: () => Promise.resolve(thread({ rows: [row(3)], opposed: [track(2)] })),
    unseed: () => new Promise(() => undefined),
  });
  const done = oppose(context, { id: 2, title: "Song 2" });
  assert.deepEqual(rows(store), [3, 4], "at once");
  await done;
  assert.equal(store.state.toasts.list[0]?.action?.intent, "undo");
  void unseed(context, { id: 2 });
  assert.deepEqual(store.state.thread.shown?.opposed, []);
});

test("a family and a neighbourhood go the way of a thumb down", async () => {
  /** @type {unknown[]} */
  const asked = [];
  const { context, store } = open({
    rateFamily: (id) => {
      asked.push(id);
      return Promise.resolve(thread({ rows: [row(3), row(4)] }));
    },
    downNear: (id, radius) => {
      asked.push([id, radius]);
      return Promise.resolve(thread({ rows: [row(4)] }));
    },
  });
  await rateFamily(context, { id: 2, title: "Song 2" });
  await downNear(context, { id: 3, title: "Song 3", radius: 0.3, count: 12 });
  assert.deepEqual(asked, [2, [3, 0.3]]);
  assert.equal(store.state.toasts.list.at(-1)?.title, "12 songs that sound like “Song 3” left this thread");
});

test("how many songs each reach hides is said", () => {
  assert.deepEqual(
    reaches([1, 4, 1200]).map(({ hides }) => hides),
    ["hides 1 song", "hides 4 songs", "hides 1,200 songs"],
  );
});

test("a voice says how much of the list is new, and nothing when nothing is", () => {
  const { store } = open({});
  const before = store.state;
  /** @param {Thread} answer */
  const after = (answer) => {
    store.dispatch({ type: "thread/answered", thread: answer, ticket: null });
    return news(before, store.state);
  };
  assert.equal(after(thread()), "");
  assert.equal(after(thread({ rows: [row(4), row(3), row(2)] })), "The list was ranked again.");
  assert.equal(
    after(thread({ rows: [row(7), row(3), row(8)] })),
    "The list was ranked again: 2 songs are new in it.",
  );
});
