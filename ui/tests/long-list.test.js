// Long lists: which rows are drawn, which pages are asked for, what letters lead to, where the focus goes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { LongList } from "../elements/long-list.js";
import { pageStep, reveal, span } from "../elements/span.js";
import { aim, NOTHING as UNTYPED, type } from "../elements/typed.js";
import { step } from "../keys.js";
import { add, answer, around, ask, lacking, NOTHING, PAGE, refuse, rowAt, whereIs } from "../state/pages.js";
import { Box, Scroll, stand } from "./boxes.js";

/** @import { Pages } from "../state/pages.js" */

const VIEW = { top: 0, height: 460, row: 46, total: 20_000 };

test("the rows on screen are drawn, and a few around them", () => {
  assert.deepEqual(span(VIEW, 0), { first: 0, last: 9 });
  assert.deepEqual(span({ ...VIEW, top: 23 }, 0), { first: 0, last: 10 }, "half rows are on screen too");
  assert.deepEqual(span({ ...VIEW, top: 4600 }, 8), { first: 92, last: 117 });
  assert.deepEqual(span({ ...VIEW, top: 46 * 19_995 }, 8), { first: 19_987, last: 19_999 }, "up to the end");
});

test("a list that is scrolled past, or has not come yet, draws what is nearest", () => {
  assert.deepEqual(span({ ...VIEW, top: -900 }, 8), { first: 0, last: 0 }, "it begins below what is seen");
  assert.deepEqual(span({ ...VIEW, total: 3, top: 5000 }, 8), { first: 2, last: 2 });
});

test("without rows or room there is nothing to draw", () => {
  for (const view of [
    { ...VIEW, total: 0 },
    { ...VIEW, row: 0 },
    { ...VIEW, row: NaN },
  ]) {
    const { first, last } = span(view);
    assert.ok(last < first);
  }
});

test("every row is drawn somewhere, and never more than a screen and what is kept ready", () => {
  for (let top = 0; top <= 46 * 20_000 - 460; top += 4_321) {
    const { first, last } = span({ ...VIEW, top });
    assert.ok(first * 46 <= top && (last + 1) * 46 >= top + 460, `no gap at ${top}`);
    assert.ok(last - first + 1 <= 27, `${last - first + 1} rows at ${top}`);
  }
});

test("a row is revealed with as little scrolling as possible", () => {
  assert.equal(reveal(5, VIEW), 0, "it is seen already");
  assert.equal(reveal(10, VIEW), 46, "one further");
  assert.equal(reveal(0, { ...VIEW, top: 999 }), 0, "up");
  assert.equal(reveal(19_999, VIEW), 46 * 20_000 - 460);
});

test("a page is what is seen, less one row to hold on to", () => {
  assert.equal(pageStep(VIEW), 9);
  assert.equal(pageStep({ height: 20, row: 46 }), 1, "never none");
});

test("keys lead by a row, a page, or to an end", () => {
  /** @param {string} key @param {number} index */
  const to = (key, index) => step({ key, ctrlKey: false, metaKey: false, altKey: false }, index, 100, 9);
  assert.deepEqual([to("PageDown", 0), to("PageDown", 95), to("PageUp", 5)], [9, 99, 0]);
  assert.deepEqual([to("Home", 50), to("End", 50), to("ArrowDown", 99)], [0, 99, null]);
});

/** @param {string} key @param {object} [more] */
const press = (key, more = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...more,
});

test("letters make a word while they come quickly", () => {
  const n = type(UNTYPED, press("n"), 0);
  const ni = n && type(n, press("i"), 500);
  assert.equal(ni?.letters, "ni");
  assert.equal(ni && type(ni, press(" "), 900)?.letters, "ni ", "a space within a word");
  assert.equal(ni && type(ni, press("d"), 9_000)?.letters, "d", "later another one begins");
  assert.equal(type(UNTYPED, press("é"), 0)?.letters, "é");
});

test("what is no letter, or asks for something else, is not typed", () => {
  for (const key of [
    press(" "),
    press("Enter"),
    press("?"),
    press("s", { ctrlKey: true }),
    press("S", { shiftKey: true }),
  ])
    assert.equal(type(UNTYPED, key, 0), null, key.key);
});

test("one letter again and again goes from row to row, a word to the first that begins with it", () => {
  assert.deepEqual(aim({ letters: "n", at: 0 }, 7), { letters: "n", from: 8 });
  assert.deepEqual(aim({ letters: "nnn", at: 0 }, 7), { letters: "n", from: 8 });
  assert.deepEqual(aim({ letters: "ni", at: 0 }, 7), { letters: "ni", from: 7 });
});

/** @param {number} from @param {number} length */
const rows = (from, length) => Array.from({ length }, (_, n) => from + n);

