//! A library of 20,000 songs on a disk that is not connected: its list is gone through in every way.

use std::time::Duration;

use ndarray::Array2;
use serde_json::Value;
use throughline_app::core::{
    embedding::Features,
    track::{ContentHash, Tags},
};
use throughline_app::{DeviceChoice, Engines, Wanted};
use throughline_library::{Analysed, Description, Failure, FileId, Library, Scanned, Stat};

use crate::{
    home::Home,
    window::{Step, Window, element, elements},
};

/// Songs of the library.
const SONGS: usize = 20_000;
/// Files of it that could not be used.
const FAILED: usize = 3_000;
/// The most rows that a list may keep in the document.
const DRAWN: usize = 60;

/// Writes the library as builds would have left it.
pub fn fill(home: &Home) -> Step {
    let engine = Engines::on(DeviceChoice::Cpu).get(&Wanted::musicnn())?;
    let embedder = engine.embedder.as_ref();
    let recipe = embedder.recipe();
    let dimension = embedder.parts().iter().sum();
    let mut library = Library::open(&home.path().join("library"))?;
    let disk = home.path().join("disk");
    let stat = Stat {
        size: 1,
        mtime_ns: 1,
    };
    let scanned: Vec<_> = (0..SONGS + FAILED)
        .map(|n| Scanned {
            path: disk.join(format!("{:03}/{n:05}.flac", n / 20)),
            stat,
        })
        .collect();
    let tx = library.begin()?;
    tx.sources_mut().add(&disk, 0)?;
    tx.tag_names_mut().set(recipe, embedder.tag_names())?;
    let files: Vec<FileId> = tx.files_mut().plan(recipe, &scanned)?;
    for (n, &file) in files.iter().enumerate() {
        if n >= SONGS {
            let code = ["not_audio", "silent", "truncated"][n % 3];
            let why = Failure {
                code: code.to_owned(),
                reason: format!("it is {}", code.replace('_', " ")),
            };
            tx.fail(recipe, file, stat, &why)?;
            continue;
        }
        let mut hash = [0; 32];
        hash[..8].copy_from_slice(&(n as u64).to_le_bytes());
        let about = Description {
            tags: Tags {
                title: Some(format!("Song {n:05}")),
                artist: Some(artist(n)),
                album: Some(format!("Album {:04}", n / 10)),
                ..Tags::default()
            },
            duration_s: 200.0,
            codec: "flac".to_owned(),
            sample_rate: 44_100,
            channels: 2,
        };
        let features = Features {
            pooled: vec![n as f32 / SONGS as f32; dimension],
            windows: Array2::zeros((1, dimension)),
            window_starts: vec![0],
            tags: vec![0.0; embedder.tag_names().len()],
        };
        let analysed = Analysed {
            file,
            stat,
            hash: ContentHash(hash),
            about: &about,
            features: &features,
        };
        tx.store(recipe, &analysed, 0)?;
    }
    Ok(tx.commit()?)
}

/// Of the letters A to Z each has as many artists, and each artist 20 songs.
fn artist(n: usize) -> String {
    let letter = char::from(b'A' + (n * 26 / SONGS) as u8);
    format!("{letter}rtist {:04}", n / 20)
}

/// Goes through it; `opened` is how long the window took to be ready, driver and all.
pub async fn go(window: &Window, opened: Duration) -> Step {
    opens(window, opened).await?;
    scrolls(window).await?;
    is_gone_through_by_keys(window).await?;
    answers_every_key(window).await?;
    keeps_the_focus(window).await?;
    shows_failures(window).await
}

async fn opens(window: &Window, opened: Duration) -> Step {
    window.sees("search-result").await?;
    let painted = window
        .value("performance.getEntriesByName('first-rows')[0]?.startTime ?? null")
        .await?;
    crate::say(&format!(
        "a window over {SONGS} songs: ready {opened:.2?} after the driver's start, rows {painted} ms after the page's"
    ));
    let set = format!(
        "{}[0].closest('tl-found').getAttribute('aria-setsize') === '{SONGS}'",
        elements("search-result")
    );
    window
        .until("a voice hears how long the list is", &set)
        .await?;
    few(window).await?;
    window.sees("notice").await?;
    let answers: Value = window.0.execute_async(ANSWERS, Vec::new()).await?;
    crate::say(&format!("answers of the shell, in ms: {answers}"));
    window.photograph("20-large").await
}

