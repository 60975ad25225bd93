// Pictures of songs: a few are asked for at a time, newest wish first, and some are kept for a while.

/** Asked for at once: the shell answers from its cache, or from the network. */
const AT_ONCE = 4;

/** Pictures kept here. A square of 100 pixels takes some 5 to 15 kB, so all of them a few MB. */
const KEPT = 300;

/** A picture that could not be had is asked for again no sooner, in ms. */
const PATIENCE = 60_000;

/** @typedef {{ id: number, signal: AbortSignal, then: (picture: Blob) => void }} Wish */

export class Pictures {
  #load;
  #now;
  #later;
  /** @type {Map<number, Blob>} the one used longest ago comes first */
  #kept = new Map();
  /** @type {Map<number, number>} when each was asked for in vain */
  #missed = new Map();
  /** @type {Wish[]} */
  #wishes = [];
  /** @type {Set<number>} */
  #asked = new Set();

  /**
   * @param {(id: number) => Promise<ArrayBuffer>} load empty when there is no picture
   * @param {() => number} now in ms
   * @param {(then: () => void, ms: number) => void} later calls back after that time
   */
  constructor(load, now = () => performance.now(), later = (then, ms) => void setTimeout(then, ms)) {
    this.#load = load;
    this.#now = now;
    this.#later = later;
  }

  /**
   * Calls `then` when the picture of a track is there. One that could not be had is asked for again
   * after a minute; a wish whose signal is aborted is forgotten.
   * @param {Wish} wish
   */
  ask(wish) {
    const kept = this.#kept.get(wish.id);
    if (kept) {
      this.#keep(wish.id, kept);
      wish.then(kept);
      return;
    }
    this.#wishes.push(wish);
    this.#next();
  }

  #next() {
    this.#wishes = this.#wishes.filter(({ signal }) => !signal.aborted);
    while (this.#asked.size < AT_ONCE) {
      const wish = this.#wishes.findLast(({ id }) => !this.#asked.has(id) && !this.#rests(id));
      if (!wish) return;
      this.#asked.add(wish.id);
      void this.#bring(wish.id);
    }
  }

  /**
   * Whether it could not be had a short while ago.
   * @param {number} id
   */
  #rests(id) {
    const missed = this.#missed.get(id);
    return missed !== undefined && this.#now() - missed < PATIENCE;
  }

  /** @param {number} id */
  async #bring(id) {
    /** @type {Blob | null} */
    let picture = null;
    try {
      picture = pictureOf(await this.#load(id));
    } catch {
      // Whatever went wrong, the song is shown without for now.
    }
    this.#asked.delete(id);
    if (picture) this.#show(id, picture);
    else {
      this.#missed.set(id, this.#now());
      this.#later(() => this.#next(), PATIENCE);
    }
    this.#next();
  }

  /**
   * @param {number} id
   * @param {Blob} picture
   */
  #show(id, picture) {
    const wishes = this.#wishes.filter((wish) => wish.id === id && !wish.signal.aborted);
    this.#wishes = this.#wishes.filter((wish) => wish.id !== id);
    this.#missed.delete(id);
    this.#keep(id, picture);
    wishes.forEach(({ then }) => then(picture));
  }

  /**
   * @param {number} id
   * @param {Blob} picture
   */
  #keep(id, picture) {
    this.#kept.delete(id);
    this.#kept.set(id, picture);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }
}

/**
 * Bytes as a picture, if they begin as a JPEG or a PNG does; nothing else is shown.
 * @param {ArrayBuffer} buffer
 * @returns {Blob | null}
 */
export function pictureOf(buffer) {
  const head = new Uint8Array(buffer, 0, Math.min(4, buffer.byteLength));
  const begins = (/** @type {number[]} */ ...bytes) => bytes.every((byte, index) => head[index] === byte);
  if (begins(0xff, 0xd8, 0xff)) return new Blob([buffer], { type: "image/jpeg" });
  if (begins(0x89, 0x50, 0x4e, 0x47)) return new Blob([buffer], { type: "image/png" });
  return null;
}