/** @type {Pages<number>} */
const LIST = answer(ask(NOTHING, 1, true), { ticket: 1, from: 0, total: 20_000, rows: rows(0, PAGE) });

test("rows are found in their pages, and what lacks is asked for in whole ones", () => {
  assert.equal(rowAt(LIST, 7), 7);
  assert.equal(rowAt(LIST, PAGE), null);
  assert.equal(
    whereIs(LIST, (row) => row === 42),
    42,
  );
  assert.equal(
    whereIs(LIST, (row) => row === 4_200),
    null,
  );
  assert.equal(lacking(LIST), null);
  assert.deepEqual(lacking({ ...LIST, first: 90, last: 120 }), { from: PAGE, limit: PAGE });
  assert.deepEqual(around({ first: 90, last: 210 }), { from: 0, limit: 3 * PAGE });
  assert.equal(lacking({ ...LIST, total: 50, first: 0, last: 99 }), null, "past the end there is nothing");
});

test("rows of two answers never meet", () => {
  const newer = answer(ask(LIST, 2, false), { ticket: 2, from: 0, total: 5, rows: rows(100, 5) });
  assert.equal(add(newer, { edition: 1, from: PAGE, rows: rows(0, PAGE) }), newer);
  assert.equal(answer(newer, { ticket: 1, from: 0, total: 9, rows: [] }), newer, "it comes too late");
  assert.equal(refuse(newer, { ticket: 1, error: { code: "internal", message: "" } }), newer, "so does this");
});

test("of a list that is gone through from end to end little is kept, and that near by", () => {
  let list = LIST;
  for (let from = PAGE; from < 20_000; from += PAGE)
    list = add(list, { edition: 1, from, rows: rows(from, PAGE) });
  assert.ok(Object.keys(list.pages).length <= 24);
  assert.equal(rowAt(list, 19_999), 19_999);
  assert.equal(rowAt(list, 0), null);
});

/**
 * A list of numbers, each in a row with one control.
 * @param {number[]} numbers
 */
function listOf(numbers) {
  const page = stand();
  const gone = new AbortController();
  const heard = { rows: Infinity };
  const scroll = new Scroll(460, () => Math.min(numbers.length, heard.rows) * 46);
  const list = new Box();
  list.getBoundingClientRect = () => ({ top: -scroll.scrollTop, height: 0 });
  scroll.append(list);
  const make = () => {
    const row = new Box();
    row.getBoundingClientRect = () => ({ top: 0, height: 46 });
    row.append(new Box());
    return row;
  };
  const long = new LongList(
    /** @type {any} */ ({
      list,
      scroll,
      signal: gone.signal,
      make,
      update: (/** @type {Box} */ row, /** @type {number} */ index) => {
        row.dataset["number"] = String(numbers[index]);
      },
      key: (/** @type {number} */ index) => numbers[index] ?? null,
      find: (/** @type {number} */ number) => {
        const index = numbers.indexOf(number);
        return index < 0 ? null : index;
      },
      look: () => undefined,
      ahead: null,
      fallback: () => new Box(),
    }),
  );
  long.show(numbers.length, true);
  long.enter();
  /** @param {string} key */
  const press = (key) =>
    page.activeElement?.fire("keydown", { key, target: page.activeElement, preventDefault: () => undefined });
  /** @param {number} number */
  const take = (number) => {
    numbers.splice(numbers.indexOf(number), 1);
    long.show(numbers.length, false);
  };
  const focused = () => [page.activeElement?.parent?.dataset["number"], page.activeElement?.tabIndex];
  const frame = () => page.frames.splice(0).forEach((then) => then());
  return { press, take, focused, frame, heard, scroll, end: () => gone.abort() };
}

test("a key that leads further than can be scrolled yet is not lost", () => {
  const { press, focused, frame, heard, scroll, end } = listOf(rows(0, 200));
  heard.rows = 20;
  press("End");
  frame();
  assert.deepEqual(focused(), ["199", 0]);
  heard.rows = 200;
  frame();
  assert.equal(scroll.scrollTop, 200 * 46 - 460);
  assert.deepEqual(focused(), ["199", 0]);
  end();
});

test("the focus goes with its row, and to the one before when the last goes", () => {
  const { press, take, focused, end } = listOf(rows(0, 200));
  press("End");
  assert.deepEqual(focused(), ["199", 0]);
  take(199);
  assert.deepEqual(focused(), ["198", 0], "not to the row that its node shows now");
  take(5);
  assert.deepEqual(focused(), ["198", 0], "a row went above it");
  press("Home");
  take(0);
  assert.deepEqual(focused(), ["1", 0], "the row that took its place");
  end();
});
