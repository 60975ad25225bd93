//! Finding tracks by words and by id.

use std::path::PathBuf;

use throughline_core::track::TrackId;
use throughline_library::Library;

use super::Session;
use crate::error::{AppError, Result};
use crate::view::{self, Track, TrackStatus};

impl Session {
    /// Tracks whose title, artist, album or path has the words of `text`, best first; all of them by
    /// artist, album and title when there are no words. At most `limit`.
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<Track>> {
        if text.trim().is_empty() {
            let listing = self.listing("")?;
            return self.tracks(&listing.page(0, limit));
        }
        let recipe = self.recipe()?;
        let library = self.library();
        let found = library.tracks().search(&recipe, text, limit)?;
        shown(&library, found.into_iter().map(track).collect())
    }

    /// One track.
    pub fn track(&self, id: i64) -> Result<Track> {
        self.tracks(&[TrackId(id)])?
            .pop()
            .ok_or(AppError::UnknownTrack(id))
    }

    /// Where the file of a track lies; [`AppError::FileMissing`] when it is not there. A folder that was moved
    /// is known from before too: of several places the first counts at which there is a file.
    pub fn path_of(&self, id: i64) -> Result<PathBuf> {
        let mut paths = self.library().tracks().paths(TrackId(id))?;
        match paths.iter().position(|path| path.is_file()) {
            Some(place) => Ok(paths.swap_remove(place)),
            None if paths.is_empty() => Err(AppError::UnknownTrack(id)),
            None => Err(AppError::FileMissing(paths.swap_remove(0))),
        }
    }

    /// Tracks by id, in the order given; unknown ones are left out.
    pub(crate) fn tracks(&self, ids: &[TrackId]) -> Result<Vec<Track>> {
        let recipe = self.recipe()?;
        let library = self.library();
        let found = library.tracks().get(&recipe, ids)?;
        shown(&library, found.into_iter().map(track).collect())
    }
}

/// `tracks` with what the catalogue knows of those that are its songs: they have no path.
fn shown(library: &Library, mut tracks: Vec<Track>) -> Result<Vec<Track>> {
    let songs = tracks.iter().filter(|track| track.path.is_empty());
    let songs: Vec<_> = songs.map(|track| TrackId(track.id)).collect();
    let mut songs = library.songs().of_tracks(&songs)?;
    for track in &mut tracks {
        if let Some(known) = songs.remove(&TrackId(track.id)) {
            track.artwork = known.song.artwork.is_some();
            track.store = known.song.page;
        }
    }
    Ok(tracks)
}

fn track(track: throughline_library::Track) -> Track {
    let path = track.path.unwrap_or_default();
    Track {
        id: track.id.0,
        title: track.tags.title.unwrap_or_else(|| {
            path.file_stem()
                .map(|stem| stem.to_string_lossy().into_owned())
                .unwrap_or_default()
        }),
        path: view::shown(&path),
        store: None,
        artwork: false,
        artist: track.tags.artist,
        album: track.tags.album,
        year: track.tags.year,
        genre: track.tags.genre,
        duration_s: track.duration_s,
        status: match track.status {
            throughline_library::Status::Ready => TrackStatus::Ready,
            throughline_library::Status::Pending => TrackStatus::Pending,
            throughline_library::Status::Missing => TrackStatus::Missing,
        },
    }
}
