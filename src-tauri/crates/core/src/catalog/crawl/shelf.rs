//! What becomes of songs: caps, families, and what is left out.

use std::collections::{BTreeMap, HashMap};

use super::super::family::{Families, Folded, artist_key};
use super::super::pollution::{Pollution, pollution};
use super::super::{AlbumId, ArtistId, Song, SongId};

/// What becomes of a song of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The song.
    pub song: SongId,
    /// What becomes of it.
    pub verdict: Verdict,
}

/// What becomes of a song.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is to be embedded. Lower ranks are nearer to the seeds and come first.
    Wanted {
        /// Its place in the order, unlike any other's.
        rank: u32,
    },
    /// It has no preview: its metadata is all that is kept.
    NoPreview,
    /// It would spoil the library.
    Polluted(Pollution),
    /// A version of a song that is wanted.
    Version {
        /// That song.
        of: SongId,
    },
    /// Its artist has as many songs as an artist may have.
    OverArtist,
    /// Its album has as many songs as an album may have.
    OverAlbum,
    /// The order is full.
    Enough,
    /// What was said of it before still stands.
    Known,
}

impl Verdict {
    /// A stable name, as in `no_preview`; a polluted song's is that of its pollution.
    pub fn code(self) -> &'static str {
        match self {
            Self::Wanted { .. } => "wanted",
            Self::NoPreview => "no_preview",
            Self::Polluted(pollution) => pollution.code(),
            Self::Version { .. } => "version",
            Self::OverArtist => "over_artist",
            Self::OverAlbum => "over_album",
            Self::Enough => "enough",
            Self::Known => "known",
        }
    }
}

/// The songs that were judged, and what is counted of them.
#[derive(Clone, Debug)]
pub(super) struct Shelf {
    /// Songs of one artist at most.
    pub per_artist: usize,
    /// Songs of one album at most.
    pub per_album: usize,
    /// Songs wanted in all.
    pub size: usize,
    /// Songs wanted so far.
    pub wanted: usize,
    /// Of these, by genre.
    pub genres: BTreeMap<String, usize>,
    judged: HashMap<SongId, &'static str>,
    families: Families,
    by_artist: HashMap<ArtistId, usize>,
    /// By name as well: charts do not number their artists.
    by_name: HashMap<String, usize>,
    by_album: HashMap<AlbumId, usize>,
    /// Songs met of an artist, whatever became of them.
    met: HashMap<ArtistId, usize>,
    albums: HashMap<AlbumId, Album>,
}

/// What was met of an album.
#[derive(Clone, Copy, Debug)]
struct Album {
    artist: ArtistId,
    songs: usize,
    various: bool,
}

impl Shelf {
    pub fn new(per_artist: usize, per_album: usize) -> Self {
        Self {
            per_artist,
            per_album,
            size: 0,
            wanted: 0,
            genres: BTreeMap::new(),
            judged: HashMap::new(),
            families: Families::default(),
            by_artist: HashMap::new(),
            by_name: HashMap::new(),
            by_album: HashMap::new(),
            met: HashMap::new(),
            albums: HashMap::new(),
        }
    }

    /// Judges `song`, met `hops` from the seeds.
    pub fn judge(&mut self, song: &Song, hops: u8) -> Judged {
        let before = self.judged.get(&song.id).copied();
        let verdict = match before {
            Some("wanted") => Verdict::Known,
            _ => match self.verdict(song, hops) {
                verdict if before == Some(verdict.code()) => Verdict::Known,
                verdict => verdict,
            },
        };
        if before.is_none() {
            self.meet(song);
        }
        if verdict != Verdict::Known {
            self.judged.insert(song.id, verdict.code());
        }
        if let Verdict::Wanted { .. } = verdict {
            self.take(song);
        }
        Judged {
            song: song.id,
            verdict,
        }
    }

    /// Songs that an artist may still have.
    pub fn artist_room(&self, artist: ArtistId) -> usize {
        let has = self.by_artist.get(&artist).copied().unwrap_or(0);
        self.per_artist.saturating_sub(has)
    }

    /// Songs that an album may still have. One that seems to be one artist's own has no room when the
    /// artist has none.
    pub fn album_room(&self, album: AlbumId) -> usize {
        let has = self.by_album.get(&album).copied().unwrap_or(0);
        let room = self.per_album.saturating_sub(has);
        match self.albums.get(&album) {
            Some(met) if met.songs > 1 && !met.various => room.min(self.artist_room(met.artist)),
            _ => room,
        }
    }

    /// Whether songs of more than one artist were met on an album.
    pub fn is_various(&self, album: AlbumId) -> bool {
        self.albums.get(&album).is_some_and(|met| met.various)
    }

    /// Songs met of an artist.
    pub fn met(&self, artist: ArtistId) -> usize {
        self.met.get(&artist).copied().unwrap_or(0)
    }

    /// Songs that may still be wanted.
    pub fn room(&self) -> usize {
        self.size.saturating_sub(self.wanted)
    }

    /// Songs left out, by reason.
    pub fn dropped(&self) -> BTreeMap<&'static str, usize> {
        let mut dropped = BTreeMap::new();
        for &code in self.judged.values().filter(|&&code| code != "wanted") {
            *dropped.entry(code).or_default() += 1;
        }
        dropped
    }

    fn verdict(&self, song: &Song, hops: u8) -> Verdict {
        if let Some(pollution) = pollution(song) {
            return Verdict::Polluted(pollution);
        }
        if song.preview.is_none() {
            return Verdict::NoPreview;
        }
        if let Folded::Version { of, .. } = self.families.find(song) {
            return Verdict::Version { of };
        }
        let of_name = artist_key(song).and_then(|name| self.by_name.get(&name).copied());
        let numbered = song
            .artist_id
            .is_some_and(|artist| self.artist_room(artist) == 0);
        if numbered || of_name.unwrap_or(0) >= self.per_artist {
            return Verdict::OverArtist;
        }
        let on_album = |album| self.by_album.get(&album).copied().unwrap_or(0);
        if song
            .album_id
            .is_some_and(|album| on_album(album) >= self.per_album)
        {
            return Verdict::OverAlbum;
        }
        if self.room() == 0 {
            return Verdict::Enough;
        }
        // 24 bits of order below 8 bits of distance.
        let rank = u32::from(hops) << 24 | self.wanted as u32;
        Verdict::Wanted { rank }
    }

    fn meet(&mut self, song: &Song) {
        let Some(artist) = song.artist_id else {
            return;
        };
        *self.met.entry(artist).or_default() += 1;
        if let Some(album) = song.album_id {
            let new = Album {
                artist,
                songs: 0,
                various: false,
            };
            let met = self.albums.entry(album).or_insert(new);
            met.songs += 1;
            met.various |= met.artist != artist;
        }
    }

    fn take(&mut self, song: &Song) {
        self.families.fold(song);
        self.wanted += 1;
        if let Some(artist) = song.artist_id {
            *self.by_artist.entry(artist).or_default() += 1;
        }
        if let Some(name) = artist_key(song) {
            *self.by_name.entry(name).or_default() += 1;
        }
        if let Some(album) = song.album_id {
            *self.by_album.entry(album).or_default() += 1;
        }
        if let Some(genre) = &song.genre {
            *self.genres.entry(genre.clone()).or_default() += 1;
        }
    }
}
