//! At the end of the first visit: the thread gets a name, a branch and a file.

use std::{fs, time::Duration};

use tokio::time::sleep;

use crate::{
    drag::{windows, xdotool},
    home::Home,
    steering::{ORDER, order},
    window::{Step, Window, element, elements},
};

const ENTER: &str = "\u{e007}";

/// Goes through it all, with a list on screen.
pub async fn go(window: &Window, home: &Home) -> Step {
    let before = order(window).await?;
    names_the_thread(window).await?;
    branches_and_comes_back(window, &before).await?;
    carries_it_over_a_file(window, home, &before).await
}

async fn names_the_thread(window: &Window) -> Step {
    let rename = element("thread-rename");
    window.focus(&rename).await?;
    window.click(&rename).await?;
    window.sees("thread-name").await?;
    window.keys(&format!("Rainy evenings{ENTER}")).await?;
    is_called(window, "Rainy evenings").await
}

async fn branches_and_comes_back(window: &Window, before: &str) -> Step {
    window.click(&element("threads-open")).await?;
    window.sees("thread-branch").await?;
    window.photograph("5-threads").await?;
    window.click(&element("thread-branch")).await?;
    is_called(window, "Rainy evenings 2").await?;
    has_order(window, before).await?;
    window.click(&element("threads-open")).await?;
    window.has("thread-open", 2).await?;
    window
        .click("[data-testid=thread-open]:not([aria-current])")
        .await?;
    is_called(window, "Rainy evenings").await?;
    has_order(window, before).await
}

/// Out through the system's dialog, and in again.
async fn carries_it_over_a_file(window: &Window, home: &Home, before: &str) -> Step {
    let file = home.path().join("evenings.throughline.json");
    window.click(&element("threads-open")).await?;
    window
        .click("[aria-current] ~ [data-testid=thread-export]")
        .await?;
    answers("Export the thread", &file.to_string_lossy()).await?;
    window
        .until(
            "it says that it is done",
            "document.querySelector('[data-key=exported]')",
        )
        .await?;
    let written = fs::read_to_string(&file)?;
    if !written.contains("Rainy evenings") {
        return Err(format!("the file holds no thread of that name: {written}").into());
    }
    window.click(&element("thread-import")).await?;
    answers("Import a thread", &file.to_string_lossy()).await?;
    window
        .until(
            "it says that it is there",
            "document.querySelector('[data-key=imported]')",
        )
        .await?;
    has_order(window, before).await?;
    window.click(&element("threads-open")).await?;
    window.has("thread-open", 3).await?;
    let kept = format!(
        "{}.find((it) => it.innerText.startsWith('Rainy evenings\\n'))",
        elements("thread-open")
    );
    window.value(&format!("{kept}.click()")).await?;
    is_called(window, "Rainy evenings").await
}

/// Types a path into the system's dialog of this title, once it is there.
async fn answers(title: &str, path: &str) -> Step {
    let found = windows(title).await?;
    let dialog = found.first().ok_or("the dialog has no window")?;
    xdotool(&["windowactivate", "--sync", dialog])?;
    // It has to have drawn itself before it reads keys.
    sleep(Duration::from_secs(1)).await;
    xdotool(&["key", "ctrl+a"])?;
    xdotool(&["type", "--delay", "20", path])?;
    sleep(Duration::from_millis(500)).await;
    xdotool(&["key", "Return"])?;
    Ok(())
}

async fn is_called(window: &Window, name: &str) -> Step {
    let called = format!("document.querySelector('tl-thread h2').innerText === {name:?}");
    window
        .until(&format!("the thread is called {name}"), &called)
        .await
}

async fn has_order(window: &Window, order: &str) -> Step {
    let same = format!("{ORDER} === {order:?}");
    window.until("the list is the same", &same).await
}
