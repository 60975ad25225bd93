//! What the library has of the catalogue, in numbers and words.

use std::collections::HashMap;

use throughline_catalog::{CatalogError, Checked};
use throughline_core::catalog::{Call, GENRES, Question};
use throughline_library::{GONE, Library, SongCount};

use super::artwork;
use crate::build::stages_shown;
use crate::error::{AppError, Result};
use crate::session::Session;
use crate::view::{ArtistCount, CatalogReport, Count, PreviewLimits, SkippedCall, SourceCount};

impl Session {
    /// What became of all songs that were met, by the model that builds or serves.
    pub fn catalog_report(&self) -> Result<CatalogReport> {
        let recipe = self.working_recipe()?;
        let library = self.library();
        let songs = library.songs().report(&recipe)?;
        let failures = library.jobs().failures(&recipe)?;
        let waiting = library.songs().waiting(&recipe)?;
        let skipped = library.crawls().skipped()?.into_iter().map(|call| {
            Ok(SkippedCall {
                words: asked_for(&library, &call.question)?,
                reason: call.reason,
            })
        });
        let skipped = skipped.collect::<Result<_>>()?;
        let stages = stages_shown(&library.crawls().stages()?);
        let guests = || library.songs().unheard_guests(&recipe);
        let unfinished = library.crawls().open()?.is_some() || waiting > 0 || guests()? > 0;
        let own = library
            .counts(&recipe)?
            .listed
            .saturating_sub(library.songs().listed()?);
        drop(library);
        let settings = self.catalog_settings()?;
        let mut reasons: HashMap<String, usize> = HashMap::new();
        // Dead links are a number of their own: another try is nothing to them.
        let failures = failures.iter().filter(|failed| failed.song.is_some());
        for failed in failures.filter(|failed| failed.failure.code != GONE) {
            *reasons.entry(failed.failure.code.clone()).or_default() += 1;
        }
        let known = songs.verdicts.iter().map(|(_, n)| *n as usize).sum();
        let wanted = |verdict: &Option<String>| verdict.as_deref() == Some("wanted");
        let of_wanted = songs.verdicts.iter().find(|(verdict, _)| wanted(verdict));
        let dropped = songs
            .verdicts
            .iter()
            .filter(|(verdict, _)| !wanted(verdict));
        let dropped = dropped.filter_map(|(verdict, n)| Some((verdict.clone()?, *n as usize)));
        let ready = |genre: &SongCount| genre.ready as usize;
        let named = |genre: &SongCount| {
            let name = genre.name.clone().unwrap_or_default();
            Count {
                words: if name.is_empty() {
                    "no genre".to_owned()
                } else {
                    name.clone()
                },
                name,
                count: ready(genre),
            }
        };
        let mut genres: Vec<_> = songs.genres.iter().map(named).collect();
        genres.retain(|genre| genre.count > 0);
        genres.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
        Ok(CatalogReport {
            known,
            wanted: of_wanted.map_or(0, |(_, n)| *n as usize),
            tracks: songs.genres.iter().map(ready).sum(),
            pending: waiting as usize,
            failed: reasons.values().sum(),
            gone: songs.previews_gone as usize,
            own: own as usize,
            sources: songs.origins.into_iter().map(source).collect(),
            genres,
            dropped: counted(dropped),
            failures: counted(reasons),
            artists: songs.artists.into_iter().map(artist).collect(),
            skipped,
            stages,
            previews: PreviewLimits::of(&settings.client.previews),
            connections_named: settings.named.connections.is_some(),
            bytes_named: settings.named.bytes_per_s.is_some(),
            artwork_bytes: self.artwork.bytes(),
            artwork_limit: artwork::LIMIT,
            unfinished,
        })
    }
}

