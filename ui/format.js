// Numbers as a person would say them. Pure.

const count = new Intl.NumberFormat("en");

/**
 * 1234 gives "1,234".
 * @param {number} n
 */
export const thousands = (n) => count.format(n);

/**
 * 1234 and "song" give "1,234 songs".
 * @param {number} n
 * @param {string} one
 * @param {string} [many]
 */
export const counted = (n, one, many = `${one}s`) => `${count.format(n)} ${n === 1 ? one : many}`;

/**
 * 64.2 gives "1:04"; an hour and more gives "1:02:03".
 * @param {number} seconds
 */
export function clock(seconds) {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  const s = String(whole % 60).padStart(2, "0");
  const m = Math.floor(whole / 60) % 60;
  const h = Math.floor(whole / 3600);
  return h > 0 ? `${h}:${String(m).padStart(2, "0")}:${s}` : `${m}:${s}`;
}

/**
 * The same for a voice: 64.2 gives "1 minute 4 seconds".
 * @param {number} seconds
 */
export function spokenTime(seconds) {
  const whole = Number.isFinite(seconds) ? Math.max(0, Math.floor(seconds)) : 0;
  const parts = [
    [Math.floor(whole / 3600), "hour"],
    [Math.floor(whole / 60) % 60, "minute"],
    [whole % 60, "second"],
  ].filter(([n]) => n !== 0);
  return parts.length === 0
    ? "0 seconds"
    : parts.map(([n, unit]) => counted(Number(n), String(unit))).join(" ");
}

/**
 * How long something still takes, as roughly as it is known: 250 gives "about 4 minutes left".
 * @param {number | null} seconds null while nobody knows
 */
export function timeLeft(seconds) {
  if (seconds === null || !Number.isFinite(seconds)) return "";
  return seconds < 10 ? "a few seconds left" : `${roughly(seconds)} left`;
}

/**
 * A span of time as roughly as it is known: 250 gives "about 4 minutes".
 * @param {number} seconds
 */
export function roughly(seconds) {
  if (!Number.isFinite(seconds) || seconds < 50) return "less than a minute";
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `about ${counted(Math.max(1, minutes), "minute")}`;
  const hours = Math.round(seconds / 3600);
  if (hours < 36) return `about ${counted(hours, "hour")}`;
  return `about ${counted(Math.round(seconds / 86_400), "day")}`;
}

/**
 * Things in a row, as in "a, b and c".
 * @param {readonly string[]} things
 */
export const listed = (things) =>
  things.length < 2 ? things.join("") : `${things.slice(0, -1).join(", ")} and ${things.at(-1)}`;

/**
 * Tracks per second with as many digits as tell something.
 * @param {number | null} perSecond
 */
export function pace(perSecond) {
  if (perSecond === null || !Number.isFinite(perSecond) || perSecond <= 0) return "";
  return perSecond < 1
    ? `${Math.max(1, Math.round(perSecond * 60))} tracks/min`
    : `${perSecond.toFixed(perSecond < 10 ? 1 : 0)} tracks/s`;
}

/**
 * A size with as many digits as tell something: 1316802088 gives "1.3 GB".
 * @param {number} n
 */
export function bytes(n) {
  const whole = Number.isFinite(n) ? Math.max(0, n) : 0;
  if (whole < 1000) return counted(Math.round(whole), "byte");
  let size = whole;
  let unit = -1;
  // 999.6 kB would read as 1000 kB.
  while (size >= 999.5) {
    size /= 1000;
    unit += 1;
  }
  return `${size.toFixed(size < 9.95 ? 1 : 0)} ${SIZES[unit] ?? "EB"}`;
}

const SIZES = ["kB", "MB", "GB", "TB", "PB"];

/**
 * How fast bytes come in.
 * @param {number | null} perSecond null while nobody knows
 */
export const rate = (perSecond) =>
  perSecond === null || !Number.isFinite(perSecond) || perSecond <= 0 ? "" : `${bytes(perSecond)}/s`;

/**
 * Words with a capital.
 * @param {string} text
 */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/**
 * Words as a sentence: with a capital and an end.
 * @param {string} text
 */
export function sentence(text) {
  const whole = capital(text.trim());
  return whole === "" || /[.!?…]$/.test(whole) ? whole : `${whole}.`;
}

/**
 * The host of an address, for a link's name; the address itself when it has none.
 * @param {string} url
 */
export const host = (url) => /^https?:\/\/(?:www\.)?([^/?#]+)/.exec(url)?.[1] ?? url;

/**
 * A cosine with two digits, and a true minus sign: 0.873 gives "0.87".
 * @param {number} score
 */
export const similarity = (score) => (Math.round(score * 100) / 100 + 0).toFixed(2).replace("-", "−");

/**
 * "Artist · Album", leaving out what is not known.
 * @param {{ artist: string | null, album: string | null }} track
 */
export const byline = ({ artist, album }) => [artist, album].filter(Boolean).join(" · ");

/**
 * "“Title” by Artist", for a voice.
 * @param {{ title: string, artist: string | null }} track
 */
export const named = ({ title, artist }) => (artist ? `“${title}” by ${artist}` : `“${title}”`);

/**
 * Whether a track is a song of the catalogue: it has no file, and is heard from its preview.
 * @param {{ path: string }} track
 */
export const isSong = ({ path }) => path === "";

/** Longer titles are cut in passing messages. */
const BRIEF = 48;

/**
 * A title in quotes, cut when it is long.
 * @param {string} title
 */
export function quoted(title) {
  const letters = [...title];
  return letters.length > BRIEF
    ? `“${letters
        .slice(0, BRIEF - 1)
        .join("")
        .trimEnd()}…”`
    : `“${title}”`;
}

/**
 * The last part of a path of either kind.
 * @param {string} path
 */
export const fileName = (path) => path.split(/[/\\]/).findLast((part) => part !== "") ?? path;

/**
 * The last part of an absolute path; a song of the catalogue, told by its title, as it is.
 * @param {string} place
 */
export const shortPath = (place) => (/^(\/|\\\\|[a-z]:[/\\])/i.test(place) ? fileName(place) : place);
