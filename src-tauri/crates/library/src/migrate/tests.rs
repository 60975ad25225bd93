//! A library of every schema that was ever released opens and holds what it held.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use throughline_core::catalog::crawl::Seed;
use throughline_core::catalog::{Answer, ArtistId, Call, Question, SongId};
use throughline_core::embedding::{FeatureVersion, ModelId, Quantised, Recipe};
use throughline_core::feedback::{Act, EventId, Knob, Thousandths, ThroughlineId, What};
use throughline_core::track::TrackId;

use super::*;
use crate::{Library, SpaceId, Status};

/// The same library under every schema: one fixture a migration.
const FIXTURES: [&str; MIGRATIONS.len()] = [
    include_str!("../../migrations/fixtures/0001.sql"),
    include_str!("../../migrations/fixtures/0002.sql"),
    include_str!("../../migrations/fixtures/0003.sql"),
    include_str!("../../migrations/fixtures/0004.sql"),
    include_str!("../../migrations/fixtures/0005.sql"),
    include_str!("../../migrations/fixtures/0006.sql"),
    include_str!("../../migrations/fixtures/0007.sql"),
];

fn recipe() -> Recipe {
    Recipe {
        model: ModelId("small".into()),
        feature_version: FeatureVersion("1".into()),
    }
}

/// A library as a binary left it that knew schemas up to `schema`.
fn as_left_by(schema: u32) -> Library {
    let mut db = Connection::open_in_memory().unwrap();
    apply(&mut db, &MIGRATIONS[..schema as usize]).unwrap();
    db.execute_batch(FIXTURES[schema as usize - 1]).unwrap();
    assert_eq!(inspect(&db).unwrap(), schema);
    Library::prepare(db).unwrap()
}

#[test]
fn every_schema_is_brought_up_to_date() {
    for schema in 1..=SCHEMA {
        let library = as_left_by(schema);
        let health = library.health().unwrap();
        assert_eq!(
            (health.schema, &health.problems),
            (SCHEMA, &Vec::new()),
            "from schema {schema}"
        );
    }
}

/// Rows of each table, those that `SQLite` and its text search keep for themselves left out.
fn counts(db: &Connection) -> BTreeMap<String, u64> {
    let mut statement = db
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table'
                AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'track_text%'",
        )
        .unwrap();
    let names = statement.query_map([], |row| row.get(0)).unwrap();
    names
        .map(|name| {
            let name: String = name.unwrap();
            let sql = format!("SELECT count(*) FROM {name}");
            let rows = db.query_row(&sql, [], |row| row.get(0)).unwrap();
            (name, rows)
        })
        .collect()
}

#[test]
fn every_table_has_rows_before_and_as_many_afterwards() {
    for (schema, fixture) in (1..).zip(FIXTURES) {
        let mut db = Connection::open_in_memory().unwrap();
        apply(&mut db, &MIGRATIONS[..schema]).unwrap();
        db.execute_batch(fixture).unwrap();
        let before = counts(&db);
        assert!(
            before.values().all(|&rows| rows > 0),
            "the fixture of schema {schema} fills every table: {before:?}"
        );
        migrate(&mut db).unwrap();
        let after = counts(&db);
        for (table, rows) in &before {
            assert_eq!(
                after.get(table),
                Some(rows),
                "{table}, from schema {schema}"
            );
        }
    }
}

#[test]
fn an_old_library_on_a_disk_is_opened_and_goes_on() {
    for (schema, fixture) in (1..).zip(FIXTURES) {
        let dir = tempfile::tempdir().unwrap();
        let mut db = Connection::open(dir.path().join(crate::FILE_NAME)).unwrap();
        apply(&mut db, &MIGRATIONS[..schema]).unwrap();
        db.execute_batch(fixture).unwrap();
        db.close().unwrap();
        for opened in 0..2 {
            let mut library = Library::open(dir.path()).unwrap();
            let said = library.events().of(ThroughlineId(2)).unwrap().len();
            let tx = library.begin().unwrap();
            let up = What::Did(Act::Up, TrackId(2));
            tx.events_mut().append(ThroughlineId(2), up, 200).unwrap();
            tx.commit().unwrap();
            let now = library.events().of(ThroughlineId(2)).unwrap().len();
            assert_eq!(
                now,
                said + 1,
                "from schema {schema}, opened {opened} times before"
            );
        }
        let health = Library::open(dir.path()).unwrap().health().unwrap();
        assert_eq!((health.schema, health.problems), (SCHEMA, Vec::new()));
    }
}

