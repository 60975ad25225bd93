//! The first visit: an empty library, the demo collection, seeds, thumbs.

use std::time::Duration;

use crate::{
    Kept,
    drag::Drag,
    home::Home,
    song,
    window::{Step, Window, element, elements, row},
};

/// How long the demo collection may take to be rendered and built, in a debug build on a slow
/// machine.
const BUILDING: Duration = Duration::from_mins(7);

/// Whether a control that does nothing for now keeps a click from its listeners.
const OFF: &str = "(() => {
    let heard = false;
    const off = document.querySelector('button[aria-disabled=true]');
    off.addEventListener('click', () => { heard = true; });
    off.click();
    return !heard;
})()";

/// Goes through it all, without a sound device.
pub async fn go(window: &Window, home: &Home) -> Step<Kept> {
    is_held_to_its_policy(window).await?;
    builds_the_demo(window).await?;
    seeds_by_search(window).await?;
    hears_that_there_is_no_sound(window).await?;
    seeds_by_drag_and_drop(window, home).await?;
    let disliked = thumbs_down(window).await?;
    let liked = thumbs_up(window).await?;
    window.photograph("5-rated").await?;
    let seeds = window.seeds().await?;
    Ok(Kept {
        seeds,
        liked,
        disliked,
    })
}

async fn is_held_to_its_policy(window: &Window) -> Step {
    let frozen = "Object.isFrozen(Object.prototype)";
    window.until("the prototype is frozen", frozen).await?;
    let refused =
        "(() => { try { return !new Function('return 1')(); } catch { return true; } })()";
    window.until("text is not run as code", refused).await
}

async fn builds_the_demo(window: &Window) -> Step {
    window.sees("welcome-add-folder").await?;
    window.sees("try-demo").await?;
    window.photograph("1-empty").await?;
    window.click(&element("try-demo")).await?;
    window.sees("build-panel").await?;
    let some = format!("{}.length >= 5", elements("search-result"));
    let early = format!("{some} && document.documentElement.dataset.build === 'working'");
    window
        .until_within(BUILDING, "songs are there before the build ends", &early)
        .await?;
    window.photograph("2-building").await?;
    window.until("what is off hears no click", OFF).await?;
    let idle = "document.documentElement.dataset.build === 'idle'";
    window.until_within(BUILDING, "the build ends", idle).await
}

async fn seeds_by_search(window: &Window) -> Step {
    let field = window.find(&element("search-input")).await?;
    field.send_keys("piano").await?;
    let found = elements("search-result");
    let fewer = format!("{found}.length > 0 && {found}.length < 10");
    window.until("the search narrows the list", &fewer).await?;
    window.click(&element("search-result")).await?;
    window.has("seed-chip", 1).await?;
    let list = format!("{}.length >= 10", elements("row"));
    window.until("there is a list", &list).await?;
    window.photograph("3-results").await
}

async fn hears_that_there_is_no_sound(window: &Window) -> Step {
    window.sees("notice").await?;
    window.click(&element("row-play")).await?;
    let said = "document.querySelector('[data-testid=toast][data-severity=error]')";
    window.until("a click on play says why not", said).await
}

async fn seeds_by_drag_and_drop(window: &Window, home: &Home) -> Step {
    let song = home.path().join("Café é 1.wav");
    song::write(&song, song::MINOR)?;
    let drag = Drag::over_the_window(&song).await?;
    window.sees("drop-overlay").await?;
    window.photograph("4-dragging").await?;
    drag.drop_it().await?;
    window.has("seed-chip", 2).await?;
    window.loses("drop-overlay").await?;
    let named = format!(
        "{}[1].innerText.includes('Café é 1')",
        elements("seed-chip")
    );
    window.until("it is there under its name", &named).await
}

/// Down, undone, and down again; answers with the track.
async fn thumbs_down(window: &Window) -> Step<String> {
    let track = window.track(0).await?;
    let row = row(&track);
    let there = format!("document.querySelector({row:?})");
    let gone = format!("!{there}");
    let thumb = format!("{row} {}", element("row-down"));
    window.click(&thumb).await?;
    window
        .until("a thumb down takes the row away", &gone)
        .await?;
    window.click(&element("undo")).await?;
    window.until("an undo brings it back", &there).await?;
    window.click(&thumb).await?;
    window.until("it goes again", &gone).await?;
    Ok(track)
}

async fn thumbs_up(window: &Window) -> Step<String> {
    let track = window.track(1).await?;
    let thumb = format!("{} {}", row(&track), element("row-up"));
    window.click(&thumb).await?;
    window.shows_liked(&track).await?;
    Ok(track)
}
