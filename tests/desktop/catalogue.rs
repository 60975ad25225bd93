//! The third visit: a song that is in no library becomes a seed, and a library grows around it.

use std::time::Duration;

use throughline_app::core::catalog::GENRES;
use throughline_store::{Audio, Store, StoreSettings, StoreSong};

use crate::{
    song,
    window::{Step, Window, element, elements},
};

/// How long a small build from the catalogue may take, in a debug build on a slow machine.
const BUILDING: Duration = Duration::from_mins(3);

/// Goes through it all, with a sound device and a store that behaves.
pub async fn go(window: &Window) -> Step {
    seeds_with_a_song_of_the_catalogue(window).await?;
    hears_its_preview(window).await?;
    plans(window).await?;
    grows(window).await?;
    sees_pictures(window).await?;
    reads_the_report(window).await
}

async fn seeds_with_a_song_of_the_catalogue(window: &Window) -> Step {
    window.click(&element("new-thread")).await?;
    window.click(&element("confirm-yes")).await?;
    window.has("seed-chip", 0).await?;
    let field = window.find(&element("search-input")).await?;
    field.clear().await?;
    field.send_keys(TITLE).await?;
    window.sees("catalog-result").await?;
    window.photograph("8-catalogue-search").await?;
    window.click(&element("catalog-result")).await?;
    window.has("seed-chip", 1).await?;
    let list = format!("{}.length >= 10", elements("row"));
    window.until("the preview makes a list", &list).await?;
    window.photograph("9-catalogue-seed").await
}

async fn hears_its_preview(window: &Window) -> Step {
    window.click("[data-testid=seed-chip] button").await?;
    window.sees("player-courtesy").await?;
    window.sees("player-store").await?;
    let moved = format!("{}[0]?.valueAsNumber > 0", elements("player-seek"));
    window.until("the preview moves", &moved).await?;
    window.photograph("10-preview").await
}

async fn plans(window: &Window) -> Step {
    window.click(&element("thread-grow")).await?;
    window.sees("grow-by").await?;
    window.photograph("11-grow").await
}

async fn grows(window: &Window) -> Step {
    window.click(&element("grow-by")).await?;
    window.sees("build-panel").await?;
    let idle = "document.documentElement.dataset.build === 'idle'";
    window
        .until_within(BUILDING, "the build from the catalogue ends", idle)
        .await?;
    let songs = format!(
        "{}.some((it) => it.querySelector('[data-testid=row-store]'))",
        elements("row")
    );
    window
        .until("songs of the catalogue are in the list", &songs)
        .await?;
    window.photograph("12-grown").await
}

async fn sees_pictures(window: &Window) -> Step {
    let shown = "document.querySelector('tl-row tl-picture[data-there] img')?.naturalWidth > 0";
    window.until("a row shows its picture", shown).await?;
    window.photograph("13-pictures").await
}

async fn reads_the_report(window: &Window) -> Step {
    window.click(&element("catalog-open")).await?;
    window.sees("report-standing").await?;
    let limit = format!(
        "{}.length === 5 && {}.filter((it) => it.dataset.busiest !== undefined).length === 1",
        elements("report-stage"),
        elements("report-stage")
    );
    window
        .until("one of five stages was the limit", &limit)
        .await?;
    window.sees("artist-remove").await?;
    window.photograph("14-report").await?;
    let close = format!("tl-catalog-report {}", element("sheet-close"));
    window.click(&close).await?;
    window.loses("report-standing").await
}

/// A store of a few songs, which never misbehaves. It has some of every genre: a chart without a song would be
/// taken for a refusal and waited for.
pub fn store() -> Step<Store> {
    let songs = (0..SONGS)
        .zip(GENRES.iter().cycle())
        .map(|(i, (genre, name))| {
            let chord = song::MINOR.map(|hz| hz * 2_f64.powf(f64::from(2 * i + 1) / 24.0));
            Ok(StoreSong {
                id: 1_400_000_000 + u64::from(i),
                title: format!("{TITLE} {}", i + 1),
                artist_id: 200_000_000 + u64::from(i) / 6,
                artist: format!("The Porch Lights {}", i / 6 + 1),
                album_id: 1_300_000_000 + u64::from(i) / 6,
                album: format!("Evenings {}", i / 6 + 1),
                genre_id: genre.0,
                genre: (*name).to_owned(),
                year: 2_000,
                duration_ms: 180_000 + 7_000 * u64::from(i),
                audio: Audio::Bytes(song::wav(chord)?.into()),
            })
        });
    let songs: Result<Vec<_>, hound::Error> = songs.collect();
    Ok(Store::start(StoreSettings::new(songs?))?)
}

/// How many songs the store has.
const SONGS: u32 = 24;

/// A word of the titles that the store has and the library does not.
const TITLE: &str = "Lantern";
