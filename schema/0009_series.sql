-- Readings. With SQLite these tables live in a file of their own (series.db), beside the ledger's; with PostgreSQL here.
-- No region: a station's id leads to it, and nothing of these rows is shown without the station's scope.

CREATE TABLE series_item (
	id BIGINT PRIMARY KEY,
	code TEXT NOT NULL UNIQUE
);

-- As it arrives. The order of the key is the order of arrival, whatever the number of stations.
CREATE TABLE series_packet (
	at_ms BIGINT NOT NULL,                 -- of the value: the beginning of its period
	station BIGINT NOT NULL,
	kind BIGINT NOT NULL,                  -- enum series_kind
	part BIGINT NOT NULL,                  -- 0 as sent, 1 derived here
	received_ms BIGINT NOT NULL,
	source BIGINT NOT NULL,                -- enum series_source
	body BLOB NOT NULL,                    -- sense/pack.h
	PRIMARY KEY (at_ms, station, kind, part)
) CLUSTERED;

-- What a better value took the place of.
CREATE TABLE series_history (
	at_ms BIGINT NOT NULL,
	station BIGINT NOT NULL,
	kind BIGINT NOT NULL,
	part BIGINT NOT NULL,
	replaced_ms BIGINT NOT NULL,
	n BIGINT NOT NULL,
	received_ms BIGINT NOT NULL,
	source BIGINT NOT NULL,
	body BLOB NOT NULL,
	PRIMARY KEY (at_ms, station, kind, part, replaced_ms, n)
) CLUSTERED;

-- Columns: a station, item, what, kind and period (a day of real-time and minute values, a month of hours and days).
CREATE TABLE series_chunk (
	station BIGINT NOT NULL,
	item BIGINT NOT NULL,
	what BIGINT NOT NULL,
	kind BIGINT NOT NULL,
	period BIGINT NOT NULL,                -- days or months since 1970-01-01 in China's calendar
	n BIGINT NOT NULL,
	body BLOB NOT NULL,
	PRIMARY KEY (station, item, what, kind, period)
) CLUSTERED;

CREATE TABLE series_frame (
	received_ms BIGINT NOT NULL,
	id BIGINT NOT NULL,
	station BIGINT NOT NULL,               -- 0: an unknown device
	mn TEXT NOT NULL,
	peer TEXT NOT NULL,
	fault TEXT NOT NULL,
	at_ms BIGINT NOT NULL,                 -- of the data; 0: none
	raw BLOB NOT NULL,
	PRIMARY KEY (received_ms, id)
) CLUSTERED;
CREATE INDEX series_frame_mn ON series_frame (mn, received_ms, id);
