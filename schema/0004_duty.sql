-- Who is answerable: duties of posts, designations; look-backs and draws.
--
-- Reference tables.

-- What a post carries, from–to: the division of work among leaders, officers named by an enterprise.
CREATE TABLE post_charge (
	id BIGINT PRIMARY KEY,
	post BIGINT NOT NULL,
	charge TEXT NOT NULL,                  -- catalog/duty charges: head, in-charge, safety-officer …
	sectors BIGINT NOT NULL,               -- mask, -1: every sector
	basis TEXT NOT NULL,                   -- the paper that says so
	from_day BIGINT NOT NULL,
	to_day BIGINT                          -- last day, inclusive
);
CREATE INDEX post_charge_post ON post_charge (post, from_day, id);

-- A fresh id with every change to organisations, posts, holders, charges and designations, so that what
-- was compiled from them is known to be stale. Never used twice, also after a transaction that failed.
CREATE TABLE duty_version (
	one BIGINT PRIMARY KEY,
	version BIGINT NOT NULL
);
INSERT INTO duty_version (one, version) VALUES (1, 0);

-- Business tables.

-- What two rules leave open is settled: for a region and all beneath it, or for one object.
CREATE TABLE designation (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	object BIGINT NOT NULL,                -- 0: every object there
	sectors BIGINT NOT NULL,               -- mask, -1: every sector
	line TEXT NOT NULL CHECK (line IN ('entity','regulator','comprehensive','territory','leader','commissioner')),
	role TEXT NOT NULL,                    -- of the rules, '': the whole line
	org BIGINT NOT NULL,
	post BIGINT NOT NULL,                  -- 0: as the rule says
	person BIGINT NOT NULL,                -- 0: who holds the post
	decided_by BIGINT NOT NULL,            -- organisation
	number TEXT NOT NULL,                  -- of the paper
	reason TEXT NOT NULL,
	from_day BIGINT NOT NULL,
	to_day BIGINT,
	account BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	ver BIGINT NOT NULL,
	PRIMARY KEY (region, id)
) CLUSTERED;
CREATE INDEX designation_id ON designation (id);
CREATE INDEX designation_object ON designation (object, id);

-- A draw that anybody can repeat: announced with its candidates, then seeded, never changed.
CREATE TABLE draw (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	purpose TEXT NOT NULL,                 -- inspection, look-back
	subject BIGINT NOT NULL,               -- the plan, 0: none
	sectors BIGINT NOT NULL,
	secret BIGINT NOT NULL,
	want BIGINT NOT NULL,                  -- how many are to be drawn
	second BIGINT NOT NULL,                -- of the second kind, for each of them; 0: none
	algorithm TEXT NOT NULL,
	weights TEXT NOT NULL,                 -- JSON: the rule that gave the weights, for readers
	candidates BIGINT NOT NULL,
	hash TEXT NOT NULL,                    -- of the candidates, SHA-256 in hex
	seed_source TEXT NOT NULL,             -- where the seed will come from, said before it is known
	seed TEXT NOT NULL,                    -- '' until it was given
	org BIGINT NOT NULL,
	account BIGINT NOT NULL,
	announced_ms BIGINT NOT NULL,
	drawn_ms BIGINT,
	ver BIGINT NOT NULL,
	PRIMARY KEY (region, id)
);
CREATE INDEX draw_id ON draw (id);
CREATE INDEX draw_subject ON draw (purpose, subject, id);

CREATE TABLE draw_item (
	region BIGINT NOT NULL,
	draw BIGINT NOT NULL,
	kind BIGINT NOT NULL,                  -- 0 what is drawn, 1 the second kind (inspectors)
	candidate BIGINT NOT NULL,
	weight BIGINT NOT NULL,                -- thousandths, above 0
	avoid BIGINT NOT NULL,                 -- organisation: an inspector is not drawn for what it runs; 0 none
	place BIGINT NOT NULL,                 -- 1, 2 … in the order drawn; 0 not drawn
	result BIGINT NOT NULL,                -- the visit or matter that came of it, 0: none yet
	PRIMARY KEY (region, draw, kind, candidate)
) CLUSTERED;
CREATE INDEX draw_item_place ON draw_item (region, draw, place, candidate);

-- One look at a matter that was brought to an end. The words of the finding stand with the matter's act.
CREATE TABLE lookback (
	region BIGINT NOT NULL,                -- the matter's
	id BIGINT NOT NULL,
	matter BIGINT NOT NULL,
	round BIGINT NOT NULL,                 -- of the matter: which fix is looked at
	draw BIGINT NOT NULL,                  -- 0: taken without a draw
	chance DOUBLE PRECISION,               -- with which it came in: 1 where all are taken; NULL: picked by hand
	sectors BIGINT NOT NULL,
	secret BIGINT NOT NULL,
	unit BIGINT NOT NULL,                  -- that put it right
	contractor BIGINT NOT NULL,
	cause TEXT NOT NULL,
	closed_ms BIGINT NOT NULL,             -- when this round was ticked off
	org BIGINT NOT NULL,                   -- that is to look, 0: nobody yet
	due_day BIGINT NOT NULL,
	asked_ms BIGINT NOT NULL,
	asked_by BIGINT NOT NULL,              -- account
	result TEXT NOT NULL,                  -- catalog/lookback results, '' not yet
	held BIGINT NOT NULL,                  -- 1: stayed fixed; 0 with a result: it did not
	seen_day BIGINT,                       -- when it was looked at
	result_ms BIGINT,
	account BIGINT NOT NULL,
	by_org BIGINT NOT NULL,
	ver BIGINT NOT NULL,
	PRIMARY KEY (region, id),
	UNIQUE (region, matter, round, id)
) CLUSTERED;
CREATE INDEX lookback_id ON lookback (id, region, sectors, secret);
CREATE INDEX lookback_draw ON lookback (draw, id);
CREATE INDEX lookback_org ON lookback (org, result, due_day, id);
CREATE INDEX lookback_seen ON lookback (seen_day, held, unit, contractor, region);

-- The pool of look-backs is asked for: what is closed, who was listed, what was found to be sham.
CREATE INDEX matter_pool ON matter (kind, state, closed_ms, id, region, sectors, secret, round, grade, listed, lead_org, contractor, cause, phase)
	WHERE phase = 'closed';
CREATE INDEX matter_report_listed ON matter_report (matter, region) WHERE act = 'list';
