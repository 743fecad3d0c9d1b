-- One row a person and election. The key is an HMAC; there is no row order and no time.
CREATE TABLE persons (
    person BLOB NOT NULL PRIMARY KEY,
    first_request BLOB NOT NULL,
    survey_request BLOB,
    again_day INTEGER NOT NULL DEFAULT 0,
    again_count INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- One row a credential or further ballot. `sealed` has one length and opens for auditors only.
CREATE TABLE evidence (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    day INTEGER NOT NULL,
    sealed BLOB NOT NULL
) WITHOUT ROWID;

-- Numbers that are published.
CREATE TABLE incidents (
    day INTEGER NOT NULL,
    kind TEXT NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (day, kind)
) WITHOUT ROWID;

-- The daily reports, written before they are posted so that a repetition has the same bytes.
CREATE TABLE reports (
    day INTEGER NOT NULL PRIMARY KEY,
    entry BLOB NOT NULL,
    final INTEGER NOT NULL
) WITHOUT ROWID;

-- Closes moved by two officers, ms. The greatest counts.
CREATE TABLE extensions (
    until INTEGER NOT NULL PRIMARY KEY
) WITHOUT ROWID;
