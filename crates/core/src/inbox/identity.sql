-- The ids of its events begin anew with each connection: they tell nothing.
ALTER TABLE sources ADD COLUMN begins_anew INTEGER NOT NULL DEFAULT 0;
-- The opening burst of its present connection was heard to its end.
ALTER TABLE sources ADD COLUMN settled INTEGER NOT NULL DEFAULT 0;

-- Where the server gives no id, but its event had one: that, `#`, and a digest of the words.
ALTER TABLE todos ADD COLUMN event TEXT;

-- Until now these were kept as ids.
UPDATE todos SET event = id, id = NULL
WHERE id GLOB '*#[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]'
    || '[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]';

-- Two to-dos of the same event are no exception: a server may begin to number anew.
CREATE INDEX todos_by_event ON todos (source, event) WHERE event IS NOT NULL;

-- What a source said on its last connection and on the present one, word for word, where it gives
-- no ids: how often. A digest stands for the words.
CREATE TABLE said (
    source INTEGER NOT NULL,
    words INTEGER NOT NULL,
    before INTEGER NOT NULL DEFAULT 0,
    now INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (source, words)
) STRICT, WITHOUT ROWID;

-- The first event ids of the present connection, and of the last one that had any, with a digest
-- of what each was given to.
CREATE TABLE event_ids (
    source INTEGER NOT NULL,
    id TEXT NOT NULL,
    words INTEGER NOT NULL,
    -- On the present connection.
    now INTEGER NOT NULL,
    PRIMARY KEY (source, id, words)
) STRICT, WITHOUT ROWID;