impl Session {
    /// Asks the catalogue one of each kind, as politely as ever, and says where the answers differ from
    /// what is understood. A catalogue that cannot be reached, or refuses, is the error.
    pub fn check_catalog(&self) -> Result<Vec<Checked>> {
        let catalog = self.catalog()?;
        let checks = catalog.handle().block_on(catalog.client.check());
        let first = |outcome| checks.iter().find(|check| check.outcome == outcome);
        let words = |check: &Checked| format!("asked for its {}", check.what);
        if let Some(check) = first("offline") {
            let reason = words(check);
            return Err(CatalogError::Offline { reason }.into());
        }
        if let Some(check) = first("refused") {
            return Err(CatalogError::Refused {
                reason: words(check),
                retry_after: None,
            }
            .into());
        }
        Ok(checks)
    }
}

/// What `question` would have brought, in words.
fn asked_for(library: &Library, question: &Question) -> Result<String> {
    let artist = |id| {
        let name = library.songs().artist(id)?;
        Ok::<_, AppError>(name.unwrap_or_else(|| format!("artist {}", id.0)))
    };
    Ok(match &question.call {
        Call::Search { term, .. } => format!("what is found for “{term}”"),
        Call::Songs { ids } => format!("{} songs by their numbers", ids.len()),
        Call::ArtistSongs { artist: id } => format!("songs of {}", artist(*id)?),
        Call::ArtistAlbums { artist: id } => format!("albums of {}", artist(*id)?),
        Call::AlbumSongs { album } => match library.songs().album(*album)? {
            Some(title) => format!("songs of the album “{title}”"),
            None => format!("songs of album {}", album.0),
        },
        Call::Chart { genre } => {
            let genre = genre.and_then(|id| GENRES.iter().find(|(known, _)| *known == id));
            let of = genre.map_or(String::new(), |(_, name)| format!(" of {name}"));
            let store = question.country.code().to_ascii_uppercase();
            format!("the charts{of} in the store of {store}")
        }
    })
}

fn artist(artist: throughline_library::ArtistSongs) -> ArtistCount {
    ArtistCount {
        id: artist.id.0,
        name: artist.name,
        count: artist.ready as usize,
    }
}

/// What one thing brought, in words.
fn source(count: SongCount) -> SourceCount {
    let name = count.name.unwrap_or_default();
    SourceCount {
        words: match name.as_str() {
            "seed" => "songs that were named, by number or in words",
            "artist" => "artists that were named, or have a song that was",
            "neighbour" => "artists met on the way",
            "some_artist" => "artists, before it was noted which",
            "album" => "albums",
            "chart" => "charts",
            "search" => "searches for genres and words",
            "growth" => "growing around tracks of the library",
            "" => "what is not known any more",
            other => other,
        }
        .to_owned(),
        name,
        wanted: count.wanted as usize,
        ready: count.ready as usize,
        failed: count.failed as usize,
    }
}

/// Reasons with their words, most first.
fn counted(reasons: impl IntoIterator<Item = (String, usize)>) -> Vec<Count> {
    let mut counts: Vec<_> = reasons
        .into_iter()
        .map(|(name, count)| Count {
            words: words(&name).to_owned(),
            name,
            count,
        })
        .collect();
    counts.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
    counts
}

/// The stable name of a reason, in words; of one that is not known here, itself.
fn words(name: &str) -> &str {
    match name {
        "no_preview" => "without a preview",
        "version" => "another version of a song that is wanted",
        "over_artist" => "more of an artist than an artist may have",
        "over_album" => "more of an album than an album may have",
        "enough" => "more than was ordered",
        "removed" => "taken off the list",
        "karaoke" => "karaoke",
        "imitation" => "made to sound like somebody else",
        "backing" => "backing tracks",
        "tribute" => "tributes",
        "lullaby" => "lullaby versions",
        "eight_d" => "8D versions",
        "slowed" => "slowed down",
        "sped_up" => "sped up",
        "mixed" => "parts of a continuous mix",
        "noise" => "white noise and the like",
        "not_fetched" => "the preview could not be fetched",
        "refused" => "the store refused the preview",
        "preview_refused" => "the link of the preview is not followed",
        "too_short" => "too short for the model",
        "model_failed" => "the model has no use for it",
        "silent" => "silent",
        "not_audio" | "unsupported" | "empty" | "truncated" | "no_samples" | "damaged" => {
            "the preview is no audio that can be read"
        }
        other => other,
    }
}
