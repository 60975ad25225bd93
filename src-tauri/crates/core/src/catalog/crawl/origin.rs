//! By what a song was brought.

use super::super::{Call, Within};

/// What kind of call brought a song that is wanted, and how near to the seeds it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Origin {
    /// It was named itself, by its number or in words.
    Seed,
    /// Its artist was named, or has a song that was.
    Artist,
    /// Its artist was met on the way.
    Neighbour,
    /// An album was asked for.
    Album,
    /// It is played or sold much.
    Chart,
    /// A genre or a word was searched for.
    Search,
    /// It was asked for after the crawl was grown, by whatever call.
    Growth,
}

impl Origin {
    /// What `call` brings that is `hops` from the seeds, where 0 finds them.
    pub(super) fn of(call: &Call, hops: u8) -> Self {
        match call {
            Call::Songs { .. } => Self::Seed,
            Call::Search { within, .. } => match within {
                Within::Anything if hops == 0 => Self::Seed,
                Within::Artist => Self::Artist,
                Within::Anything | Within::Title | Within::Genre => Self::Search,
            },
            Call::ArtistSongs { .. } if hops <= 1 => Self::Artist,
            Call::ArtistSongs { .. } => Self::Neighbour,
            Call::ArtistAlbums { .. } | Call::AlbumSongs { .. } => Self::Album,
            Call::Chart { .. } => Self::Chart,
        }
    }

    /// A stable name, as in `chart`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Seed => "seed",
            Self::Artist => "artist",
            Self::Neighbour => "neighbour",
            Self::Album => "album",
            Self::Chart => "chart",
            Self::Search => "search",
            Self::Growth => "growth",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Answer, ArtistId, Country, Question, Song, SongId};
    use super::super::{Crawl, Order, Seed};
    use super::*;

    fn question(call: Call) -> Question {
        Question {
            country: Country::US,
            call,
        }
    }

    fn songs_of(artist: u64) -> Question {
        let artist = ArtistId(artist);
        question(Call::ArtistSongs { artist })
    }

    /// A song of artist 7.
    fn song() -> Song {
        Song {
            id: SongId(1),
            title: "One".to_owned(),
            artist: Some("Seven".to_owned()),
            artist_id: Some(ArtistId(7)),
            album: None,
            album_id: None,
            genre: None,
            year: None,
            duration_s: None,
            preview: Some("https://example.invalid/1.m4a".to_owned()),
            artwork: None,
            page: None,
        }
    }

    #[test]
    fn an_artist_is_near_when_it_or_a_song_of_it_was_named() {
        let order = |seed| Order {
            seeds: vec![seed],
            ..Order::default()
        };
        let answer = Answer {
            songs: vec![song()],
            ..Answer::default()
        };
        let mut crawl = Crawl::new(&order(Seed::Song(SongId(1))));
        let first = crawl.next().expect("the seed");
        assert_eq!(crawl.origin(&first), Origin::Seed);
        crawl.answer(&first, &answer);
        assert_eq!(crawl.origin(&songs_of(7)), Origin::Artist, "it was named");

        let mut crawl = Crawl::new(&order(Seed::Charts));
        let first = crawl.next().expect("the charts");
        assert_eq!(crawl.origin(&first), Origin::Chart);
        crawl.answer(&first, &answer);
        assert_eq!(
            crawl.origin(&songs_of(7)),
            Origin::Neighbour,
            "it was met in the charts"
        );
        assert_eq!(crawl.origin(&songs_of(8)), Origin::Neighbour, "unknown");
        crawl.grow(vec![Seed::Artist(ArtistId(8))], 5);
        for artist in [7, 8] {
            assert_eq!(crawl.origin(&songs_of(artist)), Origin::Growth, "{artist}");
        }
    }

    #[test]
    fn words_that_were_named_are_a_seed_and_words_of_ours_a_search() {
        let of = |within, hops| {
            let term = "blue".to_owned();
            let limit = 10;
            let call = Call::Search {
                term,
                within,
                limit,
            };
            Origin::of(&call, hops).code()
        };
        assert_eq!(of(Within::Anything, 0), "seed");
        assert_eq!(of(Within::Artist, 0), "artist");
        assert_eq!(of(Within::Genre, 1), "search");
        assert_eq!(of(Within::Title, 6), "search");
    }
}
