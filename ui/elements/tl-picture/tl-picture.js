// The picture of a song of the catalogue, asked for when it comes into view. It is decoration: what
// it belongs to is named beside it. The mark stands in its place while there is none.

import { el, icon, send } from "../../dom.js";

/** @import { Track } from "../../wire" */

/** @type {IntersectionObserver | null} one for all pictures */
let eye = null;

function watcher() {
  eye ??= new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries)
      if (target instanceof TlPicture) target.seen(isIntersecting);
  });
  return eye;
}

export class TlPicture extends HTMLElement {
  #image = el("img", { alt: "", decoding: "async", draggable: "false" });
  /** @type {number | null} the track whose picture is wanted */
  #id = null;
  #there = false;
  /** @type {string | null} of the picture that is being read */
  #url = null;
  /** @type {AbortController | null} the wish that waits for an answer */
  #wish = null;

  connectedCallback() {
    if (!this.firstChild) this.append(icon("mark"), this.#image);
    this.setAttribute("aria-hidden", "true");
    this.dataset["testid"] = "picture";
    if (this.#id !== null && !this.#there) watcher().observe(this);
  }

  disconnectedCallback() {
    eye?.unobserve(this);
    this.#forget();
  }

  /** @param {Pick<Track, "id" | "artwork"> | null} track */
  show(track) {
    const id = track?.artwork ? track.id : null;
    if (id === this.#id) return;
    this.#id = id;
    this.#there = false;
    this.#forget();
    this.toggleAttribute("data-there", false);
    this.#image.removeAttribute("src");
    this.#release();
    // Watching anew tells at once whether it is in view.
    eye?.unobserve(this);
    if (id !== null && this.isConnected) watcher().observe(this);
  }

  /** @param {boolean} inView */
  seen(inView) {
    if (!inView) this.#forget();
    else if (this.#id !== null && !this.#there && !this.#wish) {
      this.#wish = new AbortController();
      const { signal } = this.#wish;
      send(this, "tl-picture", { id: this.#id, signal, then: (picture) => this.#put(picture, signal) });
    }
  }

  #forget() {
    this.#wish?.abort();
    this.#wish = null;
  }

  /**
   * @param {Blob} picture
   * @param {AbortSignal} signal
   */
  #put(picture, signal) {
    if (signal.aborted) return;
    this.#wish = null;
    this.#there = true;
    eye?.unobserve(this);
    this.#release();
    this.#url = URL.createObjectURL(picture);
    this.#image.onload = () => {
      this.#release();
      this.toggleAttribute("data-there", this.#there);
    };
    // Bytes that are no picture after all leave the mark where it is.
    this.#image.onerror = () => this.#release();
    this.#image.src = this.#url;
  }

  /** The bytes behind a URL are held until it is revoked, also where nothing was read of it. */
  #release() {
    if (this.#url !== null) URL.revokeObjectURL(this.#url);
    this.#url = null;
  }
}

customElements.define("tl-picture", TlPicture);
