-- Inspection: plans, visits (检查), answers to checklists, findings, signatures, and what offline pages
-- handed in. Draws of whom to inspect stand in 0004 with those of the look-backs.

CREATE TABLE inspect_plan (
	region BIGINT NOT NULL,                -- the area that is inspected
	id BIGINT NOT NULL,
	name TEXT NOT NULL,
	campaign TEXT NOT NULL,
	from_day BIGINT NOT NULL,
	to_day BIGINT NOT NULL,                -- last day, inclusive
	recurs TEXT NOT NULL,                  -- '' or the length of a round: week month quarter half-year year
	sectors BIGINT NOT NULL,
	secret BIGINT NOT NULL,
	types TEXT NOT NULL,                   -- JSON {"types":[…]}: object types, empty = every
	frequency TEXT NOT NULL,               -- JSON {"rows":[{"risk","every_days"}]}: instead of the catalog's
	checklist TEXT NOT NULL,               -- which one to use, '' = by the object
	unannounced BIGINT NOT NULL,
	org BIGINT NOT NULL,                   -- whose plan it is
	account BIGINT NOT NULL,
	created_ms BIGINT NOT NULL,
	ended_ms BIGINT,
	reason TEXT NOT NULL,                  -- why it ended early
	ver BIGINT NOT NULL,
	PRIMARY KEY (region, id)
);
CREATE INDEX inspect_plan_id ON inspect_plan (id);

CREATE TABLE inspect_member (
	region BIGINT NOT NULL,
	plan BIGINT NOT NULL,
	team TEXT NOT NULL,
	account BIGINT NOT NULL,
	leader BIGINT NOT NULL,
	PRIMARY KEY (region, plan, team, account)
) CLUSTERED;
CREATE INDEX inspect_member_account ON inspect_member (account, plan);

CREATE TABLE visit (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	no TEXT NOT NULL,                      -- "350203-2026-visit-000017"
	client_id TEXT NOT NULL,               -- UUID made by the page that was offline, else ''
	plan BIGINT NOT NULL,                  -- 0: not planned
	draw BIGINT NOT NULL,                  -- 0: not drawn
	follows BIGINT NOT NULL,               -- the visit whose failed items this one carries, 0: none
	object BIGINT NOT NULL,
	unit BIGINT NOT NULL,                  -- the organisation that runs it on that day, 0: nobody
	source TEXT NOT NULL,                  -- catalog/source
	unannounced BIGINT NOT NULL,           -- 四不两直
	state TEXT NOT NULL CHECK (state IN ('planned','under-way','recorded','signed','refused','closed','cancelled')),
	sectors BIGINT NOT NULL,
	secret BIGINT NOT NULL,
	org BIGINT NOT NULL,                   -- inspecting unit
	lead BIGINT NOT NULL,                  -- account of the inspector in charge
	planned_day BIGINT NOT NULL,
	started_ms BIGINT,                     -- as the inspector's device says
	ended_ms BIGINT,
	lat DOUBLE PRECISION,                  -- where the visit was begun
	lon DOUBLE PRECISION,
	checklist TEXT NOT NULL,               -- object type whose list is used
	checklist_day BIGINT NOT NULL,         -- the day it was put together for: with the catalogs this gives the list
	items TEXT NOT NULL,                   -- JSON {"items":[…]}: only these, of a follow-up; empty: all
	place TEXT NOT NULL,
	content TEXT NOT NULL,                 -- what was looked at (Work Safety Law Art 68)
	problems TEXT NOT NULL,
	handling TEXT NOT NULL,
	salt BLOB NOT NULL,                    -- of the commitments to these words
	clean BIGINT NOT NULL,                 -- 1: nothing was found; 0: something; -1: not recorded yet
	record_hash TEXT NOT NULL,             -- what both sides sign, SHA-256 in hex
	created_ms BIGINT NOT NULL,
	recorded_ms BIGINT,
	closed_ms BIGINT,
	ver BIGINT NOT NULL,
	PRIMARY KEY (region, id)
) CLUSTERED;
CREATE INDEX visit_id ON visit (id, region, sectors, secret, state);
CREATE INDEX visit_object ON visit (object, started_ms, id, state);
CREATE INDEX visit_plan ON visit (plan, planned_day, id);
CREATE INDEX visit_unit ON visit (unit, id);
CREATE INDEX visit_client ON visit (client_id);
CREATE INDEX visit_started ON visit (started_ms, region, sectors, secret);
CREATE INDEX visit_planned ON visit (planned_day, region, sectors, secret, state);

CREATE TABLE visit_inspector (
	region BIGINT NOT NULL,
	visit BIGINT NOT NULL,
	account BIGINT NOT NULL,
	person BIGINT NOT NULL,
	org BIGINT NOT NULL,
	open BIGINT NOT NULL,                  -- 1 while the visit is: an inspector's list is one walk
	PRIMARY KEY (region, visit, account)
) CLUSTERED;
CREATE INDEX visit_inspector_account ON visit_inspector (account, open, visit);

-- Every answer is kept; for an item the one captured last counts.
CREATE TABLE visit_answer (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	visit BIGINT NOT NULL,
	item TEXT NOT NULL,
	value TEXT NOT NULL,
	note TEXT NOT NULL,
	client_id TEXT NOT NULL,
	account BIGINT NOT NULL,
	captured_ms BIGINT NOT NULL,
	received_ms BIGINT NOT NULL,
	lat DOUBLE PRECISION,
	lon DOUBLE PRECISION,
	PRIMARY KEY (region, id)
) CLUSTERED;
CREATE INDEX visit_answer_visit ON visit_answer (region, visit, item, captured_ms, id);

