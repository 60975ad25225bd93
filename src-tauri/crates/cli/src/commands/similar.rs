//! Lists of what sounds like seeds, with the whys of their rows.

use std::path::Path;

use serde::Serialize;
use throughline_app::core::taste::limits;
use throughline_app::view::{Row, ThreadCheck};
use throughline_app::{Query, SeedRef, Session, Wishes};

use super::{lines, now, track_line};
use crate::args::{self, Family, Owned};
use crate::out::{Failed, Out, clock};

/// Anchors that a row's line names at most, and the share from which it does.
const NAMED: usize = 2;
const WORTH_NAMING: f32 = 0.01;

#[derive(Serialize)]
struct Answer {
    model: String,
    thread: ThreadCheck,
    results: Vec<Row>,
}

/// Runs `similar`.
pub fn run(asked: &args::Similar, session: &Session, out: Out) -> Result<(), Failed> {
    say(session, &query(asked)?, asked.now.unwrap_or_else(now), out)
}

/// Asks `query` at `now`, Unix milliseconds, and prints what comes of it.
pub fn say(session: &Session, query: &Query, now: i64, out: Out) -> Result<(), Failed> {
    let similar = session.similar(query, now)?;
    let answer = Answer {
        model: session.recipe()?.model.to_string(),
        thread: similar.check,
        results: similar.rows,
    };
    out.say(&answer, |answer| {
        let rows = rows(&answer.results);
        format!("{}\n\n{rows}", answer.thread.sentence)
    })
}

/// Two lines a row: what it is, and why it is there.
pub fn rows(rows: &[Row]) -> String {
    lines(rows.iter().map(|row| {
        let tags = if row.shared_tags.is_empty() {
            String::new()
        } else {
            format!("  [{}]", row.shared_tags.join(", "))
        };
        let track = track_line(&row.track);
        format!("{:>7.3}  {track}{tags}\n{:>24}{}", row.score, "", why(row))
    }))
}

/// The short why of a row.
fn why(row: &Row) -> String {
    let why = &row.why;
    let carrying = why.anchors.iter().take(NAMED);
    let carrying = carrying.filter(|anchor| anchor.share >= WORTH_NAMING);
    let anchors: Vec<_> = carrying
        .map(|anchor| {
            let title = match anchor.title.as_str() {
                "" => "a file".to_owned(),
                title => format!("“{title}”"),
            };
            format!("{title} {:.0} %", 100.0 * anchor.share)
        })
        .collect();
    let mut parts = Vec::new();
    if !anchors.is_empty() {
        parts.push(anchors.join(", "));
    }
    parts.push(format!(
        "nearer than {:.1} % of the library",
        why.percentile
    ));
    if row.seed_scores.len() > 1 {
        parts.push(format!(
            "{} of {} seeds",
            why.agreement,
            row.seed_scores.len()
        ));
    }
    if let Some(moment) = why.moment {
        let (here, there) = (clock(moment.row_s), clock(moment.seed_s));
        parts.push(format!("hear {here} beside {there} of the seed"));
    }
    parts.join("; ")
}

fn query(asked: &args::Similar) -> Result<Query, Failed> {
    for (seed, _) in &asked.weights {
        if !asked.seeds.contains(seed) {
            let words = format!("--seed-weight {seed}: there is no --seed {seed}");
            return Err(Failed::Usage(words));
        }
    }
    let weight = |seed: &String| {
        let mut said = asked.weights.iter().rev();
        said.find(|(of, _)| of == seed)
            .map_or(1.0, |&(_, weight)| weight)
    };
    let seeds = asked.seeds.iter();
    Ok(Query {
        seeds: seeds.map(|seed| (seed_ref(seed), weight(seed))).collect(),
        opposed: asked.opposed.iter().map(|seed| seed_ref(seed)).collect(),
        throughline: asked.throughline.clone(),
        breadth: asked.breadth,
        explore: asked.explore,
        wishes: wishes(&asked.limits),
        limit: asked.limit,
    })
}

fn wishes(asked: &args::Limits) -> Wishes {
    let default = Wishes::default();
    let most = |asked: Option<usize>, default| match asked {
        None => default,
        Some(0) => None,
        most => most,
    };
    Wishes {
        per_artist: most(asked.per_artist, default.per_artist),
        per_album: most(asked.per_album, default.per_album),
        fold_families: asked.family == Family::Fold,
        owned: match asked.owned {
            None => limits::Owned::Any,
            Some(Owned::Only) => limits::Owned::Only,
            Some(Owned::Hide) => limits::Owned::Hide,
        },
        genres: asked.genres.clone(),
        years: asked.years.clone(),
        seconds: asked.seconds.clone(),
        tags: asked.tags.clone(),
        without_artists: asked.without_artists.clone(),
    }
}

/// A seed as it was typed: a number is a track, anything else a file.
fn seed_ref(seed: &str) -> SeedRef {
    match seed.parse() {
        Ok(id) if !Path::new(seed).exists() => SeedRef::Track(id),
        _ => SeedRef::File(seed.into()),
    }
}
