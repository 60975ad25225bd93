-- What a throughline remembers beside seeds and thumbs: negative seeds, weights, knobs, plays, thumbs for a
-- whole family or sound; how near each track is to its neighbours; which tracks are one song.

CREATE TABLE event_anew (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    throughline_id INTEGER REFERENCES throughline (id),
    at INTEGER NOT NULL,
    act TEXT NOT NULL CHECK (act IN (
        'seeded', 'opposed', 'unseeded', 'up', 'down', 'down_family', 'cleared', 'played', 'skipped',
        'banished', 'pardoned', 'weighed', 'down_near', 'breadth', 'explore', 'undid'
    )),
    track_id INTEGER REFERENCES track (id),
    undoes INTEGER REFERENCES event_anew (id),
    value INTEGER CHECK (value BETWEEN 0 AND 65535), -- thousandths: a weight, a radius, a knob's place
    CHECK ((act = 'undid') = (undoes IS NOT NULL)),
    CHECK ((act IN ('undid', 'breadth', 'explore')) = (track_id IS NULL)),
    CHECK ((act IN ('weighed', 'down_near', 'breadth', 'explore')) = (value IS NOT NULL)),
    CHECK (act = 'undid' OR (act IN ('banished', 'pardoned')) = (throughline_id IS NULL))
) STRICT;

INSERT INTO event_anew (id, throughline_id, at, act, track_id, undoes)
SELECT id, throughline_id, at, act, track_id, undoes FROM event ORDER BY id;

-- Its rules go with it, and so do the references of its rows to each other, each of which is looked for.
CREATE INDEX event_by_undoes ON event (undoes);
DROP TABLE event;
ALTER TABLE event_anew RENAME TO event;

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

-- Tracks are found again by title when a throughline comes from elsewhere.
CREATE INDEX track_by_title ON track (title COLLATE NOCASE);

-- Mean cosine of a track to its nearest neighbours in a space.
CREATE TABLE hub (
    space_id INTEGER NOT NULL REFERENCES space (id) ON DELETE CASCADE,
    track_id INTEGER NOT NULL REFERENCES track (id) ON DELETE CASCADE,
    similarity REAL NOT NULL,
    PRIMARY KEY (space_id, track_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX hub_by_track ON hub (track_id);

-- Tracks that are versions of one song, found anew when a build ends: each but the one that stands for
-- the family, which is `family`, and what it is to that one.
CREATE TABLE version (
    track_id INTEGER PRIMARY KEY REFERENCES track (id) ON DELETE CASCADE,
    family INTEGER NOT NULL REFERENCES track (id) ON DELETE CASCADE,
    kinship TEXT NOT NULL CHECK (json_valid(kinship)),
    CHECK (family <> track_id)
) STRICT;

CREATE INDEX version_by_family ON version (family);

-- How much a track changes from window to window, beside its vector. One that is not here is computed from
-- the windows.
CREATE TABLE variation (
    track_id INTEGER NOT NULL,
    model TEXT NOT NULL,
    feature_version TEXT NOT NULL,
    deviation BLOB NOT NULL, -- f16 little-endian, [dimension]
    PRIMARY KEY (model, feature_version, track_id),
    FOREIGN KEY (model, feature_version, track_id)
        REFERENCES vector (model, feature_version, track_id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
