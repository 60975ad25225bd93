//! Counting tests by what their runners print.

use std::ops::AddAssign;

/// How many tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub passed: u32,
    pub failed: u32,
}

impl Tally {
    /// What a line of output says about finished tests: a result line of cargo's test harness
    /// (`test result: ok. 3 passed; 0 failed; …`) or of Node's (`# pass 3`, `# fail 0`, on newer
    /// versions with `ℹ` for `#`).
    pub fn of(line: &str) -> Self {
        if let Some(counts) = line.strip_prefix("test result: ") {
            let count = |what: &str| {
                counts
                    .split([';', '.'])
                    .find_map(|part| part.trim().strip_suffix(what)?.trim().parse().ok())
                    .unwrap_or(0)
            };
            return Self {
                passed: count("passed"),
                failed: count("failed"),
            };
        }
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["#" | "ℹ", "pass", count] => Self {
                passed: count.parse().unwrap_or(0),
                failed: 0,
            },
            ["#" | "ℹ", "fail", count] => Self {
                passed: 0,
                failed: count.parse().unwrap_or(0),
            },
            _ => Self::default(),
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_both_harnesses_are_read() {
        let tally = |passed, failed| Tally { passed, failed };
        let cargo = "test result: FAILED. 30 passed; 1 failed; 2 ignored; 0 measured; 0 filtered \
                     out; finished in 11.00s";
        assert_eq!(Tally::of(cargo), tally(30, 1));
        assert_eq!(Tally::of("# pass 12"), tally(12, 0));
        assert_eq!(Tally::of("ℹ fail 3"), tally(0, 3));
        for other in ["test tally::tests::x ... ok", "# tests 12", "12 passed", ""] {
            assert_eq!(Tally::of(other), tally(0, 0), "{other:?} is no result");
        }
    }
}
