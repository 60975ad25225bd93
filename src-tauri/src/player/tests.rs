//! The deck over a device that the tests pull samples out of, and the thread around it.

use std::{
    num::NonZero,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    thread::sleep,
    time::Duration,
};

use rodio::mixer::{MixerSource, mixer};
use throughline_app::view::{self, Track, TrackStatus};

use super::{Heard, Output, Player, Sound, deck::Deck};

/// Sample rate of the test file in Hz.
const RATE: u32 = 8_000;
/// Its length in samples: two seconds.
const FRAMES: u32 = 16_000;

/// A device without a card: what is played is pulled out of the end that `open` sends.
struct Bench {
    ends: Sender<MixerSource>,
    lost: Arc<AtomicBool>,
}

impl Bench {
    fn new() -> (Self, Receiver<MixerSource>, Arc<AtomicBool>) {
        let (ends, opened) = channel();
        let lost = Arc::new(AtomicBool::new(false));
        (
            Self {
                ends,
                lost: Arc::clone(&lost),
            },
            opened,
            lost,
        )
    }

    fn open(&self, rate: u32) -> Result<Output, String> {
        let (mixer, end) = mixer(NonZero::<u16>::MIN, NonZero::new(rate).ok_or("no rate")?);
        self.ends.send(end).map_err(|error| error.to_string())?;
        self.lost.store(false, Ordering::Relaxed);
        Ok(Output {
            mixer,
            rate,
            lost: Arc::clone(&self.lost),
            guard: Box::new(()),
        })
    }
}

fn deck() -> (Deck, Receiver<MixerSource>, Arc<AtomicBool>) {
    let (bench, opened, lost) = Bench::new();
    (Deck::new(move |rate| bench.open(rate), None), opened, lost)
}

/// A mono WAV whose sample `i` is `(i + 1) / FRAMES`, so that each tells where it comes from.
fn ramp(dir: &Path) -> PathBuf {
    let path = dir.join("ramp.wav");
    let format = hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 32,
        sample_format: hound::SampleFormat::Float,
    };
    let mut wav = hound::WavWriter::create(&path, format).expect("a WAV file");
    for i in 1..=FRAMES {
        wav.write_sample(i as f32 / FRAMES as f32)
            .expect("a sample");
    }
    wav.finalize().expect("a finished WAV file");
    path
}

fn track(path: &Path) -> Track {
    Track {
        id: 7,
        path: view::shown(path),
        store: None,
        artwork: false,
        title: "Ramp".to_owned(),
        artist: None,
        album: None,
        year: None,
        genre: None,
        duration_s: 2.0,
        status: TrackStatus::Ready,
    }
}

/// Takes samples from the device until `enough` of the track have come or it falls silent for good.
fn pull(end: &mut MixerSource, enough: usize) -> Vec<f32> {
    let mut heard = Vec::new();
    let mut silent = 0;
    while heard.len() < enough && silent < 2_000 {
        match end.next() {
            Some(sample) if sample != 0.0 => {
                heard.push(sample);
                silent = 0;
            }
            _ => {
                silent += 1;
                sleep(Duration::from_millis(1));
            }
        }
    }
    heard
}

fn index(sample: f32) -> u32 {
    (sample * FRAMES as f32).round() as u32 - 1
}

#[test]
fn a_track_is_heard_to_its_last_sample_and_then_the_deck_is_still() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = ramp(dir.path());
    let (mut deck, opened, _) = deck();
    deck.play(track(&path), Sound::File(path))
        .expect("the track plays");
    let mut end = opened.recv().expect("the device was opened");
    let heard: Vec<u32> = pull(&mut end, FRAMES as usize)
        .into_iter()
        .map(index)
        .collect();
    assert_eq!(
        heard,
        (0..FRAMES).collect::<Vec<_>>(),
        "every sample comes once and in order"
    );
    assert!(
        deck.playing(),
        "the end is noticed by the device, then by the deck"
    );
    end.next();
    deck.tick();
    let now = deck.view();
    assert!(!now.playing, "nothing is left to play");
    assert_eq!(
        (now.position_s, now.error),
        (2.0, None),
        "it ended by itself"
    );
    deck.resume().expect("it plays again");
    assert!(deck.view().position_s < 0.1, "from its start");
}

