-- One text for SQLite, PostgreSQL and Citus. Types are BIGINT, DOUBLE PRECISION, TEXT and BLOB; times
-- are milliseconds UTC, *_day are days since 1970-01-01 in China's civil calendar. A table that ends
-- with ") CLUSTERED;" is stored in the order of its primary key. A line that ends with --@sqlite or
-- --@pg stands only there.
--
-- Reference tables (small, everywhere the same) come first and never point at business tables.
-- Business tables start with region, immutable, and every key of theirs carries it.

CREATE TABLE meta (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
);

CREATE TABLE region_node (
	code BIGINT PRIMARY KEY,
	level BIGINT NOT NULL,                 -- 1 province, 2 city, 3 county, 4 township, 5 village
	parent BIGINT NOT NULL,                -- 0 for a province
	name TEXT NOT NULL,
	name_en TEXT NOT NULL,
	valid_from_day BIGINT,
	valid_to_day BIGINT,
	successor BIGINT                       -- the code that took its place
);
CREATE INDEX region_node_parent ON region_node (parent, code);
CREATE INDEX region_node_name ON region_node (name, code);

CREATE TABLE org (
	id BIGINT PRIMARY KEY,
	region BIGINT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('party','government','committee','department','township','enterprise','institution')),
	name TEXT NOT NULL,
	name_en TEXT NOT NULL,
	short TEXT NOT NULL,
	parent BIGINT NOT NULL,                -- 0: none
	sectors BIGINT NOT NULL,
	valid_from_day BIGINT NOT NULL,
	valid_to_day BIGINT,
	ver BIGINT NOT NULL
);
CREATE INDEX org_region ON org (region, id);
CREATE INDEX org_name ON org (name, id);

CREATE TABLE person (
	id BIGINT PRIMARY KEY,
	name TEXT NOT NULL,
	name_en TEXT NOT NULL,
	salt BLOB NOT NULL,                    -- events carry HMAC(salt, name) only
	erased_ms BIGINT
);

CREATE TABLE post (
	id BIGINT PRIMARY KEY,
	org BIGINT NOT NULL,
	title TEXT NOT NULL,
	title_en TEXT NOT NULL,
	rank BIGINT NOT NULL,                  -- order within the organisation
	leader BIGINT NOT NULL,
	duties TEXT NOT NULL                   -- JSON: [{"sector":…,"line":…,"basis":…}]
);
CREATE INDEX post_org ON post (org, rank, id);

CREATE TABLE post_hold (
	id BIGINT PRIMARY KEY,
	post BIGINT NOT NULL,
	person BIGINT NOT NULL,
	from_day BIGINT NOT NULL,
	to_day BIGINT                          -- last day, inclusive
);
CREATE INDEX post_hold_post ON post_hold (post, from_day, id);
CREATE INDEX post_hold_person ON post_hold (person, from_day, id);

CREATE TABLE account (
	id BIGINT PRIMARY KEY,
	login TEXT NOT NULL UNIQUE,
	person BIGINT NOT NULL,
	org BIGINT NOT NULL,
	phc TEXT NOT NULL,                     -- argon2id in PHC form
	must_change BIGINT NOT NULL,
	otp_secret BLOB,
	otp_on BIGINT NOT NULL,
	otp_last BIGINT NOT NULL,              -- last accepted time step: a code works once
	locked BIGINT NOT NULL,
	fails BIGINT NOT NULL,
	lock_until_ms BIGINT NOT NULL,
	prefs TEXT NOT NULL,
	created_ms BIGINT NOT NULL,
	ver BIGINT NOT NULL
);
CREATE INDEX account_org ON account (org, id);

CREATE TABLE session (
	token BLOB PRIMARY KEY,                -- SHA-256 of the cookie
	account BIGINT NOT NULL,
	csrf TEXT NOT NULL,
	created_ms BIGINT NOT NULL,
	seen_ms BIGINT NOT NULL,
	expires_ms BIGINT NOT NULL,
	peer TEXT NOT NULL
);
CREATE INDEX session_account ON session (account, created_ms);

