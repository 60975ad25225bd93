// The elements by their tags, so that find(document, "tl-row") is known to be a TlRow.

import type { TlBrowser } from "./elements/tl-browser/tl-browser.js";
import type { TlBuild } from "./elements/tl-build/tl-build.js";
import type { TlCatalog } from "./elements/tl-catalog/tl-catalog.js";
import type { TlCatalogReport } from "./elements/tl-catalog-report/tl-catalog-report.js";
import type { TlCompare } from "./elements/tl-compare/tl-compare.js";
import type { TlConfirm } from "./elements/tl-confirm/tl-confirm.js";
import type { TlDrop } from "./elements/tl-drop/tl-drop.js";
import type { TlFailures } from "./elements/tl-failures/tl-failures.js";
import type { TlFetch } from "./elements/tl-fetch/tl-fetch.js";
import type { TlImport } from "./elements/tl-import/tl-import.js";
import type { TlKeys } from "./elements/tl-keys/tl-keys.js";
import type { TlKnobs } from "./elements/tl-knobs/tl-knobs.js";
import type { TlLibrary } from "./elements/tl-library/tl-library.js";
import type { TlLicence } from "./elements/tl-licence/tl-licence.js";
import type { TlMenu } from "./elements/tl-menu/tl-menu.js";
import type { TlModels } from "./elements/tl-models/tl-models.js";
import type { TlNear } from "./elements/tl-near/tl-near.js";
import type { TlNotices } from "./elements/tl-notices/tl-notices.js";
import type { TlPath } from "./elements/tl-path/tl-path.js";
import type { TlPlayer } from "./elements/tl-player/tl-player.js";
import type { TlResults } from "./elements/tl-results/tl-results.js";
import type { TlShelf } from "./elements/tl-shelf/tl-shelf.js";
import type { TlThread } from "./elements/tl-thread/tl-thread.js";
import type { TlThreads } from "./elements/tl-threads/tl-threads.js";
import type { TlToasts } from "./elements/tl-toasts/tl-toasts.js";
import type { TlTrouble } from "./elements/tl-trouble/tl-trouble.js";
import type { TlWelcome } from "./elements/tl-welcome/tl-welcome.js";

declare global {
  interface HTMLElementTagNameMap {
    "tl-browser": TlBrowser;
    "tl-build": TlBuild;
    "tl-catalog": TlCatalog;
    "tl-catalog-report": TlCatalogReport;
    "tl-compare": TlCompare;
    "tl-confirm": TlConfirm;
    "tl-drop": TlDrop;
    "tl-failures": TlFailures;
    "tl-fetch": TlFetch;
    "tl-import": TlImport;
    "tl-keys": TlKeys;
    "tl-knobs": TlKnobs;
    "tl-library": TlLibrary;
    "tl-licence": TlLicence;
    "tl-menu": TlMenu;
    "tl-models": TlModels;
    "tl-near": TlNear;
    "tl-notices": TlNotices;
    "tl-path": TlPath;
    "tl-player": TlPlayer;
    "tl-results": TlResults;
    "tl-shelf": TlShelf;
    "tl-thread": TlThread;
    "tl-threads": TlThreads;
    "tl-toasts": TlToasts;
    "tl-trouble": TlTrouble;
    "tl-welcome": TlWelcome;
  }
}
