//! Still in the first visit: what seeds weigh, what lies between them, what the list turns away from and what it
//! leaves out; each is taken back again.

use std::{fs, time::Duration};

use crate::{
    drag::Drag,
    home::Home,
    song,
    steering::{ORDER, order},
    window::{Step, Window, element, elements, row},
};

/// How long two short songs may take to be built, in a debug build on a slow machine.
const BUILDING: Duration = Duration::from_mins(3);

const ENTER: &str = "\u{e007}";
const ESCAPE: &str = "\u{e00c}";
const UP: &str = "\u{e013}";

/// Goes through it all, with two seeds and their list on screen.
pub async fn go(window: &Window, home: &Home) -> Step {
    weighs_a_seed_by_keyboard(window).await?;
    walks_between_two_seeds(window).await?;
    walks_to_a_row(window).await?;
    turns_away(window).await?;
    hides_a_sound(window).await?;
    brings_another_recording(window, home).await?;
    finds_one_a_step_away(window).await?;
    hides_both(window).await
}

async fn weighs_a_seed_by_keyboard(window: &Window) -> Step {
    let before = order(window).await?;
    let more = format!("{} {}", element("seed-chip"), element("chip-more"));
    window.focus(&more).await?;
    window.keys(ENTER).await?;
    window.sees("weigh-2").await?;
    window.photograph("5-weights").await?;
    // The menu opens on what the seed counts.
    window.keys(UP).await?;
    window.keys(ENTER).await?;
    let weight = format!("{}[0]?.innerText", elements("seed-weight"));
    window
        .until(
            "the bead says what it counts",
            &format!("{weight} === '×2'"),
        )
        .await?;
    let back = "document.activeElement.dataset.testid === 'chip-more'";
    window.until("the focus is where it was", back).await?;
    window.photograph("5-weighed").await?;
    window.undo().await?;
    window
        .until("it counts once again", &format!("{weight} !== '×2'"))
        .await?;
    has_order(window, &before).await
}

async fn walks_between_two_seeds(window: &Window) -> Step {
    let more = format!("{} {}", element("seed-chip"), element("chip-more"));
    window.choose(&more, &element("chip-path")).await?;
    has_steps(window, 5).await?;
    window.photograph("5-path").await?;
    let steps = window.find(&element("path-steps")).await?;
    steps.select_by_value("3").await?;
    has_steps(window, 3).await?;
    window
        .click(&format!("{} {}", element("path"), element("search-result")))
        .await?;
    window.has("seed-chip", 3).await?;
    window.keys(ESCAPE).await?;
    window.loses("path").await?;
    let back = "document.activeElement.dataset.testid === 'chip-more'";
    window.until("the focus is where it was", back).await?;
    window.undo().await?;
    window.has("seed-chip", 2).await
}

async fn walks_to_a_row(window: &Window) -> Step {
    window
        .choose(&element("row-more"), &element("row-path"))
        .await?;
    has_steps(window, 5).await?;
    let to = format!(
        "document.querySelector({:?}).value === {}[0].dataset.trackId",
        element("path-to"),
        elements("row")
    );
    window.until("it leads to that row", &to).await?;
    window.keys(ESCAPE).await?;
    window.loses("path").await
}

async fn turns_away(window: &Window) -> Step {
    let before = order(window).await?;
    window.click(&element("row-more")).await?;
    window.photograph("5-menu").await?;
    window.click(&element("row-oppose")).await?;
    window.has("opposed-chip", 1).await?;
    window.photograph("5-opposed").await?;
    window.undo().await?;
    window.has("opposed-chip", 0).await?;
    has_order(window, &before).await
}

async fn hides_a_sound(window: &Window) -> Step {
    let before = order(window).await?;
    let row = row(&window.track(0).await?);
    window
        .choose(&element("row-more"), &element("row-near"))
        .await?;
    window.has("near-reach", 3).await?;
    let counted = "[...document.querySelectorAll('tl-near label')].every((it) => \
                   /hides \\d+ songs?/.test(it.innerText))";
    window.until("each reach says how many", counted).await?;
    window.photograph("5-near").await?;
    window.click(&element("near-yes")).await?;
    let gone = format!("!document.querySelector({row:?})");
    window.until("the song leaves", &gone).await?;
    window.undo().await?;
    has_order(window, &before).await
}

/// A folder with a quieter copy of a song of the library, dropped on the window.
async fn brings_another_recording(window: &Window, home: &Home) -> Step {
    let folder = home.path().join("Copies");
    fs::create_dir(&folder)?;
    let original = format!("library/demo/Drum Machines/{SONG}.wav");
    let copy = folder.join(format!("{COPY}.wav"));
    song::copy_quietly(&home.path().join(original), &copy)?;
    Drag::over_the_window(&folder).await?.drop_it().await?;
    window.sees("build-panel").await?;
    let idle = "document.documentElement.dataset.build === 'idle'";
    window
        .until_within(BUILDING, "the copy is built", idle)
        .await?;
    let more = format!("{}[0].innerText.startsWith('41 ')", elements("track-count"));
    window.until("there is a song more", &more).await?;
    // Before the list is ranked again the song stands there alone.
    let listed = format!("{VERSIONS}.length === 1 && {VERSIONS}[0].matches('[data-versions]')");
    window
        .until_within(BUILDING, "one row stands for the two", &listed)
        .await
}

async fn finds_one_a_step_away(window: &Window) -> Step {
    let row = both(window).await?;
    let more = format!("{row} {}", element("row-more"));
    window.choose(&more, &element("row-versions")).await?;
    window.sees("why-version").await?;
    window.photograph("5-versions").await?;
    window
        .click(&format!("{row} {}", element("row-why")))
        .await?;
    window.loses("why").await
}

async fn hides_both(window: &Window) -> Step {
    let before = order(window).await?;
    let row = both(window).await?;
    let more = format!("{row} {}", element("row-more"));
    window.choose(&more, &element("row-family")).await?;
    let gone = format!("{VERSIONS}.length === 0");
    window.until("both leave", &gone).await?;
    window.undo().await?;
    has_order(window, &before).await
}

async fn both(window: &Window) -> Step<String> {
    let track = window
        .text(&format!("{VERSIONS}[0].dataset.trackId"))
        .await?;
    Ok(row(&track))
}

async fn has_order(window: &Window, order: &str) -> Step {
    let again = format!("{ORDER} === {order:?}");
    window
        .until("an undo brings the very list back", &again)
        .await
}

async fn has_steps(window: &Window, steps: usize) -> Step {
    let walked = format!(
        "((it) => it?.dataset.phase === 'found' && it.querySelectorAll('tl-found').length === {steps})\
         (document.querySelector({:?}))",
        element("path")
    );
    window
        .until(&format!("a path of {steps} songs"), &walked)
        .await
}

/// A song of the demo collection, and what its copy is called.
const SONG: &str = "Broken Escalator";
const COPY: &str = "Second take";

/// JavaScript for the rows of the two.
const VERSIONS: &str = "[...document.querySelectorAll('[data-testid=row]')]\
                       .filter((it) => /Broken Escalator|Second take/.test(it.innerText))";
