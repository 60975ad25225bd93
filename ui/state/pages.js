// A long list of which only what is looked at is fetched, page by page. Pure.

/**
 * @template T
 * @typedef {object} Pages
 * @property {number | null} total rows of the whole list; null until that is known
 * @property {Readonly<Record<number, readonly T[]>>} pages what is known, by number of the page
 * @property {number} first first row on screen
 * @property {number} last last row on screen
 * @property {number} asked the newest question; an answer to an older one is not shown over it
 * @property {number} edition the question that the rows answer; rows of two answers never meet
 * @property {boolean} searching an answer is under way
 * @property {Problem | null} trouble why the newest question was not answered
 */

/** @import { Problem } from "./types" */

/** Rows of a page: more than a screen has, so that a step of the wheel seldom asks. */
export const PAGE = 100;

/** Pages that are kept: what was looked at last is likely to be looked at again. */
const KEPT = 24;

/** @type {Pages<never>} */
export const NOTHING = {
  total: null,
  pages: {},
  first: 0,
  last: PAGE - 1,
  asked: 0,
  edition: 0,
  searching: false,
  trouble: null,
};

/**
 * A question is on its way.
 * @template {Pages<any>} P
 * @param {P} list
 * @param {number} ticket
 * @param {boolean} anew the question is another one: its answer is looked at from the top
 * @returns {P}
 */
export const ask = (list, ticket, anew) => ({
  ...list,
  ...(anew ? { first: 0, last: PAGE - 1 } : {}),
  asked: ticket,
  searching: true,
  trouble: null,
});

/**
 * The newest question is answered: what was known before is not of this answer.
 * @template {Pages<any>} P
 * @param {P} list
 * @param {{ ticket: number, from: number, total: number, rows: readonly any[] }} answer `from` is a whole page's first row
 * @returns {P}
 */
export const answer = (list, { ticket, from, total, rows }) =>
  ticket === list.asked
    ? { ...list, total, pages: cut(from, rows), edition: ticket, searching: false, trouble: null }
    : list;

/**
 * More rows of the same answer have come.
 * @template {Pages<any>} P
 * @param {P} list
 * @param {{ edition: number, from: number, rows: readonly any[] }} answer
 * @returns {P}
 */
export function add(list, { edition, from, rows }) {
  if (edition !== list.edition) return list;
  const middle = from / PAGE;
  const pages = { ...list.pages, ...cut(from, rows) };
  const kept = Object.entries(pages)
    .sort(([a], [b]) => Math.abs(Number(a) - middle) - Math.abs(Number(b) - middle))
    .slice(0, KEPT);
  return { ...list, pages: Object.fromEntries(kept) };
}

/**
 * @template {Pages<any>} P
 * @param {P} list
 * @param {{ ticket: number, error: Problem }} answer
 * @returns {P}
 */
export const refuse = (list, { ticket, error }) =>
  ticket === list.asked ? { ...list, searching: false, trouble: error } : list;

/**
 * Row number `index`, if it is known.
 * @template T
 * @param {Pick<Pages<T>, "pages">} list
 * @param {number} index
 * @returns {T | null}
 */
export const rowAt = ({ pages }, index) => pages[Math.floor(index / PAGE)]?.[index % PAGE] ?? null;

/**
 * Where the row is that `is` says, among those that are known; null when it is not among them.
 * @template T
 * @param {Pick<Pages<T>, "pages">} list
 * @param {(row: T) => boolean} is
 */
export function whereIs({ pages }, is) {
  for (const [page, rows] of Object.entries(pages)) {
    const index = rows.findIndex(is);
    if (index >= 0) return Number(page) * PAGE + index;
  }
  return null;
}

/**
 * The whole pages in which rows `first` to `last` lie.
 * @param {{ first: number, last: number }} rows
 */
export function around({ first, last }) {
  const from = Math.floor(Math.max(0, first) / PAGE) * PAGE;
  return { from, limit: Math.floor(Math.max(first, last) / PAGE) * PAGE + PAGE - from };
}

/**
 * The pages to ask for, so that every row on screen is known; null when they all are.
 * @param {Pages<any>} list
 */
export function lacking(list) {
  const last = Math.min(list.last, (list.total ?? 0) - 1);
  const rows = [];
  for (let index = list.first; index <= last; index += 1) if (rowAt(list, index) === null) rows.push(index);
  const [first, end] = [rows[0], rows.at(-1)];
  return first === undefined || end === undefined ? null : around({ first, last: end });
}

/**
 * @template T
 * @param {number} from
 * @param {readonly T[]} rows
 * @returns {Record<number, readonly T[]>}
 */
function cut(from, rows) {
  /** @type {Record<number, readonly T[]>} */
  const pages = {};
  for (let index = 0; index < rows.length; index += PAGE)
    pages[(from + index) / PAGE] = rows.slice(index, index + PAGE);
  return pages;
}
