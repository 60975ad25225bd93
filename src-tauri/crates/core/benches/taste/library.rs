//! A library of vectors that never were music, with the spectrum of those that are.
//!
//! The eigenvalues of centred `MusiCNN` vectors of 301 and of 419 real tracks fall as a power of their
//! rank with the exponent −1.5 and −1.6, and the first have .17, .14, .11 and .24, .12, .10 of the variance;
//! here they are `(i + 2)^−1.5`. Which axes they belong to is irrelevant to cosines, so these are the
//! coordinates' own. Tracks come in groups, as albums do: the cosine of two of a group was .12 and .20 on
//! average, that of two of any .00.

use ndarray::{Array2, ArrayView1, ArrayView2, Axis};
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
    /// Draws `tracks` vectors. A hub term is over the track's own group, in which nearly all of its
    /// nearest neighbours are: over the whole library it would take hours.
    pub fn draw(tracks: usize) -> Self {
        let mut random = Random(SEED);
        let deviations: Vec<f32> = (0..DIMENSION)
            .map(|i| (i as f32 + 2.0).powf(-EXPONENT).sqrt())
            .collect();
        let mut vectors = Array2::zeros((tracks, DIMENSION));
        let mut terms = Vec::with_capacity(tracks);
        for first in (0..tracks).step_by(GROUP) {
            let last = tracks.min(first + GROUP);
            let middle: Vec<f32> = (0..DIMENSION)
                .map(|_| BETWEEN.sqrt() * random.normal())
                .collect();
            let mut group = vectors.slice_axis_mut(Axis(0), (first..last).into());
            for mut row in group.outer_iter_mut() {
                for ((x, middle), deviation) in row.iter_mut().zip(&middle).zip(&deviations) {
                    *x = deviation * (middle + (1.0 - BETWEEN).sqrt() * random.normal());
                }
                let norm = row.dot(&row).sqrt();
                row /= norm;
            }
            let cosines = group.dot(&group.t());
            for (at, cosines) in cosines.outer_iter().enumerate() {
                let others = cosines.iter().enumerate().filter(|(other, _)| *other != at);
                terms.push(mean_similarity(others.map(|(_, cosine)| *cosine)));
            }
        }
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

    /// The `k` rows with the greatest hub-corrected similarity to `query`, `[dimension]`.
    pub fn nearest(&self, query: &ArrayView1<'_, f32>, k: usize) -> Vec<usize> {
        let cosines = self.vectors.dot(query);
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
        rows.truncate(k);
        rows
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

    /// The vectors.
    pub fn matrix(&self) -> ArrayView2<'_, f32> {
        self.vectors.view()
    }
}

/// Random numbers: xorshift64* (Vigna, ACM TOMS 42, 2016).
pub struct Random(pub u64);

impl Random {
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
