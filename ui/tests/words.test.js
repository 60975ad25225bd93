// Numbers, errors and announcements as a person would say them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ApiError } from "../api.js";
import { ERRORS, tell } from "../errors.js";
import {
  byline,
  clock,
  counted,
  fileName,
  named,
  pace,
  quoted,
  shortPath,
  similarity,
  spokenTime,
  timeLeft,
} from "../format.js";
import { news } from "../state/news.js";
import { open, row, thread, track } from "./fake.js";

/** The codes that the shell can answer with, as the generated types list them. */
const CODES = errorCodes(readFileSync(new URL("../wire.d.ts", import.meta.url), "utf8"));

/** @param {string} types */
function errorCodes(types) {
  const union = /export type ErrorCode = (.*);/.exec(types)?.[1] ?? "";
  return [...union.matchAll(/"([a-z_]+)"/g)].map((match) => match[1] ?? "");
}

test("every code has a telling, and no other", () => {
  assert.ok(CODES.length > 10, "the codes were found");
  assert.deepEqual(Object.keys(ERRORS).sort(), [...CODES].sort());
});

test("every telling says what happened and what to do", () => {
  for (const code of CODES) {
    const { title, detail } = tell({ code, message: "the shell says more" });
    assert.match(title, /^[A-Z].*[^.]$/, `${code}: the title is a headline`);
    assert.match(detail, /^[A-Z].*\.$/, `${code}: the detail is sentences`);
  }
});

test("an unknown code reads as a mistake of ours, with what the shell said", () => {
  const { severity, detail } = tell({ code: "toString", message: "odd" });
  assert.equal(severity, "error");
  assert.match(detail, /^Odd\. /);
});

test("whatever a command rejects with becomes an ApiError", () => {
  assert.equal(ApiError.from({ code: "no_sound", message: "m" }).code, "no_sound");
  assert.equal(ApiError.from("text").message, "text");
  assert.equal(ApiError.from(null).code, "internal");
  assert.equal(ApiError.from(new TypeError("t")).message, "t");
});

test("clock", () => {
  assert.deepEqual([0, 64.9, 3723, -5, NaN].map(clock), ["0:00", "1:04", "1:02:03", "0:00", "0:00"]);
  assert.equal(spokenTime(64), "1 minute 4 seconds");
  assert.equal(spokenTime(3600), "1 hour");
  assert.equal(spokenTime(0), "0 seconds");
});

test("time left, as roughly as it is known", () => {
  const cases = /** @type {[number | null, string][]} */ ([
    [null, ""],
    [Infinity, ""],
    [3, "a few seconds left"],
    [45, "less than a minute left"],
    [55, "about 1 minute left"],
    [250, "about 4 minutes left"],
    [3590, "about 1 hour left"],
    [9000, "about 3 hours left"],
    [200_000, "about 2 days left"],
  ]);
  for (const [seconds, words] of cases) assert.equal(timeLeft(seconds), words, `${seconds} s`);
});

test("pace", () => {
  assert.deepEqual([null, 0, 0.001, 0.5, 2.54, 31.6].map(pace), [
    "",
    "",
    "1 tracks/min",
    "30 tracks/min",
    "2.5 tracks/s",
    "32 tracks/s",
  ]);
});

test("similarity has two digits, a true minus and no minus nought", () => {
  assert.deepEqual([0.873, 1, -0.2, -0.001].map(similarity), ["0.87", "1.00", "−0.20", "0.00"]);
});

test("names and counts", () => {
  assert.equal(counted(1, "song"), "1 song");
  assert.equal(counted(12_345, "song"), "12,345 songs");
  assert.equal(byline({ artist: null, album: "B" }), "B");
  assert.equal(byline({ artist: "A", album: "B" }), "A · B");
  assert.equal(named({ title: "T", artist: null }), "“T”");
  assert.equal(fileName("/a/b c.ogg"), "b c.ogg");
  assert.equal(fileName("C:\\a\\b.ogg"), "b.ogg");
  assert.equal(fileName("/"), "/");
  assert.equal(quoted("x".repeat(60)).length, 50, "48 letters at most, and the quotes");
  assert.equal(quoted("🎵".repeat(60)).includes("\uFFFD"), false, "letters of two units are not cut in half");
});

test("what changed is announced once, in words", () => {
  const { store } = open({});
  const before = store.state;
  store.dispatch({
    type: "thread/answered",
    ticket: null,
    thread: thread({ seeds: [track(1), track(9)], rows: [row(3)] }),
  });
  const after = store.state;
  assert.equal(news(before, after), "2 seeds, 1 song along the thread.");
  assert.equal(news(after, after), "", "nothing changed");
  store.dispatch({ type: "build/started" });
  assert.equal(news(after, store.state), "Build started.");
});

test("no page sets a style, a script or HTML from a string: the content policy forbids it", () => {
  const html = readFileSync(new URL("../index.html", import.meta.url), "utf8");
  assert.doesNotMatch(html, /\sstyle=|\son[a-z]+=|<style|<script(?![^>]*src=)/);
});

test("a file is told by its name, a song of the catalogue by its title", () => {
  assert.deepEqual(
    ["/music/a/b.ogg", "C:\\Music\\b.ogg", "\\\\nas\\b.ogg", "Back in Black by AC/DC"].map(shortPath),
    ["b.ogg", "b.ogg", "b.ogg", "Back in Black by AC/DC"],
  );
});
