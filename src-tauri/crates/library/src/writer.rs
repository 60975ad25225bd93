//! What a build writes about one file: all of it in one transaction, so that a build resumes exactly.

use throughline_core::embedding::{Features, Recipe};
use throughline_core::track::{ContentHash, TrackId};

use crate::db::Transaction;
use crate::error::Result;
use crate::table::{
    Description, Failure, FileId, FilesMut, JobsMut, Stat, Tracks, TracksMut, Vector, VectorsMut,
    must_exist,
};

/// A file that was analysed.
#[derive(Clone, Copy, Debug)]
pub struct Analysed<'a> {
    /// The file.
    pub file: FileId,
    /// What it looked like when it was read.
    pub stat: Stat,
    /// Hash of its content.
    pub hash: ContentHash,
    /// What it says of its recording.
    pub about: &'a Description,
    /// What the model made of it.
    pub features: &'a Features,
}

impl Transaction<'_> {
    /// Stores a file that was analysed under `recipe`: its track, its vectors, its job done.
    ///
    /// Content that is known belongs to the track that it has always been. Otherwise, when the file
    /// showed a track that no other present file shows, it was re-tagged or re-encoded in place: that
    /// track keeps its identity and takes the new content, and its vectors of other recipes go. Those of
    /// a song stay: its preview was encoded anew, and is the same recording. Else the content is a new
    /// track.
    pub fn store(&self, recipe: &Recipe, done: &Analysed<'_>, now: i64) -> Result<TrackId> {
        let db = self.connection();
        let (files, tracks, vectors) = (FilesMut { db }, TracksMut { db }, VectorsMut { db });
        let shown = files.track(done.file)?;
        let track = match (Tracks { db }.by_hash(done.hash)?, shown) {
            (Some(known), _) => {
                tracks.describe(known, done.hash, done.about)?;
                known
            }
            (None, Some(shown)) if !files.shown_elsewhere(shown, done.file)? => {
                files.attach(done.file, done.stat, shown)?;
                files.detach_missing(shown)?;
                if !files.is_song(done.file)? {
                    vectors.remove(shown)?;
                }
                tracks.describe(shown, done.hash, done.about)?;
                shown
            }
            (None, _) => tracks.insert(done.hash, done.about, now)?,
        };
        vectors.put(recipe, track, done.features)?;
        files.attach(done.file, done.stat, track)?;
        JobsMut { db }.finish(done.file, recipe, done.stat)?;
        Ok(track)
    }

    /// Keeps how much each of `rows`, vectors of `recipe`, varies, so that reading them leaves the windows
    /// alone.
    pub fn keep_variations(&self, recipe: &Recipe, rows: &[Vector]) -> Result<()> {
        VectorsMut {
            db: self.connection(),
        }
        .keep_variations(recipe, rows)
    }

    /// Notes that a file, which looked like `stat`, holds `track`, whose vectors of `recipe` are
    /// there: it was moved, renamed or copied, and nothing is decoded.
    pub fn link(&self, recipe: &Recipe, file: FileId, stat: Stat, track: TrackId) -> Result<()> {
        let db = self.connection();
        must_exist(db, "file", file.0)?;
        must_exist(db, "track", track.0)?;
        FilesMut { db }.attach(file, stat, track)?;
        JobsMut { db }.finish(file, recipe, stat)
    }

    /// Notes that a file, which looked like `stat`, could not be analysed under `recipe`. It is
    /// left alone until it changes or a retry is asked for.
    pub fn fail(&self, recipe: &Recipe, file: FileId, stat: Stat, why: &Failure) -> Result<()> {
        let db = self.connection();
        must_exist(db, "file", file.0)?;
        JobsMut { db }.fail(file, recipe, stat, why)
    }
}
