// What is asked before something that matters is done. Pure.

import { bytes, counted } from "./format.js";

/** @import { Question } from "./intents" */
/** @import { Model, Status } from "./wire" */

/**
 * @param {{ path: string }} source
 * @returns {Question}
 */
export const removeSource = ({ path }) => ({
  title: "Remove this folder from the library?",
  detail: `${path} stays on the disk as it is; its songs leave the library.`,
  yes: "Remove it",
  no: "Keep it",
});

/** @type {Question} */
export const newThread = Object.freeze({
  title: "Start a new thread?",
  detail: "This one is set aside, with its seeds and thumbs.",
  yes: "Start a new one",
  no: "Keep this one",
});

/**
 * @param {string} what a genre or an artist
 * @param {number} count songs that go with it
 * @returns {Question}
 */
export const removeSongs = (what, count) => ({
  title: `Remove ${what} from the library?`,
  detail: `${counted(count, "song")} of the catalogue ${count === 1 ? "leaves" : "leave"} the library, and no build brings ${count === 1 ? "it" : "them"} back. Songs of theirs that are met later can still come in. Your own files stay.`,
  yes: `Remove ${counted(count, "song")}`,
  no: "Keep them",
});

/**
 * What it means to let a library use another model.
 * @param {Model} model
 * @param {Status} status
 * @returns {Question}
 */
export function useModel({ id, name }, { model, model_name: serving, next_model: next, tracks }) {
  if (id === model && next) {
    return {
      title: `Stay with ${serving}?`,
      detail: `The switch to ${next.name} is called off. What it has heard so far is kept, for when you want to go on.`,
      yes: `Stay with ${serving}`,
      no: "Leave it as it is",
    };
  }
  return {
    title: `Use ${name} in this library?`,
    detail:
      tracks === 0
        ? `${name} will listen to what you add. You can change this at any time.`
        : `${tracks === 1 ? "Your song is" : `All ${counted(tracks, "song")} are`} listened to again, except what ${name} has heard before. ` +
          `Until it is done ${serving} serves as it does now, and you can stop and go on as you like. ` +
          `You can go back at any time: what ${serving} heard is kept.`,
    yes: `Use ${name}`,
    no: "Not now",
  };
}

/**
 * @param {Model} model
 * @param {Status | null} status
 * @returns {Question}
 */
export function removeModel({ id, name, bytes: size, state, got_bytes: got }, status) {
  if (state === "partial") {
    return {
      title: `Discard what is here of ${name}?`,
      detail: `${bytes(got)} are freed. Getting it later starts from the beginning.`,
      yes: "Discard it",
      no: "Keep it",
    };
  }
  const used = status?.model === id || status?.next_model?.id === id;
  return {
    title: `Remove ${name} from this computer?`,
    detail: used
      ? `This library uses it: its songs can still be found, but nothing new can be heard until the model is back. ${bytes(size)} are freed.`
      : `${bytes(size)} are freed. What it has heard stays in your libraries; to hear more with it, get it again.`,
    yes: "Remove it",
    no: "Keep it",
  };
}
