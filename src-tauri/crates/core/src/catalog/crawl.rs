//! A crawl: which calls bring most of what the listener is after, and what becomes of their songs.
//!
//! A state machine without clock, network or chance. Giving a new [`Crawl`] the answers of an earlier
//! one in their order brings it to the same state: so a crawl is resumed.
//!
//! Seeds are found first, then what their artists and albums hold. From there on a call is worth the
//! songs that it is expected to bring, as far as their genre is short of its share, less a fifth for
//! every step away from the seeds; what to expect is learned from the answers.

use std::collections::BTreeMap;

use serde::Serialize;

use super::family::is_by;
use super::pollution::pollution;
use super::{Answer, Call, Question, Song, Within};

mod frontier;
mod meet;
mod order;
mod origin;
mod shelf;
mod spread;

pub use order::{Growth, Order, Seed};
pub use origin::Origin;
pub use shelf::{Judged, Verdict};

use frontier::{About, Frontier, Lead, ROWS};
use shelf::Shelf;
use spread::Spread;

/// How a crawl is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Calls answered.
    pub calls: usize,
    /// Calls given up.
    pub skipped: usize,
    /// Calls still needed, as far as can be told.
    pub calls_left: usize,
    /// Songs wanted so far.
    pub wanted: usize,
    /// Songs to be wanted in all.
    pub size: usize,
    /// Songs left out, by [`Verdict::code`].
    pub dropped: BTreeMap<&'static str, usize>,
    /// Songs wanted, by the catalogue's name of their genre.
    pub genres: BTreeMap<String, usize>,
}

/// A crawl under way.
#[derive(Clone, Debug)]
pub struct Crawl {
    order: Order,
    /// Growths of the order that have happened.
    growths: usize,
    frontier: Frontier,
    shelf: Shelf,
    spread: Spread,
    calls: usize,
    skipped: usize,
}

/// Songs that surround the seeds before any other genre is let in, half of a small order.
const NEAR: usize = 1000;

/// Steps from the seeds to the genres that are not theirs.
const FAR: u8 = 5;

/// What a step away from the seeds takes of a call's worth.
const STEP: f64 = 0.8;

/// What a song is worth of whose genre there are enough, where other genres find no more.
const SPARE: f64 = 0.04;

/// Share of its room that a call is expected to bring at least, to be worth asking.
const WORTH: f64 = 0.02;

impl Crawl {
    /// A crawl that has asked nothing yet. Its order's growths happen when their time comes.
    pub fn new(order: &Order) -> Self {
        let mut crawl = Self {
            order: order.clone(),
            growths: 0,
            frontier: Frontier::default(),
            shelf: Shelf::new(order.per_artist, order.per_album),
            spread: Spread::default(),
            calls: 0,
            skipped: 0,
        };
        let charts = [Seed::Charts];
        crawl.seed(if order.seeds.is_empty() {
            &charts
        } else {
            &order.seeds
        });
        crawl.meet_the_rest();
        crawl.grow_when_due();
        crawl
    }

    /// The order, with how it grew: what is kept of a crawl, together with its answers.
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// What to ask next; `None` when it is done. The same until it is answered or skipped.
    pub fn next(&self) -> Option<Question> {
        if self.shelf.room() == 0 || self.calls + self.skipped >= self.calls_at_most() {
            return None;
        }
        let seeds = self.worthwhile().filter(|(lead, _)| lead.hops <= 1);
        let best = seeds.min_by_key(|(lead, _)| lead.hops).or_else(|| {
            let near = self.shelf.wanted < NEAR.min(self.shelf.size / 2);
            let near = near.then(|| self.best(|lead| self.is_near(lead)));
            near.flatten().or_else(|| self.best(|_| true))
        });
        best.map(|(lead, _)| lead.question.clone())
    }

