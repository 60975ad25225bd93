// A plan and what it is made of, in words. Pure.

import { counted, listed, roughly } from "../../format.js";

/** @import { CatalogSeed, CatalogSong, Plan, PlanRequest } from "../../wire" */

/**
 * Something to grow around, and how it is called here: a song has an artist it is `by`.
 * @typedef {{ key: string, name: string, by: string | null, seed: CatalogSeed }} Choice
 */

/** Genres of the catalogue that plans can be made of: `core::catalog::GENRES`, by name. */
export const GENRES = Object.freeze([
  "Alternative",
  "Blues",
  "Children's",
  "Christian & Gospel",
  "Classical",
  "Country",
  "Dance",
  "Electronic",
  "Hip-Hop/Rap",
  "Jazz",
  "Latin",
  "Metal",
  "New Age",
  "Pop",
  "R&B/Soul",
  "Reggae",
  "Rock",
  "Singer/Songwriter",
  "Soundtrack",
  "World",
]);

/** Stores to choose from, by ISO 3166-1: those whose music differs most from one another. */
export const COUNTRIES = Object.freeze(
  "us ar au at be br ca cl co cz dk eg fi fr de gr hk hu in id ie il it jp ke kr mx nl nz ng no pl pt ro sa sg za es se ch tw th tr ua gb vn".split(
    " ",
  ),
);

/** Sizes to choose from: an afternoon's, a good one, and one that is dense. */
export const SIZES = Object.freeze([500, 2000, 16_000]);

/** More than anybody hears in a lifetime of evenings, and fewer than a plan can hold. */
export const MOST = 1_000_000;

/** @type {Choice} */
export const CHARTS = { key: "charts", name: "The charts", by: null, seed: { kind: "charts" } };

/** @type {Choice} */
export const OWN = { key: "own", name: "Artists of my own files", by: null, seed: { kind: "own" } };

/** @type {(name: string) => Choice} */
export const genrePick = (name) => ({ key: `genre ${name}`, name, by: null, seed: { kind: "genre", name } });

/** @type {(name: string) => Choice} */
export const namePick = (name) => ({
  key: `name ${name.toLowerCase()}`,
  name,
  by: null,
  seed: { kind: "artist_name", name },
});

/** @type {(song: CatalogSong) => Choice} */
export const songPick = ({ song, title, artist }) => ({
  key: `song ${song}`,
  name: title,
  by: artist,
  seed: { kind: "song", id: song },
});

/**
 * The artists of some songs, each once, the most frequent first.
 * @param {readonly CatalogSong[]} songs
 * @returns {Choice[]}
 */
export function artistPicks(songs) {
  /** @type {Map<number, { name: string, times: number }>} */
  const artists = new Map();
  for (const { artist, artist_id: id } of songs) {
    if (artist === null || id === null) continue;
    const { name, times } = artists.get(id) ?? { name: artist, times: 0 };
    artists.set(id, { name, times: times + 1 });
  }
  return [...artists]
    .sort(([, a], [, b]) => b.times - a.times)
    .map(([id, { name }]) => ({ key: `artist ${id}`, name, by: null, seed: { kind: "artist", id } }));
}

/**
 * What is asked for; null while the size is none.
 * @param {readonly Choice[]} picks
 * @param {string} country
 * @param {number} size
 * @returns {PlanRequest | null}
 */
export const requestOf = (picks, country, size) =>
  Number.isInteger(size) && size >= 1 && size <= MOST
    ? { seeds: picks.map(({ seed }) => seed), countries: [country], size }
    : null;

/**
 * A plan, told.
 * @param {Plan} plan
 * @param {number} size songs that were asked for
 * @returns {string[]} sentences
 */
export function planSentences(plan, size) {
  const { seeds, songs, minutes, limit } = plan;
  const around =
    seeds.length === 0
      ? "the charts"
      : listed(seeds.length > 4 ? [...seeds.slice(0, 3), `${seeds.length - 3} more`] : seeds);
  return [
    `${counted(songs, "song")} around ${around}, the nearest first.`,
    songs < size ? "That is what these seeds are good for: add some for more." : "",
    `All of it takes ${roughly(minutes * 60)}. What takes longest is ${LIMITS[limit]}.`,
    "You can search and listen as soon as the first songs are in, pause at any time, and go on later.",
  ].filter(Boolean);
}

const LIMITS = {
  calls: "asking the catalogue, which answers only so many questions a minute",
  stream: "streaming the previews",
  embed: "listening to them on this computer",
};

/**
 * A plan's three stages, as rows of a table.
 * @param {Plan} plan
 * @returns {{ stage: string, amount: string, time: string, limit: boolean }[]}
 */
export function planRows({
  calls,
  songs,
  gigabytes,
  call_minutes,
  stream_minutes,
  embed_minutes,
  limit,
  model,
  clips_per_s,
}) {
  return [
    {
      stage: "Ask the catalogue",
      amount: counted(calls, "call"),
      time: roughly(call_minutes * 60),
      limit: limit === "calls",
    },
    {
      stage: "Stream the previews, keeping none",
      amount: `${digits(gigabytes)} GB`,
      time: roughly(stream_minutes * 60),
      limit: limit === "stream",
    },
    {
      stage: `Listen with ${model}`,
      amount: `${counted(songs, "song")}, ${digits(clips_per_s)} a second`,
      time: roughly(embed_minutes * 60),
      limit: limit === "embed",
    },
  ];
}

/** @param {number} n */
const digits = (n) => (n < 0.1 ? "under 0.1" : n.toFixed(n < 9.95 ? 1 : 0));
