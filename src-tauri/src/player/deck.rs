//! The deck: the track that is in, where it is, and the voice that plays it.

use std::{
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
};

use throughline_app::{
    AppError,
    audio::{AudioError, Stream},
    view::{self, Track},
};

use super::{device::Output, voice::Voice};

/// Opens the device for a sample rate in Hz, or says why there is none.
type Open = Box<dyn FnMut(u32) -> Result<Output, String>>;

/// Where the bytes of a track are.
#[derive(Clone, Debug)]
pub enum Sound {
    /// In a file.
    File(PathBuf),
    /// In memory.
    Memory(Arc<[u8]>),
}

/// Which of the tracks that were put in, counted from the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn(u64);

/// What was heard of a track.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Heard {
    /// The track.
    pub id: i64,
    /// Seconds of it that were played, those played again included.
    pub seconds: f64,
    /// How many seconds it has.
    pub of: f64,
}

/// What is left sooner was not listened to: a slip of the hand, or a look at what it is, in seconds.
const GLIMPSE: f64 = 1.0;

/// What the player's thread owns.
pub struct Deck {
    open: Open,
    no_sound: Option<String>,
    output: Option<Output>,
    loaded: Option<Loaded>,
    turn: Turn,
    /// What has ended or was left since it was last asked for.
    heard: Vec<Heard>,
}

struct Loaded {
    track: Track,
    /// None while it is on its way, or when it did not come.
    sound: Option<Sound>,
    duration_s: f64,
    /// Where it is while it has no voice.
    at_s: f64,
    voice: Option<Voice>,
    /// Seconds played by the voices before.
    heard_s: f64,
    error: Option<String>,
}

impl Loaded {
    fn position_s(&self) -> f64 {
        self.voice
            .as_ref()
            .map_or(self.at_s, Voice::position_s)
            .min(self.duration_s)
    }

    fn silence(&mut self) {
        self.at_s = self.position_s();
        if let Some(voice) = self.voice.take() {
            self.heard_s += voice.played_s();
        }
    }

    /// What was heard of it since this was last asked, if it was listened to.
    fn take_heard(&mut self) -> Option<Heard> {
        self.silence();
        let seconds = std::mem::take(&mut self.heard_s);
        (seconds >= GLIMPSE).then_some(Heard {
            id: self.track.id,
            seconds,
            of: self.duration_s,
        })
    }
}

impl Deck {
    /// A deck with nothing in it.
    pub fn new(
        open: impl FnMut(u32) -> Result<Output, String> + 'static,
        no_sound: Option<String>,
    ) -> Self {
        Self {
            open: Box::new(open),
            no_sound,
            output: None,
            loaded: None,
            turn: Turn(0),
            heard: Vec::new(),
        }
    }

    /// What was heard of the tracks that have ended or were left since this was last asked.
    pub fn take_heard(&mut self) -> Vec<Heard> {
        std::mem::take(&mut self.heard)
    }

    /// Why there is no sound, as far as is known.
    pub fn sound(&self) -> Option<&str> {
        self.no_sound.as_deref()
    }

    /// Whether something is heard.
    pub fn playing(&self) -> bool {
        let voice = self
            .loaded
            .as_ref()
            .and_then(|loaded| loaded.voice.as_ref());
        voice.is_some_and(|voice| !voice.paused())
    }

    /// What the window shows.
    pub fn view(&self) -> view::Player {
        self.loaded
            .as_ref()
            .map_or_else(view::Player::default, |loaded| view::Player {
                track: Some(loaded.track.clone()),
                playing: self.playing(),
                position_s: loaded.position_s(),
                duration_s: loaded.duration_s,
                fetching: loaded.sound.is_none() && loaded.error.is_none(),
                error: loaded.error.clone(),
            })
    }

    /// Puts `track` in and plays it; what was in is taken out, also when this one cannot be played.
    pub fn play(&mut self, track: Track, sound: Sound) -> Result<(), AppError> {
        self.stop();
        let (voice, duration_s) = self.voice(&track, &sound, 0.0)?;
        self.loaded = Some(Loaded {
            track,
            sound: Some(sound),
            duration_s,
            at_s: 0.0,
            voice: Some(voice),
            heard_s: 0.0,
            error: None,
        });
        Ok(())
    }

    /// Puts `track` in, whose sound is still to be brought; what was in is taken out.
    pub fn expect(&mut self, track: Track) -> Turn {
        self.stop();
        self.loaded = Some(Loaded {
            track,
            sound: None,
            duration_s: 0.0,
            at_s: 0.0,
            voice: None,
            heard_s: 0.0,
            error: None,
        });
        self.turn
    }

    /// Plays the track that was put in as `turn`, or says why it is not heard. Nothing happens when
    /// something else was put in since, or it was taken out.
    pub fn bring(&mut self, turn: Turn, bytes: Result<Arc<[u8]>, String>) -> Result<(), AppError> {
        let Some(loaded) = self.loaded.as_mut().filter(|_| turn == self.turn) else {
            return Ok(());
        };
        match bytes {
            Ok(bytes) => {
                let track = loaded.track.clone();
                self.play(track, Sound::Memory(bytes))
            }
            Err(why) => {
                loaded.error = Some(why);
                Ok(())
            }
        }
    }

