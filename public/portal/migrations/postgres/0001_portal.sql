-- Tickets of start files; only hashes. `expires` is when the ticket becomes worthless.
CREATE TABLE tickets (
    ticket BYTEA NOT NULL PRIMARY KEY,
    expires_ms BIGINT NOT NULL
);

-- A ticket is good once at each registrar.
CREATE TABLE redeemed (
    ticket BYTEA NOT NULL,
    registrar TEXT NOT NULL,
    PRIMARY KEY (ticket, registrar)
);

-- Survey tokens that were used; nothing ties a row to an answer.
CREATE TABLE survey_used (
    serial BYTEA NOT NULL PRIMARY KEY
);

-- Answers under random keys: no order, no time, no address.
CREATE TABLE survey_answers (
    id BYTEA NOT NULL PRIMARY KEY,
    answers TEXT NOT NULL
);
