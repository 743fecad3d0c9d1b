-- Hashes of key files that must stay the same while the election lasts.
CREATE TABLE commitments (
    name TEXT NOT NULL PRIMARY KEY,
    value BLOB NOT NULL
) WITHOUT ROWID;
