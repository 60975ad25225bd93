//! What may be asked next: every question that is known of, how near it is and what it may bring.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::{AlbumId, ArtistId, Call, Question};
use super::shelf::Shelf;

/// Rows of a search or of an artist's songs at most: the catalogue's own limit.
pub(super) const ROWS: u32 = 200;

/// Rows of a chart at most: the catalogue's own limit.
const CHART_ROWS: usize = 100;

/// A question that may be asked.
#[derive(Clone, Debug)]
pub(super) struct Lead {
    /// The question.
    pub question: Question,
    /// How far it is from the seeds: 0 finds them, 1 asks for what is theirs.
    pub hops: u8,
    /// The genre that its songs will have, as far as can be told.
    pub genre: Option<String>,
    /// What it is about.
    pub about: About,
}

/// What a question is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Finding this many seeds.
    Seeds(usize),
    /// An artist's songs or albums.
    Artist(ArtistId),
    /// An album of this many songs, where that is known.
    Album(AlbumId, Option<u32>),
    /// A genre's chart, or the chart of all.
    Chart,
    /// Songs of a genre.
    Genre,
    /// Songs with a word in their title.
    Word,
}

/// Questions of one kind bring about as much: they are learned from together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Seeds,
    /// By songs of the artist that were met before: the more, the more there are.
    Artist(usize),
    Album,
    Chart,
    Genre,
    Word,
}

/// Songs met of an artist from which on more tell nothing more.
const MET: usize = 4;

/// What calls brought of what they had room for, in songs.
#[derive(Clone, Copy, Debug, Default)]
struct Yield {
    won: f64,
    room: f64,
}

/// What is assumed before a kind was asked: half of what there is room for, as sure as one full answer.
const ASSUMED: Yield = Yield {
    won: 50.0,
    room: 100.0,
};

/// Questions, asked and open.
#[derive(Clone, Debug, Default)]
pub(super) struct Frontier {
    /// By the order in which they were met.
    open: BTreeMap<usize, Lead>,
    places: HashMap<Question, usize>,
    asked: HashSet<Question>,
    met: usize,
    yields: BTreeMap<Kind, Yield>,
}

impl Frontier {
    /// Notes a question. One that is open already may have come nearer; one that was asked stays so.
    pub fn meet(&mut self, lead: Lead) {
        if self.asked.contains(&lead.question) {
            return;
        }
        if let Some(known) = self
            .places
            .get(&lead.question)
            .and_then(|at| self.open.get_mut(at))
        {
            known.hops = known.hops.min(lead.hops);
            known.genre = known.genre.take().or(lead.genre);
            return;
        }
        self.places.insert(lead.question.clone(), self.met);
        self.open.insert(self.met, lead);
        self.met += 1;
    }

    /// Takes a question off: it was asked. What was known of it, if it was known.
    pub fn close(&mut self, question: &Question) -> Option<Lead> {
        self.asked.insert(question.clone());
        let place = self.places.remove(question)?;
        self.open.remove(&place)
    }

    /// How far an open question is from the seeds.
    pub fn hops(&self, question: &Question) -> Option<u8> {
        let place = self.places.get(question)?;
        self.open.get(place).map(|lead| lead.hops)
    }

    /// The open questions, in the order in which they were met.
    pub fn open(&self) -> impl Iterator<Item = &Lead> {
        self.open.values()
    }

    /// Artists that it knows of.
    #[cfg(test)]
    pub fn artists(&self) -> impl Iterator<Item = ArtistId> {
        self.places
            .keys()
            .chain(&self.asked)
            .filter_map(|question| match question.call {
                Call::ArtistSongs { artist } => Some(artist),
                _ => None,
            })
    }

    /// Songs that `lead` may bring at most.
    pub fn room(lead: &Lead, shelf: &Shelf) -> usize {
        let room = match lead.about {
            About::Seeds(seeds) => seeds,
            About::Artist(artist) => shelf.artist_room(artist),
            About::Album(album, songs) => shelf
                .album_room(album)
                .min(songs.map_or(usize::MAX, |songs| songs as usize)),
            About::Chart => CHART_ROWS,
            About::Genre | About::Word => ROWS as usize,
        };
        room.min(shelf.room())
    }

    /// Songs that `lead` is expected to bring, learned from what its like brought.
    pub fn expected(&self, lead: &Lead, shelf: &Shelf) -> f64 {
        let learned = self
            .yields
            .get(&kind(lead, shelf))
            .copied()
            .unwrap_or_default();
        let rate = (learned.won + ASSUMED.won) / (learned.room + ASSUMED.room);
        rate * Self::room(lead, shelf) as f64
    }

    /// What [`Self::learn`] needs to know of a lead before its answer is judged.
    pub fn stake(lead: &Lead, shelf: &Shelf) -> Stake {
        Stake {
            kind: kind(lead, shelf),
            room: Self::room(lead, shelf),
        }
    }

    /// Learns that a call with this stake brought `won` songs.
    pub fn learn(&mut self, stake: Stake, won: usize) {
        let learned = self.yields.entry(stake.kind).or_default();
        learned.won += won as f64;
        learned.room += stake.room as f64;
    }
}

/// What a call could bring when it was asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stake {
    kind: Kind,
    room: usize,
}

fn kind(lead: &Lead, shelf: &Shelf) -> Kind {
    match (lead.about, &lead.question.call) {
        (About::Seeds(_), _) => Kind::Seeds,
        // Albums are asked for the songs on them.
        (About::Album(..), _) | (About::Artist(_), Call::ArtistAlbums { .. }) => Kind::Album,
        (About::Artist(artist), _) => Kind::Artist(shelf.met(artist).min(MET)),
        (About::Chart, _) => Kind::Chart,
        (About::Genre, _) => Kind::Genre,
        (About::Word, _) => Kind::Word,
    }
}
