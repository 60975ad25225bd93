//! Throughlines by name: kept, opened again, and carried elsewhere as a file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use throughline_core::feedback::{EventId, Standing, ThroughlineId, What};
use throughline_core::throughline_file::{FileTrack, MOST_BYTES, MOST_TEXT, ThroughlineFile};
use throughline_core::track::{ContentHash, TrackId};
use throughline_library::{Library, LibraryError, Throughline};

use super::MOST_SEEDS;
use crate::error::{AppError, Result};
use crate::session::Session;
use crate::view::{Imported, Thread, ThreadSummary};

/// Seconds by which two lengths of one recording differ at most, between one file and another.
const SAME_LENGTH_S: f64 = 3.0;

impl Session {
    /// Calls the open throughline `name`; without one it loses its name.
    pub fn name_thread(&self, name: Option<&str>, now: i64) -> Result<Thread> {
        let name = name.map(str::trim).filter(|name| !name.is_empty());
        {
            let mut library = self.library();
            let open = library.throughlines().open()?.id;
            let tx = library.begin()?;
            tx.throughlines_mut().rename(open, name)?;
            tx.commit()?;
        }
        self.thread(now)
    }

    /// Every throughline in which something was said, and the open one; the newest first.
    pub fn threads(&self) -> Result<Vec<ThreadSummary>> {
        let (all, mut said) = {
            let library = self.library();
            (library.throughlines().all()?, library.events().of_each()?)
        };
        let standing = said.iter().map(|(id, events)| (*id, Standing::of(events)));
        let mut standing: BTreeMap<_, _> = standing.collect();
        let seeds = standing.values().flat_map(|standing| &standing.seeds);
        let seeds: BTreeSet<TrackId> = seeds.copied().collect();
        let seeds = self.tracks(&seeds.into_iter().collect::<Vec<_>>())?;
        let titles: BTreeMap<_, _> = seeds
            .into_iter()
            .map(|track| (TrackId(track.id), track.title))
            .collect();
        let mut summaries = Vec::new();
        for throughline in all {
            let events = said.remove(&throughline.id).unwrap_or_default();
            let standing = standing.remove(&throughline.id).unwrap_or_default();
            let own = events.iter().filter(|event| !event.what.is_everywhere());
            let said: Vec<i64> = own.map(|event| event.at).collect();
            if said.is_empty() && !throughline.open && throughline.name.is_none() {
                continue;
            }
            let made = throughline.created_at;
            let seeds = standing.seeds.iter();
            summaries.push(ThreadSummary {
                id: throughline.id.0,
                name: throughline.name,
                seeds: seeds.filter_map(|seed| titles.get(seed).cloned()).collect(),
                thumbs: standing.ups.len() + standing.downs.len(),
                begun_at: said.iter().copied().min().unwrap_or(made),
                changed_at: said.into_iter().fold(made, i64::max),
                open: throughline.open,
            });
        }
        summaries.sort_by_key(|summary| (std::cmp::Reverse(summary.changed_at), summary.id));
        Ok(summaries)
    }

    /// Opens a throughline instead of the one that is open, which is kept.
    pub fn open_thread(&self, id: i64, now: i64) -> Result<Thread> {
        {
            let mut library = self.library();
            let tx = library.begin()?;
            tx.throughlines_mut().open(ThroughlineId(id))?;
            tx.commit()?;
        }
        self.thread(now)
    }

    /// The throughline called `name`.
    pub fn thread_called(&self, name: &str) -> Result<i64> {
        let found = self.library().throughlines().named(name)?;
        let found = found.ok_or_else(|| AppError::NoThroughline(name.to_owned()))?;
        Ok(found.id.0)
    }

    /// Writes a throughline to the file `path`: what was said in it, and what its tracks are known by
    /// elsewhere. What holds for the whole library stays here.
    pub fn export_thread(&self, id: i64, path: &Path) -> Result<()> {
        let bytes = self.exported(ThroughlineId(id))?.to_bytes()?;
        let io = |source| AppError::Io {
            path: path.to_owned(),
            source,
        };
        // Beside it first: a disk that is full costs no file that was there.
        let (part, mut file) = new_beside(path).map_err(io)?;
        let written = file.write_all(&bytes);
        drop(file);
        let kept = written.and_then(|()| fs::rename(&part, path));
        if kept.is_err() {
            let _ = fs::remove_file(&part);
        }
        kept.map_err(io)
    }

    /// Opens a new throughline of what the file `path` holds. Tracks are found by their content, by their
    /// number in the catalogue, or by title, artist and length; what was said of others is left out, and
    /// they are named. A name that another throughline has is left out as well.
    pub fn import_thread(&self, path: &Path, now: i64) -> Result<Imported> {
        let io = |source| AppError::Io {
            path: path.to_owned(),
            source,
        };
        let mut bytes = Vec::new();
        let limit = MOST_BYTES as u64 + 1;
        let file = File::open(path).map_err(io)?;
        file.take(limit).read_to_end(&mut bytes).map_err(io)?;
        let file = ThroughlineFile::parse(&bytes)?;
        let unresolved = self.adopt(&file, now)?;
        Ok(Imported {
            thread: self.thread(now)?,
            unresolved,
        })
    }

