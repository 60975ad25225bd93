-- A failure that the listener does not want to see. It is shown again once its file changes.
ALTER TABLE job ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0 CHECK (hidden IN (0, 1));
