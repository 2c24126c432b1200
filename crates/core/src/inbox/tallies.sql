-- The user's order of the sources.
ALTER TABLE sources ADD COLUMN place INTEGER NOT NULL DEFAULT 0;

-- The page's order within a source.
CREATE INDEX todos_by_source ON todos (
    source, pinned DESC, due IS NULL, due, priority DESC, created DESC, key DESC, read
) WHERE status = 0 AND snoozed IS NULL AND removed = 0;

-- How many to-dos stand in the list of open ones, by what decides where. Nobody who turns pages
-- has to count or to skip every to-do. Kept by the program, once for a transaction: triggers
-- would cost a third of a backlog's speed.
CREATE TABLE tallies (
    source INTEGER NOT NULL,
    pinned INTEGER NOT NULL,
    -- The due time's span of 2^26 milliseconds, about 19 hours; 1 << 40 without one.
    span INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    read INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (source, pinned, span, priority, read)
) STRICT, WITHOUT ROWID;

INSERT INTO tallies
SELECT source, pinned, ifnull(due >> 26, 1 << 40), priority, read, count(*) FROM todos
WHERE status = 0 AND snoozed IS NULL AND removed = 0
GROUP BY 1, 2, 3, 4, 5;
