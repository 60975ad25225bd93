//! What is fuzzed.

mod database;
mod decode;
mod tags;

/// Something that takes bytes from outside.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name on the command line.
    pub name: &'static str,
    /// Inputs to begin with.
    pub corpus: fn() -> Vec<Vec<u8>>,
    /// Takes an input and says in a few words what became of it; panics if that may not be. An input with
    /// a new answer joins the corpus.
    pub run: fn(&[u8]) -> String,
    /// Most memory that an input may take, in bytes.
    pub memory: usize,
}

/// All targets.
pub const ALL: [Target; 3] = [decode::TARGET, tags::TARGET, database::TARGET];

/// An error's words without its numbers, of which there are too many.
fn without_numbers(words: &str) -> String {
    words.replace(|c: char| c.is_ascii_digit(), "")
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::{mutate::mutate, rng::Rng};

    /// Changed inputs of each target: some seconds of the slowest.
    const CHANGED: usize = 500;

    /// Runs `target` on its inputs and on changed ones, which may panic on none.
    fn take(target: Target) {
        let corpus = (target.corpus)();
        let mut rng = Rng::new(1);
        let mut answers: HashSet<String> = corpus.iter().map(|input| (target.run)(input)).collect();
        let whole = answers.len();
        for _ in 0..CHANGED {
            let (from, other) = (rng.pick(&corpus), rng.pick(&corpus));
            let input = mutate(from, other, &mut rng);
            answers.insert((target.run)(&input));
        }
        assert!(
            answers.len() > whole,
            "what was changed is seen: {answers:?}"
        );
    }

    #[test]
    fn whole_files_that_were_changed_are_answered() {
        take(decode::TARGET);
    }

    #[test]
    fn tags_that_were_changed_are_answered() {
        take(tags::TARGET);
    }

    #[test]
    fn libraries_that_were_changed_are_answered() {
        take(database::TARGET);
    }
}
