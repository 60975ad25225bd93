use std::path::Path;

use throughline_core::embedding::{FeatureVersion, ModelId, Recipe};
use throughline_core::feedback::{Standing, When};
use throughline_core::taste::Knobs;
use throughline_core::track::Tags;
use throughline_library::{Status, Track, Vector};

use super::*;
use crate::discover::{Wishes, list};
use crate::shelf::{Search, Stored};

/// More than one seed brings into a pool.
const TRACKS: i64 = 9_000;

/// Tracks at the far end.
const FAR: i64 = 400;

/// Tracks on a bow from the first to the last, each a little off it; one in a hundred of the far ones is of 1970.
fn bow() -> Arc<Shelf> {
    let place = |id: i64| id as f32 / TRACKS as f32;
    let off = |id: i64, by: i64| ((id * by % 101) as f32 / 101.0 - 0.5) * 0.2;
    let rows = (0..TRACKS).map(|id| Vector {
        track: TrackId(id),
        present: true,
        pooled: vec![
            (3.0 * place(id)).cos() + off(id, 7),
            (3.0 * place(id)).sin() + off(id, 13),
            off(id, 29),
            off(id, 53),
        ],
        variation: vec![0.0; 4],
        tags: Vec::new(),
    });
    let tracks = (0..TRACKS).map(|id| Track {
        id: TrackId(id),
        path: None,
        song: None,
        tags: Tags {
            year: (id > TRACKS - FAR && id % 100 == 0).then_some(1970),
            ..Tags::default()
        },
        duration_s: 100.0,
        status: Status::Ready,
    });
    let stored = Stored {
        recipe: Recipe {
            model: ModelId("bow".to_owned()),
            feature_version: FeatureVersion("1".to_owned()),
        },
        rows: rows.collect(),
        tracks: tracks.collect(),
        versions: Vec::new(),
        newest: None,
        frozen: None,
        outdated: false,
        hubs: (0..TRACKS).map(|id| (TrackId(id), 0.9)).collect(),
        tag_names: Vec::new(),
    };
    let shelf = Shelf::of(stored, &[4], None, 0, (Path::new(""), Search::Scan));
    Arc::new(shelf.expect("a shelf"))
}

fn wanted<'a>(standing: &'a Standing, wishes: &'a Wishes) -> Wanted<'a> {
    Wanted {
        standing,
        spoken: &[],
        knobs: Knobs::default(),
        wishes,
        now: 0,
        rows: 50,
    }
}

/// The rows that `pool` lists for the first track as a seed and thumbs up for `ups`, given one after the other.
fn listed(pool: &mut Pool, ups: &[i64], wishes: &Wishes) -> Vec<TrackId> {
    let when = |after| When { at: 0, after };
    let mut standing = Standing {
        seeds: vec![TrackId(0)],
        seeded: [(TrackId(0), when(0))].into(),
        said: 1,
        ..Standing::default()
    };
    let mut rows = Vec::new();
    for up in [None].into_iter().chain(ups.iter().map(Some)) {
        if let Some(&up) = up {
            standing.ups.push(TrackId(up));
            standing.thumbed.insert(TrackId(up), when(standing.said));
            standing.said += 1;
        }
        let hits = list(pool, &wanted(&standing, wishes)).expect("a list").hits;
        rows = hits.into_iter().map(|hit| hit.row.id).collect();
    }
    rows
}

#[test]
fn what_contends_after_a_thumb_joins_and_no_more() {
    let shelf = bow();
    let (mut whole, mut part) = (Pool::of(Arc::clone(&shelf)), Pool::holding(shelf, 0));
    let wishes = Wishes::default();
    listed(&mut part, &[], &wishes);
    let begun: HashSet<TrackId> = part.held().ids().iter().copied().collect();
    let outside: Vec<i64> = (0..TRACKS)
        .filter(|&id| !begun.contains(&TrackId(id)))
        .collect();
    let ups = [3, 2, 4].map(|part| outside[outside.len() / part]);
    let rows = listed(&mut part, &ups, &wishes);
    assert_eq!(rows, listed(&mut whole, &ups, &wishes));
    assert!(
        rows.iter().any(|id| !begun.contains(id)),
        "thumbs lead further"
    );
    let grown = part.held().ids().len() - begun.len();
    assert!(
        (JOINING..outside.len()).contains(&grown),
        "{grown} of {} joined",
        outside.len()
    );
    assert_eq!(part.facts().len(), part.held().ids().len());
}

#[test]
fn hundreds_of_thumbs_at_once_are_looked_into_a_part_at_a_time() {
    let shelf = bow();
    let mut pool = Pool::holding(shelf, 0);
    let standing = Standing {
        seeds: vec![TrackId(0)],
        ups: (1..400).map(|up| TrackId(up * 20)).collect(),
        thumbed: (1..400)
            .map(|up| {
                (
                    TrackId(up * 20),
                    When {
                        at: 0,
                        after: up as usize,
                    },
                )
            })
            .collect(),
        said: 400,
        ..Standing::default()
    };
    let wishes = Wishes::default();
    let wanted = wanted(&standing, &wishes);
    let asked = Asked::of(&mut pool, &wanted).expect("a thread");
    pool.fill(&asked, &wanted);
    pool.grow(&asked, &wanted);
    let newest: HashSet<TrackId> = (390..400).map(|up| TrackId(up * 20)).collect();
    assert_eq!(pool.considered, newest);
    pool.grow(&asked, &wanted);
    assert_eq!(pool.considered.len(), 2 * AT_ONCE, "more the next time");
}

#[test]
fn filters_find_what_is_near_no_seed() {
    let shelf = bow();
    let (mut whole, mut part) = (Pool::of(Arc::clone(&shelf)), Pool::holding(shelf, 0));
    let wishes = Wishes {
        years: Some(1970..=1970),
        ..Wishes::default()
    };
    let rows = listed(&mut part, &[], &wishes);
    assert_eq!(rows.len(), 3, "all there are: {rows:?}");
    assert_eq!(rows, listed(&mut whole, &[], &wishes));
}
