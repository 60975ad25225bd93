//! Files that end too early.

use crate::parts::fixture;

use super::{Hostile, failure, kinds, track};

/// Each kind of file cut in its head, in the middle of its sound, and by its last byte.
pub(super) fn files() -> Vec<Hostile> {
    let mut files = vec![
        failure("cut/nothing.mp3", "empty", Vec::new()),
        failure("cut/one byte.flac", "not_audio", b"f".to_vec()),
    ];
    for (name, kind) in kinds() {
        let bytes = fixture(name);
        let head = match kind {
            "mp3" | "aac" => "not_audio",
            _ => "truncated",
        };
        // Raw AAC says nowhere how long it is; what is there of it is heard.
        files.push(failure(
            format!("cut/head {kind}"),
            head,
            bytes[..30].to_vec(),
        ));
        let middle = format!("cut/middle {kind}");
        let half = bytes[..bytes.len() * 4 / 10].to_vec();
        files.push(match kind {
            "aac" => failure(middle, "too_short", half),
            _ => failure(middle, "truncated", half),
        });
        let last = format!("cut/last byte {kind}");
        let most = bytes[..bytes.len() - 1].to_vec();
        files.push(match kind {
            "mp3" | "aac" | "wav" => track(last, most),
            // Without its last frame the second that it lasts is shorter than a window.
            "flac" => failure(last, "too_short", most),
            // The index stands at the end of an MP4 file; an Ogg page says where it ends.
            _ => failure(last, "truncated", most),
        });
    }
    for file in &mut files {
        // The kind is the last word of the name: give it the dot that a scan looks for.
        if !file.name.contains('.') {
            let extension = file.name.rsplit([' ', '.']).next().unwrap_or_default();
            file.name = format!("{}.{extension}", file.name);
        }
    }
    files
}
