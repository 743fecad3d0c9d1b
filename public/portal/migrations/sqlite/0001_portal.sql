-- Tickets of start files; only hashes. `expires` is when the ticket becomes worthless.
CREATE TABLE tickets (
    ticket BLOB NOT NULL PRIMARY KEY,
    expires_ms INTEGER NOT NULL
) WITHOUT ROWID;

-- A ticket is good once at each registrar.
CREATE TABLE redeemed (
    ticket BLOB NOT NULL,
    registrar TEXT NOT NULL,
    PRIMARY KEY (ticket, registrar)
) WITHOUT ROWID;

-- Survey tokens that were used; nothing ties a row to an answer.
CREATE TABLE survey_used (
    serial BLOB NOT NULL PRIMARY KEY
) WITHOUT ROWID;

-- Answers under random keys: no order, no time, no address.
CREATE TABLE survey_answers (
    id BLOB NOT NULL PRIMARY KEY,
    answers TEXT NOT NULL
) WITHOUT ROWID;
