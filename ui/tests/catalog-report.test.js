// What the catalogue brought, and what keeps it in order.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError } from "../api.js";
import {
  artworkWords,
  kilobytes,
  limitNote,
  limitsOf,
  limitWords,
  linkWords,
  reportFacts,
  sourceRows,
  stageRows,
  standing,
} from "../elements/tl-catalog-report/words.js";
import { narrowed, restWords } from "../elements/tl-tally/words.js";
import { limitPreviews } from "../journeys/catalog.js";
import { catalogReport, open } from "./fake.js";

test("the report says how the library stands", () => {
  assert.equal(standing(catalogReport()), "1,980 songs are in the library: all that could be had.");
  assert.equal(standing(catalogReport({ pending: 20 })), "1,980 songs are in the library, 20 to come.");
  assert.match(standing(catalogReport({ unfinished: true })), /more to be found/);
  assert.match(standing(catalogReport({ tracks: 0 })), /^Nothing/);
  assert.deepEqual(reportFacts(catalogReport({ gone: 0 })), [
    ["Found in the catalogue", "3,100"],
    ["Wanted of them", "2,000"],
    ["In the library", "1,980"],
    ["Could not be had", "12"],
  ]);
  const own = reportFacts(catalogReport({ own: 1_234 }));
  assert.ok(own.some(([term, value]) => /own files/.test(term) && value === "1,234"));
});

test("where the time went is told with the stage that was the limit", () => {
  /** @type {import("../wire").Stage[]} */
  const stages = [
    { name: "crawl", words: "asking the catalogue", seconds: 30, busiest: false },
    { name: "embed", words: "listening with MusiCNN", seconds: 120, busiest: true },
    { name: "store", words: "writing it down", seconds: 0.2, busiest: false },
  ];
  assert.deepEqual(
    stageRows(stages).map(({ words: what, time, part }) => [what, time, part]),
    [
      ["Asking the catalogue", "0:30", 0.25],
      ["Listening with MusiCNN", "2:00", 1],
      ["Writing it down", "< 0:01", 0.2 / 120],
    ],
  );
  assert.match(limitWords(stages), /^The limit was listening with MusiCNN\./);
  assert.equal(limitWords([]), "");
  assert.ok(
    stageRows([{ name: "store", words: "x", seconds: 0, busiest: false }]).every(({ part }) => part === 0),
    "a build that took no time has no bars",
  );
});

test("what brought the songs is told row by row", () => {
  const chart = { name: "chart", words: "charts", wanted: 1_200, ready: 1_100, failed: 0 };
  assert.deepEqual(sourceRows([chart, { ...chart, failed: 3 }]), [
    { name: "chart", words: "Charts", ready: "1,100", wanted: "1,200", failed: "" },
    { name: "chart", words: "Charts", ready: "1,100", wanted: "1,200", failed: "3" },
  ]);
});

test("limits on previews are what was typed, or none", () => {
  assert.deepEqual(limitsOf("6", ""), { connections: 6, bytes_per_s: null });
  assert.deepEqual(limitsOf("16", "250"), { connections: 16, bytes_per_s: 250_000 });
  for (const [connections, rate] of [
    ["0", ""],
    ["17", ""],
    ["", ""],
    ["2.5", ""],
    ["4", "0"],
    ["4", "-3"],
    ["4", "many"],
  ])
    assert.equal(limitsOf(connections ?? "", rate ?? ""), null, `${connections} and ${rate}`);
  assert.equal(kilobytes({ connections: 4, bytes_per_s: null }), "");
  assert.equal(kilobytes({ connections: 4, bytes_per_s: 250_000 }), "250");
  const note = (/** @type {boolean} */ connections, /** @type {boolean} */ bytes) =>
    limitNote({ connections_named: connections, bytes_named: bytes });
  assert.match(note(false, false), /next build on\.$/);
  assert.match(note(true, false), /One is set by a variable/);
  assert.match(note(true, true), /Both are set by a variable/);
});

test("limits that are refused are told, and how they are is shown again", async () => {
  const { context, store } = open({
    limitPreviews: ({ connections }) =>
      connections === 2
        ? Promise.resolve(catalogReport({ known: 1 }))
        : Promise.reject(new ApiError("no_limit", "1,000 bytes a second are the least")),
    catalogReport: () => Promise.resolve(catalogReport({ known: 9 })),
  });
  const limits = { connections: 2, bytes_per_s: null };
  assert.equal((await limitPreviews(context, limits))?.known, 1);
  assert.equal((await limitPreviews(context, { ...limits, connections: 3 }))?.known, 9);
  assert.equal(store.state.toasts.list.at(-1)?.key, "no_limit");
});

test("upkeep is told in sentences", () => {
  assert.equal(
    artworkWords({ artwork_bytes: 12_400_000, artwork_limit: 50_000_000 }),
    "12 MB of pictures are kept, of 50 MB at most.",
  );
  assert.match(artworkWords({ artwork_bytes: 0, artwork_limit: 50_000_000 }), /when they are looked at/);
  assert.match(linkWords({ gone: 1 }), /^1 link is dead\./);
  assert.match(linkWords({ gone: 0 }), /^Every link/);
});

test("a long list is narrowed by what its names hold, whatever their accents", () => {
  const items = ["Björk", "Nick Drake", "Beyoncé"].map((name) => ({ words: name }));
  /** @type {(text: string) => string[]} */
  const by = (text) => narrowed(items, text).map((item) => item.words);
  assert.deepEqual(by(" bjo"), ["Björk"]);
  assert.deepEqual(by("É"), ["Nick Drake", "Beyoncé"]);
  assert.deepEqual(by("  ").length, 3);
  assert.deepEqual(by("zz"), []);
});

test("of names without end the first are shown, and the others counted", () => {
  assert.equal(restWords(12_345, 100), "And 12,245 more: type to narrow.");
  assert.equal(restWords(100, 100), "");
  assert.equal(restWords(0, 0), "None by that name.");
});
