//! When a folder is gone through: once it has calmed down. Pure; times are since the watch began.

use std::time::Duration;

/// What is to be done about a folder.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Agenda {
    /// When something was heard first and last since it was gone through.
    heard: Option<(Duration, Duration)>,
    /// When it was gone through last.
    done: Option<Duration>,
}

impl Agenda {
    /// Notes that something happened in it.
    pub fn heard(&mut self, at: Duration) {
        let first = self.heard.map_or(at, |(first, _)| first);
        self.heard = Some((first, at));
    }

    /// Notes that something may have happened in it, if it was not gone through for `every`; answers whether
    /// that was.
    pub fn poll(&mut self, at: Duration, every: Duration) -> bool {
        let since = self
            .done
            .map_or(Duration::MAX, |done| at.saturating_sub(done));
        let due = self.heard.is_none() && since >= every;
        if due {
            self.heard(at);
        }
        due
    }

    /// Whether it is to be gone through: something was heard, and then nothing for `quiet`; or something is heard
    /// again and again for `longest`.
    pub fn is_due(&self, at: Duration, quiet: Duration, longest: Duration) -> bool {
        self.heard.is_some_and(|(first, last)| {
            at.saturating_sub(last) >= quiet || at.saturating_sub(first) >= longest
        })
    }

    /// Notes that it begins to be gone through: again unless [that is done](Self::done).
    pub fn begin(&mut self, at: Duration) {
        self.done(at);
        self.heard(at);
    }

    /// Notes that it was gone through, as it was at that time.
    pub fn done(&mut self, at: Duration) {
        *self = Self {
            heard: None,
            done: Some(at),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const S: fn(u64) -> Duration = Duration::from_secs;

    fn is_due(agenda: Agenda, at: u64) -> bool {
        agenda.is_due(S(at), S(5), S(60))
    }

    #[test]
    fn a_folder_is_gone_through_once_it_is_quiet() {
        let mut agenda = Agenda::default();
        assert!(!is_due(agenda, 100), "nothing has happened");
        agenda.heard(S(100));
        assert!(!is_due(agenda, 104), "a copy may be under way");
        agenda.heard(S(104));
        assert!(!is_due(agenda, 108));
        assert!(is_due(agenda, 109));
        agenda.done(S(109));
        assert!(!is_due(agenda, 200), "once");
    }

    #[test]
    fn one_that_never_rests_is_gone_through_now_and_then() {
        let mut agenda = Agenda::default();
        for at in 0..60 {
            agenda.heard(S(at));
            assert!(!is_due(agenda, at));
        }
        agenda.heard(S(60));
        assert!(is_due(agenda, 60));
    }

    #[test]
    fn what_was_begun_and_not_done_comes_up_again() {
        let mut agenda = Agenda::default();
        agenda.heard(S(0));
        agenda.begin(S(70));
        assert!(!is_due(agenda, 71), "not at once");
        assert!(is_due(agenda, 75));
        agenda.done(S(70));
        assert!(!is_due(agenda, 75));
    }

    #[test]
    fn one_that_cannot_be_watched_is_gone_through_from_time_to_time() {
        let mut agenda = Agenda::default();
        assert!(agenda.poll(S(0), S(300)));
        assert!(is_due(agenda, 5), "at first");
        agenda.done(S(5));
        assert!(!agenda.poll(S(304), S(300)));
        assert!(!is_due(agenda, 400));
        assert!(agenda.poll(S(305), S(300)));
        assert!(!agenda.poll(S(307), S(300)), "once");
        assert!(is_due(agenda, 310), "polling does not put it off");
    }
}
