//! A collection of everything that is wrong with files: each bad one is listed with its reason, every
//! other one is built, and nothing stalls.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use throughline_app::view::Progress;
use throughline_fuzz::hostile::{self, Becomes, Hostile};

use crate::fixture::{World, build, build_watched, tone};

/// A long file: three hours at this rate, in 16-bit samples.
const LONG_RATE: u32 = 1_000;

#[test]
fn a_hostile_collection_costs_only_itself() {
    let world = World::new();
    let mut files = hostile::write(&world.music()).expect("files");
    assert!(files.len() >= 60, "{} files are few", files.len());
    files.extend(named(&world));
    files.extend(odd_places(&world));
    files.push(long(&world));
    files.push(vanishing(&world));
    let expected: BTreeMap<String, Becomes> = files
        .into_iter()
        .map(|file| (file.name, file.becomes))
        .collect();

    let session = world.session();
    let report = build_watched(&session, &world.music(), &mut |progress| {
        if matches!(progress, Progress::Scanning { files } if files == expected.len()) {
            // After the scan has seen it, as on a disk that is unplugged.
            fs::remove_file(world.file("places/vanishes.wav")).ok();
        }
    });
    let shown = |path: &str| {
        let below = Path::new(path).strip_prefix(world.music()).expect("a path");
        below.to_string_lossy().into_owned()
    };
    let failures = session.failures().expect("a list");
    let found: BTreeMap<String, (String, String)> = failures
        .into_iter()
        .map(|failure| (shown(&failure.path), (failure.code, failure.reason)))
        .collect();
    let mut wrong = Vec::new();
    for (name, becomes) in &expected {
        let code = found.get(name).map(|(code, _)| code.as_str());
        let right = match becomes {
            Becomes::Track => code.is_none(),
            Becomes::Failure(expected) => code == Some(expected),
        };
        if !right {
            wrong.push(format!("{name}: {becomes:?}, but {:?}", found.get(name)));
        }
    }
    for name in found.keys().filter(|name| !expected.contains_key(*name)) {
        wrong.push(format!("{name} is not expected: {:?}", found[name]));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    for (name, (code, reason)) in &found {
        assert!(!reason.is_empty(), "{name} is {code} for no reason");
        println!("| {name} | {code} | {reason} |");
    }
    let tracks = expected.len() - found.len();
    assert_eq!(
        (report.added + report.moved, report.failed, report.missing),
        (tracks, found.len(), 0),
        "everything is built or listed"
    );

    let again = build(&session, &world.music());
    assert_eq!(again.added, 0, "what is wrong with them is remembered");
}

/// A tone under a name that is hard to handle, each with another pitch.
fn named(world: &World) -> Vec<Hostile> {
    let names = [
        "é (composed).wav".to_owned(),
        "e\u{301} (decomposed).wav".to_owned(),
        "夜に駆ける 🎵.wav".to_owned(),
        "\u{202e}gnp.wav".to_owned(),
        "line\nbreak.wav".to_owned(),
        " spaces .wav".to_owned(),
        "-rf.wav".to_owned(),
        "'quotes\" & <b>$(ls)`%00.wav".to_owned(),
        format!("{}.wav", "n".repeat(251)),
        format!("{}deep.wav", "a folder in a folder/".repeat(40)),
    ];
    names
        .into_iter()
        .zip(1..)
        .map(|(name, n)| of(world, format!("names/{name}"), n, Becomes::Track))
        .collect()
}

/// Writes the `n`th tone.
fn of(world: &World, name: String, n: u8, becomes: Becomes) -> Hostile {
    tone(&world.file(&name), 100.0 + 10.0 * f32::from(n));
    Hostile {
        name,
        bytes: Vec::new(),
        becomes,
    }
}

/// A file that is gone before it is read.
fn vanishing(world: &World) -> Hostile {
    let gone = Becomes::Failure("not_found");
    of(world, "places/vanishes.wav".to_owned(), 50, gone)
}

/// Three hours of a tone.
fn long(world: &World) -> Hostile {
    let name = "three hours.wav".to_owned();
    let bytes = 3 * 3_600 * LONG_RATE * 2;
    let mut file = File::create(world.file(&name)).expect("a file");
    let mut head = b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
    head.extend(LONG_RATE.to_le_bytes());
    head.extend((2 * LONG_RATE).to_le_bytes());
    head.extend(b"\x02\0\x10\0data");
    head.extend(bytes.to_le_bytes());
    file.write_all(&head).expect("its head");
    let second: Vec<u8> = (0..LONG_RATE)
        .flat_map(|n| (((n * 7 % 40) as i16 - 20) * 400).to_le_bytes())
        .collect();
    for _ in 0..bytes / second.len() as u32 {
        file.write_all(&second).expect("a second");
    }
    Hostile {
        name,
        bytes: Vec::new(),
        becomes: Becomes::Track,
    }
}

/// What is no file, leads nowhere or may not be read.
#[cfg(unix)]
fn odd_places(world: &World) -> Vec<Hostile> {
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::{PermissionsExt, symlink};

    let mut files = vec![of(world, "places/real.wav".to_owned(), 40, Becomes::Track)];
    let place = |name: &str| world.file(&format!("places/{name}"));
    let failure = |name: &str, code| Hostile {
        name: format!("places/{name}"),
        bytes: Vec::new(),
        becomes: Becomes::Failure(code),
    };
    symlink(place("real.wav"), place("link.wav")).expect("a link");
    files.push(Hostile {
        becomes: Becomes::Track,
        ..failure("link.wav", "")
    });
    symlink(place("nowhere"), place("broken link.wav")).expect("a link");
    files.push(failure("broken link.wav", "not_found"));
    symlink(place("itself.wav"), place("itself.wav")).expect("a link");
    files.push(failure("itself.wav", "unreadable"));
    // A folder that holds itself is gone through once.
    symlink(world.music(), place("loop")).expect("a link");
    symlink("/dev/zero", place("device.wav")).expect("a link");
    files.push(failure("device.wav", "unreadable"));
    let made = std::process::Command::new("mkfifo")
        .arg(place("pipe.mp3"))
        .status();
    if made.is_ok_and(|status| status.success()) {
        files.push(failure("pipe.mp3", "unreadable"));
    }
    fs::create_dir(place("folder.flac")).expect("a folder");
    let bytes = std::ffi::OsStr::from_bytes(b"places/not \xff UTF-8.wav");
    tone(&world.music().join(bytes), 95.0);
    files.push(Hostile {
        becomes: Becomes::Track,
        ..failure("not \u{fffd} UTF-8.wav", "")
    });
    // Root reads what nobody may: there the file is one more track.
    let mut locked = of(world, "places/locked.wav".to_owned(), 41, Becomes::Track);
    fs::set_permissions(place("locked.wav"), fs::Permissions::from_mode(0o0)).expect("its mode");
    if File::open(place("locked.wav")).is_err() {
        locked.becomes = Becomes::Failure("permission_denied");
    }
    files.push(locked);
    // A part of the kernel that may be written and not read, by root either.
    let write_only = Path::new("/sys/bus/pci/drivers_probe");
    if let Err(error) = fs::read(write_only)
        && write_only.is_file()
    {
        symlink(write_only, place("write only.wav")).expect("a link");
        let denied = error.kind() == std::io::ErrorKind::PermissionDenied;
        let code = if denied {
            "permission_denied"
        } else {
            "unreadable"
        };
        files.push(failure("write only.wav", code));
    }
    files
}

/// The names above are those of Unix.
#[cfg(not(unix))]
fn odd_places(_world: &World) -> Vec<Hostile> {
    Vec::new()
}
