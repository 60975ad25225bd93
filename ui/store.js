// One place for what the window knows: frozen snapshots, changed by actions alone.

/**
 * Says `change` after every action that changed something.
 * @template S
 * @template {{ type: string }} A
 */
export class Store extends EventTarget {
  #state;
  #reduce;

  /**
   * @param {(state: S, action: A) => S} reduce pure; answers the same object when nothing changed
   * @param {S} initial
   */
  constructor(reduce, initial) {
    super();
    this.#reduce = reduce;
    this.#state = freeze(initial);
  }

  /** The snapshot as of now. */
  get state() {
    return this.#state;
  }

  /** @param {A} action */
  dispatch(action) {
    const next = this.#reduce(this.#state, action);
    if (next === this.#state) return;
    this.#state = freeze(next);
    this.dispatchEvent(new Event("change"));
  }
}

/**
 * Freezes a snapshot to its leaves; parts that were frozen before are not walked again.
 * @template T
 * @param {T} value
 * @returns {T}
 */
function freeze(value) {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}
