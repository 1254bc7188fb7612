-- Alarms that are taken back when their values are, and words under a salt that can be erased.

ALTER TABLE alarm ADD COLUMN ack_salt BLOB;
ALTER TABLE alarm ADD COLUMN cleared_salt BLOB;
ALTER TABLE alarm ADD COLUMN withdrawn_ms BIGINT;                     -- its values are no such episode any more
ALTER TABLE alarm ADD COLUMN withdrawn_why TEXT NOT NULL DEFAULT '';  -- corrected, joined, rule
ALTER TABLE alarm ADD COLUMN unlawful_ms BIGINT;                      -- it was an exceedance; since then it counts as one no more
