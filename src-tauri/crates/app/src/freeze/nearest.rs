//! The nearest of all others of each track: exact, in blocks of matrix products, on all cores.

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::{sync::mpsc, thread};

use faer::linalg::matmul::matmul;
use faer::{Accum, MatMut, MatRef, Par};
use ndarray::ArrayView2;

/// Tracks that a core compares with all others before it says so. With [`COLUMNS`] it bounds the table of
/// cosines to a megabyte, which stays in the core's cache.
const ROWS: usize = 128;

/// Others that they are compared with at once.
const COLUMNS: usize = 2048;

/// A track near another, by its row, and their cosine.
pub(super) type Near = (usize, f32);

/// The `k` rows with the greatest cosine to each row of `matrix`, itself aside, best first, equal ones in their
/// order: `[tracks][k]`, less where there are fewer tracks. Rows are unit vectors or zero, `[tracks, dimension]`.
///
/// `go_on` is told after each block how many tracks are compared, and answers whether to go on; `None` when
/// not. Time is quadratic in the number of tracks.
pub(super) fn nearest(
    matrix: &ArrayView2<'_, f32>,
    k: usize,
    go_on: &mut dyn FnMut(usize) -> bool,
) -> Option<Vec<Vec<Near>>> {
    let (tracks, dimension) = matrix.dim();
    let matrix = matrix.as_standard_layout();
    let vectors = matrix.as_slice().unwrap_or_default();
    let rows = |first: usize, count: usize| {
        let values = &vectors[first * dimension..(first + count) * dimension];
        MatRef::from_row_major_slice(values, count, dimension)
    };
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        let (say, blocks) = mpsc::channel();
        for _ in 0..cores {
            let (say, next, stopped) = (say.clone(), &next, &stopped);
            scope.spawn(move || {
                let mut table = vec![0.0; ROWS * COLUMNS.min(tracks)];
                while !stopped.load(Ordering::Relaxed) {
                    let first = next.fetch_add(ROWS, Ordering::Relaxed);
                    if first >= tracks {
                        return;
                    }
                    let count = ROWS.min(tracks - first);
                    let mut near: Vec<Vec<Near>> = vec![Vec::with_capacity(k + 1); count];
                    for other in (0..tracks).step_by(COLUMNS) {
                        let others = COLUMNS.min(tracks - other);
                        let cosines = &mut table[..count * others];
                        matmul(
                            MatMut::from_row_major_slice_mut(cosines, count, others),
                            Accum::Replace,
                            rows(first, count),
                            rows(other, others).transpose(),
                            1.0,
                            Par::Seq,
                        );
                        for (row, cosines) in cosines.chunks_exact(others).enumerate() {
                            keep(&mut near[row], k, first + row, other, cosines);
                        }
                    }
                    if say.send((first, near)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(say);
        let mut nearest = vec![Vec::new(); tracks];
        let mut compared = 0;
        for (first, near) in blocks {
            compared += near.len();
            for (place, near) in nearest[first..].iter_mut().zip(near) {
                *place = near;
            }
            if !go_on(compared) {
                stopped.store(true, Ordering::Relaxed);
                return None;
            }
        }
        Some(nearest)
    })
}

/// Puts those of `cosines`, to the rows from `other` on, among the `k` of `near` that are nearest to `row`.
fn keep(near: &mut Vec<Near>, k: usize, row: usize, other: usize, cosines: &[f32]) {
    let mut floor = floor_of(near, k);
    for (other, &cosine) in (other..).zip(cosines) {
        if cosine > floor && other != row {
            let place = near.partition_point(|&(_, kept)| kept >= cosine);
            near.insert(place, (other, cosine));
            near.truncate(k);
            floor = floor_of(near, k);
        }
    }
}

/// What a cosine must be above to come among the `k` of `near`.
fn floor_of(near: &[Near], k: usize) -> f32 {
    match near.last() {
        Some(&(_, last)) if near.len() >= k => last,
        _ => f32::NEG_INFINITY,
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    /// Numbers without a pattern, as rows of unit length.
    fn matrix(tracks: usize, dimension: usize) -> Array2<f32> {
        let mut state = 7_u32;
        let mut matrix = Array2::from_shape_simple_fn((tracks, dimension), || {
            // Numerical Recipes' linear congruential generator.
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / (1 << 23) as f32 - 1.0
        });
        for mut row in matrix.outer_iter_mut() {
            let norm = row.dot(&row).sqrt();
            row /= norm;
        }
        matrix
    }

    #[test]
    fn blocks_find_what_looking_at_all_pairs_finds() {
        // More than a block of rows, and more than one of columns.
        let matrix = matrix(COLUMNS + ROWS + 7, 5);
        let found = nearest(&matrix.view(), 4, &mut |_| true).expect("nobody stopped it");
        assert_eq!(found.len(), matrix.nrows());
        for row in (0..matrix.nrows()).step_by(97) {
            let mut all: Vec<Near> = (0..matrix.nrows())
                .filter(|&other| other != row)
                .map(|other| (other, matrix.row(other).dot(&matrix.row(row))))
                .collect();
            all.sort_by(|a, b| b.1.total_cmp(&a.1));
            for (found, all) in found[row].iter().zip(&all) {
                assert!(
                    (found.1 - all.1).abs() < 1e-6,
                    "row {row}: {found:?}, {all:?}"
                );
            }
            assert_eq!(found[row].len(), 4);
            assert!(found[row].iter().all(|&(other, _)| other != row));
        }
    }

    #[test]
    fn small_libraries_and_equal_tracks_are_answered() {
        let all = |matrix: &Array2<f32>| nearest(&matrix.view(), 3, &mut |_| true).expect("a list");
        assert_eq!(all(&Array2::zeros((0, 5))), Vec::<Vec<Near>>::new());
        assert_eq!(all(&matrix(1, 5)), [[]]);
        let near = all(&Array2::zeros((6, 2)));
        let others = |row: usize| {
            near[row]
                .iter()
                .map(|&(other, _)| other)
                .collect::<Vec<_>>()
        };
        assert_eq!(others(0), [1, 2, 3], "equal ones in their order");
        assert_eq!(others(2), [0, 1, 3]);
    }

    #[test]
    fn it_says_how_far_it_is_and_stops_when_told() {
        let matrix = matrix(5 * ROWS, 3);
        let mut heard = Vec::new();
        let whole = nearest(&matrix.view(), 2, &mut |compared| {
            heard.push(compared);
            true
        });
        assert!(whole.is_some());
        assert_eq!(heard, [1, 2, 3, 4, 5].map(|blocks| blocks * ROWS));
        let mut asked = 0;
        let stopped = nearest(&matrix.view(), 2, &mut |_| {
            asked += 1;
            asked < 2
        });
        assert_eq!((stopped, asked), (None, 2), "no block is told after the no");
    }

    /// Prints how long it takes, as `docs/discovery.md` has it: 800 numbers are `MusiCNN`'s, 2048 `MusicFM`'s.
    #[test]
    #[ignore = "measures for a minute: cargo test --workspace --lib nearest::tests::speed -- --ignored --nocapture"]
    fn speed() {
        for (tracks, dimension) in [(16_000, 800), (16_000, 2048), (32_000, 800)] {
            let matrix = matrix(tracks, dimension);
            let begun = std::time::Instant::now();
            let found = nearest(&matrix.view(), 20, &mut |_| true);
            assert_eq!(found.map(|found| found.len()), Some(tracks));
            println!("{tracks} × {dimension}: {:.1?}", begun.elapsed());
        }
    }
}