CREATE TABLE access_grant (
	id BIGINT PRIMARY KEY,
	account BIGINT NOT NULL,
	role TEXT NOT NULL,
	lo BIGINT NOT NULL,                    -- region range, inclusive
	hi BIGINT NOT NULL,
	sectors BIGINT NOT NULL,               -- mask; -1 = every sector
	party BIGINT NOT NULL,                 -- 0, or: only matters this organisation is a party of
	secret BIGINT NOT NULL,                -- highest label readable
	valid_from_ms BIGINT NOT NULL,
	valid_to_ms BIGINT NOT NULL,
	granted_by BIGINT NOT NULL,
	reason TEXT NOT NULL,
	revoked_ms BIGINT
);
CREATE INDEX access_grant_account ON access_grant (account, id);

CREATE TABLE calendar_day (
	day BIGINT PRIMARY KEY,
	working BIGINT NOT NULL,
	name_zh TEXT NOT NULL,
	name_en TEXT NOT NULL,
	source TEXT NOT NULL,
	status TEXT NOT NULL                   -- verified, unverified, house
);

CREATE TABLE idempotency (
	account BIGINT NOT NULL,
	idem_key TEXT NOT NULL,
	route TEXT NOT NULL,
	body_hash BLOB NOT NULL,
	status BIGINT NOT NULL,
	answer TEXT NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (account, idem_key)
) CLUSTERED;
CREATE INDEX idempotency_at ON idempotency (at_ms);

-- The ledger: one log a region. body is the exact text that is hashed; the columns are projections of it.

CREATE TABLE ledger_log (
	region BIGINT PRIMARY KEY,
	origin TEXT NOT NULL,
	alg TEXT NOT NULL CHECK (alg IN ('sha256','sm3')),
	size BIGINT NOT NULL,
	frontier BLOB NOT NULL,                -- roots of the perfect subtrees, left to right, 32 bytes each
	last_ms BIGINT NOT NULL
);

CREATE TABLE ledger_event (
	region BIGINT NOT NULL,
	seq BIGINT NOT NULL,                   -- 0, 1, 2 … without a gap
	at_ms BIGINT NOT NULL,
	actor BIGINT NOT NULL,                 -- account, 0 = the system
	kind TEXT NOT NULL,
	subject TEXT NOT NULL,                 -- "matter/123"
	body BLOB NOT NULL,
	leaf BLOB NOT NULL,                    -- hash(0x00 ‖ body)
	PRIMARY KEY (region, seq)
) CLUSTERED;
CREATE INDEX ledger_event_subject ON ledger_event (region, subject, seq);

CREATE TABLE ledger_tile (
	region BIGINT NOT NULL,
	level BIGINT NOT NULL,
	idx BIGINT NOT NULL,
	hash BLOB NOT NULL,
	PRIMARY KEY (region, level, idx)
) CLUSTERED;

CREATE TABLE checkpoint (
	region BIGINT NOT NULL,
	size BIGINT NOT NULL,
	note TEXT NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (region, size)
);

CREATE TABLE witness_sig (
	region BIGINT NOT NULL,
	size BIGINT NOT NULL,
	key_id TEXT NOT NULL,
	line TEXT NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (region, size, key_id)
);

CREATE TABLE outbox (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	kind TEXT NOT NULL,
	body TEXT NOT NULL,
	at_ms BIGINT NOT NULL,
	done_ms BIGINT,
	PRIMARY KEY (region, id)
) CLUSTERED;

-- Documents and the drafts of tasks found in them.