#[test]
fn a_held_track_is_silent_and_goes_on_where_it_was() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = ramp(dir.path());
    let (mut deck, opened, _) = deck();
    deck.play(track(&path), Sound::File(path))
        .expect("the track plays");
    let mut end = opened.recv().expect("the device was opened");
    assert_eq!(pull(&mut end, 4_000).len(), 4_000, "half a second is heard");
    deck.pause();
    let at_s = deck.view().position_s;
    assert!(
        end.by_ref().take(1_000).all(|sample| sample == 0.0),
        "a held track is silent"
    );
    assert!(
        (deck.view().position_s - at_s).abs() < 1e-9,
        "and keeps its place"
    );
    assert!(!deck.view().playing, "and says so");
    deck.rest();
    deck.resume().expect("it goes on");
    let mut end = opened
        .recv()
        .expect("the device was opened again after its rest");
    let first = pull(&mut end, 1).first().copied().map(index);
    assert_eq!(first, Some(4_000), "no sample is lost or heard twice");
}

#[test]
fn what_was_heard_is_told_once_when_a_track_ends_or_is_left() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = ramp(dir.path());
    let (mut deck, opened, _) = deck();
    let play = |deck: &mut Deck| {
        deck.play(track(&path), Sound::File(path.clone()))
            .expect("the track plays");
        opened.try_recv().ok()
    };
    let mut end = play(&mut deck).expect("the device was opened");
    pull(&mut end, FRAMES as usize);
    end.next();
    assert_eq!(deck.take_heard(), [], "it may go on");
    deck.tick();
    let heard = |seconds| Heard {
        id: 7,
        seconds,
        of: 2.0,
    };
    assert_eq!(deck.take_heard(), [heard(2.0)], "all of it, at its end");
    deck.stop();
    assert_eq!(deck.take_heard(), [], "and not again");

    play(&mut deck);
    pull(&mut end, 4_000);
    deck.seek(1.0).expect("a seek while it plays");
    pull(&mut end, 6_000);
    play(&mut deck);
    let [Heard { seconds, .. }] = deck.take_heard()[..] else {
        panic!("the one that was left is told");
    };
    assert!(
        (1.25..1.3).contains(&seconds),
        "what was played counts, what was leapt over does not: {seconds}"
    );
    pull(&mut end, 1_000);
    deck.stop();
    assert_eq!(deck.take_heard(), [], "a glimpse is no listening");
}

#[test]
fn a_seek_goes_to_the_sample_and_keeps_a_held_track_held() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = ramp(dir.path());
    let (mut deck, opened, _) = deck();
    deck.play(track(&path), Sound::File(path))
        .expect("the track plays");
    let mut end = opened.recv().expect("the device was opened");
    deck.seek(1.5).expect("a seek while it plays");
    let first = pull(&mut end, 1).first().copied().map(index);
    assert_eq!(first, Some(12_000), "the old place is not heard any more");
    deck.pause();
    for (asked_s, got_s) in [(0.5, 0.5), (-3.0, 0.0), (1e9, 2.0), (f64::NAN, 0.0)] {
        deck.seek(asked_s).expect("a seek while it is held");
        let now = deck.view();
        assert_eq!(
            (now.position_s, now.playing),
            (got_s, false),
            "asked for {asked_s} s"
        );
    }
}

#[test]
fn a_machine_without_sound_says_why_and_loses_only_the_sound() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = ramp(dir.path());
    let mut deck = Deck::new(|_| Err("no card".to_owned()), None);
    let error = deck
        .play(track(&path), Sound::File(path))
        .expect_err("there is no card");
    assert_eq!(error.code(), "no_sound", "{error}");
    assert_eq!(
        deck.sound(),
        Some("no card"),
        "the reason is kept for the status"
    );
    assert_eq!(
        deck.view(),
        view::Player::default(),
        "nothing is in the deck"
    );
    deck.resume().expect("nothing to go on with is no error");
    deck.seek(1.0).expect("nothing to seek in is no error");
}

#[test]
fn files_that_cannot_be_heard_say_what_is_wrong_with_them() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let junk = dir.path().join("junk.ogg");
    std::fs::write(&junk, b"no music in here, only words".repeat(99)).expect("a file");
    for (path, code) in [
        (junk, "unreadable_audio"),
        (dir.path().join("gone"), "file_missing"),
    ] {
        let (mut deck, _opened, _) = deck();
        let error = deck
            .play(track(&path), Sound::File(path))
            .expect_err("no audio in there");
        assert_eq!(error.code(), code, "{error}");
        assert_eq!(deck.view().track, None, "nothing is in the deck");
    }
}

