//! An invented catalogue: artists of 20 genres, their albums, compilations, copies and versions.

use std::collections::{BTreeMap, HashMap};

use super::super::pollution::pollution;
use super::super::{
    Album, AlbumId, Answer, ArtistId, Call, GENRES, Question, Song, SongId, Within,
};

/// A catalogue that was made up from a number: the same for the same number.
pub(super) struct World {
    pub songs: Vec<Song>,
    by_artist: BTreeMap<ArtistId, Vec<usize>>,
    by_album: BTreeMap<AlbumId, Vec<usize>>,
    /// Songs of a genre, the most played first.
    by_genre: HashMap<String, Vec<usize>>,
}

/// Numbers that look random: `splitmix64`.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }
}

const NOUNS: [&str; 12] = [
    "love", "night", "rain", "sun", "dream", "stone", "glass", "paper", "wolf", "amor", "nacht",
    "city",
];

impl World {
    /// A catalogue of `artists` artists.
    pub fn new(number: u64, artists: usize) -> Self {
        let mut dice = Dice(number);
        let mut songs = Vec::new();
        let mut album = 0;
        for artist in 0..artists {
            let (_, genre) = GENRES[dice.below(GENRES.len())];
            // Few have much: 8 songs in the middle, 200 at most.
            let many = (4 * 64 / (1 + dice.below(64))).clamp(2, 200);
            for nth in 0..many {
                if nth % 10 == 0 {
                    album += 1;
                }
                songs.push(song(&mut dice, songs.len(), artist, album, genre));
            }
        }
        // Compilations: twelve songs of a genre, as other releases of themselves.
        let mut of_genre: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, song) in songs.iter().enumerate() {
            of_genre
                .entry(song.genre.clone().unwrap_or_default())
                .or_default()
                .push(at);
        }
        for (_, genre) in GENRES {
            let from = of_genre.get(genre).cloned().unwrap_or_default();
            for _ in 0..artists / 100 {
                album += 1;
                for _ in 0..12.min(from.len()) {
                    let id = songs.len() as u64 + 1;
                    let copy = songs[from[dice.below(from.len())]].clone();
                    let title = Some(format!("Best of {genre} {album}"));
                    songs.push(Song {
                        id: SongId(id),
                        album: title,
                        album_id: Some(AlbumId(album)),
                        ..copy
                    });
                }
            }
        }
        Self::of(songs, &mut dice)
    }

    fn of(songs: Vec<Song>, dice: &mut Dice) -> Self {
        let mut world = Self {
            songs: Vec::new(),
            by_artist: BTreeMap::new(),
            by_album: BTreeMap::new(),
            by_genre: HashMap::new(),
        };
        let mut played: Vec<(usize, usize)> = (0..songs.len())
            .map(|at| (dice.below(1 << 30), at))
            .collect();
        played.sort_unstable();
        for (_, at) in played {
            let genre = songs[at].genre.clone().unwrap_or_default();
            world.by_genre.entry(genre).or_default().push(at);
        }
        for (at, song) in songs.iter().enumerate() {
            if let (Some(artist), Some(album)) = (song.artist_id, song.album_id) {
                world.by_artist.entry(artist).or_default().push(at);
                world.by_album.entry(album).or_default().push(at);
            }
        }
        world.songs = songs;
        world
    }

    /// What the catalogue answers.
    pub fn answer(&self, question: &Question) -> Answer {
        let none = Vec::new();
        // Stores differ in what is played most.
        let store = usize::from(question.country.code().as_bytes()[0]) * 7;
        let genre = |name: &str, rows: usize| -> Vec<usize> {
            let all = self.by_genre.get(name).unwrap_or(&none);
            let from = store % all.len().max(1);
            all.iter()
                .cycle()
                .skip(from)
                .take(rows.min(all.len()))
                .copied()
                .collect()
        };
        let found: Vec<usize> = match &question.call {
            Call::Songs { ids } => ids
                .iter()
                .map(|id| id.0 as usize - 1)
                .filter(|&at| at < self.songs.len())
                .collect(),
            Call::ArtistSongs { artist } => self.by_artist.get(artist).unwrap_or(&none).clone(),
            Call::AlbumSongs { album } => self.by_album.get(album).unwrap_or(&none).clone(),
            Call::ArtistAlbums { artist } => return self.albums(*artist),
            Call::Chart { genre: Some(id) } => {
                let name = GENRES
                    .iter()
                    .find(|(known, _)| known == id)
                    .expect("a genre")
                    .1;
                genre(name, 100)
            }
            Call::Chart { genre: None } => {
                GENRES.iter().flat_map(|(_, name)| genre(name, 5)).collect()
            }
            Call::Search {
                term,
                within: Within::Genre,
                limit,
            } => {
                let mut rows = genre(term, 100 + *limit as usize);
                rows.drain(..100.min(rows.len()));
                rows
            }
            Call::Search {
                term,
                within,
                limit,
            } => {
                let has = |song: &&Song| match within {
                    Within::Artist => song.artist.as_deref() == Some(term),
                    _ => song.title.to_lowercase().contains(&term.to_lowercase()),
                };
                let found = self.songs.iter().filter(has).take(*limit as usize);
                found.map(|song| song.id.0 as usize - 1).collect()
            }
        };
        let songs = found
            .into_iter()
            .take(200)
            .map(|at| self.songs[at].clone())
            .collect();
        Answer {
            songs,
            ..Answer::default()
        }
    }

    fn albums(&self, artist: ArtistId) -> Answer {
        let mut albums: Vec<Album> = Vec::new();
        for &at in self.by_artist.get(&artist).into_iter().flatten() {
            let song = &self.songs[at];
            let id = song.album_id.expect("every song is on an album");
            if albums.iter().all(|album| album.id != id) {
                let songs = self.by_album.get(&id).map(|songs| songs.len() as u32);
                let title = song.album.clone().unwrap_or_default();
                albums.push(Album {
                    id,
                    title,
                    artist_id: Some(artist),
                    songs,
                });
            }
        }
        Answer {
            albums,
            ..Answer::default()
        }
    }

    /// Songs of a genre that one call for `artist` can bring at most: clean ones, as many of an album
    /// as it may have.
    pub fn brings(&self, artist: ArtistId, genre: Option<&str>, per_album: usize) -> usize {
        let mut albums: BTreeMap<Option<AlbumId>, usize> = BTreeMap::new();
        for &at in self.by_artist.get(&artist).into_iter().flatten() {
            let song = &self.songs[at];
            if song.preview.is_some() && song.genre.as_deref() == genre && pollution(song).is_none()
            {
                *albums.entry(song.album_id).or_default() += 1;
            }
        }
        albums.into_values().map(|songs| songs.min(per_album)).sum()
    }
}

fn song(dice: &mut Dice, at: usize, artist: usize, album: u64, genre: &str) -> Song {
    let title = format!("{} {} {at}", NOUNS[dice.below(12)], NOUNS[dice.below(12)]);
    let title = match dice.below(40) {
        0 => format!("{title} (Karaoke Version)"),
        1 => format!("{title} (Sped Up)"),
        2 | 3 => format!("{} {} {} (Live)", NOUNS[0], NOUNS[1], at.saturating_sub(1)),
        _ => title,
    };
    Song {
        id: SongId(at as u64 + 1),
        title,
        artist: Some(format!("Band {artist}")),
        artist_id: Some(ArtistId(artist as u64 + 1)),
        album: Some(format!("Album {album}")),
        album_id: Some(AlbumId(album)),
        genre: Some(genre.to_owned()),
        year: None,
        duration_s: Some(120.0 + dice.below(200) as f64),
        preview: (dice.below(20) > 0).then(|| format!("https://example.invalid/{at}.m4a")),
        artwork: None,
        page: None,
    }
}
