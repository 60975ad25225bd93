//! A library of vectors that never were music, with the spectrum of those that are.
//!
//! The eigenvalues of centred `MusiCNN` vectors of 301 and of 419 real tracks fall as a power of their
//! rank with the exponent −1.5 and −1.6, and the first have .17, .14, .11 and .24, .12, .10 of the variance;
//! here they are `(i + 2)^−1.5`. Which axes they belong to is irrelevant to cosines, so these are the
//! coordinates' own. Tracks come in groups, as albums do: the cosine of two of a group was .12 and .20 on
//! average, that of two of any .00.

use std::thread;

use ndarray::{Array2, ArrayView1, ArrayViewMut2, Axis, Slice};
use throughline_core::taste::hubs::{self, mean_similarity};
use throughline_core::taste::thread::Spread;
use throughline_core::track::TrackId;

/// Numbers in a vector, as `MusicFM` and `MuQ` make them.
pub const DIMENSION: usize = 1024;

/// Tracks of a group.
pub const GROUP: usize = 100;

/// Share of the variance that is between groups.
const BETWEEN: f32 = 0.2;

/// Fall of the eigenvalues with their rank.
const EXPONENT: f32 = 1.5;

/// Threads that draw and scan; what is timed runs in one.
const THREADS: usize = 2;

/// Rows that are multiplied at once.
const BLOCK: usize = 1024;

/// What the random numbers start from.
const SEED: u64 = 0x7468_726f_7567_686c;

/// Unit search vectors and hub terms; a track's id is its row.
pub struct Library {
    pub vectors: Array2<f32>,
    pub hubs: Vec<f32>,
    /// Spread of their hub-corrected similarities.
    pub spread: f32,
}

impl Library {
    /// Draws `tracks` vectors, each group by itself. A hub term is over the track's own group, in which nearly all
    /// of its nearest neighbours are: over the whole library it would take hours.
    pub fn draw(tracks: usize) -> Self {
        let deviations: Vec<f32> = (0..DIMENSION)
            .map(|i| (i as f32 + 2.0).powf(-EXPONENT).sqrt())
            .collect();
        let mut vectors = Array2::zeros((tracks, DIMENSION));
        let mut terms = vec![0.0; tracks];
        let part = tracks.div_ceil(THREADS * GROUP) * GROUP;
        thread::scope(|scope| {
            let parts = vectors.axis_chunks_iter_mut(Axis(0), part);
            for (part_at, (mut part_of, terms)) in parts.zip(terms.chunks_mut(part)).enumerate() {
                let deviations = &deviations;
                scope.spawn(move || {
                    let groups = part_of.axis_chunks_iter_mut(Axis(0), GROUP);
                    for (at, (group, terms)) in groups.zip(terms.chunks_mut(GROUP)).enumerate() {
                        let number = part_at * part / GROUP + at;
                        draw_group(&mut Random::of(number), deviations, group, terms);
                    }
                });
            }
        });
        let spread = hubs::spread(&vectors.view(), &terms);
        Self {
            vectors,
            hubs: terms,
            spread,
        }
    }

    /// How many tracks there are.
    pub fn len(&self) -> usize {
        self.hubs.len()
    }

    /// The cosine of every row to each of `queries`, each `[dimension]`; `[tracks, queries]`.
    pub fn products(&self, queries: &[Vec<f32>]) -> Array2<f32> {
        let matrix = Array2::from_shape_fn((DIMENSION, queries.len()), |(i, q)| queries[q][i]);
        let mut products = Array2::zeros((self.len(), queries.len()));
        let part = self.len().div_ceil(THREADS);
        thread::scope(|scope| {
            let parts = products.axis_chunks_iter_mut(Axis(0), part);
            for (mut out, rows) in parts.zip(self.vectors.axis_chunks_iter(Axis(0), part)) {
                let matrix = &matrix;
                scope.spawn(move || {
                    for first in (0..rows.nrows()).step_by(BLOCK) {
                        let block = Slice::from(first..rows.nrows().min(first + BLOCK));
                        let cosines = rows.slice_axis(Axis(0), block).dot(matrix);
                        out.slice_axis_mut(Axis(0), block).assign(&cosines);
                    }
                });
            }
        });
        products
    }

