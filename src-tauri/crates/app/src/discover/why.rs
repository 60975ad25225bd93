//! What is told of a row on request: its rank without each seed, and the moment at which to hear why.

use throughline_core::taste::why::moment as best_pair;
use throughline_core::track::TrackId;
use throughline_library::Library;

use super::asked::Asked;
use super::{Hit, Pool, Wanted};
use crate::error::Result;
use crate::freeze::windows;
use crate::shelf::Shelf;
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

/// For each of `rows`, the windows of one of `seeds` and of the row that are most alike, of all seeds those of
/// the likest pair. Windows start at samples of `rate` Hz.
pub(crate) fn moments(
    library: &Library,
    shelf: &Shelf,
    rate: u32,
    seeds: &[TrackId],
    rows: &[TrackId],
) -> Result<Vec<Option<Moment>>> {
    let named: Vec<TrackId> = seeds.iter().chain(rows).copied().collect();
    let stored = library.vectors().windows_of(&shelf.recipe, &named)?;
    let of = |track: &TrackId| windows(&shelf.space, stored.get(track)?, rate);
    let heard = seeds.iter().filter_map(|seed| Some((seed, of(seed)?)));
    let heard: Vec<_> = heard.collect();
    let mut moments = Vec::with_capacity(rows.len());
    for row in rows {
        let row = of(row);
        let pairs = heard.iter().filter_map(|(seed, windows)| {
            let row = row.as_ref()?;
            let pair = best_pair(&windows.vectors.view(), &row.vectors.view())?;
            let moment = Moment {
                seed_id: seed.0,
                seed_s: windows.starts_s[pair.seed],
                row_s: row.starts_s[pair.row],
            };
            Some((pair.cosine, moment))
        });
        let best = pairs.reduce(|best, pair| if pair.0 > best.0 { pair } else { best });
        moments.push(best.map(|(_, moment)| moment));
    }
    Ok(moments)
}
