//! The player: one thread that owns the sound device and plays one track at a time.
//!
//! It knows no window. What happens is told to the callback that [`Player::start`] is given, on
//! every change and [`TICK`] by [`TICK`] while a track plays; what was heard of a track is told to another
//! one once the track has ended or is left.

use std::{
    sync::{
        Arc,
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread,
    time::Duration,
};

use throughline_app::{
    AppError,
    view::{self, Track},
};

mod deck;
mod device;
#[cfg(test)]
mod tests;
mod voice;

use deck::{Deck, Turn};
pub use deck::{Heard, Sound};
pub use device::{Output, open, probe};

/// How often a playing track's position is told: often enough for a moving second hand.
const TICK: Duration = Duration::from_millis(250);

/// How long the device is kept open while nothing plays: through a short pause, not overnight.
const REST: Duration = Duration::from_secs(5);

type Order = Box<dyn FnOnce(&mut Deck) + Send>;
type Answer = Result<view::Player, AppError>;

/// A handle to the player's thread, which ends when the handle is dropped.
pub struct Player {
    orders: Sender<Order>,
}

impl Player {
    /// Starts the thread. `probe` says why there is no sound device, `open` opens it for a sample
    /// rate in Hz; both are called on the thread, `open` no sooner than something is to be heard.
    pub fn start(
        probe: impl FnOnce() -> Result<(), String> + Send + 'static,
        open: impl FnMut(u32) -> Result<Output, String> + Send + 'static,
        report: impl Fn(&view::Player) + Send + 'static,
        heard: impl Fn(Heard) + Send + 'static,
    ) -> Self {
        let (orders, inbox) = mpsc::channel::<Order>();
        thread::spawn(move || {
            let mut deck = Deck::new(open, probe().err());
            let mut told = view::Player::default();
            loop {
                match inbox.recv_timeout(if deck.playing() { TICK } else { REST }) {
                    Ok(order) => order(&mut deck),
                    Err(RecvTimeoutError::Timeout) if deck.playing() => deck.tick(),
                    Err(RecvTimeoutError::Timeout) => deck.rest(),
                    Err(RecvTimeoutError::Disconnected) => return,
                }
                deck.take_heard().into_iter().for_each(&heard);
                let now = deck.view();
                if now != told {
                    report(&now);
                    told = now;
                }
            }
        });
        Self { orders }
    }

    /// Why there is no sound, as far as is known; `None` when there is.
    pub fn sound(&self) -> Result<Option<String>, AppError> {
        self.ask(|deck| Ok(deck.sound().map(str::to_owned)))
    }

    /// Plays `track`, whose sound is `sound`, from its start.
    pub fn play(&self, track: Track, sound: Sound) -> Answer {
        self.ask(|deck| deck.play(track, sound).map(|()| deck.view()))
    }

    /// Puts `track` in and waits for its sound, silently. The answer is what it is to be brought with.
    pub fn expect(&self, track: Track) -> Result<Turn, AppError> {
        self.ask(|deck| Ok(deck.expect(track)))
    }

    /// Brings the bytes that were expected, or why there are none. They are played unless something else
    /// was asked for meanwhile.
    pub fn bring(&self, turn: Turn, bytes: Result<Arc<[u8]>, String>) -> Answer {
        self.ask(move |deck| deck.bring(turn, bytes).map(|()| deck.view()))
    }

    /// Holds the track where it is.
    pub fn pause(&self) -> Answer {
        self.ask(|deck| {
            deck.pause();
            Ok(deck.view())
        })
    }

    /// Goes on where the track was held, or from its start when it was at its end.
    pub fn resume(&self) -> Answer {
        self.ask(|deck| deck.resume().map(|()| deck.view()))
    }

    /// Takes the track out.
    pub fn stop(&self) -> Answer {
        self.ask(|deck| {
            deck.stop();
            Ok(deck.view())
        })
    }

    /// Goes to `seconds` from the start of the track.
    pub fn seek(&self, seconds: f64) -> Answer {
        self.ask(move |deck| deck.seek(seconds).map(|()| deck.view()))
    }

    fn ask<T: Send + 'static>(
        &self,
        act: impl FnOnce(&mut Deck) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let (answer, wait) = mpsc::channel();
        let order: Order = Box::new(move |deck| {
            // Whoever asked may have stopped waiting; what was done stays done.
            let _ = answer.send(act(deck));
        });
        let gone = || AppError::Internal("the player has stopped: start the app again".to_owned());
        self.orders.send(order).map_err(|_| gone())?;
        wait.recv().map_err(|_| gone())?
    }
}
