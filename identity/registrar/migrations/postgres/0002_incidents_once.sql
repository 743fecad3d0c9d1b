-- Which incidents have been counted: an HMAC of person, kind and day, and nothing else.
CREATE TABLE incidents_counted (
    id BYTEA NOT NULL PRIMARY KEY
);
