//! How well copies of one recording are found by their sound, and different songs kept apart.
//!
//! ```sh
//! cargo run --release -p throughline-core --example version_families -- FOLDER
//! ```
//!
//! FOLDER is what `tests/reference/version_windows.py` wrote.

use std::collections::BTreeMap;
use std::path::Path;

use throughline_core::versions::{Member, families};

mod dump;

use dump::Copy;

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let folder = Path::new(&folder);
    let copies = dump::read(folder)?;
    let near = std::fs::read_to_string(folder.join("near.tsv"))?;
    let near: Vec<(usize, usize)> = near
        .lines()
        .filter_map(|line| {
            let (a, b) = line.split_once('\t')?;
            Some((a.parse().ok()?, b.parse().ok()?))
        })
        .collect();
    for half in [0, 1] {
        let copies: Vec<&Copy> = copies.iter().filter(|copy| copy.half == half).collect();
        println!("half {half}");
        by_kind(&copies);
        different_songs(&copies);
    }
    whole(&copies, &near);
    Ok(())
}

fn are_kin(a: &Copy, b: &Copy) -> bool {
    let pair = [a, b];
    let tracks = [a.untagged(0), b.untagged(1)];
    let found = families(&tracks, &[(0, 1)], |place| {
        Some(pair[place].windows.clone())
    });
    found[0].family == found[1].family
}

/// Of the copies of each kind, how many are kin to the song as it is.
fn by_kind(copies: &[&Copy]) {
    let mut kinds: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for original in copies.iter().filter(|copy| copy.kind == "original") {
        for copy in copies {
            if copy.song == original.song && copy.kind != "original" {
                let (found, all) = kinds.entry(&copy.kind).or_default();
                *found += usize::from(are_kin(original, copy));
                *all += 1;
            }
        }
    }
    for (kind, (found, all)) in &kinds {
        println!("  {kind:<26} {found} of {all}");
    }
    let (found, all) = kinds
        .values()
        .fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
    println!("  {:<26} {found} of {all}", "all copies");
}

/// Pairs of different songs, as they are, that are taken for one.
fn different_songs(copies: &[&Copy]) {
    let songs: Vec<&&Copy> = copies
        .iter()
        .filter(|copy| copy.kind == "original")
        .collect();
    let pairs = songs
        .iter()
        .enumerate()
        .flat_map(|(at, a)| songs[..at].iter().map(move |b| (a, b)));
    let album = |copy: &Copy| copy.song.split('~').next().map(str::to_owned);
    let (mut all, mut one_album) = (0, 0);
    for (a, b) in pairs {
        all += 1;
        one_album += usize::from(album(a) == album(b));
        if are_kin(a, b) {
            println!("  taken for one: {} · {}", a.song, b.song);
        }
    }
    println!("  {all} pairs of different songs, {one_album} of one album");
}

/// All files at once, as a library: pairs in one family against pairs of one song.
fn whole(copies: &[Copy], near: &[(usize, usize)]) {
    let tracks: Vec<_> = copies
        .iter()
        .zip(0..)
        .map(|(copy, id)| copy.untagged(id))
        .collect();
    let mut asked = 0;
    let found: Vec<Member> = families(&tracks, near, |place| {
        asked += 1;
        Some(copies[place].windows.clone())
    });
    let (mut joined, mut same, mut both) = (0, 0, 0);
    for a in 0..copies.len() {
        for b in 0..a {
            let is_joined = found[a].family == found[b].family;
            let is_same = copies[a].song == copies[b].song;
            joined += usize::from(is_joined);
            same += usize::from(is_same);
            both += usize::from(is_joined && is_same);
            if is_joined && !is_same && copies[a].kind == "original" {
                println!(
                    "  in one family: {} · {} {}",
                    copies[a].song, copies[b].song, copies[b].kind
                );
            }
        }
    }
    println!(
        "whole: {} files, {} pairs in one family, {same} of one song, {both} of both: precision {:.4}, recall {:.4}; \
         windows read {asked} times",
        copies.len(),
        joined,
        both as f64 / joined as f64,
        both as f64 / same as f64,
    );
}
