-- Paths are the operating system's own bytes (UTF-8 on Windows). Times are Unix milliseconds.

-- A music folder.
CREATE TABLE source (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    path BLOB NOT NULL UNIQUE,
    added_at INTEGER NOT NULL
) STRICT;

-- A recording, known by its content. The row outlives its files: vectors and events hang on it.
CREATE TABLE track (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    content_hash BLOB NOT NULL UNIQUE CHECK (length(content_hash) = 32),
    title TEXT,
    artist TEXT,
    album TEXT,
    year INTEGER,
    genre TEXT,
    duration_s REAL NOT NULL,
    codec TEXT NOT NULL,
    sample_rate INTEGER NOT NULL,
    channels INTEGER NOT NULL,
    added_at INTEGER NOT NULL
) STRICT;

-- Where a track lies on disk. Byte-identical copies share a track; a file that is not analysed yet
-- has none. Without a source it is a guest: dropped as a seed, never listed.
CREATE TABLE file (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    source_id INTEGER REFERENCES source (id),
    path BLOB NOT NULL UNIQUE,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    track_id INTEGER REFERENCES track (id),
    missing INTEGER NOT NULL DEFAULT 0 CHECK (missing IN (0, 1))
) STRICT;

CREATE INDEX file_by_source ON file (source_id);
CREATE INDEX file_by_track ON file (track_id, source_id, missing);

-- Tracks that have a file in a source, and whether one of those files is there.
CREATE VIEW listed (track_id, present) AS
SELECT track_id, max(1 - missing)
FROM file
WHERE source_id IS NOT NULL AND track_id IS NOT NULL
GROUP BY track_id;

