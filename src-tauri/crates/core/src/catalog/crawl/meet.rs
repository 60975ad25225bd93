//! Which questions a crawl comes to know of: from its seeds, from the songs of answers, from genres.

use super::super::{Answer, Call, GENRES, Question, Song, SongId, Within};
use super::frontier::{About, Lead, ROWS};
use super::{Crawl, FAR, Seed};

/// Numbers that one lookup takes: the catalogue's own limit.
const IDS: usize = 150;

/// Rows asked for to find the song that words mean: enough for a few copies to stand before it.
const FOUND: u32 = 10;

/// Words of titles in the catalogue's larger languages, to meet artists whom no chart names.
const WORDS: [&str; 24] = [
    "love", "night", "time", "heart", "blue", "home", "fire", "rain", "dance", "dream", "light",
    "river", "sun", "moon", "amor", "vida", "noche", "nuit", "vie", "nacht", "leben", "saudade",
    "mare", "sol",
];

impl Crawl {
    /// Notes what can be asked far from any seed.
    pub(super) fn meet_the_rest(&mut self) {
        for (_, genre) in GENRES {
            self.meet_genre(genre, FAR);
        }
        for word in WORDS {
            self.meet_everywhere(FAR + 1, None, About::Word, || Call::Search {
                term: word.to_owned(),
                within: Within::Title,
                limit: ROWS,
            });
        }
    }

    /// Notes how to find `seeds`.
    pub(super) fn seed(&mut self, seeds: &[Seed]) {
        let songs: Vec<SongId> = seeds
            .iter()
            .filter_map(|seed| match seed {
                Seed::Song(song) => Some(*song),
                _ => None,
            })
            .collect();
        for ids in songs.chunks(IDS) {
            let call = Call::Songs { ids: ids.to_vec() };
            self.meet(call, 0, None, About::Seeds(ids.len()));
        }
        for seed in seeds {
            match seed {
                Seed::Song(_) => {}
                Seed::Text(text) => {
                    let (term, within) = (text.clone(), Within::Anything);
                    let call = Call::Search {
                        term,
                        within,
                        limit: FOUND,
                    };
                    self.meet(call, 0, None, About::Seeds(1));
                }
                Seed::ArtistName(name) => {
                    let (term, within) = (name.clone(), Within::Artist);
                    let call = Call::Search {
                        term,
                        within,
                        limit: ROWS,
                    };
                    self.meet(call, 0, None, About::Seeds(1));
                }
                Seed::Artist(artist) => {
                    let call = Call::ArtistSongs { artist: *artist };
                    self.meet(call, 1, None, About::Artist(*artist));
                }
                Seed::Genre(id) => match GENRES.iter().find(|(known, _)| known == id) {
                    Some((_, name)) => self.meet_genre(name, 1),
                    None => self.meet_everywhere(1, None, About::Chart, || Call::Chart {
                        genre: Some(*id),
                    }),
                },
                Seed::Charts => {
                    self.meet_everywhere(1, None, About::Chart, || Call::Chart { genre: None });
                }
            }
        }
    }

    /// Notes a genre's chart and the search for its songs, in every store.
    pub(super) fn meet_genre(&mut self, name: &str, hops: u8) {
        if let Some((id, _)) = GENRES.iter().find(|(_, known)| *known == name) {
            let call = || Call::Chart { genre: Some(*id) };
            self.meet_everywhere(hops, Some(name), About::Chart, call);
        }
        self.meet_everywhere(hops, Some(name), About::Genre, || Call::Search {
            term: name.to_owned(),
            within: Within::Genre,
            limit: ROWS,
        });
    }

    /// Notes what can be asked around a song that is `hops` from the seeds.
    pub(super) fn meet_around(&mut self, song: &Song, hops: u8) {
        let genre = song.genre.as_deref();
        let further = hops.saturating_add(1);
        if let Some(artist) = song.artist_id {
            self.meet(
                Call::ArtistSongs { artist },
                further,
                genre,
                About::Artist(artist),
            );
        }
        if let Some(album) = song.album_id
            && (hops == 0 || self.shelf.is_various(album))
        {
            self.meet(
                Call::AlbumSongs { album },
                further,
                genre,
                About::Album(album, None),
            );
        }
    }

    /// Notes the albums of a seed's artist whose songs did not fit into one answer.
    pub(super) fn meet_albums(&mut self, question: &Question, answer: &Answer, hops: u8) {
        match question.call {
            Call::ArtistSongs { artist } if hops <= 1 && answer.songs.len() >= ROWS as usize => {
                self.meet(
                    Call::ArtistAlbums { artist },
                    hops,
                    None,
                    About::Artist(artist),
                );
            }
            Call::ArtistAlbums { artist } => {
                // As many as can fill what room the artist has.
                let albums = self
                    .shelf
                    .artist_room(artist)
                    .div_ceil(self.shelf.per_album.max(1));
                for album in answer.albums.iter().take(albums) {
                    let (call, about) = (
                        Call::AlbumSongs { album: album.id },
                        About::Album(album.id, album.songs),
                    );
                    self.meet(call, hops, None, about);
                }
            }
            _ => {}
        }
    }

    fn meet(&mut self, call: Call, hops: u8, genre: Option<&str>, about: About) {
        let question = Question {
            country: self.order.home(),
            call,
        };
        self.frontier.meet(Lead {
            question,
            hops,
            genre: genre.map(str::to_owned),
            about,
        });
    }

    /// Notes a question for every store, those after the first a step further away.
    fn meet_everywhere(
        &mut self,
        hops: u8,
        genre: Option<&str>,
        about: About,
        call: impl Fn() -> Call,
    ) {
        for (store, country) in self.order.stores().into_iter().enumerate() {
            let question = Question {
                country,
                call: call(),
            };
            let hops = if store == 0 { hops } else { hops + 1 };
            self.frontier.meet(Lead {
                question,
                hops,
                genre: genre.map(str::to_owned),
                about,
            });
        }
    }
}
