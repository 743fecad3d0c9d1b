-- The one session of a person that may still get an answer under the person key: an HMAC of it, how
-- far it has come (0: K is out, 1: *again* was granted, 2: answered) and, once answered,
-- the one challenge. The nonce behind K is in no database.
CREATE TABLE current_sessions (
    person BYTEA NOT NULL PRIMARY KEY,
    session BYTEA NOT NULL,
    stage BIGINT NOT NULL,
    challenge BYTEA
);
