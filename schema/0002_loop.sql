-- What a matter knows beyond a task: where it was found, on what, by what clause, how grave it is.

ALTER TABLE matter ADD COLUMN object BIGINT NOT NULL DEFAULT 0;        -- the supervised object, 0: none
ALTER TABLE matter ADD COLUMN lat DOUBLE PRECISION;                    -- CGCS2000/WGS 84 degrees
ALTER TABLE matter ADD COLUMN lon DOUBLE PRECISION;
ALTER TABLE matter ADD COLUMN source TEXT NOT NULL DEFAULT '';         -- catalog/source: how it was discovered
ALTER TABLE matter ADD COLUMN found_ms BIGINT NOT NULL DEFAULT 0;      -- when it was discovered, 0: when opened
ALTER TABLE matter ADD COLUMN grade TEXT NOT NULL DEFAULT '';          -- '', general, major
ALTER TABLE matter ADD COLUMN criterion TEXT NOT NULL DEFAULT '';      -- catalog row that makes it major
ALTER TABLE matter ADD COLUMN listed TEXT NOT NULL DEFAULT '';         -- level of listing for supervision, '' none
ALTER TABLE matter ADD COLUMN cause TEXT NOT NULL DEFAULT '';
ALTER TABLE matter ADD COLUMN contractor BIGINT NOT NULL DEFAULT 0;    -- organisation that did the rectifying work
ALTER TABLE matter ADD COLUMN visit BIGINT NOT NULL DEFAULT 0;         -- the inspection that found it
CREATE INDEX matter_object ON matter (object, phase, id, region, sectors, secret, kind);

-- One more role: whoever something is handed over to sees it before they accept it.
CREATE TABLE matter_party_more (
	region BIGINT NOT NULL,
	matter BIGINT NOT NULL,
	org BIGINT NOT NULL,
	role TEXT NOT NULL CHECK (role IN ('lead','co','leader','assigner','verifier','supervisor','receiver')),
	person BIGINT NOT NULL,                -- 0: the organisation
	basis TEXT NOT NULL,
	since_ms BIGINT NOT NULL,
	phase TEXT NOT NULL,                   -- as in matter: a unit's list is one walk of an index
	due_ms BIGINT NOT NULL,
	PRIMARY KEY (region, matter, org, role, person)
) CLUSTERED;
INSERT INTO matter_party_more (region, matter, org, role, person, basis, since_ms, phase, due_ms)
	SELECT region, matter, org, role, person, basis, since_ms, phase, due_ms FROM matter_party;
DROP TABLE matter_party;
ALTER TABLE matter_party_more RENAME TO matter_party;
CREATE INDEX matter_party_org ON matter_party (org, phase, due_ms, matter, region, role);
