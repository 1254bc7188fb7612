-- Prints of photos, prints of texts, decisions about marks; citizens' reports. Then notices and exchange.

-- What a photo is like, beside its row in file. Computed once, when it arrives; marks are computed on read.
CREATE TABLE photo_print (
	region BIGINT NOT NULL,
	file BIGINT NOT NULL,
	state TEXT NOT NULL CHECK (state IN ('read','plain','unread','damaged')), -- plain: nothing to compare by
	phash BIGINT,                          -- 64 bits, num/phash.h; NULL unless read
	b0 BIGINT,                             -- its bands of 16 bits: near ones share or almost share one
	b1 BIGINT,
	b2 BIGINT,
	b3 BIGINT,
	width BIGINT NOT NULL,                 -- pixels, 0: not known
	height BIGINT NOT NULL,
	exif BIGINT NOT NULL,                  -- 1: there is an EXIF block
	taken_ms BIGINT,                       -- as EXIF says
	zone_known BIGINT NOT NULL,            -- 0: EXIF gives no offset, UTC+8 was assumed
	lat DOUBLE PRECISION,                  -- as EXIF says
	lon DOUBLE PRECISION,
	device TEXT NOT NULL,                  -- make and model
	software TEXT NOT NULL,
	thumb_distance BIGINT,                 -- bits between the picture and its own EXIF thumbnail
	account BIGINT NOT NULL,
	PRIMARY KEY (region, file)
) CLUSTERED;
CREATE INDEX photo_print_b0 ON photo_print (b0, phash, file, region);
CREATE INDEX photo_print_b1 ON photo_print (b1, phash, file, region);
CREATE INDEX photo_print_b2 ON photo_print (b2, phash, file, region);
CREATE INDEX photo_print_b3 ON photo_print (b3, phash, file, region);
CREATE INDEX photo_print_account ON photo_print (account, file, exif, taken_ms);

-- The same of a photo that waits for what it belongs to (a visit made offline); by its bytes, gone when it is placed.
CREATE TABLE photo_hold (
	hash TEXT PRIMARY KEY,
	at_ms BIGINT NOT NULL,
	state TEXT NOT NULL,
	phash BIGINT,
	b0 BIGINT,
	b1 BIGINT,
	b2 BIGINT,
	b3 BIGINT,
	width BIGINT NOT NULL,
	height BIGINT NOT NULL,
	exif BIGINT NOT NULL,
	taken_ms BIGINT,
	zone_known BIGINT NOT NULL,
	lat DOUBLE PRECISION,
	lon DOUBLE PRECISION,
	device TEXT NOT NULL,
	software TEXT NOT NULL,
	thumb_distance BIGINT
);

-- What a text of an act is like: the same words pasted over many matters are found by it. Erasing the words
-- erases this too.
CREATE TABLE text_print (
	region BIGINT NOT NULL,
	matter BIGINT NOT NULL,
	seq BIGINT NOT NULL,                   -- of the act's event
	letters BIGINT NOT NULL,               -- that count
	sim BIGINT NOT NULL,                   -- simhash of its runs of three letters, signs and figures left out
	s0 BIGINT NOT NULL,                    -- and its bands
	s1 BIGINT NOT NULL,
	s2 BIGINT NOT NULL,
	s3 BIGINT NOT NULL,
	PRIMARY KEY (region, matter, seq)
) CLUSTERED;
CREATE INDEX text_print_s0 ON text_print (s0, sim, matter);
CREATE INDEX text_print_s1 ON text_print (s1, sim, matter);
CREATE INDEX text_print_s2 ON text_print (s2, sim, matter);
CREATE INDEX text_print_s3 ON text_print (s3, sim, matter);

-- The first uses of the same bytes.
CREATE INDEX file_hash_id ON file (hash, id, region, subject);

-- What a person decided about a mark; the mark itself is computed.
CREATE TABLE mark_decision (
	region BIGINT NOT NULL,
	matter BIGINT NOT NULL,
	mark TEXT NOT NULL,                    -- kind "." number of the file, act or round
	decision TEXT NOT NULL CHECK (decision IN ('accepted','explained','sham')),
	body TEXT NOT NULL,
	salt BLOB NOT NULL,
	account BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	seq BIGINT NOT NULL,
	PRIMARY KEY (region, matter, mark)
) CLUSTERED;
CREATE INDEX mark_decision_sham ON mark_decision (matter, region) WHERE decision = 'sham';

-- How many one unit closed in a stretch of days.
CREATE INDEX matter_lead_closed ON matter (lead_org, closed_ms);

-- A citizen's report: the matter says what is wrong where; what could tell who reported stands here and is read
-- by the desk alone.
CREATE TABLE public_report (
	region BIGINT NOT NULL,
	matter BIGINT NOT NULL,
	no TEXT NOT NULL,                      -- the matter's
	code BLOB NOT NULL,                    -- SHA-256 of salt and secret code
	salt BLOB NOT NULL,                    -- also of the commitments in events
	category TEXT NOT NULL,
	words TEXT NOT NULL,                   -- '' after erasure
	place TEXT NOT NULL,
	lat DOUBLE PRECISION,
	lon DOUBLE PRECISION,
	cell BIGINT NOT NULL,                  -- 0.01° square: near ones are found by it; -1 without a place
	lang TEXT NOT NULL,
	received_ms BIGINT NOT NULL,
	fixed TEXT NOT NULL,                   -- the reporter's last answer: '', yes, partly, no
	answered_ms BIGINT,
	answer TEXT NOT NULL,                  -- its words, for the desk
	erased_ms BIGINT,
	PRIMARY KEY (region, matter)
) CLUSTERED;
CREATE INDEX public_report_no ON public_report (no);
CREATE INDEX public_report_matter ON public_report (matter);
CREATE INDEX public_report_cell ON public_report (cell, category, received_ms, matter);
CREATE INDEX public_report_category ON public_report (region, category, received_ms, matter);

-- Personal data, apart: only the desk reads it, each reading is an event, and it can be erased.
CREATE TABLE public_contact (
	region BIGINT NOT NULL,
	matter BIGINT NOT NULL,
	contact TEXT NOT NULL,
	PRIMARY KEY (region, matter)
) CLUSTERED;

CREATE TABLE public_answer (
	region BIGINT NOT NULL,
	matter BIGINT NOT NULL,
	id BIGINT NOT NULL,
	body TEXT NOT NULL,
	account BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	PRIMARY KEY (region, matter, id)
) CLUSTERED;