/// How long the shell takes to answer the page, each question asked nine times: the median, in ms. The list is
/// another one at every question, as it is at every key.
const ANSWERS: &str = "
    const [done] = arguments;
    const { invoke } = window.__TAURI__.core;
    const page = (text, offset = 0) => () => invoke('browse', { text, offset, limit: 100 });
    const asked = {
        status: () => invoke('status'), all: page(''), end: page('', 19_900),
        s: page('s'), so: page('so'), song: page('song'), 'song 1': page('song 1'), 'song 12345': page('song 12345'),
        thread: () => invoke('thread'),
    };
    (async () => {
        const took = {};
        for (const [name, ask] of Object.entries(asked)) {
            const times = [];
            for (let n = 0; n < 9; n += 1) {
                await invoke('browse', { text: 'no such song', offset: 0, limit: 1 });
                const begun = performance.now();
                await ask();
                times.push(performance.now() - begun);
            }
            took[name] = Math.round(times.sort((a, b) => a - b)[4]);
        }
        done(took);
    })();
";

/// Asserts that the document holds no more rows than are about on screen.
async fn few(window: &Window) -> Step {
    let drawn = window
        .value("document.querySelectorAll('tl-found').length")
        .await?;
    match drawn.as_u64() {
        Some(drawn) if drawn as usize <= DRAWN => Ok(()),
        _ => Err(format!("{drawn} rows are drawn, and {DRAWN} at most were expected").into()),
    }
}

async fn scrolls(window: &Window) -> Step {
    // Twenty rows a frame, 120 frames long: then how long the frames took, in ms.
    let frames: Value = window.0.execute_async(SCROLL, Vec::new()).await?;
    crate::say(&format!("scrolling: {frames}"));
    few(window).await?;
    let filled = "!document.querySelector('tl-found[aria-busy=true]') && \
        document.querySelectorAll('tl-found').length > 10";
    window
        .until("rows come where it was scrolled to", filled)
        .await?;
    window.photograph("21-scrolled").await
}

const SCROLL: &str = "
    const [done] = arguments;
    const scroll = document.querySelector('tl-browser .scroll');
    const took = [];
    let last = performance.now();
    requestAnimationFrame(function step(now) {
        took.push(now - last);
        last = now;
        scroll.scrollTop += 20 * 46;
        if (took.length < 120) return requestAnimationFrame(step);
        took.shift();
        took.sort((a, b) => a - b);
        const at = (part) => Math.round(took[Math.floor(part * (took.length - 1))]);
        done({ median: at(0.5), p95: at(0.95), longest: at(1), late: took.filter((ms) => ms > 50).length });
    });
";

/// The title of the row that has the focus, once it is known.
const FOCUSED: &str =
    "document.activeElement.closest('tl-found')?.querySelector('.title')?.textContent";

async fn is_gone_through_by_keys(window: &Window) -> Step {
    enters_the_list(window).await?;
    press(window, END).await?;
    focused(window, "Song 19999", "End leads to the last").await?;
    press(window, HOME).await?;
    focused(window, "Song 00000", "Home leads to the first").await?;
    press(window, PAGE_DOWN).await?;
    let further = format!("{FOCUSED} > 'Song 00003' && {FOCUSED} < 'Song 00040'");
    window
        .until("Page Down leads a screen further", &further)
        .await?;
    press(window, "m").await?;
    let artist =
        "document.activeElement.closest('tl-found')?.querySelector('.byline')?.textContent";
    let m = format!("{artist}?.startsWith('Mrtist')");
    window.until("a letter leads to an artist", &m).await?;
    window.photograph("22-by-letter").await?;
    let before = window.text(FOCUSED).await?;
    window
        .value("document.querySelector('tl-browser .scroll').scrollTop = 0")
        .await?;
    window
        .until(
            "the first row is drawn",
            "document.querySelector('tl-found[aria-posinset=\"1\"]')",
        )
        .await?;
    focused(window, &before, "what is scrolled away keeps the focus").await
}

/// From the search field, by an arrow.
async fn enters_the_list(window: &Window) -> Step {
    let field = window.find(&element("search-input")).await?;
    field.send_keys("\u{e015}").await?;
    window
        .until(
            "an arrow leads into the list",
            "document.activeElement.closest('tl-found')",
        )
        .await
}

const END: &str = "\u{e010}";
const HOME: &str = "\u{e011}";
const PAGE_DOWN: &str = "\u{e00f}";
const ENTER: &str = "\u{e007}";

