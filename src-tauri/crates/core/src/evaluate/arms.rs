//! The arms that the simulated listener compares: ways to score tracks by seeds and thumbs.

use ndarray::{Array1, ArrayView1};

use super::library::Labelled;
use crate::taste::{Columns, Evidence, Head, InCharge, Judged, Knobs, Parts, recency, score};

/// A way to score, with or without correction for hubs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Arm {
    way: Way,
    corrected: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// Likeness to the mean of the seeds; thumbs change nothing.
    FixedCentroid,
    /// Likeness to the mean of seeds and likes.
    DriftingMean,
    /// The anchors' part of the score.
    Anchors,
    /// Anchors and dislikes.
    AnchorsNegatives,
    /// Anchors, dislikes and the head, let in as soon as there is one.
    AnchorsHead,
    /// What the program ranks by: likes fade, and the head is let in only where it helps.
    Shipped,
}

impl Arm {
    /// Every arm. The centroids stand for plain cosine, the others for corrected similarity, unless their
    /// name says otherwise.
    pub(super) const ALL: [Self; 12] = {
        use Way::{Anchors, AnchorsHead, AnchorsNegatives, DriftingMean, FixedCentroid, Shipped};
        let [plain, corrected] = [false, true];
        [
            Self {
                way: FixedCentroid,
                corrected: plain,
            },
            Self {
                way: DriftingMean,
                corrected: plain,
            },
            Self {
                way: Anchors,
                corrected,
            },
            Self {
                way: AnchorsNegatives,
                corrected,
            },
            Self {
                way: AnchorsHead,
                corrected,
            },
            Self {
                way: Shipped,
                corrected,
            },
            Self {
                way: FixedCentroid,
                corrected,
            },
            Self {
                way: DriftingMean,
                corrected,
            },
            Self {
                way: Anchors,
                corrected: plain,
            },
            Self {
                way: AnchorsNegatives,
                corrected: plain,
            },
            Self {
                way: AnchorsHead,
                corrected: plain,
            },
            Self {
                way: Shipped,
                corrected: plain,
            },
        ]
    };

    pub(super) fn name(self) -> &'static str {
        match (self.way, self.corrected) {
            (Way::FixedCentroid, false) => "fixed_centroid",
            (Way::FixedCentroid, true) => "fixed_centroid_corrected",
            (Way::DriftingMean, false) => "drifting_mean",
            (Way::DriftingMean, true) => "drifting_mean_corrected",
            (Way::Anchors, true) => "anchors",
            (Way::Anchors, false) => "anchors_plain",
            (Way::AnchorsNegatives, true) => "anchors_negatives",
            (Way::AnchorsNegatives, false) => "anchors_negatives_plain",
            (Way::AnchorsHead, true) => "anchors_head",
            (Way::AnchorsHead, false) => "anchors_head_plain",
            (Way::Shipped, true) => "shipped",
            (Way::Shipped, false) => "shipped_plain",
        }
    }
}

/// What one listener said to one arm.
pub(super) struct Heard<'a> {
    library: &'a Labelled,
    arm: Arm,
    judged: Vec<Spoken>,
}

/// A seed or a thumb, with its columns over the library.
struct Spoken {
    track: usize,
    liked: bool,
    thumb: bool,
    cosines: Vec<f32>,
    similarities: Vec<f32>,
}

impl<'a> Heard<'a> {
    /// The seeds alone.
    pub(super) fn of(library: &'a Labelled, arm: Arm, seeds: &[usize]) -> Self {
        let mut heard = Self {
            library,
            arm,
            judged: Vec::new(),
        };
        for &seed in seeds {
            heard.add(seed, true, false);
        }
        heard
    }

    /// A thumb for `track`.
    pub(super) fn thumb(&mut self, track: usize, liked: bool) {
        if self.arm.way != Way::FixedCentroid {
            self.add(track, liked, true);
        }
    }

    fn add(&mut self, track: usize, liked: bool, thumb: bool) {
        let cosines = self.library.cosines(track);
        self.judged.push(Spoken {
            track,
            liked,
            thumb,
            similarities: self
                .library
                .similarities(track, &cosines, self.arm.corrected),
            cosines,
        });
    }

    /// The score of every track, `[tracks]`.
    pub(super) fn scores(&self) -> Vec<f32> {
        match self.arm.way {
            Way::FixedCentroid | Way::DriftingMean => self.likeness_to_mean(),
            Way::Anchors | Way::AnchorsNegatives | Way::AnchorsHead | Way::Shipped => self.kernel(),
        }
    }

    fn likeness_to_mean(&self) -> Vec<f32> {
        let vectors = &self.library.vectors;
        let mut mean = Array1::<f32>::zeros(vectors.ncols());
        for one in self.judged.iter().filter(|one| one.liked) {
            mean += &vectors.row(one.track);
        }
        mean /= mean.dot(&mean).sqrt().max(f32::MIN_POSITIVE);
        let cosines = vectors.dot(&mean);
        if self.arm.corrected {
            let terms = ArrayView1::from(&self.library.terms);
            (2.0 * cosines - terms).to_vec()
        } else {
            cosines.to_vec()
        }
    }

    fn kernel(&self) -> Vec<f32> {
        let weights = self.weights();
        let evidence = |liked: bool| -> Vec<Evidence<'_>> {
            let judged = self.judged.iter().zip(&weights);
            judged
                .filter(|(one, _)| one.liked == liked)
                .map(|(one, &weight)| Evidence {
                    weight,
                    pocket: 0,
                    similarity: &one.similarities,
                })
                .collect()
        };
        let (likes, dislikes) = (evidence(true), evidence(false));
        let head = self.head(&weights);
        let columns = Columns {
            likes: &likes,
            dislikes: if self.arm.way == Way::Anchors {
                &[]
            } else {
                &dislikes
            },
            head: head.as_deref(),
            ..Columns::default()
        };
        score(&columns, Knobs::default())
            .iter()
            .map(Parts::total)
            .collect()
    }

    /// What each weighs: in the program a thumb is an event, and the earlier ones fade.
    fn weights(&self) -> Vec<f32> {
        let newest = self.judged.len().saturating_sub(1);
        let age = |place: usize| u32::try_from(newest - place).unwrap_or(u32::MAX);
        (0..self.judged.len())
            .map(|place| {
                if self.arm.way == Way::Shipped {
                    recency(age(place), 0.0)
                } else {
                    1.0
                }
            })
            .collect()
    }

    /// The head's column, where this arm lets it in.
    fn head(&self, weights: &[f32]) -> Option<Vec<f32>> {
        if !matches!(self.arm.way, Way::AnchorsHead | Way::Shipped) {
            return None;
        }
        let among = |column: &[f32]| -> Vec<f32> {
            self.judged.iter().map(|one| column[one.track]).collect()
        };
        let tables: Vec<(Vec<f32>, Vec<f32>)> = self
            .judged
            .iter()
            .map(|one| (among(&one.similarities), among(&one.cosines)))
            .collect();
        let judged: Vec<Judged<'_>> = self
            .judged
            .iter()
            .zip(weights)
            .zip(&tables)
            .map(|((one, &weight), (similarity, cosine))| Judged {
                liked: one.liked,
                thumb: one.thumb,
                weight,
                similarity,
                cosine,
            })
            .collect();
        let head = Head::fit(&judged)?;
        if self.arm.way == Way::Shipped && head.in_charge() == InCharge::Anchors {
            return None;
        }
        let columns: Vec<&[f32]> = self
            .judged
            .iter()
            .map(|one| one.cosines.as_slice())
            .collect();
        Some(head.column(&columns))
    }
}
