-- Times are milliseconds since 1970 (UTC). Status: 0 open, 1 done, 2 cancelled.

CREATE TABLE sources (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL DEFAULT '',
    -- Takes changes: what the user does goes to its outbox.
    api INTEGER NOT NULL DEFAULT 0,
    -- The last event ID, committed together with what it delivered.
    cursor TEXT NOT NULL DEFAULT '',
    -- The last message, where the server wants to hear of it in the address.
    since TEXT,
    -- The server's own unread count.
    unread INTEGER,
    -- When its stream was last known to be alive.
    heard INTEGER,
    missing_since INTEGER,
    -- When it left the settings; its to-dos are kept out of sight for a while.
    removed INTEGER
) STRICT;

CREATE TABLE todos (
    -- AUTOINCREMENT: a key is never used again.
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    source INTEGER NOT NULL,
    -- The server's id; NULL where it gives none.
    id TEXT,
    title TEXT NOT NULL,
    body TEXT,
    url TEXT,
    priority INTEGER NOT NULL,
    due INTEGER,
    status INTEGER NOT NULL,
    read INTEGER NOT NULL,
    -- A JSON array.
    tags TEXT,
    sender TEXT,
    created INTEGER NOT NULL,
    -- When it stopped being open.
    closed INTEGER,
    snoozed INTEGER,
    pinned INTEGER NOT NULL DEFAULT 0,
    -- Whether it was said that it is due.
    reminded INTEGER NOT NULL DEFAULT 0,
    -- Its source left the settings.
    removed INTEGER NOT NULL DEFAULT 0,
    -- What the server said last, whatever the user did since.
    server_status INTEGER,
    server_read INTEGER
) STRICT;

-- To-dos without an id do not exclude each other: NULLs are distinct.
CREATE UNIQUE INDEX todos_by_id ON todos (source, id);

-- The page's order. The last columns answer the filters without a look at the row.
CREATE INDEX todos_open ON todos (
    pinned DESC, due IS NULL, due, priority DESC, created DESC, key DESC, read, source
) WHERE status = 0 AND snoozed IS NULL AND removed = 0;

CREATE INDEX todos_unread ON todos (
    pinned DESC, due IS NULL, due, priority DESC, created DESC, key DESC, source
) WHERE status = 0 AND snoozed IS NULL AND removed = 0 AND read = 0;

CREATE INDEX todos_latest ON todos (created DESC, key DESC)
WHERE status = 0 AND snoozed IS NULL AND removed = 0;

CREATE INDEX todos_closed ON todos (closed DESC, key DESC, read, source)
WHERE status <> 0 AND removed = 0;

CREATE INDEX todos_snoozed ON todos (snoozed, key)
WHERE status = 0 AND snoozed IS NOT NULL AND removed = 0;

CREATE INDEX todos_to_remind ON todos (due)
WHERE status = 0 AND snoozed IS NULL AND removed = 0 AND reminded = 0 AND due IS NOT NULL;

-- To-dos that were done and let go of, where the server would send them again as new ones.
CREATE TABLE dropped (
    source INTEGER NOT NULL,
    id TEXT NOT NULL,
    PRIMARY KEY (source, id)
) STRICT, WITHOUT ROWID;

-- To-dos whose toast was not shown yet.
CREATE TABLE unannounced (todo INTEGER PRIMARY KEY) STRICT;

-- What the user did and the server does not know yet, in order. One field to an entry.
CREATE TABLE outbox (
    entry INTEGER PRIMARY KEY AUTOINCREMENT,
    source INTEGER NOT NULL,
    todo INTEGER NOT NULL,
    status INTEGER,
    read INTEGER,
    -- The server has told of the new state already.
    echoed INTEGER NOT NULL DEFAULT 0,
    -- When the server took it; the entry then waits until the stream tells of it too.
    taken INTEGER,
    -- Since the server took it, the stream told of another state.
    differs INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX outbox_by_todo ON outbox (todo);

CREATE INDEX outbox_by_source ON outbox (source, entry) WHERE taken IS NULL;

CREATE INDEX outbox_taken ON outbox (taken) WHERE taken IS NOT NULL;

-- Full-text search over substrings of at least three characters.
CREATE VIRTUAL TABLE search USING fts5 (
    text, content = '', contentless_delete = 1, tokenize = 'trigram'
);

-- To-dos that the search does not know yet, or knows as they were.
CREATE TABLE unindexed (todo INTEGER PRIMARY KEY) STRICT;

-- Single facts: `pause`.
CREATE TABLE facts (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
