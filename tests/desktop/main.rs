//! The app in its real window: from an empty library to a thread that is kept.
//!
//! One journey, in the order in which a listener would go it; each visit starts the app anew.

mod drag;
mod driver;
mod home;
mod song;
mod window;

use std::{io, path::Path, process::Command, time::Duration};

use drag::Drag;
use driver::{APP, Driver};
use home::{Desktop, Home};
use window::{Step, Window, id};

/// How long the demo collection may take to be rendered and built, in a debug build on a slow
/// machine.
const BUILDING: Duration = Duration::from_mins(7);

/// What the second visit must find as the first one left it.
struct Kept {
    seeds: String,
    liked: String,
    disliked: String,
}

#[tokio::test]
async fn a_listener_comes_with_nothing_and_leaves_with_a_thread() -> Step {
    if !driver::display() {
        return Ok(());
    }
    let home = Home::new()?;
    let song = home.path().join("Café é 1.wav");
    song::write(&song, song::MINOR)?;

    home.stands_on(Desktop {
        dark: false,
        sound: false,
    })?;
    let driver = Driver::start(&home)?;
    let window = Window::ready(driver.open().await?).await?;
    let first = first_visit(&window, &song).await;
    let kept = witnessed(&window, first).await?;
    drop(driver);

    home.stands_on(Desktop {
        dark: true,
        sound: true,
    })?;
    let driver = Driver::start(&home)?;
    let window = Window::ready(driver.open().await?).await?;
    let second = second_visit(&window, &home, &kept).await;
    witnessed(&window, second).await
}

async fn first_visit(window: &Window, song: &Path) -> Step<Kept> {
    first_build(window).await?;
    first_thread(window, song).await
}

/// From the empty window to a library of the demo collection.
async fn first_build(window: &Window) -> Step {
    window.sees("try-demo").await?;
    window.sees("welcome-add-folder").await?;
    window.photograph("1-empty").await?;

    window.click(&id("try-demo")).await?;
    window.sees("build-panel").await?;
    let working = "document.querySelector('[data-testid=build-panel][data-phase=working]')";
    window
        .until_within(BUILDING, "songs are being analysed", working)
        .await?;
    let heard = format!("{FOUND}.length >= 5");
    window
        .until_within(
            BUILDING,
            "songs can be had before the build has ended",
            &heard,
        )
        .await?;
    window.photograph("2-building").await?;
    let idle = "document.documentElement.dataset.build === 'idle'";
    window
        .until_within(BUILDING, "the build has ended", idle)
        .await
}

/// Seeds by search and by drag and drop, then thumbs.
async fn first_thread(window: &Window, song: &Path) -> Step<Kept> {
    window
        .find(&id("search-input"))
        .await?
        .send_keys("piano")
        .await?;
    window
        .until(
            "the search narrows the list",
            &format!("{FOUND}.length > 0 && {FOUND}.length < 10"),
        )
        .await?;
    window.click(&id("search-result")).await?;
    window
        .until("the found song is a seed", &format!("{SEEDS}.length === 1"))
        .await?;
    window
        .until("there is a list", &format!("{ROWS}.length >= 10"))
        .await?;
    window.photograph("3-results").await?;

    window.sees("notice").await?;
    window
        .click(&format!("{} {}", id("row"), id("row-play")))
        .await?;
    let no_sound = "document.querySelector('[data-testid=toast][data-severity=error]')";
    window
        .until("a machine without sound says so", no_sound)
        .await?;

    let drag = Drag::over_the_window(song).await?;
    window.sees("drop-overlay").await?;
    window.photograph("4-dragging").await?;
    drag.drop_it().await?;
    window
        .until(
            "the dropped file is a seed",
            &format!("{SEEDS}.length === 2"),
        )
        .await?;
    window
        .until(
            "it is there under its name",
            "document.body.innerText.includes('Café é 1')",
        )
        .await?;
    window.loses("drop-overlay").await?;

    let disliked = window.text(&format!("{ROWS}[0].dataset.trackId")).await?;
    let row = format!("{}[data-track-id='{disliked}']", id("row"));
    window.click(&format!("{row} {}", id("row-down"))).await?;
    window
        .until(
            "a thumb down takes the row away",
            &format!("!document.querySelector({row:?})"),
        )
        .await?;
    window.click(&id("undo")).await?;
    window
        .until(
            "an undo brings it back",
            &format!("document.querySelector({row:?})"),
        )
        .await?;
    window.click(&format!("{row} {}", id("row-down"))).await?;
    window
        .until(
            "it goes again",
            &format!("!document.querySelector({row:?})"),
        )
        .await?;

    let liked = window.text(&format!("{ROWS}[1].dataset.trackId")).await?;
    window
        .click(&format!(
            "{}[data-track-id='{liked}'] {}",
            id("row"),
            id("row-up")
        ))
        .await?;
    window
        .until("a thumb up stays on its row", &thumb_up(&liked))
        .await?;
    window.photograph("5-rated").await?;
    Ok(Kept {
        seeds: window.text(SEED_NAMES).await?,
        liked,
        disliked,
    })
}

async fn second_visit(window: &Window, home: &Home, kept: &Kept) -> Step {
    let Kept {
        seeds,
        liked,
        disliked,
    } = kept;
    window
        .until("the seeds are kept", &format!("{SEED_NAMES} === {seeds:?}"))
        .await?;
    window
        .until("the list is there again", &format!("{ROWS}.length >= 10"))
        .await?;
    window
        .until("the thumb up is kept", &thumb_up(liked))
        .await?;
    let gone = format!("!{ROWS}.some((row) => row.dataset.trackId === {disliked:?})");
    window.until("the thumb down is kept", &gone).await?;
    window.photograph("6-kept-dark").await?;

    window.loses("notice").await?;
    window
        .click(&format!("{} {}", id("row"), id("row-play")))
        .await?;
    // The clock of a device that is none runs as it likes: the track moves, no more is asked.
    let moved = "document.querySelector('[data-testid=player-seek]').valueAsNumber > 0";
    window.until("a track is played", moved).await?;
    window.photograph("7-playing").await?;

    let another = home.path().join("second start.wav");
    song::write(&another, song::MAJOR)?;
    let started = Command::new(APP)
        .arg(&another)
        .envs(home.variables())
        .status()?;
    if !started.success() {
        return Err(format!("a second start ends with {started}").into());
    }
    window
        .until(
            "a file of a second start is a seed",
            &format!("{SEEDS}.length === 3"),
        )
        .await
}

const FOUND: &str = "[...document.querySelectorAll('[data-testid=search-result]')]";
const ROWS: &str = "[...document.querySelectorAll('[data-testid=row]')]";
const SEEDS: &str = "[...document.querySelectorAll('[data-testid=seed-chip]')]";
const SEED_NAMES: &str = "[...document.querySelectorAll('[data-testid=seed-chip]')].map((chip) => chip.innerText.trim()).join('|')";

fn thumb_up(track: &str) -> String {
    format!("document.querySelector(\"[data-testid=row][data-track-id='{track}'][data-up]\")")
}

/// Passes on how a visit went; of one that failed there is a picture.
async fn witnessed<T>(window: &Window, visit: Step<T>) -> Step<T> {
    if visit.is_err()
        && let Err(error) = window.photograph("failed").await
    {
        return visit
            .map_err(|first| io::Error::other(format!("{first}; no picture: {error}")).into());
    }
    visit
}
