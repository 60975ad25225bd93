// The composition root: the shell, the store and the elements meet here and nowhere else.

import * as api from "./api.js";
import { answer } from "./answers.js";
import { grown } from "./journeys/build.js";
import { createContext } from "./journeys/context.js";
import { dropped, entered, left } from "./journeys/drop.js";
import { open } from "./journeys/open.js";
import { explain } from "./journeys/why.js";
import { initial, reduce } from "./state/root.js";
import { Store } from "./store.js";
import { createView } from "./view.js";

const store = new Store(reduce, initial);
const context = createContext(api, store);
const show = createView(document, store.state);

store.addEventListener("change", () => show(store.state));
store.addEventListener("change", () => explain(context));
show(store.state);
answer(document, context);
await start();

/** Shows the library as it stands; what happens meanwhile is heard already. */
async function start() {
  const root = document.documentElement;
  try {
    await Promise.all([
      api.onPlayer((player) => store.dispatch({ type: "player/changed", player })),
      api.onLibraryChanged((status) => grown(context, status)),
      api.onOpenFiles((paths) => dropped(context, paths)),
      api.onDragEnter((paths) => entered(context, paths)),
      api.onDragDrop((paths) => dropped(context, paths)),
      api.onDragLeave(() => left(context)),
    ]);
    root.dataset["ready"] = (await open(context)) ? "true" : "failed";
  } catch (thrown) {
    const { code, message } = api.ApiError.from(thrown);
    store.dispatch({ type: "app/failed", error: { code, message } });
    root.dataset["ready"] = "failed";
  }
}
