-- 1 once a staffed station got a token for this person: further ballots are then given at staffed
-- stations only.
ALTER TABLE persons ADD COLUMN station_only INTEGER NOT NULL DEFAULT 0;