#[test]
fn a_damaged_library_of_any_schema_is_salvaged() {
    for (schema, fixture) in (1..).zip(FIXTURES) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(crate::FILE_NAME);
        let mut db = Connection::open(&path).unwrap();
        apply(&mut db, &MIGRATIONS[..schema]).unwrap();
        db.execute_batch(fixture).unwrap();
        let before = counts(&db);
        let sql = "SELECT pageno FROM dbstat WHERE name = 'source' AND pagetype = 'leaf'";
        let page: usize = db.query_row(sql, [], |row| row.get(0)).unwrap();
        db.close().unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[(page - 1) * 4096..page * 4096].fill(0x5a);
        std::fs::write(&path, bytes).unwrap();
        let salvage = Library::salvage(dir.path())
            .unwrap()
            .expect("it is damaged");
        for table in salvage.tables {
            // Where the damage lets it, it is brought up to date before it is read.
            let Some(&rows) = before.get(table.table) else {
                continue;
            };
            let expected = if table.table == "source" { 0 } else { rows };
            assert_eq!(table.saved, expected, "{} of schema {schema}", table.table);
        }
    }
}

#[test]
fn tracks_files_and_failures_are_kept() {
    for schema in 1..=SCHEMA {
        let library = as_left_by(schema);
        let tracks = library.tracks().all(&recipe()).unwrap();
        assert_eq!(tracks.len(), 2, "from schema {schema}");
        assert_eq!(
            tracks[0].path.as_deref(),
            Some(Path::new("/music/blue.flac"))
        );
        assert_eq!(
            (tracks[0].status, tracks[1].status),
            (Status::Ready, Status::Missing)
        );
        assert_eq!(tracks[0].tags.year, Some(1971));
        assert_eq!(
            library
                .tracks()
                .search(&recipe(), "skies blu ann", 9)
                .unwrap()[0]
                .id,
            TrackId(1)
        );
        let failures = library.jobs().failures(&recipe()).unwrap();
        assert_eq!((failures.len(), failures[0].tries), (1, 2));
        assert_eq!(failures[0].failure.code, "silent");
        assert_eq!(failures[0].hidden, schema >= 7, "from schema {schema}");
    }
}

#[test]
fn vectors_and_spaces_are_kept() {
    for schema in 1..=SCHEMA {
        let library = as_left_by(schema);
        for track in [TrackId(1), TrackId(2)] {
            let vector = library
                .vectors()
                .get(&recipe(), track)
                .unwrap()
                .expect("a vector");
            assert_eq!(
                (vector.pooled, vector.tags),
                (vec![1.0, -2.0], vec![0.5]),
                "track {track} from schema {schema}"
            );
        }
        let windows = library
            .vectors()
            .windows(&recipe(), TrackId(1))
            .unwrap()
            .expect("windows");
        assert_eq!(windows.starts, [16]);
        assert_eq!(
            windows.vectors,
            [Quantised {
                scale: 1.0,
                components: vec![1, -2]
            }]
        );
        assert_eq!(library.tag_names().of(&recipe()).unwrap(), ["slow"]);
        let space = library
            .spaces()
            .newest(&recipe())
            .unwrap()
            .expect("a space")
            .space;
        assert_eq!(
            (space.parts, space.mean, space.tracks),
            (vec![2], vec![1.0, -2.0], 2)
        );
    }
}

#[test]
fn throughlines_and_events_are_kept() {
    for schema in 1..=SCHEMA {
        let library = as_left_by(schema);
        assert_eq!(
            library.throughlines().all().unwrap().len(),
            2,
            "from schema {schema}"
        );
        let what: Vec<What> = library
            .events()
            .of(ThroughlineId(1))
            .unwrap()
            .into_iter()
            .map(|event| event.what)
            .collect();
        assert_eq!(what[0], What::Did(Act::Up, TrackId(1)));
        assert_eq!(what[1], What::Undid(EventId(1)));
        assert_eq!(what[2], What::Did(Act::Banished, TrackId(2)));
    }
}

#[test]
fn settings_and_votes_are_kept() {
    for schema in 2..=SCHEMA {
        let library = as_left_by(schema);
        let colour: BTreeMap<String, String> = library
            .settings()
            .get("colour")
            .unwrap()
            .expect("a setting");
        assert_eq!(colour["name"], "blue", "from schema {schema}");
        let other = Recipe {
            model: ModelId("large".into()),
            feature_version: FeatureVersion("1/layer=7".into()),
        };
        let tally = library.votes().tally(&recipe(), &other).unwrap();
        assert_eq!((tally.a, tally.b, tally.ties), (0, 1, 0));
    }
}

