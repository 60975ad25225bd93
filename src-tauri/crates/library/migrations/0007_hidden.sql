-- A failure that the listener does not want to see. It is shown again once its file changes.
ALTER TABLE job ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1));

-- The first libraries of schema 5 were made without it.
CREATE INDEX IF NOT EXISTS track_by_title ON track (title COLLATE NOCASE);
