//! What a build from the catalogue will take, before it runs.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use throughline_core::catalog::crawl::{Crawl, Order, Seed};
use throughline_core::catalog::estimate::{Estimate, Pace};
use throughline_core::catalog::{ArtistId, Country, GENRES, GenreId, SongId};
use throughline_core::embedding::{Clip, Embedder};

use crate::engine::name_of;
use crate::error::{AppError, Reason, Result};
use crate::session::Session;
use crate::view::{Bottleneck, CatalogSeed, Plan, PlanRequest};

/// Artists of the listener's own files that a plan grows around, at most: each takes a call or two.
const OWN_ARTISTS: usize = 50;

/// Bytes a second that previews are assumed to stream at where the settings hold them to no less: a line
/// of 40 Mbit/s, which most fixed ones exceed. It cannot be measured without asking for previews.
const STREAM_BYTES_PER_S: f64 = 5e6;

/// Length of a preview in seconds.
const PREVIEW_S: u32 = 30;

/// How long the model is measured at least, if one clip does not take longer.
const MEASURE: Duration = Duration::from_secs(1);

impl Session {
    /// Explains what `request` would take. Asks no network; the model embeds a synthetic clip or a few,
    /// for about a second. [`AppError::NoPlan`] when a seed or a country makes no sense.
    pub fn plan_catalog(&self, request: &PlanRequest) -> Result<Plan> {
        let (order, seeds) = self.order_of(request)?;
        let wanted = self.wanted()?;
        let engine = self.engines().get(&wanted)?;
        let clips_per_s = measure(engine.embedder.as_ref()).map_err(|reason| {
            AppError::Internal(format!("the model cannot be measured: {}", reason.words))
        })?;
        let client = self.catalog_settings()?.client;
        let allowed = client
            .previews
            .bytes_per_s
            .map_or(f64::INFINITY, |it| it as f64);
        let pace = Pace {
            calls_per_minute: f64::from(client.calls_per_minute.max(1)),
            bytes_per_second: STREAM_BYTES_PER_S.min(allowed),
            songs_per_second: clips_per_s,
        };
        let calls = Crawl::new(&order).progress().calls_left;
        let estimate = Estimate::of(calls, order.size, &pace);
        Ok(Plan {
            seeds,
            calls,
            songs: estimate.songs,
            gigabytes: estimate.bytes as f64 / 1e9,
            call_minutes: calls as f64 / pace.calls_per_minute,
            stream_minutes: estimate.bytes as f64 / pace.bytes_per_second / 60.0,
            embed_minutes: estimate.embed_hours * 60.0,
            minutes: estimate.minutes,
            limit: estimate.limit.into(),
            model: name_of(&wanted.model),
            clips_per_s,
            order,
        })
    }

    /// The order of `request`, and its seeds in words.
    fn order_of(&self, request: &PlanRequest) -> Result<(Order, Vec<String>)> {
        if request.size == 0 {
            return Err(AppError::NoPlan("no songs are wanted".to_owned()));
        }
        let mut countries = Vec::new();
        for country in &request.countries {
            let country: Country = country
                .trim()
                .parse()
                .map_err(|error| AppError::NoPlan(format!("{error}")))?;
            if !countries.contains(&country) {
                countries.push(country);
            }
        }
        let (mut seeds, mut words) = (Vec::new(), Vec::new());
        for seed in &request.seeds {
            let (found, said) = self.seed_of(seed)?;
            seeds.extend(
                found
                    .into_iter()
                    .filter(|seed| !seeds.contains(seed))
                    .collect::<Vec<_>>(),
            );
            words.push(said);
        }
        if seeds.is_empty() {
            seeds.push(Seed::Charts);
            words.push("the charts".to_owned());
        }
        let default = Order::default();
        let order = Order {
            seeds,
            size: request.size,
            countries: if countries.is_empty() {
                default.countries.clone()
            } else {
                countries
            },
            ..default
        };
        Ok((order, words))
    }

    fn seed_of(&self, seed: &CatalogSeed) -> Result<(Vec<Seed>, String)> {
        let named = |text: &str| match text.trim() {
            "" => Err(AppError::NoPlan("a seed has no words".to_owned())),
            text => Ok(text.to_owned()),
        };
        Ok(match seed {
            CatalogSeed::Text { text } => {
                let text = named(text)?;
                (vec![Seed::Text(text.clone())], format!("“{text}”"))
            }
            CatalogSeed::Song { id } => (vec![Seed::Song(SongId(*id))], self.song_words(*id)?),
            CatalogSeed::Artist { id } => {
                (vec![Seed::Artist(ArtistId(*id))], format!("artist {id}"))
            }
            CatalogSeed::ArtistName { name } => {
                let name = named(name)?;
                (vec![Seed::ArtistName(name.clone())], name)
            }
            CatalogSeed::Genre { name } => {
                let (id, name) = genre(name)?;
                (vec![Seed::Genre(id)], name)
            }
            CatalogSeed::Charts => (vec![Seed::Charts], "the charts".to_owned()),
            CatalogSeed::Own => {
                let artists = self.own_artists()?;
                if artists.is_empty() {
                    return Err(AppError::NoPlan(
                        "the files in the library name no artists".to_owned(),
                    ));
                }
                let said = format!("{} artists of your own files", artists.len());
                (artists.into_iter().map(Seed::ArtistName).collect(), said)
            }
        })
    }

