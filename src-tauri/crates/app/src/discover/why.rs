//! What is told of a row on request: its rank without each seed, and the moment at which to hear why.

use throughline_core::embedding::{Recipe, Space};
use throughline_core::taste::why::moment as best_pair;
use throughline_core::track::TrackId;
use throughline_library::Library;

use super::asked::Asked;
use super::{Hit, Pool, Wanted};
use crate::error::Result;
use crate::freeze::windows;
use crate::view::{Moment, WithoutSeed};

/// For each of `hits`, a list for `wanted`, its rank without each seed; nothing where there is one seed
/// alone, without which there would be no list.
pub(crate) fn without_seeds(
    pool: &mut Pool,
    wanted: &Wanted<'_>,
    hits: &[Hit],
) -> Result<Vec<Vec<WithoutSeed>>> {
    let asked = Asked::of(pool, wanted)?;
    let mut without = vec![Vec::new(); hits.len()];
    if asked.seeds.len() < 2 {
        return Ok(without);
    }
    let rows: Vec<_> = hits.iter().map(|hit| hit.row.clone()).collect();
    for &seed in &asked.seeds {
        let ranks = asked.over(pool, wanted, |ask, excluded| {
            pool.held().ranks_without(ask, excluded, seed, &rows)
        });
        for (without, rank) in without.iter_mut().zip(ranks) {
            without.push(WithoutSeed { id: seed.0, rank });
        }
    }
    Ok(without)
}

/// The windows of one of `seeds` and of `row` that are most alike, of all seeds those of the likest pair.
/// Windows start at samples of `rate` Hz.
pub(crate) fn moment(
    library: &Library,
    recipe: &Recipe,
    space: &Space,
    rate: u32,
    seeds: &[TrackId],
    row: TrackId,
) -> Result<Option<Moment>> {
    let of = |track| -> Result<_> {
        let stored = library.vectors().windows(recipe, track)?;
        Ok(stored.and_then(|stored| windows(space, &stored, rate)))
    };
    let Some(row) = of(row)? else {
        return Ok(None);
    };
    let mut best: Option<(f32, Moment)> = None;
    for &seed in seeds {
        let Some(windows) = of(seed)? else {
            continue;
        };
        let Some(pair) = best_pair(&windows.vectors.view(), &row.vectors.view()) else {
            continue;
        };
        if best.is_none_or(|(cosine, _)| pair.cosine > cosine) {
            let moment = Moment {
                seed_id: seed.0,
                seed_s: windows.starts_s[pair.seed],
                row_s: row.starts_s[pair.row],
            };
            best = Some((pair.cosine, moment));
        }
    }
    Ok(best.map(|(_, moment)| moment))
}