CREATE TABLE document (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	title TEXT NOT NULL,
	issuer TEXT NOT NULL,
	number TEXT NOT NULL,
	kind TEXT NOT NULL,                    -- minutes, plan, priorities, feedback, notice, other
	issued_day BIGINT,
	name TEXT NOT NULL,
	format TEXT NOT NULL,
	encoding TEXT NOT NULL,
	hash TEXT NOT NULL,                    -- SHA-256 of the original bytes, hex
	size BIGINT NOT NULL,
	chars BIGINT NOT NULL,
	body TEXT NOT NULL,                    -- the text that spans point into
	origins TEXT NOT NULL,                 -- JSON: map to the original
	clutter TEXT NOT NULL,                 -- JSON: [[start,end],…]
	notes TEXT NOT NULL,                   -- JSON
	sectors BIGINT NOT NULL,               -- of its drafts together; -1 when none is known
	secret BIGINT NOT NULL,
	org BIGINT NOT NULL,                   -- the office that keeps it
	account BIGINT NOT NULL,
	uploaded_ms BIGINT NOT NULL,
	ver BIGINT NOT NULL,
	PRIMARY KEY (region, id)
);
CREATE INDEX document_id ON document (id);
CREATE INDEX document_hash ON document (region, hash);

CREATE TABLE draft (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	document BIGINT NOT NULL,
	start_cp BIGINT NOT NULL,
	end_cp BIGINT NOT NULL,
	body TEXT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('draft','confirmed','discarded')),
	title TEXT NOT NULL,
	sectors BIGINT NOT NULL,
	due_day BIGINT,
	recurs TEXT NOT NULL,
	confidence DOUBLE PRECISION NOT NULL,
	fields TEXT NOT NULL,                  -- JSON: action, object, sectors, lead, co, deadline, targets, reasons, each with its cue
	matter BIGINT NOT NULL,                -- 0 until confirmed
	edited BIGINT NOT NULL,
	ver BIGINT NOT NULL,
	PRIMARY KEY (region, id)
);
CREATE INDEX draft_document ON draft (region, document, start_cp, id);
CREATE INDEX draft_id ON draft (id);

-- Matters: anything that must be brought to an end. What differs between kinds is catalog data.

CREATE TABLE matter (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	no TEXT NOT NULL,
	kind TEXT NOT NULL,
	state TEXT NOT NULL,
	phase TEXT NOT NULL CHECK (phase IN ('open','closed')),
	title TEXT NOT NULL,
	body TEXT NOT NULL,
	measures TEXT NOT NULL,
	targets TEXT NOT NULL,                 -- JSON
	attrs TEXT NOT NULL,                   -- JSON: fields that only this kind has
	sectors BIGINT NOT NULL,
	secret BIGINT NOT NULL,
	county BIGINT NOT NULL,                -- the first six digits of region: lists of a county walk an index in order
	handler_region BIGINT NOT NULL,
	lead_org BIGINT NOT NULL,              -- 0: nobody yet
	assigner_org BIGINT NOT NULL,
	assigner BIGINT NOT NULL,              -- account
	due_ms BIGINT NOT NULL,                -- NO_DUE_MS when there is none
	held_due_ms BIGINT NOT NULL,           -- the deadline while the clock is stopped, else 0
	recurs TEXT NOT NULL,
	progress BIGINT NOT NULL,
	round BIGINT NOT NULL,                 -- 1, and one more for each reopening
	round_ms BIGINT NOT NULL,              -- when this round began
	extensions BIGINT NOT NULL,            -- granted in this round
	parent BIGINT NOT NULL,
	parent_region BIGINT NOT NULL,         -- a city's task is broken down by its districts
	document BIGINT NOT NULL,
	draft BIGINT NOT NULL,
	span_start BIGINT NOT NULL,
	span_end BIGINT NOT NULL,
	pending TEXT NOT NULL,                 -- JSON of what waits for a decision (extension, cancellation)
	prev_state TEXT NOT NULL,
	reporter BIGINT NOT NULL,              -- account that asked for verification last
	reporter_org BIGINT NOT NULL,
	state_ms BIGINT NOT NULL,              -- since when in this state
	opened_ms BIGINT NOT NULL,
	closed_ms BIGINT,
	ver BIGINT NOT NULL,
	PRIMARY KEY (region, id)
) CLUSTERED;
CREATE INDEX matter_id ON matter (id, region, sectors, secret, phase, kind);
CREATE INDEX matter_newest ON matter (county, id, region, sectors, secret, phase, kind);
CREATE INDEX matter_due ON matter (phase, due_ms, id, region, sectors, secret, kind);
CREATE INDEX matter_county ON matter (county, state, due_ms, id, region, sectors, secret, phase, kind);
CREATE INDEX matter_state ON matter (state, due_ms, id, region, sectors, secret, kind);
CREATE INDEX matter_document ON matter (document, id);
CREATE INDEX matter_parent ON matter (parent, id);
CREATE INDEX matter_no ON matter (no);
CREATE INDEX matter_closed ON matter (closed_ms, due_ms, region, sectors, secret);