    /// Takes in what `question` brought; says what becomes of each song, in the answer's order.
    /// Answers to questions that it did not ask, from an earlier version, are taken in as well.
    pub fn answer(&mut self, question: &Question, answer: &Answer) -> Vec<Judged> {
        self.calls += 1;
        let lead = self.frontier.close(question);
        // A list of albums brings no songs itself.
        let brings_songs = !matches!(question.call, Call::ArtistAlbums { .. });
        let stake = lead.as_ref().filter(|_| brings_songs);
        let stake = stake.map(|lead| Frontier::stake(lead, &self.shelf));
        let asked_hops = lead.as_ref().map_or(FAR, |lead| lead.hops);
        let hops = Self::hops(question, answer, asked_hops);
        let judged: Vec<Judged> = answer
            .songs
            .iter()
            .zip(&hops)
            .map(|(song, &hops)| self.shelf.judge(song, hops))
            .collect();
        let wanted = |judged: &Judged| matches!(judged.verdict, Verdict::Wanted { .. });
        if let Some(stake) = stake {
            self.frontier
                .learn(stake, judged.iter().filter(|judged| wanted(judged)).count());
        }
        let clean = |judged: &Judged| !matches!(judged.verdict, Verdict::Polluted(_));
        let met: Vec<(&Song, u8)> = answer
            .songs
            .iter()
            .zip(hops)
            .zip(&judged)
            .filter(|(_, judged)| clean(judged))
            .map(|(met, _)| met)
            .collect();
        let near: Vec<&Song> = met
            .iter()
            .filter(|(_, hops)| *hops <= 1)
            .map(|(song, _)| *song)
            .collect();
        self.spread.learn(&near);
        if !near.is_empty() {
            let theirs: Vec<String> = self.spread.theirs().map(str::to_owned).collect();
            for genre in theirs {
                self.meet_genre(&genre, 2);
            }
        }
        for (song, hops) in met {
            self.meet_around(song, hops);
        }
        self.meet_albums(question, answer, asked_hops);
        self.grow_when_due();
        judged
    }

    /// By what the songs come that `question` is to bring; to be asked before it is answered.
    pub fn origin(&self, question: &Question) -> Origin {
        if self.growths > 0 {
            return Origin::Growth;
        }
        let hops = self.frontier.hops(question);
        Origin::of(&question.call, hops.unwrap_or(FAR))
    }

    /// Gives up a question that failed for good.
    pub fn skip(&mut self, question: &Question) {
        self.skipped += 1;
        self.frontier.close(question);
    }

    /// Grows around `seeds` as well, by `more` songs. What was judged stands.
    pub fn grow(&mut self, seeds: Vec<Seed>, more: usize) {
        let after = self.calls;
        self.order.grown.push(Growth { after, seeds, more });
        self.grow_when_due();
    }

    /// How it is doing. Before the first answer `calls_left` is the plan's estimate of its calls.
    pub fn progress(&self) -> Progress {
        Progress {
            calls: self.calls,
            skipped: self.skipped,
            calls_left: self.calls_left(),
            wanted: self.shelf.wanted,
            size: self.shelf.size,
            dropped: self.shelf.dropped(),
            genres: self.shelf.genres.clone(),
        }
    }

    /// Calls that are asked at most, however little they bring: four times what it takes when every
    /// artist brings its 25 songs or as many as it may have, and some for every seed.
    fn calls_at_most(&self) -> usize {
        let grown = self.order.grown.iter().take(self.growths);
        let seeds = self.order.seeds.len() + grown.map(|growth| growth.seeds.len()).sum::<usize>();
        let each = self.order.per_artist.clamp(1, 25);
        100 + 4 * seeds + 4 * self.shelf.size.div_ceil(each)
    }

    /// Open questions that are worth asking, with the songs they are expected to bring.
    fn worthwhile(&self) -> impl Iterator<Item = (&Lead, f64)> {
        self.frontier.open().filter_map(|lead| {
            let room = Frontier::room(lead, &self.shelf);
            let expected = self.frontier.expected(lead, &self.shelf);
            (room > 0 && expected >= WORTH * room as f64).then_some((lead, expected))
        })
    }

