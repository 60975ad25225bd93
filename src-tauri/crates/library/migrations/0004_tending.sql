-- What a build from the catalogue could not ask for, and how long its stages took.

-- A call that was given up. It goes once it is answered, or is to be asked again.
CREATE TABLE skipped (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    crawl_id INTEGER NOT NULL REFERENCES crawl (id),
    question TEXT NOT NULL CHECK (json_valid(question)),
    reason TEXT NOT NULL,
    skipped_at INTEGER NOT NULL,
    UNIQUE (crawl_id, question)
) STRICT;

-- How long a stage was busy in all builds of a crawl together, and how many threads it had.
CREATE TABLE stage (
    crawl_id INTEGER NOT NULL REFERENCES crawl (id),
    name TEXT NOT NULL,
    seconds REAL NOT NULL,
    threads INTEGER NOT NULL,
    ended_at INTEGER NOT NULL,
    PRIMARY KEY (crawl_id, name)
) STRICT, WITHOUT ROWID;