    /// Holds the track.
    pub fn pause(&mut self) {
        if let Some(voice) = self
            .loaded
            .as_ref()
            .and_then(|loaded| loaded.voice.as_ref())
        {
            voice.set_paused(true);
        }
    }

    /// Lets the track go on, from its start when it is at its end.
    pub fn resume(&mut self) -> Result<(), AppError> {
        match &self.loaded {
            None => Ok(()),
            Some(Loaded {
                voice: Some(voice), ..
            }) => {
                voice.set_paused(false);
                Ok(())
            }
            Some(loaded) if loaded.at_s >= loaded.duration_s => self.sound_from(0.0),
            Some(loaded) => self.sound_from(loaded.at_s),
        }
    }

    /// Goes to `seconds`; a held track stays held.
    pub fn seek(&mut self, seconds: f64) -> Result<(), AppError> {
        let playing = self.playing();
        let Some(loaded) = &mut self.loaded else {
            return Ok(());
        };
        let at_s = seconds.max(0.0).min(loaded.duration_s);
        loaded.silence();
        loaded.at_s = at_s;
        if playing {
            return self.sound_from(at_s);
        }
        Ok(())
    }

    /// Takes the track out.
    pub fn stop(&mut self) {
        let left = self.loaded.take();
        self.heard
            .extend(left.and_then(|mut left| left.take_heard()));
        self.turn = Turn(self.turn.0 + 1);
    }

    /// Looks whether the track has come to its end, by itself or by mishap.
    pub fn tick(&mut self) {
        let lost = self
            .output
            .as_ref()
            .is_some_and(|output| output.lost.load(Ordering::Relaxed));
        let Some(loaded) = &mut self.loaded else {
            return;
        };
        let Some(voice) = &loaded.voice else { return };
        if lost {
            loaded.error = Some("the sound device went away".to_owned());
            self.rest();
        } else if voice.ended() {
            loaded.error = voice.error();
            loaded.silence();
            if loaded.error.is_none() {
                loaded.at_s = loaded.duration_s;
                self.heard.extend(loaded.take_heard());
            }
        }
    }

    /// Closes the device; the track keeps its place.
    pub fn rest(&mut self) {
        if let Some(loaded) = &mut self.loaded {
            loaded.silence();
        }
        self.output = None;
    }

    fn sound_from(&mut self, at_s: f64) -> Result<(), AppError> {
        let Some((track, sound)) = self
            .loaded
            .as_ref()
            .and_then(|loaded| Some((loaded.track.clone(), loaded.sound.clone()?)))
        else {
            return Ok(());
        };
        let started = self.voice(&track, &sound, at_s);
        let Some(loaded) = &mut self.loaded else {
            return Ok(());
        };
        loaded.error = None;
        match started {
            Ok((voice, _)) => {
                loaded.voice = Some(voice);
                Ok(())
            }
            Err(error) => {
                loaded.silence();
                Err(error)
            }
        }
    }

    /// A voice for `sound` from `at_s` on, and its length in seconds.
    fn voice(&mut self, track: &Track, sound: &Sound, at_s: f64) -> Result<(Voice, f64), AppError> {
        let unreadable = |error| unreadable(track, sound, &error);
        let mut stream = match sound {
            Sound::File(path) => Stream::open(path),
            Sound::Memory(bytes) => Stream::from_bytes(Arc::clone(bytes)),
        }
        .map_err(unreadable)?;
        if at_s > 0.0 {
            stream.seek(at_s).map_err(unreadable)?;
        }
        let (rate, duration_s) = (stream.info().sample_rate, stream.info().duration_s);
        let mixer = &self.output(rate)?.mixer;
        let voice = Voice::start(stream, mixer).ok_or_else(|| {
            AppError::Internal(format!(
                "“{}” has no channels or no sample rate",
                track.title
            ))
        })?;
        Ok((voice, duration_s))
    }

    /// The device, open at `rate` Hz.
    fn output(&mut self, rate: u32) -> Result<&Output, AppError> {
        let fits = |output: &Output| output.rate == rate && !output.lost.load(Ordering::Relaxed);
        // One that does not fit is closed first: some devices open only once.
        let opened = match self.output.take().filter(fits) {
            Some(output) => Ok(output),
            None => (self.open)(rate),
        };
        self.no_sound = opened.as_ref().err().cloned();
        opened
            .map(|output| &*self.output.insert(output))
            .map_err(AppError::NoSound)
    }
}

fn unreadable(track: &Track, sound: &Sound, error: &AudioError) -> AppError {
    let path = match sound {
        Sound::File(path) => path.clone(),
        Sound::Memory(_) => format!("the preview of “{}”", track.title).into(),
    };
    match error {
        AudioError::NotFound => AppError::FileMissing(path),
        _ => AppError::UnreadableAudio {
            path,
            reason: error.to_string(),
        },
    }
}
