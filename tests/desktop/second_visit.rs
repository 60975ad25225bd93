//! The second visit: everything is kept, a track is heard, another start hands its files over.

use std::process::Command;

use crate::{
    Kept,
    driver::APP,
    home::Home,
    song,
    window::{Step, Window, element, elements},
};

/// Goes through it all, with a sound device.
pub async fn go(window: &Window, home: &Home, kept: &Kept) -> Step {
    finds_what_was_kept(window, kept).await?;
    hears_a_track(window).await?;
    starts_a_second_time(window, home).await
}

async fn finds_what_was_kept(window: &Window, kept: &Kept) -> Step {
    let found = window.seeds().await?;
    if found != kept.seeds {
        return Err(format!("the seeds were {:?} and are {found:?}", kept.seeds).into());
    }
    let rows = elements("row");
    window
        .until("there is a list", &format!("{rows}.length >= 10"))
        .await?;
    window.shows_liked(&kept.liked).await?;
    let gone = format!(
        "!{rows}.some((it) => it.dataset.trackId === {:?})",
        kept.disliked
    );
    window.until("the thumb down is kept", &gone).await?;
    window.photograph("6-kept-dark").await
}

async fn hears_a_track(window: &Window) -> Step {
    window.loses("notice").await?;
    window.click(&element("row-play")).await?;
    // The clock of a device that nobody hears runs as it likes: no more is asked than that the
    // track moves.
    let moved = format!("{}[0]?.valueAsNumber > 0", elements("player-seek"));
    window.until("the track moves", &moved).await?;
    window.photograph("7-playing").await
}

async fn starts_a_second_time(window: &Window, home: &Home) -> Step {
    let song = home.path().join("second start.wav");
    song::write(&song, song::MAJOR)?;
    let ended = Command::new(APP)
        .arg(&song)
        .envs(home.variables())
        .status()?;
    if !ended.success() {
        return Err(format!("a second start ends with {ended}").into());
    }
    window.has("seed-chip", 3).await
}