    /// The question worth most among those that `fit`; the first met of equals.
    fn best(&self, fit: impl Fn(&Lead) -> bool) -> Option<(&Lead, f64)> {
        let mut short = BTreeMap::new();
        self.worthwhile()
            .filter(|(lead, _)| fit(lead))
            .map(|(lead, expected)| {
                let genre = lead.genre.as_deref();
                let short = *short.entry(genre).or_insert_with(|| self.short_of(genre));
                let useful = expected.min(f64::max(short, expected * SPARE));
                (lead, useful * STEP.powi(i32::from(lead.hops)))
            })
            .reduce(|best, lead| if lead.1 > best.1 { lead } else { best })
    }

    /// Songs that a genre is short of its share, as the library will be after a full answer.
    fn short_of(&self, genre: Option<&str>) -> f64 {
        let after = (self.shelf.wanted + ROWS as usize) as f64;
        let has = |genre: &str| self.shelf.genres.get(genre).copied().unwrap_or(0) as f64;
        if let Some(genre) = genre.filter(|genre| self.spread.is_theirs(genre)) {
            return self.spread.share(genre) * after - has(genre);
        }
        // All other genres share what is left, each the more the less it has of it. What may be of any
        // genre will mostly not be of theirs.
        let theirs: f64 = self.spread.theirs().map(has).sum();
        let rest = self.shelf.wanted as f64 - theirs;
        let short = self.spread.rest() * after - rest;
        short * (1.0 - genre.map_or(0.0, has) / (rest + 1.0))
    }

    fn is_near(&self, lead: &Lead) -> bool {
        let theirs = lead
            .genre
            .as_deref()
            .is_some_and(|genre| self.spread.is_theirs(genre));
        theirs && lead.hops < FAR
    }

    fn calls_left(&self) -> usize {
        let mut room = self.shelf.room() as f64;
        if room == 0.0 {
            return 0;
        }
        let mut calls = 0;
        let (mut near, mut rest) = (Vec::new(), Vec::new());
        for (lead, expected) in self.worthwhile() {
            let all = if lead.hops <= 1 { &mut near } else { &mut rest };
            all.push(expected);
            if let About::Seeds(seeds) = lead.about {
                // Each will be an artist to ask.
                near.extend(std::iter::repeat_n(
                    self.order.per_artist as f64 / 2.0,
                    seeds,
                ));
            }
        }
        rest.sort_by(|a, b| b.total_cmp(a));
        for expected in near.into_iter().chain(rest) {
            if room < 0.5 {
                break;
            }
            room -= expected;
            calls += 1;
        }
        // Artists that are still to be met.
        let each = (self.order.per_artist.max(1) as f64 / 2.0).max(1.0);
        calls += (room.max(0.0) / each) as usize;
        calls.min(
            self.calls_at_most()
                .saturating_sub(self.calls + self.skipped),
        )
    }

    /// How far the songs of an answer are from the seeds, each.
    fn hops(question: &Question, answer: &Answer, asked: u8) -> Vec<u8> {
        let Call::Search { term, within, .. } = &question.call else {
            return vec![asked; answer.songs.len()];
        };
        let found = |song: &Song| match within {
            Within::Artist => is_by(song, term),
            _ => song.preview.is_some() && pollution(song).is_none(),
        };
        let first = answer.songs.iter().position(found);
        let songs = answer.songs.iter().enumerate();
        songs
            .map(|(at, song)| match asked {
                // Words mean one song, the first; a name means all that bear it.
                0 if Some(at) == first || *within == Within::Artist && is_by(song, term) => 0,
                0 => 2,
                asked => asked,
            })
            .collect()
    }

    fn grow_when_due(&mut self) {
        while let Some(growth) = self.order.grown.get(self.growths) {
            if growth.after > self.calls {
                break;
            }
            let seeds = growth.seeds.clone();
            self.growths += 1;
            self.seed(&seeds);
        }
        self.shelf.size = self.order.size_after(self.growths);
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod world;
