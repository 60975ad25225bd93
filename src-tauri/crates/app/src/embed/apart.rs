//! Work on a hostile file, on a thread of its own: whatever becomes of it, it costs that file alone.
//!
//! A decoder that panics ends its thread. One that stalls cannot be ended from outside; its thread is left
//! behind, and goes with its next read or with the program.

use std::thread;
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, bounded};
use throughline_audio::{AudioError, Pulse};

use crate::error::Reason;

/// How often the pulse is felt. Turns are counted and not the clock, so a machine that sleeps or is
/// overloaded finds no file at fault.
const TURN: Duration = Duration::from_millis(100);

/// Turns without a beat after which work has stalled: 30 s. A disk that spins up answers within 15 s,
/// and of all damaged files that were tried none took a second of processor time between two beats.
const PATIENCE: u32 = 300;

/// Stack of the thread in bytes, as the first thread of a program has it: boxes may lie deep in boxes.
const STACK: usize = 8 << 20;

/// Does `work`, which beats `pulse`, and waits for it as long as it does.
pub fn apart<T: Send + 'static>(
    pulse: &Pulse,
    work: impl FnOnce() -> Result<T, AudioError> + Send + 'static,
) -> Result<T, Reason> {
    watched(pulse, PATIENCE, work)
}

fn watched<T: Send + 'static>(
    pulse: &Pulse,
    patience: u32,
    work: impl FnOnce() -> Result<T, AudioError> + Send + 'static,
) -> Result<T, Reason> {
    let (tell, told) = bounded(1);
    let thread = thread::Builder::new().stack_size(STACK).spawn(move || {
        // Nobody listens any more when the file was given up.
        let _ = tell.send(work());
    });
    if let Err(error) = thread {
        return Err(AudioError::Unreadable(error).into());
    }
    let (mut felt, mut still) = (pulse.beats(), 0);
    loop {
        match told.recv_timeout(TURN) {
            Ok(answer) => return Ok(answer?),
            Err(RecvTimeoutError::Disconnected) => return Err(Reason::decoder_broke()),
            Err(RecvTimeoutError::Timeout) => {}
        }
        let beats = pulse.beats();
        still = if beats == felt { still + 1 } else { 0 };
        felt = beats;
        if still >= patience {
            pulse.stop();
            return Err(if pulse.is_reading() {
                Reason::unanswered()
            } else {
                Reason::stalled()
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    #[test]
    fn an_answer_is_handed_on() {
        let pulse = Pulse::default();
        assert_eq!(apart(&pulse, || Ok(7)), Ok(7));
        let empty = apart::<()>(&pulse, || Err(AudioError::Empty)).unwrap_err();
        assert_eq!(empty.code, "empty");
    }

    #[test]
    fn a_panic_is_damage() {
        let broke = apart::<()>(&Pulse::default(), || panic!("the decoder broke")).unwrap_err();
        assert_eq!(broke.code, "damaged");
        assert!(!broke.is_passing(), "the next build leaves the file alone");
    }

    #[test]
    fn work_that_never_ends_is_given_up_and_remembered() {
        static DONE: AtomicBool = AtomicBool::new(false);
        let stalled = watched(&Pulse::default(), 2, || {
            while !DONE.load(Ordering::Relaxed) {
                thread::yield_now();
            }
            Ok(())
        });
        DONE.store(true, Ordering::Relaxed);
        let stalled = stalled.unwrap_err();
        assert_eq!(stalled.code, "stalled");
        assert!(
            !stalled.is_passing(),
            "the next build leaves the file alone"
        );
    }

    #[test]
    fn work_that_gets_on_may_take_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("long");
        std::fs::write(&path, b"bytes").unwrap();
        let pulse = Pulse::default();
        let theirs = pulse.clone();
        let hashed = watched(&pulse, 10, move || {
            // Three times half the patience.
            for _ in 0..3 {
                thread::sleep(5 * TURN);
                throughline_audio::content_hash_with(&path, &theirs)?;
            }
            Ok(())
        });
        assert_eq!(hashed, Ok(()), "each file that is opened is a beat");
    }

    #[test]
    fn what_was_given_up_reads_no_more() {
        let pulse = Pulse::default();
        pulse.stop();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("there");
        std::fs::write(&path, b"bytes").unwrap();
        let error = throughline_audio::content_hash_with(&path, &pulse).unwrap_err();
        assert_eq!(error.code(), "unreadable");
    }
}
