//! Whether there is a display that a window can be opened on.

use std::{
    env,
    net::{TcpStream, ToSocketAddrs},
    path::{Path, PathBuf},
    time::Duration,
};

/// How long a display on another machine may take to answer.
const PATIENCE: Duration = Duration::from_secs(3);

/// Port of X display 0; display n listens n above it (X.Org, "X(7)").
const X_PORT: u16 = 6000;

/// Whether somebody answers where `DISPLAY` or `WAYLAND_DISPLAY` point. Systems that are not
/// Linux always have a display.
pub fn usable() -> bool {
    !cfg!(target_os = "linux")
        || wayland().is_some_and(|path| listens(&path))
        || env::var("DISPLAY").is_ok_and(|display| answers(&display))
}

/// Whether an X server answers at `display`, a value of `DISPLAY`.
pub fn answers(display: &str) -> bool {
    match parse(display) {
        Some(Place::Here(number)) => {
            let path = format!("/tmp/.X11-unix/X{number}");
            listens(Path::new(&path)) || listens_abstractly(&path)
        }
        Some(Place::Far(host, number)) => X_PORT
            .checked_add(number)
            .and_then(|port| (host, port).to_socket_addrs().ok())
            .is_some_and(|mut all| all.any(|at| TcpStream::connect_timeout(&at, PATIENCE).is_ok())),
        None => false,
    }
}

/// Where an X display listens.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    /// On this machine, by its number.
    Here(u16),
    /// On another machine, or through ssh.
    Far(String, u16),
}

/// Reads `[host]:number[.screen]`.
fn parse(display: &str) -> Option<Place> {
    let (host, rest) = display.rsplit_once(':')?;
    let number = rest.split('.').next()?.parse().ok()?;
    Some(match host {
        "" | "unix" => Place::Here(number),
        host => Place::Far(host.to_owned(), number),
    })
}

/// The socket that `WAYLAND_DISPLAY` names: a path, or a name in the runtime folder.
fn wayland() -> Option<PathBuf> {
    let name = env::var_os("WAYLAND_DISPLAY").filter(|name| !name.is_empty())?;
    let folder = env::var_os("XDG_RUNTIME_DIR")
        .map(PathBuf::from)
        .unwrap_or_default();
    let path = folder.join(name);
    path.is_absolute().then_some(path)
}

#[cfg(unix)]
fn listens(path: &Path) -> bool {
    std::os::unix::net::UnixStream::connect(path).is_ok()
}

#[cfg(not(unix))]
fn listens(_: &Path) -> bool {
    false
}

/// An X server also listens on a socket of the same name that is no file, which is what can be
/// reached from within some containers.
#[cfg(target_os = "linux")]
fn listens_abstractly(path: &str) -> bool {
    use std::os::{
        linux::net::SocketAddrExt,
        unix::net::{SocketAddr, UnixStream},
    };
    SocketAddr::from_abstract_name(path).is_ok_and(|at| UnixStream::connect_addr(&at).is_ok())
}

#[cfg(not(target_os = "linux"))]
fn listens_abstractly(_: &str) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displays_are_read_as_x_writes_them() {
        assert_eq!(parse(":0"), Some(Place::Here(0)));
        assert_eq!(parse("unix:1.0"), Some(Place::Here(1)));
        assert_eq!(
            parse("localhost:10.0"),
            Some(Place::Far("localhost".to_owned(), 10))
        );
        assert_eq!(parse("[::1]:3"), Some(Place::Far("[::1]".to_owned(), 3)));
        for wrong in ["", "0", ":", ":x", ":70000"] {
            assert_eq!(parse(wrong), None, "{wrong:?} names no display");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_socket_is_there_only_while_somebody_listens() {
        let path = env::temp_dir().join(format!("xtask-{}.socket", std::process::id()));
        assert!(!listens(&path), "nobody listens yet");
        let listener = std::os::unix::net::UnixListener::bind(&path).expect("a socket");
        assert!(listens(&path));
        drop(listener);
        assert!(!listens(&path), "the file alone is no display");
        std::fs::remove_file(&path).expect("removed");
    }
}
