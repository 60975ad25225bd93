//! Lets connections in, or does not.

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use socket2::{Domain, SockAddr, Socket, Type};

use crate::serve::Shop;

/// Connections that may wait to be let in.
const BACKLOG: i32 = 128;
/// Tries, and the wait between them, to take a port again.
const TRIES: u32 = 100;
const WAIT: Duration = Duration::from_millis(20);

/// The door of a store.
#[derive(Debug)]
pub(crate) struct Switch {
    door: Arc<Door>,
    address: SocketAddr,
}

#[derive(Debug, Default)]
struct Door {
    state: Mutex<State>,
    turned: Condvar,
}

#[derive(Debug, Default)]
struct State {
    wanted: Wanted,
    /// Whether there is a listener.
    is_open: bool,
    next: u64,
    connections: HashMap<u64, TcpStream>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Wanted {
    #[default]
    Online,
    Offline,
    Over,
}

/// A listener at `port` of this machine's own address, which may have been in use just before.
pub(crate) fn listen(port: u16) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    // On Windows this would let two listen at one port.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    socket.bind(&SockAddr::from(SocketAddr::from((
        Ipv4Addr::LOCALHOST,
        port,
    ))))?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

impl Switch {
    /// Lets connections in from `listener` on.
    pub fn start(listener: TcpListener, address: SocketAddr, shop: Arc<Shop>) -> Self {
        let door = Arc::new(Door::default());
        door.state().is_open = true;
        let keeper = Arc::clone(&door);
        thread::spawn(move || keeper.keep(listener, address, &shop));
        Self { door, address }
    }

    /// Breaks every connection, and returns when none can come about any more.
    pub fn offline(&self) {
        self.turn(Wanted::Offline, false);
    }

    /// Returns when connections can come about again.
    pub fn online(&self) {
        self.turn(Wanted::Online, true);
    }

    fn turn(&self, wanted: Wanted, until_open: bool) {
        let mut state = self.door.state();
        if state.wanted == Wanted::Over {
            return;
        }
        state.wanted = wanted;
        if wanted != Wanted::Online {
            for (_, connection) in state.connections.drain() {
                let _ = connection.shutdown(Shutdown::Both);
            }
        }
        self.door.turned.notify_all();
        while state.is_open != until_open && state.wanted == wanted {
            // The keeper waits for a connection: here is one.
            if !until_open {
                drop(TcpStream::connect_timeout(&self.address, WAIT));
            }
            let waited = self.door.turned.wait_timeout(state, WAIT);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

impl Drop for Switch {
    fn drop(&mut self) {
        self.turn(Wanted::Over, false);
    }
}

impl Door {
    fn keep(self: &Arc<Self>, first: TcpListener, address: SocketAddr, shop: &Arc<Shop>) {
        let mut listener = Some(first);
        loop {
            if let Some(listener) = listener.take() {
                self.open(&listener, shop);
            }
            let mut state = self.state();
            state.is_open = false;
            self.turned.notify_all();
            while state.wanted == Wanted::Offline {
                let waited = self.turned.wait(state);
                state = waited.unwrap_or_else(PoisonError::into_inner);
            }
            if state.wanted == Wanted::Over {
                return;
            }
            drop(state);
            let mut tries = (0..TRIES).map(|n| (n, listen(address.port())));
            listener = tries.find_map(|(_, tried)| {
                if tried.is_err() {
                    thread::sleep(WAIT);
                }
                tried.ok()
            });
            let mut state = self.state();
            // A port that is lost is lost: who waits for it must not wait for ever.
            if listener.is_none() {
                state.wanted = Wanted::Over;
            }
            state.is_open = listener.is_some();
            self.turned.notify_all();
        }
    }

    /// Lets connections in for as long as that is wanted.
    fn open(self: &Arc<Self>, listener: &TcpListener, shop: &Arc<Shop>) {
        for stream in listener.incoming() {
            let mut state = self.state();
            if state.wanted != Wanted::Online {
                return;
            }
            let Ok(stream) = stream else {
                // No files left, perhaps: others may be given back soon.
                drop(state);
                thread::sleep(WAIT);
                continue;
            };
            let Ok(kept) = stream.try_clone() else {
                continue;
            };
            let number = state.next;
            state.next += 1;
            state.connections.insert(number, kept);
            drop(state);
            let (door, shop) = (Arc::clone(self), Arc::clone(shop));
            thread::spawn(move || {
                // The other side may go whenever it likes.
                let _ = shop.serve(stream);
                door.state().connections.remove(&number);
            });
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