    /// The `k` rows with the greatest hub-corrected similarity to each of `queries`, each `[dimension]`.
    pub fn nearest(&self, queries: &[(Vec<f32>, usize)]) -> Vec<usize> {
        let vectors: Vec<Vec<f32>> = queries.iter().map(|(vector, _)| vector.clone()).collect();
        let products = self.products(&vectors);
        let mut near = Vec::new();
        for (cosines, &(_, k)) in products.axis_iter(Axis(1)).zip(queries) {
            let similarity: Vec<f32> = cosines
                .iter()
                .zip(&self.hubs)
                .map(|(cosine, hub)| hubs::csls(*cosine, 0.0, *hub))
                .collect();
            let mut rows: Vec<usize> = (0..similarity.len()).collect();
            let k = k.min(rows.len());
            if k < rows.len() {
                rows.select_nth_unstable_by(k, |&a, &b| similarity[b].total_cmp(&similarity[a]));
            }
            near.extend(&rows[..k]);
        }
        near
    }

    /// Rows as candidates.
    pub fn candidates<'a>(
        &'a self,
        rows: impl IntoIterator<Item = usize> + 'a,
    ) -> impl Iterator<Item = (TrackId, ArrayView1<'a, f32>, f32)> + 'a {
        rows.into_iter()
            .map(|row| (TrackId(row as i64), self.vectors.row(row), self.hubs[row]))
    }

    /// `windows` unit vectors around a row: what a track's windows are to it.
    pub fn windows(&self, row: usize, windows: usize) -> Array2<f32> {
        let mut random = Random(SEED ^ row as u64);
        let mut out = Array2::zeros((windows, DIMENSION));
        for mut window in out.outer_iter_mut() {
            window.assign(&self.vectors.row(row));
            window.mapv_inplace(|x| x + 0.03 * random.normal());
            let norm = window.dot(&window).sqrt();
            window /= norm;
        }
        out
    }

    /// Mean and standard deviation of the cosines of random pairs, to be held against those of real ones.
    pub fn cosines(&self) -> Spread {
        let rows: Vec<usize> = Spread::sample(self.len()).collect();
        let sample: Array2<f32> = self.vectors.select(Axis(0), &rows);
        Spread::of(&sample.view())
    }
}

/// Draws the vectors of one group, `[tracks, dimension]`, and its hub terms.
fn draw_group(
    random: &mut Random,
    deviations: &[f32],
    mut group: ArrayViewMut2<'_, f32>,
    terms: &mut [f32],
) {
    let middle: Vec<f32> = (0..DIMENSION)
        .map(|_| BETWEEN.sqrt() * random.normal())
        .collect();
    for mut row in group.outer_iter_mut() {
        for ((x, middle), deviation) in row.iter_mut().zip(&middle).zip(deviations) {
            *x = deviation * (middle + (1.0 - BETWEEN).sqrt() * random.normal());
        }
        let norm = row.dot(&row).sqrt();
        row /= norm;
    }
    let cosines = group.dot(&group.t());
    for (at, (cosines, term)) in cosines.outer_iter().zip(terms).enumerate() {
        let others = cosines.iter().enumerate().filter(|(other, _)| *other != at);
        *term = mean_similarity(others.map(|(_, cosine)| *cosine));
    }
}

/// Random numbers: xorshift64* (Vigna, ACM TOMS 42, 2016).
pub struct Random(pub u64);

impl Random {
    /// The numbers of one group.
    fn of(group: usize) -> Self {
        // Far apart from the first (the golden ratio's multiples), and never 0.
        let mut random = Self((SEED ^ (group as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)) | 1);
        random.next();
        random
    }

    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A whole number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        (self.next() >> 33) as usize % n
    }

    /// About normally distributed: four uniform numbers of 16 bits added up (Irwin–Hall), with mean 0 and
    /// deviation 1.
    fn normal(&mut self) -> f32 {
        let bits = self.next();
        let sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48);
        // Each has a variance of 65536² / 12.
        (sum as f32 - 2.0 * 65_535.0) / (65_536.0 * (4.0_f32 / 12.0).sqrt())
    }
}
