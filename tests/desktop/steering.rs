//! Between the visits: a knob is turned, a row says why it is there, and an undo takes the turn back.

use crate::window::{Step, Window, element, elements};

/// Goes through it all, with a list on screen.
pub async fn go(window: &Window) -> Step {
    reads_the_thread_check(window).await?;
    let before = order(window).await?;
    turns_a_knob(window, &before).await?;
    opens_a_why(window).await?;
    takes_the_turn_back(window, &before).await
}

async fn reads_the_thread_check(window: &Window) -> Step {
    let said = format!("{}[0]?.innerText.length > 0", elements("thread-check"));
    window.until("two seeds are checked", &said).await
}

async fn turns_a_knob(window: &Window, before: &str) -> Step {
    let caption = format!("{}[0].innerText", elements("caption-explore"));
    let stood = window.text(&caption).await?;
    // As the keyboard does it: End is all the way.
    let knob = window.find(&element("knob-explore")).await?;
    knob.send_keys("\u{e010}").await?;
    window
        .until("the caption says so", &format!("{caption} !== {stood:?}"))
        .await?;
    let other = format!("{ORDER} !== {before:?}");
    window.until("the list is another one", &other).await?;
    window.photograph("5-explored").await
}

async fn opens_a_why(window: &Window) -> Step {
    window.click(&element("row-why")).await?;
    let told = format!("{}[0]?.dataset.phase === 'told'", elements("why"));
    window.until("the row says why it is there", &told).await?;
    window.sees("why-anchor").await?;
    window.photograph("5-why").await?;
    window.click(&element("row-why")).await?;
    window.loses("why").await
}

async fn takes_the_turn_back(window: &Window, before: &str) -> Step {
    window.click(&element("undo")).await?;
    let again = format!("{ORDER} === {before:?}");
    window
        .until("an undo brings the very list back", &again)
        .await
}

/// The tracks of the list, in order.
pub async fn order(window: &Window) -> Step<String> {
    window.text(ORDER).await
}

/// JavaScript for the tracks of the list, in order.
pub const ORDER: &str =
    "[...document.querySelectorAll('[data-testid=row]')].map((it) => it.dataset.trackId).join()";
