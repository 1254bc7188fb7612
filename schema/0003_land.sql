-- Supervised objects, their places, boundaries of regions.

CREATE TABLE object (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	type TEXT NOT NULL,                    -- row of catalog/object
	no TEXT NOT NULL,                      -- its own number
	name TEXT NOT NULL,
	name_en TEXT NOT NULL,
	owner BIGINT NOT NULL,                 -- organisation that runs it, 0: none
	sectors BIGINT NOT NULL,
	secret BIGINT NOT NULL,
	county BIGINT NOT NULL,                -- the first six digits of region
	risk TEXT NOT NULL CHECK (risk IN ('','red','orange','yellow','blue')),
	level BIGINT NOT NULL,                 -- region level that supervises it, 0: as the duty rules say
	lat DOUBLE PRECISION,                  -- CGCS2000/WGS 84 degrees of its point, or of a point on its shape
	lon DOUBLE PRECISION,
	west DOUBLE PRECISION,
	south DOUBLE PRECISION,
	east DOUBLE PRECISION,
	north DOUBLE PRECISION,
	extent BIGINT NOT NULL,                -- 0 a point; k: its box is at most 2^k grid units wide and high; -1 no place
	cell BIGINT NOT NULL,                  -- Morton number of the place on the map's grid, -1: no place
	geometry TEXT NOT NULL,                -- GeoJSON of a line or an area, '' for a point
	attrs TEXT NOT NULL,                   -- JSON by the type's attributes
	valid_from_day BIGINT,
	valid_to_day BIGINT,                   -- last day
	ver BIGINT NOT NULL,
	PRIMARY KEY (region, id),
	UNIQUE (region, type, no)
) CLUSTERED;
CREATE INDEX object_id ON object (id, region, sectors, secret, owner, type, risk, valid_from_day, valid_to_day);
CREATE INDEX object_county ON object (county, id, region, sectors, secret, owner, type, risk, valid_from_day, valid_to_day);
CREATE INDEX object_type ON object (type, id, region, sectors, secret, owner, risk, valid_from_day, valid_to_day);
CREATE INDEX object_owner ON object (owner, id, region, sectors, secret, type, risk, valid_from_day, valid_to_day);
CREATE INDEX object_colour ON object (region, risk, sectors, secret, owner, type, valid_from_day, valid_to_day);
CREATE INDEX object_cell ON object (extent, cell, region, sectors, secret, owner, type, risk, valid_from_day, valid_to_day, id, lat, lon);

-- Numbers for objects that have none of their own; never used again.
CREATE TABLE object_counter (
	region BIGINT NOT NULL,
	type TEXT NOT NULL,
	last BIGINT NOT NULL,
	PRIMARY KEY (region, type)
) CLUSTERED;

CREATE VIRTUAL TABLE object_text USING fts5(body, content='', tokenize='bigram'); --@sqlite
CREATE TABLE object_text (id BIGINT PRIMARY KEY, region BIGINT NOT NULL, body TSVECTOR NOT NULL); --@pg
CREATE INDEX object_text_body ON object_text USING gin (body); --@pg

-- Boundaries of regions: a reference table.
CREATE TABLE region_shape (
	code BIGINT PRIMARY KEY,
	west DOUBLE PRECISION NOT NULL,
	south DOUBLE PRECISION NOT NULL,
	east DOUBLE PRECISION NOT NULL,
	north DOUBLE PRECISION NOT NULL,
	accuracy_m DOUBLE PRECISION NOT NULL,  -- places this near beyond the line are borne
	geometry TEXT NOT NULL,                -- GeoJSON, degrees of CGCS2000/WGS 84
	source TEXT NOT NULL,
	ver BIGINT NOT NULL
);

-- The map of open matters: a strip of latitudes is walked and cut by longitude.
CREATE INDEX matter_place ON matter (phase, lat, lon, region, sectors, secret, kind, grade, state, due_ms, id) WHERE lat IS NOT NULL;
