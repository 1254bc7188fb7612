-- What was done to a station's instruments: maintenance, calibration, fault, no power, from when to when. Readings are never
-- changed by it: the marks lie over them when they are read.

CREATE TABLE station_upkeep (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	station BIGINT NOT NULL,
	item TEXT NOT NULL,                    -- '': all of them
	kind TEXT NOT NULL,                    -- catalog/validity/marks
	from_ms BIGINT NOT NULL,
	to_ms BIGINT,                          -- absent: it lasts
	reason TEXT NOT NULL,
	salt BLOB NOT NULL,                    -- of the words in its event
	backdated BIGINT NOT NULL,             -- entered long after it began
	account BIGINT NOT NULL,
	made_ms BIGINT NOT NULL,
	ended_by BIGINT NOT NULL,              -- who said when it ended, 0: whoever entered it
	ended_ms BIGINT,                       -- when that was said
	withdrawn_ms BIGINT,
	withdrawn_by BIGINT NOT NULL,
	withdrawn_reason TEXT NOT NULL,
	withdrawn_salt BLOB,
	ver BIGINT NOT NULL,
	PRIMARY KEY (region, id)
) CLUSTERED;
CREATE INDEX station_upkeep_station ON station_upkeep (station, from_ms);
CREATE INDEX station_upkeep_id ON station_upkeep (id);

-- What checks found doubtful. Made anew from the readings whenever those change; the readings stay as they are.
CREATE TABLE reading_doubt (
	region BIGINT NOT NULL,
	station BIGINT NOT NULL,
	item TEXT NOT NULL,
	kind TEXT NOT NULL,                    -- of readings: minute, hour, hour-own
	test TEXT NOT NULL CHECK (test IN ('range','stuck','spike','neighbours')),
	from_ms BIGINT NOT NULL,
	to_ms BIGINT NOT NULL,
	value DOUBLE PRECISION NOT NULL,       -- the worst, and what it was held against
	bound DOUBLE PRECISION NOT NULL,
	edition TEXT NOT NULL,                 -- of catalog/validity/micro
	made_ms BIGINT NOT NULL,
	PRIMARY KEY (region, station, item, kind, test, from_ms)
) CLUSTERED;
CREATE INDEX reading_doubt_station ON reading_doubt (station, from_ms);