#[test]
fn songs_and_calls_are_kept() {
    for schema in 3..=SCHEMA {
        let library = as_left_by(schema);
        let waiting = library.songs().pending(&recipe(), 9).unwrap();
        assert_eq!(
            (waiting[0].song, waiting[0].rank),
            (SongId(42), 3),
            "from schema {schema}"
        );
        let stored = &library.songs().get(&[SongId(42)]).unwrap()[0];
        assert_eq!(stored.song.duration_s, Some(123.5));
        let crawl = library.crawls().open().unwrap().expect("an open crawl");
        assert_eq!((crawl.order.size, crawl.order.per_artist), (100, 25));
        assert_eq!(crawl.order.seeds, [Seed::Song(SongId(42))]);
        let mut calls = Vec::new();
        let call =
            |question: &Question, answer: &Answer| calls.push((question.clone(), answer.clone()));
        library.crawls().replay(crawl.id, call).unwrap();
        let (question, answer) = &calls[0];
        assert_eq!(
            question.call,
            Call::Songs {
                ids: vec![SongId(42)]
            }
        );
        let said: Vec<_> = answer
            .songs
            .iter()
            .map(|song| (song.id, song.genre.clone()))
            .collect();
        assert_eq!(
            said,
            [(SongId(42), None), (SongId(43), None)],
            "as it was then"
        );
        assert_eq!(
            library.sources().all().unwrap().len(),
            1,
            "the catalogue is no folder"
        );
    }
}

#[test]
fn what_brought_a_song_is_kept_or_found_in_the_calls() {
    for schema in 3..=SCHEMA {
        let library = as_left_by(schema);
        let origins = library.songs().report(&recipe()).unwrap().origins;
        assert_eq!(
            (origins.len(), origins[0].name.as_deref(), origins[0].wanted),
            (1, Some("seed"), 1),
            "from schema {schema}"
        );
    }
}

#[test]
fn songs_from_before_it_was_noted_came_by_the_first_call_that_told_of_them() {
    let mut db = Connection::open_in_memory().unwrap();
    apply(&mut db, &MIGRATIONS[..5]).unwrap();
    db.execute_batch(
        r#"INSERT INTO crawl (id, order_json, created_at, open) VALUES
            (1, '{"seeds": ["charts"], "grown": [{"after": 5, "seeds": [], "more": 1}]}', 1, 0),
            (2, '{"seeds": []}', 2, 0);
        INSERT INTO call (id, crawl_id, question, answer, asked_at) VALUES
            (1, 1, '{"country": "us", "call": "chart", "genre": null}', '{"songs": [1]}', 1),
            (2, 1, '{"country": "us", "call": "artist_songs", "artist": 7}',
                '{"songs": [1, {"id": 2, "title": "Two"}]}', 1),
            (3, 1, '{"country": "us", "call": "album_songs", "album": 8}', '{"songs": [2, 3]}', 1),
            (4, 1, '{"country": "us", "call": "search", "term": "a", "within": "artist", "limit": 9}',
                '{"songs": [4]}', 1),
            (5, 1, '{"country": "us", "call": "search", "term": "a", "within": "title", "limit": 9}',
                '{"songs": [5, 99]}', 1),
            (6, 2, '{"country": "us", "call": "search", "term": "a", "within": "anything", "limit": 9}',
                '{"songs": [6]}', 1),
            (7, 1, '{"country": "us", "call": "artist_songs", "artist": 9}', '{"songs": [7]}', 1);"#,
    )
    .unwrap();
    for song in 1..=8 {
        let wanted = "INSERT INTO song (id, title, verdict, seen_at) VALUES (?1, 'x', 'wanted', 1)";
        db.execute(wanted, [song]).unwrap();
    }
    let dropped = "INSERT INTO song (id, title, verdict, seen_at) VALUES (99, 'x', 'karaoke', 1)";
    db.execute(dropped, []).unwrap();
    migrate(&mut db).unwrap();
    let mut origins = db.prepare("SELECT origin FROM song ORDER BY id").unwrap();
    let origins: Vec<Option<String>> = origins
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let origins: Vec<_> = origins.iter().map(Option::as_deref).collect();
    let expected = [
        Some("chart"),
        Some("some_artist"),
        Some("album"),
        Some("some_artist"),
        Some("search"),
        Some("seed"),
        Some("growth"),
        None,
        None,
    ];
    assert_eq!(
        origins, expected,
        "songs 1 to 8, and one that is not wanted"
    );
}

#[test]
fn calls_that_were_given_up_and_stages_are_kept() {
    for schema in 4..=SCHEMA {
        let library = as_left_by(schema);
        let skipped = library.crawls().skipped().unwrap();
        assert_eq!(
            skipped[0].question.call,
            Call::ArtistSongs {
                artist: ArtistId(7)
            },
            "from schema {schema}"
        );
        assert_eq!(skipped[0].reason, "it had no rows");
        let stages = library.crawls().stages().unwrap();
        assert_eq!((stages[0].name.as_str(), stages[0].seconds), ("crawl", 2.5));
    }
}

