//! The deck: the track that is in, where it is, and the voice that plays it.

use std::{
    path::{Path, PathBuf},
    sync::atomic::Ordering,
};

use throughline_app::{
    AppError,
    audio::{AudioError, Stream},
    view::{self, Track},
};

use super::{device::Output, voice::Voice};

/// Opens the device for a sample rate in Hz, or says why there is none.
type Open = Box<dyn FnMut(u32) -> Result<Output, String>>;

/// What the player's thread owns.
pub struct Deck {
    open: Open,
    no_sound: Option<String>,
    output: Option<Output>,
    loaded: Option<Loaded>,
}

struct Loaded {
    track: Track,
    path: PathBuf,
    duration_s: f64,
    /// Where it is while it has no voice.
    at_s: f64,
    voice: Option<Voice>,
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
        self.voice = None;
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
        }
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
                error: loaded.error.clone(),
            })
    }

    /// Puts `track` in and plays it; what was in is taken out, also when this one cannot be played.
    pub fn play(&mut self, track: Track, path: PathBuf) -> Result<(), AppError> {
        self.stop();
        let (voice, duration_s) = self.voice(&path, 0.0)?;
        let voice = Some(voice);
        self.loaded = Some(Loaded {
            track,
            path,
            duration_s,
            at_s: 0.0,
            voice,
            error: None,
        });
        Ok(())
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
        if playing {
            return self.sound_from(at_s);
        }
        loaded.voice = None;
        loaded.at_s = at_s;
        Ok(())
    }

    /// Takes the track out.
    pub fn stop(&mut self) {
        self.loaded = None;
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
        let Some(path) = self.loaded.as_ref().map(|loaded| loaded.path.clone()) else {
            return Ok(());
        };
        let started = self.voice(&path, at_s);
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

    /// A voice for the file from `at_s` on, and the file's length in seconds.
    fn voice(&mut self, path: &Path, at_s: f64) -> Result<(Voice, f64), AppError> {
        let unreadable = |error| unreadable(path, &error);
        let mut stream = Stream::open(path).map_err(unreadable)?;
        if at_s > 0.0 {
            stream.seek(at_s).map_err(unreadable)?;
        }
        let (rate, duration_s) = (stream.info().sample_rate, stream.info().duration_s);
        let mixer = &self.output(rate)?.mixer;
        let voice = Voice::start(stream, mixer).ok_or_else(|| {
            AppError::Internal(format!(
                "{} has no channels or no sample rate",
                path.display()
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

fn unreadable(path: &Path, error: &AudioError) -> AppError {
    match error {
        AudioError::NotFound => AppError::FileMissing(path.to_owned()),
        _ => AppError::UnreadableAudio {
            path: path.to_owned(),
            reason: error.to_string(),
        },
    }
}
