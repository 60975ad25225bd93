-- Songs of the catalogue. One that is to be embedded is a file whose path is `itunes:` and its number,
-- in a source of its own kind: its bytes are streamed, never kept.

ALTER TABLE source ADD COLUMN kind TEXT NOT NULL DEFAULT 'folder'
    CHECK (kind IN ('folder', 'catalogue'));

CREATE UNIQUE INDEX source_one_catalogue ON source (kind) WHERE kind = 'catalogue';

-- What the catalogue says of a song, and what became of it. Numbers are the catalogue's own, 64 bits
-- without a sign, kept as the signed integer of the same bits.
CREATE TABLE song (
    id INTEGER PRIMARY KEY,
    title TEXT NOT NULL,
    artist TEXT,
    artist_id INTEGER,
    album TEXT,
    album_id INTEGER,
    genre TEXT,
    year INTEGER,
    duration_s REAL,
    preview TEXT,
    artwork TEXT,
    page TEXT,
    -- The song as it was first seen, where more was learned since: crawls go by what they were told.
    first_seen TEXT CHECK (json_valid(first_seen)),
    verdict TEXT,
    version_of INTEGER,
    rank INTEGER,
    file_id INTEGER UNIQUE REFERENCES file (id) ON DELETE SET NULL,
    preview_gone INTEGER NOT NULL DEFAULT 0 CHECK (preview_gone IN (0, 1)),
    seen_at INTEGER NOT NULL
) STRICT;

CREATE INDEX song_by_verdict ON song (verdict, rank);
CREATE INDEX song_by_genre ON song (genre);
CREATE INDEX song_by_artist ON song (artist_id);

-- What a library is grown from.
CREATE TABLE crawl (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    order_json TEXT NOT NULL CHECK (json_valid(order_json)),
    created_at INTEGER NOT NULL,
    open INTEGER NOT NULL CHECK (open IN (0, 1))
) STRICT;

-- What was asked and answered, in order: a crawl is resumed from it.
CREATE TABLE call (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    crawl_id INTEGER NOT NULL REFERENCES crawl (id),
    question TEXT NOT NULL CHECK (json_valid(question)),
    answer TEXT NOT NULL CHECK (json_valid(answer)),
    asked_at INTEGER NOT NULL,
    UNIQUE (crawl_id, question)
) STRICT;

CREATE TRIGGER call_is_never_changed BEFORE UPDATE ON call
BEGIN
    SELECT raise(ABORT, 'calls are append-only');
END;

CREATE TRIGGER call_is_never_removed BEFORE DELETE ON call
BEGIN
    SELECT raise(ABORT, 'calls are append-only');
END;

-- REPLACE removes rows without asking the trigger above.
CREATE TRIGGER call_is_never_replaced BEFORE INSERT ON call
WHEN EXISTS (SELECT 1 FROM call WHERE id = NEW.id)
BEGIN
    SELECT raise(ABORT, 'calls are append-only');
END;

-- A song's address is no words to search for.
DROP VIEW searchable;

CREATE VIEW searchable (id, title, artist, album, path) AS
SELECT
    track.id, track.title, track.artist, track.album,
    (
        SELECT group_concat(CAST(substr(file.path, length(source.path) + 1) AS TEXT), ' ')
        FROM file JOIN source ON source.id = file.source_id
        WHERE file.track_id = track.id AND source.kind = 'folder'
    )
FROM track;
