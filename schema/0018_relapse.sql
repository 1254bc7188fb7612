-- Fixes that did not last, as the acts on their matters told it: the relapse act, or a reporter's word. What a look-back
-- found stands in lookback too; the same round of a matter counts once.
CREATE TABLE lookback_relapse (
	region BIGINT NOT NULL,                -- the matter's
	matter BIGINT NOT NULL,
	round BIGINT NOT NULL,                 -- which fix it was
	act TEXT NOT NULL,
	sectors BIGINT NOT NULL,
	unit BIGINT NOT NULL,                  -- that had put it right
	contractor BIGINT NOT NULL,
	cause TEXT NOT NULL,
	closed_ms BIGINT NOT NULL,
	seen_day BIGINT NOT NULL,
	PRIMARY KEY (region, matter, round)
) CLUSTERED;
CREATE INDEX lookback_relapse_day ON lookback_relapse (seen_day, region, matter, round);
