use super::*;
use crate::versions::{Evidence, Kind};
use ndarray::Array2;
use proptest::prelude::*;

fn track(id: i64, title: &'static str, artist: &'static str, duration_s: f64) -> Track<'static> {
    let some = |text: &'static str| (!text.is_empty()).then_some(text);
    Track {
        id: TrackId(id),
        title: some(title),
        artist: some(artist),
        album: None,
        duration_s: Some(duration_s),
        owned: true,
    }
}

/// Windows of a piece that turns in a plane of its own, by `speed` radians a window.
fn windows(speed: f64) -> Windows {
    let starts_s: Vec<f64> = (0..20).map(|k| f64::from(k) * 3.0).collect();
    let angles = (0..20).map(|k| f64::from(k * k) * speed);
    let vectors = angles
        .flat_map(|angle| [angle.cos() as f32, angle.sin() as f32])
        .collect();
    let vectors = Array2::from_shape_vec((20, 2), vectors).unwrap();
    Windows { starts_s, vectors }
}

/// Every pair of `n` tracks.
fn all(n: usize) -> Vec<(usize, usize)> {
    (0..n).flat_map(|a| (0..a).map(move |b| (a, b))).collect()
}

/// What the second is to the first, heard by these speeds.
fn second(tracks: [Track<'_>; 2], speeds: [f64; 2]) -> Option<Kinship> {
    let found = families(&tracks, &all(2), |place| Some(windows(speeds[place])));
    found.iter().find_map(|member| member.kinship)
}

const SAME: [f64; 2] = [0.1, 0.1];
const OTHER: [f64; 2] = [0.1, 0.37];

#[test]
fn names_tell_of_versions_whatever_they_sound_like() {
    for (title, duration_s, kind) in [
        ("Stay (Live)", 250.0, Kind::Live),
        ("Stay - Bob Remix", 200.0, Kind::Remix),
        ("Stay (Acoustic)", 180.0, Kind::Acoustic),
        ("Stay (Radio Edit)", 160.0, Kind::Edit),
        ("Stay (Instrumental)", 200.0, Kind::Instrumental),
        ("Stay [Demo]", 170.0, Kind::Demo),
        ("Stay (2011 Remaster)", 220.0, Kind::OtherRecording),
        ("Stay", 230.0, Kind::OtherRecording),
    ] {
        let pair = [
            track(1, "Stay", "Ann", 200.0),
            track(2, title, "Ann", duration_s),
        ];
        let found = second(pair, OTHER);
        let evidence = Evidence::Name;
        assert_eq!(found, Some(Kinship { kind, evidence }), "{title}");
    }
}

#[test]
fn name_and_sound_agree_on_one_recording() {
    for (title, kind) in [
        ("Stay", Kind::SameRecording),
        ("Stay (2011 Remaster)", Kind::Remaster),
        ("Stay (Deluxe Edition)", Kind::Edition),
    ] {
        let pair = [
            track(1, "Stay", "Ann", 200.0),
            track(2, title, "Ann", 199.0),
        ];
        let evidence = Evidence::NameAndSound;
        assert_eq!(
            second(pair, SAME),
            Some(Kinship { kind, evidence }),
            "{title}"
        );
    }
}

#[test]
fn what_calls_itself_a_version_is_one_though_it_sounds_the_same() {
    let pair = [
        track(1, "Stay", "Ann", 200.0),
        track(2, "Stay (Instrumental)", "Ann", 200.0),
    ];
    let kind = second(pair, SAME).map(|kinship| kinship.kind);
    assert_eq!(kind, Some(Kind::Instrumental));
}

#[test]
fn sound_alone_finds_copies_without_names_or_with_wrong_ones() {
    let evidence = Evidence::Sound;
    let kind = Kind::SameRecording;
    for (title, artist) in [("", ""), ("Track 2", ""), ("Gone", "Bob")] {
        let pair = [
            track(1, "Stay", "Ann", 200.0),
            track(2, title, artist, 197.0),
        ];
        assert_eq!(
            second(pair, SAME),
            Some(Kinship { kind, evidence }),
            "{title}"
        );
        assert_eq!(second(pair, OTHER), None, "{title}: another song");
    }
}

#[test]
fn in_doubt_tracks_stay_apart() {
    let album = |track| Track {
        album: Some("Album"),
        ..track
    };
    for (why, a, b, speeds) in [
        (
            "another artist",
            track(1, "Stay", "Ann", 200.0),
            track(2, "Stay", "Bob", 200.0),
            OTHER,
        ),
        (
            "a title that many share",
            track(1, "Intro", "Ann", 60.0),
            track(2, "Intro", "Ann", 60.0),
            OTHER,
        ),
        (
            "nobody's song",
            track(1, "Stay", "", 200.0),
            track(2, "Stay", "", 200.0),
            OTHER,
        ),
        (
            "a part",
            track(1, "Stay", "Ann", 200.0),
            track(2, "Stay, Pt. 2", "Ann", 200.0),
            OTHER,
        ),
        (
            "sounds alike, far longer",
            track(1, "", "", 200.0),
            track(2, "", "", 240.0),
            SAME,
        ),
        (
            "a reprise",
            album(track(1, "Stay", "Ann", 200.0)),
            album(track(2, "Stay", "Ann", 90.0)),
            OTHER,
        ),
    ] {
        assert_eq!(second([a, b], speeds), None, "{why}");
    }
}

#[test]
fn a_preview_lies_over_a_file_nowhere_in_particular() {
    let file = track(1, "Stay", "Ann", 200.0);
    let preview = Track {
        owned: false,
        ..track(2, "Stay", "Ann", 201.0)
    };
    let kind = Kind::SameRecording;
    let evidence = Evidence::Name;
    assert_eq!(
        second([file, preview], OTHER),
        Some(Kinship { kind, evidence }),
        "its windows say nothing against it"
    );
    let other = Track {
        id: TrackId(3),
        ..preview
    };
    assert_eq!(
        second([preview, other], OTHER),
        Some(Kinship { kind, evidence }),
        "two previews may be of two stretches"
    );
    let unnamed = Track {
        title: None,
        ..preview
    };
    assert_eq!(second([file, unnamed], SAME), None, "nor for it");
}

#[test]
fn the_one_that_a_listener_would_pick_stands_for_the_family() {
    let preview = Track {
        owned: false,
        ..track(1, "Stay", "Ann", 260.0)
    };
    let tracks = [
        preview,
        track(2, "Stay (Live)", "Ann", 300.0),
        track(3, "Stay (2011 Remaster)", "Ann", 201.0),
        track(4, "Stay", "Ann", 199.0),
        track(5, "Stay", "Ann", 200.0),
        track(6, "Stay", "Ann", 200.0),
    ];
    let found = families(&tracks, &[], |_| None);
    for member in &found {
        assert_eq!(
            (member.family, member.versions),
            (TrackId(5), 6),
            "{member:?}"
        );
    }
    assert_eq!(found[4].kinship, None, "it is no version of itself");
    let live = found[1].kinship.map(|kinship| kinship.kind.phrase());
    assert_eq!(live, Some("live version of"));
}

#[test]
fn nothing_chains() {
    // Each is as long as its neighbour within the limit; the ends are not.
    let tracks = [
        track(1, "", "", 212.0),
        track(2, "", "", 206.0),
        track(3, "", "", 200.0),
    ];
    let found = families(&tracks, &all(3), |_| Some(windows(0.1)));
    let family: Vec<i64> = found.iter().map(|member| member.family.0).collect();
    assert_eq!(family, [1, 1, 3], "the last is kin to the second alone");
}

#[test]
fn only_near_and_namesake_pairs_are_compared() {
    let tracks = [track(1, "", "", 200.0), track(2, "", "", 200.0)];
    let found = families(&tracks, &[(0, 7), (1, 1)], |_| {
        unreachable!("no pair was named")
    });
    assert!(found.iter().all(|member| member.versions == 1), "{found:?}");
}

#[test]
fn it_says_how_many_have_their_place_and_stops_when_told() {
    let tracks: Vec<_> = (0..5).map(|id| track(id, "", "", 100.0)).collect();
    let mut told = Vec::new();
    let whole = families_watched(
        &tracks,
        &[],
        |_| None,
        |placed| {
            told.push(placed);
            true
        },
    );
    assert_eq!(whole.map(|members| members.len()), Some(5));
    assert_eq!(told, [0, 1, 2, 3, 4]);
    assert_eq!(
        families_watched(&tracks, &[], |_| None, |placed| placed < 3),
        None
    );
}

#[test]
fn an_empty_library_has_no_families() {
    assert_eq!(families(&[], &[], |_| None), []);
}

proptest! {
    #[test]
    fn order_does_not_matter(
        picks in prop::collection::vec((0_usize..6, 0_usize..3, 190_u32..215, any::<bool>(), 0_usize..3), 0..12),
        seed in any::<u64>(),
    ) {
        const TITLES: [&str; 6] = ["Stay", "Stay (Live)", "Stay (2011 Remaster)", "Go", "", "Intro"];
        const ARTISTS: [&str; 3] = ["Ann", "Bob", ""];
        const SPEEDS: [f64; 3] = [0.1, 0.1003, 0.37];
        let tracks: Vec<(Track<'_>, f64)> = picks
            .iter()
            .enumerate()
            .map(|(k, &(title, artist, duration, owned, speed))| {
                let track = track(k as i64, TITLES[title], ARTISTS[artist], f64::from(duration));
                (Track { owned, ..track }, SPEEDS[speed])
            })
            .collect();
        let mut shuffled = tracks.clone();
        shuffled.sort_by_key(|(track, _)| (track.id.0 as u64 + 1).wrapping_mul(seed | 1));
        let by_id = |tracks: &[(Track<'_>, f64)]| {
            let only: Vec<Track<'_>> = tracks.iter().map(|(track, _)| *track).collect();
            let found = families(&only, &all(only.len()), |place| Some(windows(tracks[place].1)));
            let mut found: Vec<(TrackId, Member)> =
                only.iter().map(|track| track.id).zip(found).collect();
            found.sort_by_key(|(id, _)| *id);
            found
        };
        let found = by_id(&tracks);
        prop_assert_eq!(&found, &by_id(&shuffled));
        for (_, member) in &found {
            let founder = &found[member.family.0 as usize].1;
            prop_assert_eq!(founder.kinship, None, "one that stands for a family is its own");
            let size = found.iter().filter(|(_, other)| other.family == member.family).count();
            prop_assert_eq!(size, member.versions);
        }
    }
}