CREATE TABLE visit_finding (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	visit BIGINT NOT NULL,
	client_id TEXT NOT NULL,
	item TEXT NOT NULL,                    -- '' when it is not on the checklist
	criterion TEXT NOT NULL,               -- catalog row of a major hazard, '' otherwise
	clause TEXT NOT NULL,                  -- as the item cites it
	title TEXT NOT NULL,
	body TEXT NOT NULL,
	spot TEXT NOT NULL,                    -- where in the object
	fixed BIGINT NOT NULL,                 -- 1: put right on the spot (立查立改)
	due_day BIGINT,
	matter BIGINT NOT NULL,                -- 0 until it became one
	late BIGINT NOT NULL,                  -- 1: came in after the record was made
	account BIGINT NOT NULL,
	captured_ms BIGINT NOT NULL,
	received_ms BIGINT NOT NULL,
	lat DOUBLE PRECISION,
	lon DOUBLE PRECISION,
	PRIMARY KEY (region, id)
) CLUSTERED;
CREATE INDEX visit_finding_visit ON visit_finding (region, visit, id);
CREATE INDEX visit_finding_client ON visit_finding (client_id);

CREATE TABLE visit_sign (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	visit BIGINT NOT NULL,
	side TEXT NOT NULL CHECK (side IN ('inspector','unit')),
	outcome TEXT NOT NULL CHECK (outcome IN ('signed','refused')),
	account BIGINT NOT NULL,               -- who handed it in: the signer, or the inspector whose device was signed on
	own BIGINT NOT NULL,                   -- 1: by the signer's own account
	name TEXT NOT NULL,
	title TEXT NOT NULL,
	reason TEXT NOT NULL,
	witness TEXT NOT NULL,
	salt BLOB NOT NULL,
	file TEXT NOT NULL,                    -- client id of the drawn signature
	record_hash TEXT NOT NULL,
	captured_ms BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (region, id)
) CLUSTERED;
CREATE INDEX visit_sign_visit ON visit_sign (region, visit, id);

-- A closed record is never changed; what is to be said later is added.
CREATE TABLE visit_note (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	visit BIGINT NOT NULL,
	body TEXT NOT NULL,
	salt BLOB NOT NULL,
	account BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (region, id)
) CLUSTERED;
CREATE INDEX visit_note_visit ON visit_note (region, visit, id);

-- What a page that was offline handed in, once for each thing it made, with what became of it.
CREATE TABLE sync_item (
	account BIGINT NOT NULL,
	client_id TEXT NOT NULL,
	device TEXT NOT NULL,
	kind TEXT NOT NULL,
	visit BIGINT NOT NULL,                 -- 0: not known
	outcome TEXT NOT NULL CHECK (outcome IN ('done','conflict','refused')),
	answer TEXT NOT NULL,                  -- JSON as it was told
	body TEXT NOT NULL,                    -- JSON as it came, kept when it was refused: nothing is lost
	made_ms BIGINT NOT NULL,
	received_ms BIGINT NOT NULL,
	PRIMARY KEY (account, client_id)
) CLUSTERED;
CREATE INDEX sync_item_device ON sync_item (account, device, received_ms, client_id);

-- Photos, sometimes before the thing they belong to. The bytes lie under their hash.
CREATE TABLE sync_file (
	account BIGINT NOT NULL,
	client_id TEXT NOT NULL,
	device TEXT NOT NULL,
	visit_client TEXT NOT NULL,            -- the visit as the page names it: id or UUID
	about TEXT NOT NULL,                   -- client id of the finding, answer or signature; '' the visit
	region BIGINT NOT NULL,                -- 0 while its visit has not come in
	visit BIGINT NOT NULL,
	file BIGINT NOT NULL,                  -- evidence, 0 while its visit has not come in
	matter BIGINT NOT NULL,                -- the finding's matter that it was also added to, 0: none yet
	hash TEXT NOT NULL,
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	size BIGINT NOT NULL,
	captured_ms BIGINT,
	received_ms BIGINT NOT NULL,
	lat DOUBLE PRECISION,
	lon DOUBLE PRECISION,
	PRIMARY KEY (account, client_id)
) CLUSTERED;
CREATE INDEX sync_file_about ON sync_file (about, visit);
CREATE INDEX sync_file_waiting ON sync_file (account, visit_client, file);
CREATE INDEX sync_file_visit ON sync_file (visit, client_id);
CREATE INDEX sync_file_device ON sync_file (account, device, received_ms, client_id);

-- Acts that statistics count: few of all events, found by time. (Not `kind IN (…)`: for each event written SQLite would build a
-- table of the list first; the statement that reads by this index says the same words.)
CREATE INDEX ledger_event_counted ON ledger_event (kind, at_ms, region, seq) WHERE
	kind = 'matter.extend-grant'
	OR kind = 'matter.stop-use'
	OR kind = 'matter.list'
	OR kind = 'matter.delist'
	OR kind = 'matter.look-back-ok'
	OR kind = 'matter.relapse'
	OR kind = 'matter.supervise-letter'
	OR kind = 'matter.criticise'
	OR kind = 'matter.interview'
	OR kind = 'matter.refer';
