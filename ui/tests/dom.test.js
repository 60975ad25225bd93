// The keyed patch on a document of a dozen lines; keys; the path of the thread.

import assert from "node:assert/strict";
import { test } from "node:test";
import { patch } from "../dom.js";
import { threadPath } from "../elements/tl-thread/path.js";
import { HELP, shortcut, songKey, step } from "../keys.js";
import { Store } from "../store.js";

/** A list of nodes that counts how often one was put in. */
class List {
  /** @type {Item[]} */
  items = [];
  moves = 0;
  get firstChild() {
    return this.items[0] ?? null;
  }
  /** @param {Item} node @param {Item | null} before */
  insertBefore(node, before) {
    this.moves += 1;
    this.items = this.items.filter((item) => item !== node);
    this.items.splice(before ? this.items.indexOf(before) : this.items.length, 0, node);
    node.list = this;
  }
}

class Item {
  /** @type {List | null} */
  list = null;
  text = "";
  /** @returns {Item | null} */
  get nextSibling() {
    return this.list?.items[this.list.items.indexOf(this) + 1] ?? null;
  }
  remove() {
    if (this.list) this.list.items = this.list.items.filter((item) => item !== this);
    this.list = null;
  }
}

function listOf() {
  const list = new List();
  const nodes = new Map();
  /** @param {string} keys */
  const show = (keys) => {
    list.moves = 0;
    patch(/** @type {any} */ (list), [...keys], {
      nodes,
      key: (key) => key,
      make: () => /** @type {any} */ (new Item()),
      update: (node, key, index) => {
        node.text = `${key}${index}`;
      },
    });
    return list.items.map(({ text }) => text).join(" ");
  };
  return { list, nodes, show };
}

test("patch makes the children those of the items, in order", () => {
  const { show } = listOf();
  for (const keys of ["abc", "", "cab", "xcy", "abcdefg", "gfedcba", "a"]) {
    assert.equal(show(keys), [...keys].map((key, index) => `${key}${index}`).join(" "), keys || "none");
  }
});

test("a node lives as long as its key is there", () => {
  const { nodes, show } = listOf();
  show("abc");
  const b = nodes.get("b");
  show("cb");
  assert.equal(nodes.get("b"), b, "the same node, moved");
  show("c");
  show("cb");
  assert.notEqual(nodes.get("b"), b, "a new node after it had gone");
});

test("nodes that stand in order are not touched", () => {
  const { list, show } = listOf();
  show("abcdef");
  assert.equal(show("abcdef") && list.moves, 0, "nothing changed");
  assert.equal(show("abdef") && list.moves, 0, "one went");
  assert.equal(show("eabdf") && list.moves, 1, "one moved up");
});

test("any order follows any other", () => {
  let seed = 7;
  const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
  const { list, show } = listOf();
  for (let round = 0; round < 200; round += 1) {
    const keys = [..."abcdefghij"]
      .filter(() => random() < 0.6)
      .sort(() => random() - 0.5)
      .join("");
    show(keys);
    assert.equal(list.items.map(({ text }) => text[0]).join(""), keys);
  }
});

test("snapshots cannot be changed, and actions that change nothing are not announced", () => {
  const store = new Store(
    (
      /** @type {{ n: number, deep: { list: number[] } }} */ state,
      /** @type {{ type: string }} */ { type },
    ) => (type === "more" ? { ...state, n: state.n + 1 } : state),
    { n: 0, deep: { list: [1] } },
  );
  let changes = 0;
  store.addEventListener("change", () => {
    changes += 1;
  });
  store.dispatch({ type: "nothing" });
  store.dispatch({ type: "more" });
  assert.equal(changes, 1);
  assert.throws(() => store.state.deep.list.push(2), TypeError);
});

/** @param {string} name @param {Partial<import("../keys.js").Key>} [more] */
const key = (name, more = {}) => ({ key: name, ctrlKey: false, metaKey: false, altKey: false, ...more });

test("shortcuts leave text fields alone, except to reach the search", () => {
  assert.equal(shortcut(key("/"), false), "search");
  assert.equal(shortcut(key("/"), true), null);
  assert.equal(shortcut(key("f", { ctrlKey: true }), true), "search");
  assert.equal(shortcut(key("z", { ctrlKey: true }), false), "undo");
  assert.equal(shortcut(key("z", { ctrlKey: true }), true), null, "a text field has its own undo");
  assert.equal(shortcut(key("?"), false), "help");
  assert.equal(shortcut(key("/", { altKey: true }), false), null);
});

test("song keys are those that the help lists", () => {
  assert.deepEqual(
    ["u", "U", "+", "d", "-", "s", "p", "x", "toString"].map((name) => songKey(key(name))),
    ["up", "up", "up", "down", "down", "seed", "play", null, null],
  );
  assert.equal(songKey(key("d", { ctrlKey: true })), null);
  assert.ok(HELP.every(({ keys }) => keys.every(({ does }) => does !== "")));
});

test("arrow keys stay in the list", () => {
  assert.equal(step(key("ArrowDown"), 0, 3), 1);
  assert.equal(step(key("ArrowDown"), 2, 3), null);
  assert.equal(step(key("ArrowUp"), 0, 3), null);
  assert.equal(step(key("End"), 0, 3), 2);
  assert.equal(step(key("Home"), 0, 0), null);
});

test("the thread goes through every bead and turns at the end of a line", () => {
  assert.equal(threadPath([], 500), "");
  const [first, second, third] = [
    { left: 40, right: 140, middle: 20 },
    { left: 170, right: 270, middle: 20 },
    { left: 40, right: 140, middle: 70 },
  ];
  const path = threadPath([first, second, third], 500);
  assert.match(path, /^M0 20H40H140C/, "from the edge through the first bead");
  for (const { right } of [first, second, third])
    assert.ok(path.includes(`H${right}`), `through the bead that ends at ${right}`);
  assert.doesNotMatch(path, /NaN|undefined/);
  const numbers = [...path.matchAll(/-?\d+(\.\d+)?/g)].map(([n]) => Number(n));
  assert.ok(
    numbers.every((n) => n <= 500),
    "it stays in the window",
  );
});
