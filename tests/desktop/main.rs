//! The app in its real window: from an empty library to a thread that is kept.
//!
//! One journey, in the order in which a listener would go it; each visit starts the app anew. And one through a
//! library that is large.

mod catalogue;
mod drag;
mod driver;
mod first_visit;
mod home;
mod large;
mod second_visit;
mod shaping;
mod shelf;
mod song;
mod steering;
mod window;

use std::{
    io::{self, Write},
    time::Instant,
};

use driver::Driver;
use home::{Desktop, Home};
use tokio::sync::Mutex;
use window::{Step, Window};

/// Held by the test that has the display: there is one pointer.
static DISPLAY: Mutex<()> = Mutex::const_new(());

/// What the second visit must find as the first one left it.
struct Kept {
    /// The seeds as they stand in the window.
    seeds: String,
    /// Identity of the track with a thumb up.
    liked: String,
    /// Identity of the track with a thumb down.
    disliked: String,
}

#[tokio::test]
async fn a_listener_comes_with_nothing_and_leaves_with_a_thread() -> Step {
    if !driver::display() {
        return Ok(());
    }
    let _display = DISPLAY.lock().await;
    let store = catalogue::store()?;
    let home = Home::new(&store.url)?;

    home.stands_on(Desktop {
        dark: false,
        sound: false,
    })?;
    let driver = Driver::start(&home)?;
    let window = Window::ready(driver.open().await?).await?;
    let first = first_visit::go(&window, &home).await;
    let kept = witnessed(&window, first).await?;
    let steered = steering::go(&window).await;
    witnessed(&window, steered).await?;
    let shaped = shaping::go(&window, &home).await;
    witnessed(&window, shaped).await?;
    let shelved = shelf::go(&window, &home).await;
    witnessed(&window, shelved).await?;
    drop(driver);

    home.stands_on(Desktop {
        dark: true,
        sound: true,
    })?;
    let driver = Driver::start(&home)?;
    let window = Window::ready(driver.open().await?).await?;
    let second = second_visit::go(&window, &home, &kept).await;
    witnessed(&window, second).await?;
    let third = catalogue::go(&window).await;
    witnessed(&window, third).await
}

#[tokio::test]
async fn a_listener_goes_through_a_large_library() -> Step {
    if !driver::display() {
        return Ok(());
    }
    let _display = DISPLAY.lock().await;
    // A port that nobody listens on: this is also a visit without a network.
    let home = Home::new("http://127.0.0.1:9")?;
    home.stands_on(Desktop {
        dark: false,
        sound: true,
    })?;
    large::fill(&home)?;
    let begun = Instant::now();
    let driver = Driver::start(&home)?;
    let window = Window::ready(driver.open().await?).await?;
    let opened = begun.elapsed();
    let visit = large::go(&window, opened).await;
    witnessed(&window, visit).await
}

/// Says something past the test harness, which would swallow it: what was measured.
fn say(words: &str) {
    let _ = writeln!(io::stderr(), "{words}");
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