    /// A song in words: its title, where the library knows it.
    fn song_words(&self, id: u64) -> Result<String> {
        let known = self.library().songs().get(&[SongId(id)])?.pop();
        Ok(match known.map(|known| known.song) {
            Some(song) => match song.artist {
                Some(artist) => format!("“{}” by {artist}", song.title),
                None => format!("“{}”", song.title),
            },
            None => format!("song {id}"),
        })
    }

    /// The artists of the listener's own files, those with most tracks first.
    fn own_artists(&self) -> Result<Vec<String>> {
        let recipe = self.recipe()?;
        let all = self.library().tracks().all(&recipe)?;
        let mut tracks: HashMap<String, usize> = HashMap::new();
        for track in all.into_iter().filter(|track| track.song.is_none()) {
            if let Some(artist) = track.tags.artist {
                *tracks.entry(artist).or_default() += 1;
            }
        }
        let mut artists: Vec<_> = tracks.into_iter().collect();
        artists.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        artists.truncate(OWN_ARTISTS);
        Ok(artists.into_iter().map(|(artist, _)| artist).collect())
    }
}

impl From<throughline_core::catalog::estimate::Bottleneck> for Bottleneck {
    fn from(limit: throughline_core::catalog::estimate::Bottleneck) -> Self {
        use throughline_core::catalog::estimate::Bottleneck as Limit;
        match limit {
            Limit::Calls => Self::Calls,
            Limit::Stream => Self::Stream,
            Limit::Embed => Self::Embed,
        }
    }
}

/// A genre of the catalogue's list by its name or its number.
fn genre(text: &str) -> Result<(GenreId, String)> {
    let text = text.trim();
    let number = text.parse().ok().map(GenreId);
    let mut genres = GENRES.iter();
    let known = genres.find(|(id, name)| Some(*id) == number || name.eq_ignore_ascii_case(text));
    match (known, number) {
        (Some((id, name)), _) => Ok((*id, (*name).to_owned())),
        // The store has more genres than the list.
        (None, Some(id)) => Ok((id, format!("genre {}", id.0))),
        (None, None) => {
            let names: Vec<_> = GENRES.iter().map(|(_, name)| *name).collect();
            Err(AppError::NoPlan(format!(
                "“{text}” is no genre of the catalogue; there are {}",
                names.join(", ")
            )))
        }
    }
}

/// Clips of 30 s that `embedder` prepares and embeds a second. Preparing is shared by the cores.
fn measure(embedder: &dyn Embedder) -> Result<f64, Reason> {
    let rate = embedder.sample_rate();
    let samples = clip(rate);
    let spans = embedder.spans(samples.len() as u64);
    if spans.is_empty() {
        return Err(Reason::too_short());
    }
    let stretch = |start: u64, len: usize| {
        let start = (start as usize).min(samples.len());
        samples[start..(start + len).min(samples.len())].to_vec()
    };
    let stretches = spans
        .iter()
        .map(|&span| (span, stretch(span.start, span.len)))
        .collect();
    let clip = Clip {
        track_len: samples.len() as u64,
        stretches,
    };
    let (mut prepares, mut embeds, mut clips) = (Duration::ZERO, Duration::ZERO, 0_u32);
    while clips == 0 || prepares + embeds < MEASURE {
        let begun = Instant::now();
        let prepared = embedder.prepare(&clip)?;
        prepares += begun.elapsed();
        let begun = Instant::now();
        for answer in embedder.embed(std::slice::from_ref(&prepared)) {
            answer?;
        }
        embeds += begun.elapsed();
        clips += 1;
    }
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u32);
    let slower = embeds.max(prepares / cores);
    Ok(f64::from(clips) / slower.as_secs_f64().max(1e-6))
}

/// Thirty seconds of a chord that swells and fades.
fn clip(rate: u32) -> Vec<f32> {
    let tone = |t: f32, hz: f32| (t * hz * std::f32::consts::TAU).sin();
    (0..rate * PREVIEW_S)
        .map(|n| {
            let t = n as f32 / rate as f32;
            let swell = 0.6 + 0.4 * tone(t, 0.5);
            swell * (tone(t, 220.0) + tone(t, 277.2) + tone(t, 329.6)) / 3.0
        })
        .collect()
}