    fn exported(&self, id: ThroughlineId) -> Result<ThroughlineFile> {
        let recipe = self.recipe()?;
        let library = self.library();
        let all = library.throughlines().all()?;
        let throughline = all.into_iter().find(|one| one.id == id);
        let throughline = throughline.ok_or(LibraryError::Unknown {
            table: "throughline",
            row: id.0,
        })?;
        let mut events = library.events().of(id)?;
        events.retain(|event| !event.what.is_everywhere());
        let acts: Vec<EventId> = events.iter().map(|event| event.id).collect();
        events.retain(|event| match event.what {
            What::Undid(act) => acts.contains(&act),
            _ => true,
        });
        let ids: Vec<TrackId> = events
            .iter()
            .filter_map(|event| event.what.track())
            .collect();
        let mut tracks = BTreeMap::new();
        for track in library.tracks().get(&recipe, &ids)? {
            let hash = library.tracks().hash(track.id)?;
            let known = FileTrack {
                id: track.id,
                content_hash: hash.map(|hash| hash.to_string()),
                song: track.song,
                title: short(track.tags.title),
                artist: short(track.tags.artist),
                album: short(track.tags.album),
                duration_s: Some(track.duration_s),
            };
            tracks.insert(known.id, known);
        }
        let tracks = tracks.into_values().collect();
        Ok(ThroughlineFile::new(
            throughline.name,
            recipe,
            tracks,
            events,
        )?)
    }

    /// Appends what `file` says to a new throughline, and opens that; answers with the tracks that are not
    /// here.
    fn adopt(&self, file: &ThroughlineFile, now: i64) -> Result<Vec<String>> {
        let standing = Standing::of(&file.events);
        let seeds = standing.seeds.len() + standing.opposed.len();
        if seeds > MOST_SEEDS {
            return Err(AppError::TooManySeeds(seeds));
        }
        let named: BTreeSet<TrackId> = file
            .events
            .iter()
            .filter_map(|event| event.what.track())
            .collect();
        let mut library = self.library();
        let mut here = BTreeMap::new();
        let mut unresolved = Vec::new();
        for track in file.tracks.iter().filter(|track| named.contains(&track.id)) {
            match resolve(&library, track)? {
                Some(found) => {
                    here.insert(track.id, found);
                }
                None => unresolved.push(called(track)),
            }
        }
        let taken =
            |name: &str| -> Result<bool> { Ok(library.throughlines().named(name)?.is_some()) };
        let name = file
            .name
            .as_deref()
            .map(str::trim)
            .filter(|name| !name.is_empty());
        let name = match name {
            Some(name) if !taken(name)? => Some(name.to_owned()),
            _ => None,
        };
        let tx = library.begin()?;
        let Throughline { id, .. } = tx.throughlines_mut().start(now)?;
        tx.throughlines_mut().rename(id, name.as_deref())?;
        let mut ids = BTreeMap::new();
        for event in &file.events {
            let track = |track: TrackId| here.get(&track).copied();
            let what = match event.what {
                What::Did(act, _) if act.is_everywhere() => None,
                What::Did(act, of) => track(of).map(|of| What::Did(act, of)),
                What::Weighed(of, weight) => track(of).map(|of| What::Weighed(of, weight)),
                What::DownNear(of, radius) => track(of).map(|of| What::DownNear(of, radius)),
                What::Turned(..) => Some(event.what),
                What::Undid(act) => ids.get(&act).copied().map(What::Undid),
            };
            if let Some(what) = what {
                let made = tx.events_mut().append(id, what, event.at)?;
                ids.insert(event.id, made.id);
            }
        }
        tx.commit()?;
        Ok(unresolved)
    }
}

/// A new file beside `path`, under the first name that no other file has.
fn new_beside(path: &Path) -> io::Result<(PathBuf, File)> {
    let mut n = 1_u32;
    loop {
        let mut part = path.as_os_str().to_owned();
        part.push(format!(".part{n}"));
        match File::create_new(&part) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => n += 1,
            made => return made.map(|file| (part.into(), file)),
        }
    }
}

/// The track of this library that a file describes.
fn resolve(library: &Library, track: &FileTrack) -> Result<Option<TrackId>> {
    if let Some(hash) = track.content_hash.as_deref().and_then(digest)
        && let Some(found) = library.tracks().by_hash(hash)?
    {
        return Ok(Some(found));
    }
    if let Some(song) = track.song
        && let Some(found) = library.songs().track(song)?
    {
        return Ok(Some(found));
    }
    let Some(title) = &track.title else {
        return Ok(None);
    };
    let namesakes = library.tracks().called(title, track.artist.as_deref())?;
    let off = |length: f64| track.duration_s.map_or(0.0, |of| (of - length).abs());
    let near = namesakes
        .into_iter()
        .filter(|&(_, length)| off(length) <= SAME_LENGTH_S);
    let nearest = near.min_by(|a, b| off(a.1).total_cmp(&off(b.1)));
    Ok(nearest.map(|(found, _)| found))
}

/// As much of a text as a file takes.
fn short(text: Option<String>) -> Option<String> {
    text.map(|text| text.chars().take(MOST_TEXT).collect())
}

/// The bytes of 64 hexadecimal digits.
fn digest(digits: &str) -> Option<ContentHash> {
    let mut bytes = [0; 32];
    for (place, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * place..2 * place + 2)?, 16).ok()?;
    }
    Some(ContentHash(bytes))
}

/// What a track of a file is called.
fn called(track: &FileTrack) -> String {
    let title = track.title.as_deref().unwrap_or("a track without a title");
    match &track.artist {
        Some(artist) => format!("{title} — {artist}"),
        None => title.to_owned(),
    }
}
