-- Who waits before the next further ballot, until when (ms). The only time kept of a person; the
-- row goes as soon as the wait is over.
CREATE TABLE pauses (
    person BYTEA NOT NULL PRIMARY KEY,
    until BIGINT NOT NULL
);
