//! Why, in words: the tags that a row and the seeds share and the library at large does not.

/// How many shared tags a row names at most.
pub const SHARED_TAGS: usize = 4;

/// How far above the library's average, in standard deviations, a tag must stand in row and seeds.
const STANDS_OUT: f32 = 0.75;

/// Least probability at which a tag is said of a track at all. Both taggers' probabilities are low
/// throughout (a tag's average over real libraries is about 0.02–0.1), so a lower value would say
/// tags that the model does not hear.
const LEAST_PROBABILITY: f32 = 0.08;

/// Mean and standard deviation of every tag's probability over the library, each `[tags]`.
#[derive(Clone, Copy, Debug)]
pub struct TagStats<'a> {
    /// Means.
    pub mean: &'a [f32],
    /// Standard deviations.
    pub std: &'a [f32],
}

/// Places of the tags in which `row` and the mean of `seeds` (probabilities, each `[tags]`) both stand
/// well above the library's average, the most telling first. Tags that a whole library has are no
/// reason for one row, however probable.
pub fn shared_tags(row: &[f32], seeds: &[&[f32]], stats: TagStats<'_>) -> Vec<usize> {
    let tags = row.len();
    if seeds.is_empty() || stats.mean.len() != tags || stats.std.len() != tags {
        return Vec::new();
    }
    if seeds.iter().any(|seed| seed.len() != tags) {
        return Vec::new();
    }
    let seed_mean = |t: usize| seeds.iter().map(|seed| seed[t]).sum::<f32>() / seeds.len() as f32;
    let mut telling: Vec<(f32, usize)> = (0..tags)
        .filter_map(|t| {
            let (r, s) = (row[t], seed_mean(t));
            let above = |p: f32| (p - stats.mean[t]) / stats.std[t];
            let least = above(r).min(above(s));
            (stats.std[t] > 0.0 && r.min(s) >= LEAST_PROBABILITY && least >= STANDS_OUT)
                .then_some((least, t))
        })
        .collect();
    telling.sort_by(|(a, x), (b, y)| b.total_cmp(a).then(x.cmp(y)));
    telling.into_iter().map(|(_, t)| t).collect()
}