CREATE TABLE matter_party (
	region BIGINT NOT NULL,
	matter BIGINT NOT NULL,
	org BIGINT NOT NULL,
	role TEXT NOT NULL CHECK (role IN ('lead','co','leader','assigner','verifier','supervisor')),
	person BIGINT NOT NULL,                -- 0: the organisation
	basis TEXT NOT NULL,
	since_ms BIGINT NOT NULL,
	phase TEXT NOT NULL,                   -- as in matter: a unit's list is one walk of an index
	due_ms BIGINT NOT NULL,
	PRIMARY KEY (region, matter, org, role, person)
) CLUSTERED;
CREATE INDEX matter_party_org ON matter_party (org, phase, due_ms, matter, region, role);

-- What people wrote with an act. Events carry HMAC(salt, body) only, so that words can be erased.
CREATE TABLE matter_report (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	matter BIGINT NOT NULL,
	seq BIGINT NOT NULL,                   -- the ledger's event
	act TEXT NOT NULL,
	progress BIGINT NOT NULL,              -- 1: a progress report
	period TEXT NOT NULL,
	percent BIGINT,
	body TEXT NOT NULL,
	salt BLOB NOT NULL,
	org BIGINT NOT NULL,
	account BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (region, id)
) CLUSTERED;
CREATE INDEX matter_report_matter ON matter_report (region, matter, progress, at_ms, id);

-- Evidence: bytes lie in files named by their hash; rows say whose they are and when they were made.

CREATE TABLE file (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	subject TEXT NOT NULL,
	hash TEXT NOT NULL,
	name TEXT NOT NULL,
	type TEXT NOT NULL,
	size BIGINT NOT NULL,
	captured_ms BIGINT,                    -- as the sender says; apart from
	received_ms BIGINT NOT NULL,           -- when it arrived, never changed
	lat DOUBLE PRECISION,
	lon DOUBLE PRECISION,
	account BIGINT NOT NULL,
	seq BIGINT NOT NULL,
	PRIMARY KEY (region, id)
) CLUSTERED;
CREATE INDEX file_subject ON file (region, subject, id);
CREATE INDEX file_id ON file (id);
CREATE INDEX file_hash ON file (hash);

-- Numbers of a matter are counted a region, kind and year; never used again.
CREATE TABLE matter_counter (
	region BIGINT NOT NULL,
	kind TEXT NOT NULL,
	year BIGINT NOT NULL,
	last BIGINT NOT NULL,
	PRIMARY KEY (region, kind, year)
) CLUSTERED;

-- Search by pairs of characters (words of two characters must be found). The same tokens on both engines.
CREATE VIRTUAL TABLE matter_text USING fts5(body, content='', tokenize='bigram'); --@sqlite
CREATE TABLE matter_text (id BIGINT PRIMARY KEY, region BIGINT NOT NULL, body TSVECTOR NOT NULL); --@pg
CREATE INDEX matter_text_body ON matter_text USING gin (body); --@pg
