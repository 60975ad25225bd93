//! Ward's tree of a few seeds, cut where it joins what is not alike.

use crate::taste::unit;

/// A branch of the tree.
struct Branch {
    /// Sum of its members' weights.
    weight: f64,
    /// Places of its seeds.
    members: Vec<usize>,
    /// Whether everything in it is alike.
    whole: bool,
}

/// Two branches, seen from each other.
#[derive(Clone, Copy, Default)]
struct Between {
    /// What joining them adds to the squared distances from the centre.
    cost: f64,
    /// Weighted mean cosine of their members.
    cosine: f64,
}

/// The pockets of `seeds`, each a vector and a weight: branches whose joints have a mean cosine of at
/// least `alike`. Order as [`super::Thread::pockets`] says.
pub(super) fn pockets(seeds: &[(&[f32], f32)], alike: f32) -> Vec<Vec<usize>> {
    let mut vectors = Vec::new();
    let mut branches = Vec::new();
    for (place, (vector, weight)) in seeds.iter().enumerate() {
        if let Some(vector) = unit(vector) {
            vectors.push(vector);
            branches.push(Branch {
                weight: f64::from(*weight),
                members: vec![place],
                whole: true,
            });
        }
    }
    // Where costs tie, which pair is joined must not hang on the order of the seeds.
    let mut order: Vec<usize> = (0..vectors.len()).collect();
    order.sort_by(|&a, &b| {
        let components = vectors[a].iter().zip(&vectors[b]);
        let mut orders = components.map(|(x, y)| x.total_cmp(y));
        let first = orders.find(|order| order.is_ne());
        first.unwrap_or(std::cmp::Ordering::Equal)
    });
    let mut slots: Vec<Option<Branch>> = branches.into_iter().map(Some).collect();
    let mut branches: Vec<Branch> = order.iter().filter_map(|&at| slots[at].take()).collect();
    let mut between: Vec<Vec<Between>> = order
        .iter()
        .enumerate()
        .map(|(row, &a)| {
            order
                .iter()
                .enumerate()
                .map(|(column, &b)| {
                    let cosine = dot(&vectors[a], &vectors[b]);
                    let (v, w) = (branches[row].weight, branches[column].weight);
                    Between {
                        cost: v * w / (v + w) * (2.0 - 2.0 * cosine),
                        cosine,
                    }
                })
                .collect()
        })
        .collect();

    let mut pockets = Vec::new();
    while let Some((a, b)) = cheapest(&between) {
        // `b` is the later one, so that `a` keeps its place.
        let joined = between[a][b];
        let (v, w) = (branches[a].weight, branches[b].weight);
        for other in (0..branches.len()).filter(|&other| other != a && other != b) {
            // Lance & Williams' recurrences (Computer Journal 9, 1967) for Ward's cost and for the mean.
            let u = branches[other].weight;
            let (x, y) = (between[other][a], between[other][b]);
            let merged = Between {
                cost: ((v + u) * x.cost + (w + u) * y.cost - u * joined.cost) / (v + w + u),
                cosine: (v * x.cosine + w * y.cosine) / (v + w),
            };
            between[other][a] = merged;
            between[a][other] = merged;
        }
        let second = branches.remove(b);
        between.remove(b);
        for row in &mut between {
            row.remove(b);
        }
        let first = &mut branches[a];
        first.weight += second.weight;
        if first.whole && second.whole && joined.cosine >= f64::from(alike) {
            first.members.extend(second.members);
        } else {
            let mut close = |branch: &mut Branch| {
                if std::mem::replace(&mut branch.whole, false) {
                    pockets.push(std::mem::take(&mut branch.members));
                }
            };
            close(first);
            close(&mut { second });
        }
    }
    pockets.extend(
        branches
            .into_iter()
            .filter(|branch| branch.whole)
            .map(|branch| branch.members),
    );
    for pocket in &mut pockets {
        pocket.sort_unstable();
    }
    pockets.sort_by_key(|pocket| (std::cmp::Reverse(pocket.len()), pocket[0]));
    pockets
}

/// The pair of branches that is cheapest to join, the earlier first; `None` when fewer than two are left.
fn cheapest(between: &[Vec<Between>]) -> Option<(usize, usize)> {
    let pairs = (0..between.len()).flat_map(|b| (0..b).map(move |a| (a, b)));
    pairs.min_by(|&(a, b), &(c, d)| between[a][b].cost.total_cmp(&between[c][d].cost))
}

fn dot(a: &[f32], b: &[f32]) -> f64 {
    a.iter()
        .zip(b)
        .map(|(x, y)| f64::from(*x) * f64::from(*y))
        .sum()
}