#[test]
fn a_preview_is_waited_for_and_heard_from_memory() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = ramp(dir.path());
    let bytes: Arc<[u8]> = std::fs::read(&path).expect("a file").into();
    let (mut deck, opened, _) = deck();
    deck.play(track(&path), Sound::File(path.clone()))
        .expect("the track plays");
    let turn = deck.expect(track(&path));
    let now = deck.view();
    assert!(
        now.track.is_some() && !now.playing && now.error.is_none(),
        "what was in is silent: {now:?}"
    );
    assert!(now.fetching, "it is said that something is on its way");
    deck.resume().expect("there is nothing to go on with yet");
    deck.bring(turn, Ok(bytes)).expect("it plays");
    assert!(!deck.view().fetching, "it is here");
    let mut end = opened.try_iter().last().expect("the device was opened");
    let heard: Vec<u32> = pull(&mut end, 4_000).into_iter().map(index).collect();
    assert_eq!(heard, (0..4_000).collect::<Vec<_>>(), "from its start");
    deck.seek(1.5).expect("memory can be gone through");
    assert_eq!(pull(&mut end, 1).first().copied().map(index), Some(12_000));
}

#[test]
fn a_preview_that_does_not_come_says_why_and_one_that_comes_late_is_not_heard() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = ramp(dir.path());
    let bytes: Arc<[u8]> = std::fs::read(&path).expect("a file").into();
    let (mut deck, _opened, _) = deck();
    let first = deck.expect(track(&path));
    let second = deck.expect(track(&path));
    deck.bring(first, Ok(Arc::clone(&bytes)))
        .expect("it is left alone");
    assert!(!deck.playing(), "something else was asked for since");
    deck.bring(second, Err("no connection".to_owned()))
        .expect("that is no defect");
    let now = deck.view();
    assert_eq!(
        (now.playing, now.fetching, now.error.as_deref()),
        (false, false, Some("no connection"))
    );
    let third = deck.expect(track(&path));
    let error = deck
        .bring(third, Ok(b"no music in here, only words"[..].into()))
        .expect_err("words are not heard");
    assert_eq!(error.code(), "unreadable_audio");
    assert!(
        error.to_string().starts_with("the preview of “Ramp”: "),
        "{error}"
    );
    let fourth = deck.expect(track(&path));
    deck.stop();
    deck.bring(fourth, Ok(bytes)).expect("it is left alone");
    assert_eq!(deck.view(), view::Player::default(), "it was taken out");
}

#[test]
fn a_device_that_goes_away_stops_the_track_and_can_be_had_again() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = ramp(dir.path());
    let (mut deck, opened, lost) = deck();
    deck.play(track(&path), Sound::File(path))
        .expect("the track plays");
    let mut end = opened.recv().expect("the device was opened");
    pull(&mut end, 800);
    lost.store(true, Ordering::Relaxed);
    deck.tick();
    let now = deck.view();
    assert!(
        !now.playing && now.error.is_some(),
        "it stops and says why: {now:?}"
    );
    assert!(now.position_s > 0.05, "and keeps its place");
    deck.resume().expect("another device is there");
    opened.recv().expect("and was opened");
    assert_eq!(
        (deck.view().playing, deck.view().error),
        (true, None),
        "it plays on"
    );
}

#[test]
fn the_thread_answers_and_tells_every_change_once() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = ramp(dir.path());
    let (bench, _opened, _) = Bench::new();
    let told = Arc::new(Mutex::new(Vec::new()));
    let player = Player::start(
        || Err("looked and found none".to_owned()),
        move |rate| bench.open(rate),
        {
            let told = Arc::clone(&told);
            move |now: &view::Player| told.lock().expect("no panic").push(now.clone())
        },
        |_| {},
    );
    assert_eq!(
        player.sound().expect("an answer").as_deref(),
        Some("looked and found none")
    );
    let playing = player
        .play(track(&path), Sound::File(path))
        .expect("it plays");
    assert!(playing.playing, "it says so");
    assert_eq!(
        player.sound().expect("an answer"),
        None,
        "sound was found after all"
    );
    let held = player.pause().expect("an answer");
    assert!(
        !held.playing && held.track.is_some(),
        "it is held: {held:?}"
    );
    assert_eq!(
        player.stop().expect("an answer"),
        view::Player::default(),
        "it is out"
    );
    player.sound().expect("what was told before this is told");
    let told = told.lock().expect("no panic");
    let states: Vec<_> = told
        .iter()
        .map(|now| (now.track.is_some(), now.playing))
        .collect();
    assert_eq!(
        states,
        [(true, true), (true, false), (false, false)],
        "each change, once"
    );
}
