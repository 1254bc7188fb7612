-- Stations and the devices that report for them. Readings have a store of their own.

CREATE TABLE station (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	kind TEXT NOT NULL,                    -- catalog/station
	name TEXT NOT NULL,
	name_en TEXT NOT NULL,
	object BIGINT NOT NULL,                -- supervised object, 0: none
	owner BIGINT NOT NULL,                 -- organisation that runs it, 0: none
	sectors BIGINT NOT NULL,
	secret BIGINT NOT NULL,
	lat DOUBLE PRECISION,                  -- CGCS2000/WGS 84 degrees
	lon DOUBLE PRECISION,
	attrs TEXT NOT NULL,                   -- JSON: target class, permit, area class …
	valid_from_day BIGINT NOT NULL,
	valid_to_day BIGINT,
	ver BIGINT NOT NULL,
	PRIMARY KEY (region, id)
) CLUSTERED;
CREATE INDEX station_id ON station (id);
CREATE INDEX station_object ON station (object, id);

CREATE TABLE device (
	region BIGINT NOT NULL,
	mn TEXT NOT NULL,
	station BIGINT NOT NULL,               -- 0: quarantined, nobody has said what it is
	state TEXT NOT NULL CHECK (state IN ('quarantined','approved','refused')),
	dialect TEXT NOT NULL,                 -- 2005, 2017, 2025, auto
	crc_policy TEXT NOT NULL CHECK (crc_policy IN ('strict','modbus','swapped','report')),
	answer_policy TEXT NOT NULL CHECK (answer_policy IN ('asked','always','never')),
	pw_salt BLOB NOT NULL,
	pw_mac BLOB NOT NULL,                  -- HMAC(salt, password); empty: any
	peers TEXT NOT NULL,                   -- addresses it may come from, empty: any
	real_s BIGINT NOT NULL,                -- expected interval of real-time data in seconds, 0: not known
	minute_m BIGINT NOT NULL,              -- of minute data in minutes, 0: not known
	reason TEXT NOT NULL,                  -- of the last decision
	first_ms BIGINT NOT NULL,
	ver BIGINT NOT NULL,
	PRIMARY KEY (region, mn)
) CLUSTERED;
CREATE INDEX device_mn ON device (mn, region);
CREATE INDEX device_station ON device (station, mn);

-- What came from a device in an hour (of arrival): counts only, no business data.
CREATE TABLE device_hour (
	region BIGINT NOT NULL,
	mn TEXT NOT NULL,
	hour BIGINT NOT NULL,                  -- since 1970-01-01T00 UTC
	last_ms BIGINT NOT NULL,
	offset_ms BIGINT NOT NULL,             -- receipt minus the device's clock, the last one
	frames BIGINT NOT NULL,
	packets BIGINT NOT NULL,
	readings BIGINT NOT NULL,
	words BIGINT NOT NULL,                 -- values that are no numbers
	late BIGINT NOT NULL,
	missed BIGINT NOT NULL,                -- packets that the interval makes one expect between two
	repeated BIGINT NOT NULL,
	acked BIGINT NOT NULL,
	frame BIGINT NOT NULL,
	length BIGINT NOT NULL,
	crc_modbus BIGINT NOT NULL,
	crc_swapped BIGINT NOT NULL,
	crc_none BIGINT NOT NULL,
	segment BIGINT NOT NULL,
	bad_time BIGINT NOT NULL,
	password BIGINT NOT NULL,
	peer BIGINT NOT NULL,
	PRIMARY KEY (region, mn, hour)
) CLUSTERED;

CREATE TABLE station_item (
	region BIGINT NOT NULL,
	station BIGINT NOT NULL,
	code TEXT NOT NULL,                    -- as the device sends it
	item TEXT NOT NULL,                    -- catalog code it stands for
	unit TEXT NOT NULL,
	factor TEXT NOT NULL,                  -- decimal: what was sent times factor is in the item's unit
	PRIMARY KEY (region, station, code)
) CLUSTERED;

CREATE TABLE device_command (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	mn TEXT NOT NULL,
	cn TEXT NOT NULL,
	qn TEXT NOT NULL,
	body TEXT NOT NULL,                    -- of CP
	state TEXT NOT NULL CHECK (state IN ('waiting','sent','accepted','done','refused','failed','timeout')),
	answer TEXT NOT NULL,
	account BIGINT NOT NULL,
	made_ms BIGINT NOT NULL,
	done_ms BIGINT,
	tries BIGINT NOT NULL,
	PRIMARY KEY (region, id)
) CLUSTERED;
CREATE INDEX device_command_mn ON device_command (mn, id);
CREATE INDEX device_command_state ON device_command (state, id);

-- How the columns of a file are read, kept by the shape of its titles: the next file of that shape is read the same way.
CREATE TABLE sheet_shape (
	region BIGINT NOT NULL,
	shape TEXT NOT NULL,                   -- SHA-256 of the titles
	map TEXT NOT NULL,                     -- title=item;title=item
	kind TEXT NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (region, shape)
) CLUSTERED;
