//! What is told of a row on request: its rank without each seed, and the moment at which to hear why.

use std::collections::HashMap;

use throughline_core::taste::why::moment as best_pair;
use throughline_core::track::TrackId;
use throughline_library::Windows;

use super::{Listed, Pool, Wanted};
use crate::freeze::windows;
use crate::shelf::Shelf;
use crate::view::{Moment, WithoutSeed};

/// For each hit of `listed`, which came out of `pool` for `wanted`, its rank without each seed; nothing where there
/// is one seed alone, without which there would be no list.
pub(crate) fn without_seeds(
    pool: &Pool,
    wanted: &Wanted<'_>,
    listed: &Listed,
) -> Vec<Vec<WithoutSeed>> {
    let mut without = vec![Vec::new(); listed.hits.len()];
    if listed.seeds.len() < 2 {
        return without;
    }
    let rows: Vec<_> = listed.hits.iter().map(|hit| hit.row.clone()).collect();
    for &seed in &listed.seeds {
        let ranks = listed.asked.over(pool, wanted, |ask, excluded| {
            pool.held().ranks_without(ask, excluded, seed, &rows)
        });
        for (without, rank) in without.iter_mut().zip(ranks) {
            without.push(WithoutSeed { id: seed.0, rank });
        }
    }
    without
}

/// For each of `rows`, the windows of one of `seeds` and of the row that are most alike, of all seeds those of
/// the likest pair. `stored` has their windows as they are kept, where they are; windows start at samples of `rate` Hz.
pub(crate) fn moments(
    shelf: &Shelf,
    rate: u32,
    stored: &HashMap<TrackId, Windows>,
    seeds: &[TrackId],
    rows: &[TrackId],
) -> Vec<Option<Moment>> {
    let of = |track: &TrackId| windows(&shelf.space, stored.get(track)?, rate);
    let seeds: Vec<_> = seeds
        .iter()
        .filter_map(|seed| Some((seed, of(seed)?)))
        .collect();
    let moment = |row: &TrackId| {
        let row = of(row)?;
        let pairs = seeds.iter().filter_map(|(seed, windows)| {
            let pair = best_pair(&windows.vectors.view(), &row.vectors.view())?;
            let moment = Moment {
                seed_id: seed.0,
                seed_s: windows.starts_s[pair.seed],
                row_s: row.starts_s[pair.row],
            };
            Some((pair.cosine, moment))
        });
        let best = pairs.reduce(|best, pair| if pair.0 > best.0 { pair } else { best });
        best.map(|(_, moment)| moment)
    };
    rows.iter().map(moment).collect()
}
