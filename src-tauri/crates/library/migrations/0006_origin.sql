-- By what kind of call each wanted song came.
ALTER TABLE song ADD COLUMN origin TEXT;

-- Songs from before this was noted came by the first call that told of them. How near to the seeds an artist
-- was cannot be seen there.
UPDATE song SET origin = told.origin
FROM (
    SELECT
        CASE said.type WHEN 'object' THEN said.value ->> '$.id' ELSE said.value END AS song_id,
        CASE
            WHEN place.nth > crawl.order_json ->> '$.grown[0].after' THEN 'growth'
            ELSE CASE call.question ->> '$.call'
                WHEN 'songs' THEN 'seed'
                WHEN 'artist_songs' THEN 'some_artist'
                WHEN 'album_songs' THEN 'album'
                WHEN 'chart' THEN 'chart'
                WHEN 'search' THEN CASE call.question ->> '$.within'
                    WHEN 'anything' THEN 'seed'
                    WHEN 'artist' THEN 'some_artist'
                    ELSE 'search'
                END
            END
        END AS origin,
        min(call.id)
    FROM (
        SELECT id, row_number() OVER (PARTITION BY crawl_id ORDER BY id) AS nth FROM call
    ) AS place
    JOIN call ON call.id = place.id
    JOIN crawl ON crawl.id = call.crawl_id
    JOIN json_each(call.answer, '$.songs') AS said
    GROUP BY song_id
) AS told
WHERE song.id = told.song_id AND song.verdict = 'wanted';
