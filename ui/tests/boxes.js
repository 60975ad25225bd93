// A page of boxes: as much of a document as a long list needs, with a focus and a scroll that is clamped.

/** What the listener holds: a control, or nothing; and what waits for the next frame. */
const page = {
  activeElement: /** @type {Box | null} */ (null),
  frames: /** @type {(() => void)[]} */ ([]),
};

export class Box {
  /** @type {Box[]} */
  children = [];
  /** @type {Box | null} */
  parent = null;
  /** @type {Record<string, string>} */
  dataset = {};
  tabIndex = -1;
  clientTop = 0;
  style = { setProperty: () => undefined };
  /** @type {Map<string, ((event: unknown) => void)[]>} */
  #heard = new Map();

  /** @param {string} name @param {(event: any) => void} listener */
  addEventListener(name, listener) {
    this.#heard.set(name, [...(this.#heard.get(name) ?? []), listener]);
  }

  /** @param {string} name @param {object} event */
  fire(name, event) {
    for (const listener of this.#heard.get(name) ?? []) listener(event);
    this.parent?.fire(name, event);
  }

  setAttribute() {}

  get isConnected() {
    return this.parent !== null;
  }

  /** @returns {Box | null} */
  get firstChild() {
    return this.children[0] ?? null;
  }

  /** @returns {Box | null} */
  get nextSibling() {
    const siblings = this.parent?.children ?? [];
    return siblings[siblings.indexOf(this) + 1] ?? null;
  }

  /** @param {Box} child */
  append(child) {
    this.insertBefore(child, null);
  }

  /** @param {Box} child @param {Box | null} before */
  insertBefore(child, before) {
    child.remove();
    this.children.splice(before ? this.children.indexOf(before) : this.children.length, 0, child);
    child.parent = this;
  }

  remove() {
    if (this.parent) this.parent.children = this.parent.children.filter((child) => child !== this);
    this.parent = null;
    if (this.contains(page.activeElement)) page.activeElement = null;
  }

  /** @param {Box | null} other @returns {boolean} */
  contains(other) {
    return other === this || this.children.some((child) => child.contains(other));
  }

  /** @returns {Box[]} the controls, whatever is asked for */
  querySelectorAll() {
    return this.children;
  }

  focus() {
    page.activeElement = this;
    this.fire("focusin", { target: this });
  }

  getBoundingClientRect() {
    return { top: 0, height: 0 };
  }
}

/** What a list is scrolled in: it has an end, of which it may hear late. */
export class Scroll extends Box {
  #top = 0;

  /** @param {number} clientHeight @param {() => number} length of what is scrolled */
  constructor(clientHeight, length) {
    super();
    this.clientHeight = clientHeight;
    this.length = length;
  }

  get scrollTop() {
    return (this.#top = Math.min(this.#top, Math.max(0, this.length() - this.clientHeight)));
  }

  set scrollTop(top) {
    this.#top = Math.max(0, top);
  }
}

/** Takes the place of what a browser gives every page. */
export function stand() {
  Object.assign(globalThis, {
    document: page,
    Node: Box,
    HTMLElement: Box,
    ResizeObserver: class {
      observe() {}
      disconnect() {}
    },
    requestAnimationFrame: (/** @type {() => void} */ then) => page.frames.push(then),
  });
  return page;
}
