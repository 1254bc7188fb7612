-- What checks found is decided by people; who corrected readings and why; what alarms of silence have in common.

-- More checks than those of micro-stations, and some of every kind of reading.
CREATE TABLE reading_doubt_more (
	region BIGINT NOT NULL,
	station BIGINT NOT NULL,
	item TEXT NOT NULL,
	kind TEXT NOT NULL,                    -- of readings: minute, hour, hour-own; '': of every kind
	test TEXT NOT NULL,                    -- catalog/validity/micro, catalog/validity/drift
	from_ms BIGINT NOT NULL,
	to_ms BIGINT NOT NULL,
	value DOUBLE PRECISION NOT NULL,       -- the worst, and what it was held against
	bound DOUBLE PRECISION NOT NULL,
	edition TEXT NOT NULL,                 -- of the catalog
	made_ms BIGINT NOT NULL,
	PRIMARY KEY (region, station, item, kind, test, from_ms)
) CLUSTERED;
INSERT INTO reading_doubt_more (region, station, item, kind, test, from_ms, to_ms, value, bound, edition, made_ms)
	SELECT region, station, item, kind, test, from_ms, to_ms, value, bound, edition, made_ms FROM reading_doubt;
DROP TABLE reading_doubt;
ALTER TABLE reading_doubt_more RENAME TO reading_doubt;
CREATE INDEX reading_doubt_at ON reading_doubt (station, from_ms);

-- What a person said of a doubt: the readings are good after all, or they are not. The newest word of a stretch holds.
CREATE TABLE doubt_decision (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	station BIGINT NOT NULL,
	item TEXT NOT NULL,
	kind TEXT NOT NULL,
	test TEXT NOT NULL,
	from_ms BIGINT NOT NULL,
	to_ms BIGINT NOT NULL,
	verdict TEXT NOT NULL CHECK (verdict IN ('good','bad')),
	reason TEXT NOT NULL,
	salt BLOB NOT NULL,
	account BIGINT NOT NULL,
	made_ms BIGINT NOT NULL,
	superseded_ms BIGINT,                  -- a later word took its place
	PRIMARY KEY (region, id)
) CLUSTERED;
CREATE INDEX doubt_decision_station ON doubt_decision (station, from_ms);

-- Drift found by a calibration, in percent of full scale.
ALTER TABLE station_upkeep ADD COLUMN zero_pct DOUBLE PRECISION;
ALTER TABLE station_upkeep ADD COLUMN span_pct DOUBLE PRECISION;

-- Readings that a person brought and that replaced others or were refused: who, by which way, why. The store of readings keeps
-- what the values were.
CREATE TABLE reading_change (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	station BIGINT NOT NULL,
	from_ms BIGINT NOT NULL,               -- changed in this time
	to_ms BIGINT NOT NULL,
	way TEXT NOT NULL CHECK (way IN ('file','http')),
	file TEXT NOT NULL,                    -- its name, where it was one
	reason TEXT NOT NULL,
	account BIGINT NOT NULL,
	PRIMARY KEY (region, id)
) CLUSTERED;
CREATE INDEX reading_change_station ON reading_change (station, to_ms);

-- What went silent together: the gateway or broker that its devices report to, '': nothing that many share.
ALTER TABLE alarm ADD COLUMN way TEXT NOT NULL DEFAULT '';