-- What became of a file under a recipe, and the size and time of change that it had then.
CREATE TABLE job (
    file_id INTEGER NOT NULL REFERENCES file (id) ON DELETE CASCADE,
    model TEXT NOT NULL,
    feature_version INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'failed')),
    reason_code TEXT,
    reason TEXT,
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (file_id, model, feature_version),
    CHECK ((state = 'failed') = (reason_code IS NOT NULL AND reason IS NOT NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX job_open ON job (model, feature_version, state) WHERE state <> 'done';

-- What a model made of a track. `windows` comes last, so that reading the rest leaves its pages alone.
CREATE TABLE vector (
    track_id INTEGER NOT NULL REFERENCES track (id),
    model TEXT NOT NULL,
    feature_version INTEGER NOT NULL,
    pooled BLOB NOT NULL,  -- f32 little-endian, [dimension]
    tags BLOB NOT NULL,    -- f32 little-endian, [tags], probabilities
    windows BLOB NOT NULL, -- a window: first sample u64, scale f32 (little-endian), i8 [dimension]
    PRIMARY KEY (model, feature_version, track_id)
) STRICT;

CREATE INDEX vector_by_track ON vector (track_id);

-- Names of the tags, in the order of `vector.tags`.
CREATE TABLE tag_name (
    model TEXT NOT NULL,
    feature_version INTEGER NOT NULL,
    idx INTEGER NOT NULL,
    name TEXT NOT NULL,
    PRIMARY KEY (model, feature_version, idx)
) STRICT, WITHOUT ROWID;

-- Frozen library statistics: the newest of a recipe counts, older ones stay.
CREATE TABLE space (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    model TEXT NOT NULL,
    feature_version INTEGER NOT NULL,
    built_at INTEGER NOT NULL,
    tracks INTEGER NOT NULL,
    parts TEXT NOT NULL CHECK (json_valid(parts)),
    mean BLOB NOT NULL,     -- f32 little-endian, [dimension]
    tag_mean BLOB NOT NULL, -- f32 little-endian, [tags]
    tag_std BLOB NOT NULL   -- f32 little-endian, [tags]
) STRICT;

CREATE INDEX space_by_recipe ON space (model, feature_version, id);

CREATE TABLE throughline (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT UNIQUE,
    created_at INTEGER NOT NULL,
    open INTEGER NOT NULL CHECK (open IN (0, 1))
) STRICT;

CREATE UNIQUE INDEX throughline_one_open ON throughline (open) WHERE open = 1;

-- A new library has one throughline, open and unnamed. No clock was read for it.
INSERT INTO throughline (name, created_at, open) VALUES (NULL, 0, 1);

-- What the listener said. Without a throughline it holds for the whole library.
CREATE TABLE event (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    throughline_id INTEGER REFERENCES throughline (id),
    at INTEGER NOT NULL,
    act TEXT NOT NULL CHECK (
        act IN ('seeded', 'unseeded', 'up', 'down', 'cleared', 'banished', 'pardoned', 'undid')
    ),
    track_id INTEGER REFERENCES track (id),
    undoes INTEGER REFERENCES event (id),
    CHECK ((act = 'undid') = (undoes IS NOT NULL)),
    CHECK ((act = 'undid') = (track_id IS NULL)),
    CHECK (act = 'undid' OR (act IN ('banished', 'pardoned')) = (throughline_id IS NULL))
) STRICT;

CREATE INDEX event_by_throughline ON event (throughline_id, id);

CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event
BEGIN
    SELECT raise(ABORT, 'events are append-only');
END;

CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event
BEGIN
    SELECT raise(ABORT, 'events are append-only');
END;

-- REPLACE removes rows without asking the trigger above.
CREATE TRIGGER event_is_never_replaced BEFORE INSERT ON event
WHEN EXISTS (SELECT 1 FROM event WHERE id = NEW.id)
BEGIN
    SELECT raise(ABORT, 'events are append-only');
END;

-- Text search. Paths count from their source on, so that the music folder's own name finds nothing.
CREATE VIEW searchable (id, title, artist, album, path) AS
SELECT
    track.id, track.title, track.artist, track.album,
    (
        SELECT group_concat(CAST(substr(file.path, length(source.path) + 1) AS TEXT), ' ')
        FROM file JOIN source ON source.id = file.source_id
        WHERE file.track_id = track.id
    )
FROM track;

CREATE VIRTUAL TABLE track_text USING fts5 (
    title, artist, album, path,
    content = '', contentless_delete = 1,
    tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3'
);

CREATE TRIGGER track_text_after_insert AFTER INSERT ON track
BEGIN
    INSERT INTO track_text (rowid, title, artist, album, path)
    SELECT id, title, artist, album, path FROM searchable WHERE id = NEW.id;
END;

CREATE TRIGGER track_text_after_update AFTER UPDATE OF title, artist, album ON track
BEGIN
    DELETE FROM track_text WHERE rowid = NEW.id;
    INSERT INTO track_text (rowid, title, artist, album, path)
    SELECT id, title, artist, album, path FROM searchable WHERE id = NEW.id;
END;

CREATE TRIGGER track_text_after_delete AFTER DELETE ON track
BEGIN
    DELETE FROM track_text WHERE rowid = OLD.id;
END;

CREATE TRIGGER track_text_after_file_insert AFTER INSERT ON file WHEN NEW.track_id IS NOT NULL
BEGIN
    DELETE FROM track_text WHERE rowid = NEW.track_id;
    INSERT INTO track_text (rowid, title, artist, album, path)
    SELECT id, title, artist, album, path FROM searchable WHERE id = NEW.track_id;
END;

CREATE TRIGGER track_text_after_file_update AFTER UPDATE OF track_id, source_id, path ON file
WHEN
    OLD.track_id IS NOT NEW.track_id OR OLD.source_id IS NOT NEW.source_id OR OLD.path IS NOT NEW.path
BEGIN
    DELETE FROM track_text WHERE rowid IN (OLD.track_id, NEW.track_id);
    INSERT INTO track_text (rowid, title, artist, album, path)
    SELECT id, title, artist, album, path FROM searchable WHERE id IN (OLD.track_id, NEW.track_id);
END;

CREATE TRIGGER track_text_after_file_delete AFTER DELETE ON file WHEN OLD.track_id IS NOT NULL
BEGIN
    DELETE FROM track_text WHERE rowid = OLD.track_id;
    INSERT INTO track_text (rowid, title, artist, album, path)
    SELECT id, title, artist, album, path FROM searchable WHERE id = OLD.track_id;
END;
