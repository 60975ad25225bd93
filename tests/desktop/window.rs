//! The page in the window: found by test id, waited for, photographed.

use std::{
    env, fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use fantoccini::{Client, Locator, elements::Element};
use serde_json::Value;
use tokio::time::sleep;

use crate::driver::APP;

/// How long a condition may take to come about.
const PATIENCE: Duration = Duration::from_secs(30);
/// How often it is looked at.
const GLANCE: Duration = Duration::from_millis(50);
/// Calls back when all animations that end have ended and two more frames have been drawn.
const AT_REST: &str = "
    const [done] = arguments;
    const ending = document.getAnimations()
        .filter((it) => it.effect.getComputedTiming().endTime !== Infinity);
    Promise.allSettled(ending.map((it) => it.finished)).then(
        () => requestAnimationFrame(() => requestAnimationFrame(() => done())));
";

/// What a step of a journey gives.
pub type Step<T = ()> = Result<T, Box<dyn std::error::Error + Send + Sync>>;

/// The page.
#[derive(Clone)]
pub struct Window(pub Client);

impl Window {
    /// The page, once it has said that it is ready.
    pub async fn ready(client: Client) -> Step<Self> {
        let window = Self(client);
        window
            .until(
                "the page is ready",
                "document.documentElement.dataset.ready === 'true'",
            )
            .await?;
        Ok(window)
    }

    /// Waits until the JavaScript expression `holds` is truthy.
    pub async fn until(&self, what: &str, holds: &str) -> Step {
        self.until_within(PATIENCE, what, holds).await
    }

    /// Waits at most `patience` until the JavaScript expression `holds` is truthy.
    pub async fn until_within(&self, patience: Duration, what: &str, holds: &str) -> Step {
        let begun = Instant::now();
        loop {
            if self.value(&format!("Boolean({holds})")).await? == Value::Bool(true) {
                return Ok(());
            }
            if begun.elapsed() > patience {
                return Err(format!("waited {patience:?} in vain: {what} ({holds})").into());
            }
            sleep(GLANCE).await;
        }
    }

    /// What the JavaScript expression gives.
    pub async fn value(&self, expression: &str) -> Step<Value> {
        Ok(self
            .0
            .execute(&format!("return {expression};"), Vec::new())
            .await?)
    }

    /// The text that a JavaScript expression gives.
    pub async fn text(&self, expression: &str) -> Step<String> {
        let value = self.value(expression).await?;
        value
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| format!("{expression} gives {value}").into())
    }

    /// Waits until an element with the test id is to be seen.
    pub async fn sees(&self, id: &str) -> Step {
        let some = format!("{}.length > 0", elements(id));
        self.until(&format!("{id} is on screen"), &some).await
    }

    /// Waits until as many elements with the test id are to be seen.
    pub async fn has(&self, id: &str, count: usize) -> Step {
        let all = format!("{}.length === {count}", elements(id));
        self.until(&format!("there are {count} of {id}"), &all)
            .await
    }

    /// Waits until no element with the test id is to be seen.
    pub async fn loses(&self, id: &str) -> Step {
        let none = format!("{}.length === 0", elements(id));
        self.until(&format!("{id} has gone"), &none).await
    }

    /// The seeds as they stand in the window.
    pub async fn seeds(&self) -> Step<String> {
        let chips = elements("seed-chip");
        // Blank lines stand for what is not to be seen.
        let words = "it.innerText.trim().replaceAll(/\\s+/g, ' ')";
        self.text(&format!("{chips}.map((it) => {words}).join('; ')"))
            .await
    }

    /// The track of row number `index`, from 0.
    pub async fn track(&self, index: usize) -> Step<String> {
        let rows = elements("row");
        self.text(&format!("{rows}[{index}].dataset.trackId")).await
    }

    /// Waits until the track's row carries a thumb up.
    pub async fn shows_liked(&self, track: &str) -> Step {
        let liked = format!("{}[data-up]", row(track));
        let carried = format!("document.querySelector({liked:?})");
        self.until("a thumb up stays on its row", &carried).await
    }

    /// The first element under the CSS selector, once it is drawn: rows out of sight are not, until
    /// they are scrolled to.
    pub async fn find(&self, css: &str) -> Step<Element> {
        let drawn = format!(
            "((it) => {{ it?.scrollIntoView({{ block: 'nearest' }}); \
             return it?.checkVisibility({{ contentVisibilityAuto: true, opacityProperty: true }}); \
             }})(document.querySelector({css:?}))"
        );
        self.until(&format!("{css} is drawn"), &drawn).await?;
        Ok(self.0.find(Locator::Css(css)).await?)
    }

    /// Clicks on the first element under the CSS selector, once it is to be seen.
    pub async fn click(&self, css: &str) -> Step {
        Ok(self.find(css).await?.click().await?)
    }

    /// Gives the focus to the first element under the CSS selector, as the Tab key would in the end.
    pub async fn focus(&self, css: &str) -> Step {
        let focus = format!(
            "((it) => {{ it.focus(); return document.activeElement === it; }})(document.querySelector({css:?}))"
        );
        self.until(&format!("{css} has the focus"), &focus).await
    }

    /// Types on whatever has the focus.
    pub async fn keys(&self, keys: &str) -> Step {
        Ok(self.0.active_element().await?.send_keys(keys).await?)
    }

    /// Takes the last act back.
    pub async fn undo(&self) -> Step {
        self.click(&element("undo")).await
    }

    /// Opens the menu of `opener` and takes what `item` offers, both CSS selectors.
    pub async fn choose(&self, opener: &str, item: &str) -> Step {
        self.rest().await?;
        self.click(opener).await?;
        self.find(item).await?;
        self.rest().await?;
        self.click(item).await
    }

    /// Waits until what moves has come to rest.
    async fn rest(&self) -> Step {
        self.0.execute_async(AT_REST, Vec::new()).await?;
        Ok(())
    }

    /// Keeps a picture of the page among the artefacts, once what moves has come to rest.
    pub async fn photograph(&self, name: &str) -> Step {
        self.rest().await?;
        let folder = artefacts();
        fs::create_dir_all(&folder)?;
        fs::write(
            folder.join(format!("{name}.png")),
            self.0.screenshot().await?,
        )?;
        Ok(())
    }
}

/// The CSS selector of a test id.
pub fn element(id: &str) -> String {
    format!("[data-testid={id}]")
}

/// The CSS selector of a track's row.
pub fn row(track: &str) -> String {
    format!("{}[data-track-id='{track}']", element("row"))
}

/// JavaScript for the elements with a test id that are to be seen.
pub fn elements(id: &str) -> String {
    let css = element(id);
    format!("[...document.querySelectorAll({css:?})].filter((it) => it.checkVisibility())")
}

/// Where pictures are kept: never in the tree.
fn artefacts() -> PathBuf {
    env::var_os("THROUGHLINE_ARTIFACTS").map_or_else(
        || {
            // The binary lies in `<target dir>/<profile>`.
            let binary = Path::new(APP);
            binary
                .ancestors()
                .nth(2)
                .unwrap_or(binary)
                .join("artifacts")
        },
        PathBuf::from,
    )
}
