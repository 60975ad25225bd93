// The open throughline. Thumbs show at once: what is pending lies over what the shell last confirmed,
// so an act that is refused only has to be dropped, and the list is as it was.

/** @import { Act, Action, ThreadState } from "./types" */
/** @import { Thread, Track } from "../wire" */

/** @type {ThreadState} */
export const initial = { confirmed: null, pending: [], shown: null, listening: 0 };

/**
 * @param {ThreadState} state
 * @param {Action} action
 * @returns {ThreadState}
 */
export function reduce(state, action) {
  switch (action.type) {
    case "app/opened":
      return show({ ...initial, confirmed: action.thread });
    case "thread/acted": {
      const { ticket, act } = action;
      return show({ ...state, pending: [...state.pending, { ticket, act }] });
    }
    case "thread/answered":
      return show({ ...state, confirmed: action.thread, pending: without(state.pending, action.ticket) });
    case "thread/refused":
      return show({ ...state, pending: without(state.pending, action.ticket) });
    case "thread/listening":
      return { ...state, listening: Math.max(0, state.listening + action.files) };
    default:
      return state;
  }
}

/**
 * Whether a later turn of the same knob waits already: then an earlier one need not be made any more.
 * @param {ThreadState} state
 * @param {number} ticket
 */
export function isOvertaken({ pending }, ticket) {
  const turns = pending.filter(({ act }) => act.kind === "turn");
  const mine = turns.find((turn) => turn.ticket === ticket);
  return turns.some((turn) => turn.ticket > ticket && knobOf(turn.act) === knobOf(mine?.act));
}

/** @param {Act} [act] */
const knobOf = (act) => (act?.kind === "turn" ? act.knob : null);

/**
 * @param {ThreadState["pending"]} pending
 * @param {number | null} ticket
 */
const without = (pending, ticket) => pending.filter((waiting) => waiting.ticket !== ticket);

/**
 * @param {ThreadState} state
 * @returns {ThreadState}
 */
function show(state) {
  const { confirmed, pending } = state;
  const shown = confirmed && pending.reduce((thread, { act }) => apply(thread, act), confirmed);
  return { ...state, shown };
}

/**
 * The thread as it will look once `act` is confirmed, as far as that is known here: the order of
 * the rows is the shell's to say.
 * @param {Thread} thread
 * @param {Act} act
 * @returns {Thread}
 */
function apply(thread, act) {
  if (act.kind === "turn") return { ...thread, knobs: { ...thread.knobs, [act.knob]: act.value } };
  const { kind, id } = act;
  if (kind === "weigh") {
    const weights = thread.weights.filter((seed) => seed.id !== id);
    return { ...thread, weights: act.weight === 1 ? weights : [...weights, { id, weight: act.weight }] };
  }
  /** @param {readonly Track[]} tracks */
  const others = (tracks) => tracks.filter((track) => track.id !== id);
  const track = [...thread.rows, ...thread.liked, ...thread.disliked].find((row) => row.id === id);
  const liked = others(thread.liked);
  const disliked = others(thread.disliked);
  const rows = thread.rows.filter((row) => row.id !== id);
  /** @param {"up" | null} thumb */
  const marked = (thumb) => thread.rows.map((row) => (row.id === id ? { ...row, thumb } : row));
  switch (kind) {
    case "up":
      return { ...thread, rows: marked("up"), liked: track ? [...liked, track] : liked, disliked };
    case "clear":
      return { ...thread, rows: marked(null), liked, disliked };
    case "down":
    case "family":
    case "near":
      return { ...thread, rows, liked, disliked: track ? [...disliked, track] : disliked };
    case "banish":
      return { ...thread, rows, liked, disliked };
    case "oppose":
      return { ...thread, rows, opposed: track ? [...others(thread.opposed), track] : thread.opposed };
    case "unseed":
      return { ...thread, seeds: others(thread.seeds), opposed: others(thread.opposed) };
  }
}
