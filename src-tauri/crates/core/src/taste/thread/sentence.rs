//! The thread check as a sentence.

use super::{Kind, Thread};

/// Seeds of a pocket that are named; the rest are counted.
const NAMED: usize = 3;

/// Says what the seeds are to each other. `name` gives a seed's name by its place.
pub fn sentence<'a>(thread: &Thread, name: impl Fn(usize) -> &'a str) -> String {
    let seeds: usize = thread.pockets.iter().map(Vec::len).sum();
    match thread.kind {
        Kind::OneSeed => match thread.pockets.first().and_then(|pocket| pocket.first()) {
            Some(&seed) => format!("The list follows one seed, “{}”.", name(seed)),
            None => "There is no seed to follow.".to_owned(),
        },
        Kind::OneThread if seeds == 2 => "Both seeds share one thread.".to_owned(),
        Kind::OneThread => format!("All {} seeds share one thread.", number(seeds)),
        Kind::Pockets => {
            let pockets: Vec<_> = thread
                .pockets
                .iter()
                .map(|pocket| listed(pocket, &name))
                .collect();
            format!(
                "Your seeds form {} pockets: {}.",
                number(pockets.len()),
                pockets.join(" — ")
            )
        }
        Kind::NoThread if seeds == 2 => {
            "Your two seeds share no thread: they are as far apart as any two tracks of this library."
                .to_owned()
        }
        Kind::NoThread => format!(
            "Your {} seeds share no thread: they are as far apart as any tracks of this library.",
            number(seeds)
        ),
    }
}

/// The names of a pocket, as in “A”, “B” and “C”.
fn listed<'a>(pocket: &[usize], name: &impl Fn(usize) -> &'a str) -> String {
    let named = if pocket.len() > NAMED + 1 {
        NAMED
    } else {
        pocket.len()
    };
    let mut names: Vec<_> = pocket[..named]
        .iter()
        .map(|&seed| format!("“{}”", name(seed)))
        .collect();
    if named < pocket.len() {
        names.push(format!("{} more", number(pocket.len() - named)));
    }
    match names.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        Some((last, _)) => last.clone(),
        None => String::new(),
    }
}

/// A number as it is read in a sentence.
fn number(n: usize) -> String {
    const WORDS: [&str; 13] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "eleven", "twelve",
    ];
    WORDS
        .get(n)
        .map_or_else(|| n.to_string(), |word| (*word).to_owned())
}
