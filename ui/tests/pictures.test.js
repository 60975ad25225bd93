// Pictures of songs: asked for a few at a time, kept for a while, never shown if they are none.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Pictures, pictureOf } from "../pictures.js";
import { later } from "./fake.js";

/** The beginning of a JPEG. */
const JPEG = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0).buffer;

const NOTHING = new ArrayBuffer(0);

/** A shell whose answers the test gives, and a clock that it turns. */
function desk() {
  /** @type {Map<number, ReturnType<typeof later<ArrayBuffer>>>} */
  const open = new Map();
  /** @type {number[]} */
  const asked = [];
  const clock = { now: 0 };
  /** @type {(() => void)[]} */
  const timers = [];
  const pictures = new Pictures(
    (id) => {
      const answer = /** @type {ReturnType<typeof later<ArrayBuffer>>} */ (later());
      asked.push(id);
      open.set(id, answer);
      return answer.promise;
    },
    () => clock.now,
    (then) => timers.push(then),
  );
  /** @type {number[]} */
  const shown = [];
  /** @param {number} id */
  const wish = (id) => {
    const wanted = new AbortController();
    pictures.ask({ id, signal: wanted.signal, then: () => shown.push(id) });
    return wanted;
  };
  /** @param {number} id @param {ArrayBuffer} bytes */
  const answer = async (id, bytes) => {
    open.get(id)?.resolve(bytes);
    await new Promise(setImmediate);
  };
  /** A minute later. */
  const ring = () => timers.splice(0).forEach((then) => then());
  return { asked, shown, clock, wish, answer, open, ring };
}

test("four are asked for at once, then those that are wished for last", async () => {
  const { asked, wish, answer } = desk();
  for (let id = 1; id <= 8; id += 1) wish(id);
  assert.deepEqual(asked, [1, 2, 3, 4]);
  await answer(1, JPEG);
  assert.deepEqual(asked, [1, 2, 3, 4, 8], "what came into view last is in view");
});

test("a row that has left is not asked for, and what comes for it is not shown", async () => {
  const { asked, shown, wish, answer } = desk();
  const wishes = [1, 2, 3, 4, 5].map(wish);
  wishes[4]?.abort();
  wishes[0]?.abort();
  await answer(1, JPEG);
  await answer(2, JPEG);
  assert.deepEqual([asked, shown], [[1, 2, 3, 4], [2]]);
});

test("two places that show one song ask once, and a picture that is here is not asked for again", async () => {
  const { asked, shown, wish, answer } = desk();
  wish(1);
  wish(1);
  await answer(1, JPEG);
  wish(1);
  assert.deepEqual([asked, shown], [[1], [1, 1, 1]]);
});

test("a picture that could not be had is asked for again after a minute, and no sooner", async () => {
  const { asked, shown, clock, wish, answer, open } = desk();
  wish(1);
  await answer(1, NOTHING);
  wish(2);
  open.get(2)?.reject(new Error("offline"));
  await new Promise(setImmediate);
  clock.now = 59_000;
  wish(1);
  wish(2);
  assert.deepEqual(asked, [1, 2]);
  clock.now = 61_000;
  wish(1);
  await answer(1, JPEG);
  assert.deepEqual(asked, [1, 2, 1, 2]);
  assert.deepEqual(shown, [1, 1, 1], "whoever asked for it meanwhile has it");
});

test("a picture that was missed comes back in place, and what is no answer takes up no slot", async () => {
  const { asked, shown, clock, wish, answer, ring } = desk();
  wish(1);
  await answer(1, NOTHING);
  for (let id = 2; id <= 5; id += 1) {
    wish(id);
    await answer(id, /** @type {ArrayBuffer} */ (/** @type {unknown} */ (null)));
  }
  clock.now = 60_001;
  ring();
  assert.deepEqual(asked, [1, 2, 3, 4, 5, 5, 4, 3, 2]);
  await answer(5, JPEG);
  assert.deepEqual(asked.at(-1), 1);
  await answer(1, JPEG);
  assert.deepEqual(shown, [5, 1]);
});

test("only a few hundred are kept", async () => {
  const { asked, wish, answer } = desk();
  for (let id = 0; id < 301; id += 1) {
    wish(id);
    await answer(id, JPEG);
  }
  wish(300);
  wish(0);
  assert.deepEqual(asked.slice(300), [300, 0], "the oldest was let go, the newest was not");
});

test("bytes are a picture if they begin as one", () => {
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d).buffer;
  const svg = new TextEncoder().encode("<svg xmlns=").buffer;
  assert.equal(pictureOf(JPEG)?.type, "image/jpeg");
  assert.equal(pictureOf(png)?.type, "image/png");
  for (const other of [svg, NOTHING, Uint8Array.of(0xff, 0xd8).buffer]) assert.equal(pictureOf(other), null);
});