#[test]
fn what_a_throughline_remembers_beside_thumbs_is_kept() {
    for schema in 5..=SCHEMA {
        let library = as_left_by(schema);
        let what: Vec<What> = library
            .events()
            .of(ThroughlineId(2))
            .unwrap()
            .into_iter()
            .map(|event| event.what)
            .filter(|what| !what.is_everywhere())
            .collect();
        assert_eq!(
            what,
            [
                What::Did(Act::Opposed, TrackId(1)),
                What::Weighed(TrackId(1), Thousandths(500)),
                What::Turned(Knob::Explore, Thousandths(250)),
            ],
            "from schema {schema}"
        );
        let hubs = library.hubs().of(SpaceId(1)).unwrap();
        assert_eq!(hubs, [(TrackId(1), 0.5)]);
        let version = &library.versions().all().unwrap()[0];
        assert_eq!((version.track, version.family), (TrackId(2), TrackId(1)));
    }
}

#[test]
fn the_first_libraries_of_schema_5_get_the_index_that_they_lack() {
    for schema in [5, 6] {
        let mut db = Connection::open_in_memory().unwrap();
        apply(&mut db, &MIGRATIONS[..schema]).unwrap();
        db.execute_batch("DROP INDEX track_by_title").unwrap();
        migrate(&mut db).unwrap();
        let plan = "EXPLAIN QUERY PLAN SELECT id FROM track WHERE title = 'Blue' COLLATE NOCASE";
        let plan: String = db.query_row(plan, [], |row| row.get("detail")).unwrap();
        assert!(plan.contains("track_by_title"), "{plan}");
    }
}

#[test]
fn events_made_anew_keep_their_order_index_and_rules() {
    let mut db = Connection::open_in_memory().unwrap();
    apply(&mut db, &MIGRATIONS[..4]).unwrap();
    db.execute_batch(FIXTURES[3]).unwrap();
    let rules = "SELECT group_concat(name) FROM (
        SELECT name FROM sqlite_schema WHERE tbl_name = 'event' AND sql IS NOT NULL ORDER BY name)";
    let rows = "SELECT group_concat(line) FROM (SELECT format('%d %d %d %s %d %d',
        id, throughline_id, at, act, track_id, undoes) AS line FROM event ORDER BY id)";
    let both = |db: &Connection| -> (String, String) {
        let read = |sql| db.query_row(sql, [], |row| row.get(0)).unwrap();
        (read(rules), read(rows))
    };
    let before = both(&db);
    migrate(&mut db).unwrap();
    assert_eq!(both(&db), before);
}

#[test]
fn a_table_made_anew_loses_no_row_index_or_rule() {
    let mut old = Connection::open_in_memory().unwrap();
    apply(&mut old, &MIGRATIONS[..1]).unwrap();
    old.execute_batch(FIXTURES[0]).unwrap();
    let names = |db: &Connection, sql: &str| -> BTreeSet<String> {
        let mut statement = db.prepare(sql).unwrap();
        let rows = statement.query_map([], |row| row.get(0)).unwrap();
        rows.collect::<Result<_, _>>().unwrap()
    };
    let indexes = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL";
    let counts = "SELECT format('%d %d %d %d', (SELECT count(*) FROM vector),
        (SELECT count(*) FROM job), (SELECT count(*) FROM tag_name), (SELECT count(*) FROM space))";
    let before = (names(&old, indexes), names(&old, counts));
    apply(&mut old, &MIGRATIONS[..2]).unwrap();
    assert_eq!((names(&old, indexes), names(&old, counts)), before);
    let versions = "SELECT typeof(feature_version) || feature_version FROM vector
        UNION SELECT typeof(feature_version) || feature_version FROM job
        UNION SELECT typeof(feature_version) || feature_version FROM tag_name
        UNION SELECT typeof(feature_version) || feature_version FROM space";
    assert_eq!(names(&old, versions), BTreeSet::from(["text1".to_owned()]));
    old.pragma_update(None, "foreign_keys", true).unwrap();
    old.execute("DELETE FROM file WHERE id = 3", []).unwrap();
    let orphans = "SELECT 'job' FROM job WHERE file_id = 3";
    assert!(names(&old, orphans).is_empty(), "jobs go with their file");
}

#[test]
fn a_migration_that_fails_changes_nothing() {
    let mut db = Connection::open_in_memory().unwrap();
    migrate(&mut db).unwrap();
    let next = [
        &MIGRATIONS[..],
        &["CREATE TABLE more (id INTEGER) STRICT; DROP TABLE nothing"],
    ]
    .concat();
    assert!(apply(&mut db, &next).is_err());
    assert_eq!(inspect(&db).unwrap(), SCHEMA);
    assert!(
        db.prepare("SELECT * FROM more").is_err(),
        "all of it or nothing"
    );
}
