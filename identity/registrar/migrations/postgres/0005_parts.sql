-- A day's report has one entry for 8,000 tokens. Reports of the earlier form say nothing any more.
DROP TABLE reports;
CREATE TABLE reports (
    day BIGINT NOT NULL,
    part BIGINT NOT NULL,
    entry BYTEA NOT NULL,
    final BIGINT NOT NULL,
    PRIMARY KEY (day, part)
);
