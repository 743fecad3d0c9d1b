-- A day's report has one entry for 8,000 tokens. Reports of the earlier form say nothing any more.
DROP TABLE reports;
CREATE TABLE reports (
    day INTEGER NOT NULL,
    part INTEGER NOT NULL,
    entry BLOB NOT NULL,
    final INTEGER NOT NULL,
    PRIMARY KEY (day, part)
) WITHOUT ROWID;
