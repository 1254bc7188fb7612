-- Official papers: drafted from a template, numbered and issued, served, acknowledged. Exchange tables of
-- hazardous-chemical enterprises. Tokens of calendar feeds.

CREATE TABLE notice (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	matter BIGINT NOT NULL,
	template TEXT NOT NULL,                -- row of catalog/notice
	edition TEXT NOT NULL,                 -- of that catalog
	lang TEXT NOT NULL CHECK (lang IN ('zh-CN','en')),
	state TEXT NOT NULL CHECK (state IN ('drafted','issued','served','acknowledged','withdrawn')),
	number TEXT NOT NULL,                  -- '' until it is taken; never given again
	version BIGINT NOT NULL,               -- 0 until issued
	org BIGINT NOT NULL,                   -- who issues
	addressee BIGINT NOT NULL,             -- organisation, 0: only a name
	addressee_name TEXT NOT NULL,
	fields TEXT NOT NULL,                  -- JSON [{"name","value"}]: what the drafter gave
	days BIGINT,                           -- the term that is ordered
	unit TEXT NOT NULL,                    -- workday, day, '' none
	due_day BIGINT,                        -- the day that is ordered, when it is no term
	clock TEXT NOT NULL,                   -- the term runs from: service, issue, '' nothing
	drafted_ms BIGINT NOT NULL,
	drafter BIGINT NOT NULL,               -- account
	issued_ms BIGINT,
	issuer BIGINT NOT NULL,                -- account, 0: not issued
	served_ms BIGINT,
	method TEXT NOT NULL,                  -- row of catalog/notice methods
	receiver TEXT NOT NULL,                -- who took it: a name; events carry a commitment
	refused BIGINT NOT NULL,
	service_note TEXT NOT NULL,            -- why it was refused, who was present
	service_files TEXT NOT NULL,           -- JSON list of ids
	salt BLOB NOT NULL,
	server BIGINT NOT NULL,                -- account that recorded the service
	ack_ms BIGINT,
	ack_account BIGINT NOT NULL,
	ack_how TEXT NOT NULL,                 -- account, recorded
	ack_text TEXT NOT NULL,
	ack_files TEXT NOT NULL,
	reason TEXT NOT NULL,                  -- of a new version, of withdrawing
	withdrawn_ms BIGINT,
	ver BIGINT NOT NULL,
	PRIMARY KEY (region, id)
) CLUSTERED;
CREATE INDEX notice_id ON notice (id);
CREATE INDEX notice_matter ON notice (region, matter, id);

CREATE TABLE notice_version (
	region BIGINT NOT NULL,
	notice BIGINT NOT NULL,
	version BIGINT NOT NULL,
	content TEXT NOT NULL,                 -- JSON: the paper as it was issued
	pdf_hash TEXT NOT NULL,
	pdf_size BIGINT NOT NULL,
	docx_hash TEXT NOT NULL,
	docx_size BIGINT NOT NULL,
	reason TEXT NOT NULL,
	issued_ms BIGINT NOT NULL,
	account BIGINT NOT NULL,
	PRIMARY KEY (region, notice, version)
) CLUSTERED;

-- Numbers are counted by unit, series and year.
CREATE TABLE notice_counter (
	region BIGINT NOT NULL,
	org BIGINT NOT NULL,
	series TEXT NOT NULL,
	year BIGINT NOT NULL,
	last BIGINT NOT NULL,
	PRIMARY KEY (region, org, series, year)
) CLUSTERED;

-- A unit's letters in numbers of papers (机关代字): "示例区安".
CREATE TABLE notice_letters (
	region BIGINT NOT NULL,
	org BIGINT NOT NULL,
	letters TEXT NOT NULL,
	letters_en TEXT NOT NULL,
	contact TEXT NOT NULL,                 -- how the office is reached: never a person's own number
	PRIMARY KEY (region, org)
);

-- Exchange: rows as they came and as they go out; which tables and fields there are is catalog/exchange.
CREATE TABLE exchange_company (
	region BIGINT NOT NULL,
	spec TEXT NOT NULL,                    -- family of catalog/exchange: hazchem
	code TEXT NOT NULL,                    -- companyCode
	credit_code TEXT NOT NULL,             -- unified social credit code, '' unknown
	name TEXT NOT NULL,
	org BIGINT NOT NULL,                   -- 0: not one of ours
	object BIGINT NOT NULL,
	sectors BIGINT NOT NULL,
	updated_ms BIGINT NOT NULL,
	ver BIGINT NOT NULL,
	PRIMARY KEY (region, spec, code)
) CLUSTERED;

CREATE TABLE exchange_row (
	region BIGINT NOT NULL,
	spec TEXT NOT NULL,
	company TEXT NOT NULL,
	tbl TEXT NOT NULL,
	id TEXT NOT NULL,
	parent TEXT NOT NULL,                  -- id in the table above, '' none
	deleted BIGINT NOT NULL,
	body TEXT NOT NULL,                    -- canonical JSON of its fields
	matter BIGINT NOT NULL,                -- 0: none
	updated_ms BIGINT NOT NULL,
	PRIMARY KEY (region, spec, company, tbl, id)
) CLUSTERED;
CREATE INDEX exchange_row_matter ON exchange_row (matter, tbl);

-- Whoever knows the token reads the deadlines of its account, and nothing else.
CREATE TABLE calendar_token (
	account BIGINT PRIMARY KEY,
	token BLOB NOT NULL UNIQUE,            -- SHA-256
	created_ms BIGINT NOT NULL
);
