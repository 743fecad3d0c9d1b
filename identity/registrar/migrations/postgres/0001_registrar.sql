-- One row a person and election. The key is an HMAC; there is no time. The table is rewritten in
-- key order every night.
CREATE TABLE persons (
    person BYTEA NOT NULL PRIMARY KEY,
    first_request BYTEA NOT NULL,
    survey_request BYTEA,
    again_day BIGINT NOT NULL DEFAULT 0,
    again_count BIGINT NOT NULL DEFAULT 0
);

-- One row a credential or further ballot. `sealed` has one length and opens for auditors only.
CREATE TABLE evidence (
    id BYTEA NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    day BIGINT NOT NULL,
    sealed BYTEA NOT NULL
);

-- Numbers that are published.
CREATE TABLE incidents (
    day BIGINT NOT NULL,
    kind TEXT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (day, kind)
);

-- The daily reports, written before they are posted so that a repetition has the same bytes.
CREATE TABLE reports (
    day BIGINT NOT NULL PRIMARY KEY,
    entry BYTEA NOT NULL,
    final BIGINT NOT NULL
);

-- Closes moved by two officers, ms. The greatest counts.
CREATE TABLE extensions (
    until BIGINT NOT NULL PRIMARY KEY
);