/// Presses a key where the focus is.
async fn press(window: &Window, key: &str) -> Step {
    let held = window.0.active_element().await?;
    Ok(held.send_keys(key).await?)
}

async fn focused(window: &Window, title: &str, why: &str) -> Step {
    window.until(why, &format!("{FOCUSED} === {title:?}")).await
}

async fn answers_every_key(window: &Window) -> Step {
    let field = window.find(&element("search-input")).await?;
    field.send_keys("Song 1234").await?;
    let found = elements("search-result");
    let ten = format!("{found}.length === 10");
    window
        .until("the search narrows the list as it is typed", &ten)
        .await?;
    field.clear().await?;
    field.send_keys("zebra crossing").await?;
    window.until("nothing is said of", "document.querySelector('[data-testid=search-say]').textContent.includes('Nothing matches')").await?;
    window.photograph("23-nothing").await?;
    field.clear().await?;
    field.send_keys(" ").await?;
    let all = format!(
        "{found}.length > 10 && {found}[0].closest('tl-found').getAttribute('aria-setsize') === '{SONGS}'"
    );
    window.until("all are back", &all).await?;
    let answered = format!(
        "document.querySelector('{}').value === ' ' && \
         document.querySelector('tl-browser .found').getAttribute('aria-busy') !== 'true'",
        element("search-input")
    );
    window.until("the last key is answered", &answered).await
}

/// The library shrinks under the focus, which stays in the list.
async fn keeps_the_focus(window: &Window) -> Step {
    enters_the_list(window).await?;
    press(window, END).await?;
    focused(window, "Song 19999", "the last row has the focus").await?;
    window.value("document.dispatchEvent(new CustomEvent('tl-search', { detail: { text: 'Song 1999' } }))").await?;
    focused(window, "Song 19999", "it goes with its row").await?;
    window.value("document.dispatchEvent(new CustomEvent('tl-search', { detail: { text: 'nothing at all' } }))").await?;
    let field = "document.activeElement.dataset.testid === 'search-input'";
    window
        .until("without a row it goes to the field", field)
        .await?;
    window
        .value("document.dispatchEvent(new CustomEvent('tl-search', { detail: { text: '' } }))")
        .await?;
    window.sees("search-result").await
}

async fn shows_failures(window: &Window) -> Step {
    window.click(&element("failures-open")).await?;
    let few = format!(
        "(({{ length }}) => length > 3 && length <= {DRAWN})({})",
        elements("failure")
    );
    window.until("some failures are drawn", &few).await?;
    window.photograph("24-failures").await?;
    let some = |n: usize| {
        format!(
            "document.querySelector('[data-testid=failure]')?.getAttribute('aria-setsize') === '{n}'"
        )
    };
    window.until("all are listed", &some(FAILED)).await?;
    window
        .click("[data-testid=failures-reason][data-code=silent]")
        .await?;
    window.until("those of a reason", &some(FAILED / 3)).await?;
    window.focus(&element("failure-hide")).await?;
    press(window, END).await?;
    let last = |n: usize| {
        format!(
            "((it) => it.dataset.testid === 'failure-hide' && it.tabIndex === 0 && \
             it.closest('tl-failure').matches('[aria-posinset=\"{n}\"]:not([aria-busy])'))(document.activeElement)"
        )
    };
    window
        .until("End leads to the last", &last(FAILED / 3))
        .await?;
    press(window, ENTER).await?;
    window.until("one is hidden", &some(FAILED / 3 - 1)).await?;
    window
        .until("the row before has the focus", &last(FAILED / 3 - 1))
        .await?;
    window.click(&element("failures-hide")).await?;
    window
        .until("the others are left", &some(FAILED / 3 * 2))
        .await?;
    window.photograph("25-hidden").await?;
    window.click(&element("failures-hidden")).await?;
    window.until("they are kept", &some(FAILED / 3)).await?;
    window.click(&element("failures-hide")).await?;
    window.loses("failure").await?;
    window
        .click("tl-failures [data-testid=sheet-close]")
        .await?;
    window.click(&element("library-open")).await?;
    window.click(&element("watch-toggle")).await?;
    let off =
        "((it) => it?.dataset.testid === 'watch-toggle' && !it.checked)(document.activeElement)";
    window
        .until("watching is off, and the focus stays", off)
        .await?;
    window.photograph("26-library").await
}
