-- Hot grids and satellite fire points.

-- The projection of the territory's grid: chosen once, since every cell's number hangs on it.
CREATE TABLE grid_frame (
	region BIGINT PRIMARY KEY,             -- the home territory
	meridian DOUBLE PRECISION NOT NULL     -- central meridian, degrees
);

-- One picture: an item, a size of cell, a source and a week or month.
CREATE TABLE grid_set (
	region BIGINT NOT NULL,                -- the home territory
	id BIGINT NOT NULL,
	period TEXT NOT NULL,                  -- 2026-10 or 2026-W44 (ISO 8601)
	item TEXT NOT NULL,                    -- catalog/hotspot items
	size BIGINT NOT NULL,                  -- metres: 3000, 500
	source TEXT NOT NULL,                  -- catalog/hotspot sources; numbers of different sources are never mixed
	method TEXT NOT NULL CHECK (method IN ('import','idw')),
	note TEXT NOT NULL,                    -- where the values come from
	cells BIGINT NOT NULL,
	made_ms BIGINT NOT NULL,
	ver BIGINT NOT NULL,
	PRIMARY KEY (region, id),
	UNIQUE (region, item, size, source, period)
) CLUSTERED;

CREATE TABLE grid_value (
	region BIGINT NOT NULL,                -- division that holds the cell's middle
	grid BIGINT NOT NULL,                  -- grid_set
	cell BIGINT NOT NULL,                  -- column * 2^24 + row
	value DOUBLE PRECISION NOT NULL,
	n_valid BIGINT,                        -- observations behind it
	uncertainty DOUBLE PRECISION,          -- standard, in the item's unit
	PRIMARY KEY (region, grid, cell)
) CLUSTERED;
CREATE INDEX grid_value_grid ON grid_value (grid, cell);

-- A hot cell that somebody is sent to; once for a cell and a period.
CREATE TABLE grid_patrol (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	size BIGINT NOT NULL,
	cell BIGINT NOT NULL,
	period TEXT NOT NULL,
	item TEXT NOT NULL,
	source TEXT NOT NULL,
	kind TEXT NOT NULL,                    -- of the list it stood on
	value DOUBLE PRECISION NOT NULL,
	matter BIGINT NOT NULL,
	org BIGINT NOT NULL,
	made_ms BIGINT NOT NULL,
	outcome TEXT NOT NULL,                 -- catalog/hotspot outcomes, '' not yet
	finding TEXT NOT NULL,
	found_matter BIGINT NOT NULL,          -- hazard or task that came of it, 0: none
	found_ms BIGINT,
	ver BIGINT NOT NULL,
	PRIMARY KEY (region, id),
	UNIQUE (size, cell, period)
) CLUSTERED;
CREATE INDEX grid_patrol_id ON grid_patrol (id);

-- What a satellite saw, and the fires these points are of.
CREATE TABLE fire (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	lat DOUBLE PRECISION NOT NULL,         -- of its strongest point
	lon DOUBLE PRECISION NOT NULL,
	first_ms BIGINT NOT NULL,
	last_ms BIGINT NOT NULL,
	points BIGINT NOT NULL,
	confidence BIGINT NOT NULL,            -- the best: 1 low, 2 nominal, 3 high
	frp DOUBLE PRECISION NOT NULL,         -- the greatest, MW; 0 unknown
	fixed BIGINT NOT NULL,                 -- 1: a heat source that is always there
	sectors BIGINT NOT NULL,
	secret BIGINT NOT NULL,
	org BIGINT NOT NULL,                   -- who checks it, 0: nobody yet
	matter BIGINT NOT NULL,                -- 0: none
	asked_ms BIGINT,
	joined BIGINT NOT NULL,                -- the fire that it turned out to be part of, 0: none
	outcome TEXT NOT NULL,
	finding TEXT NOT NULL,
	found_ms BIGINT,
	ver BIGINT NOT NULL,
	PRIMARY KEY (region, id)
) CLUSTERED;
CREATE INDEX fire_id ON fire (id, region, sectors, secret, org);
CREATE INDEX fire_matter ON fire (matter);

CREATE TABLE fire_point (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	fire BIGINT NOT NULL,
	lat DOUBLE PRECISION NOT NULL,
	lon DOUBLE PRECISION NOT NULL,
	at_ms BIGINT NOT NULL,
	sensor TEXT NOT NULL CHECK (sensor IN ('modis','viirs')),
	satellite TEXT NOT NULL,
	confidence BIGINT NOT NULL,            -- 1 low, 2 nominal, 3 high
	brightness DOUBLE PRECISION NOT NULL,  -- K
	frp DOUBLE PRECISION,
	fixed BIGINT NOT NULL, 
	mark TEXT NOT NULL,                    -- satellite, time and place: the same row of another file is the same point
	PRIMARY KEY (region, id)
) CLUSTERED;
CREATE UNIQUE INDEX fire_point_mark ON fire_point (mark);
CREATE INDEX fire_point_at ON fire_point (at_ms);
CREATE INDEX fire_point_fire ON fire_point (fire, at_ms);
