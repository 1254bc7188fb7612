-- Rules over readings, and the alarms they raise.

CREATE TABLE station_rule (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	station BIGINT NOT NULL,
	rule TEXT NOT NULL,                    -- row of catalog/rule that it takes the place of here, '': one of its own
	item TEXT NOT NULL,
	kind TEXT NOT NULL,                    -- series kind
	what TEXT NOT NULL,
	test TEXT NOT NULL,
	op TEXT NOT NULL,
	limit_value DOUBLE PRECISION,
	clear_value DOUBLE PRECISION,          -- back to normal beyond this
	times BIGINT NOT NULL,
	of_last BIGINT NOT NULL,
	clear_times BIGINT NOT NULL,
	lasting_ms BIGINT NOT NULL,
	from_min BIGINT NOT NULL,
	to_min BIGINT NOT NULL,
	days BIGINT NOT NULL,
	flags TEXT NOT NULL,
	severity TEXT NOT NULL CHECK (severity IN ('info','warning','serious')),
	lawful BIGINT NOT NULL,
	name TEXT NOT NULL,
	name_en TEXT NOT NULL,
	source TEXT NOT NULL,                  -- permit or standard, with edition
	clause TEXT NOT NULL,
	certainty TEXT NOT NULL,
	matter_days BIGINT NOT NULL,
	check_days BIGINT NOT NULL,
	is_off BIGINT NOT NULL,
	valid_from_day BIGINT NOT NULL,
	valid_to_day BIGINT,
	ver BIGINT NOT NULL,
	PRIMARY KEY (region, id)
) CLUSTERED;
CREATE INDEX station_rule_station ON station_rule (station, id);
CREATE INDEX station_rule_id ON station_rule (id);

-- An episode of one rule at one station. Acknowledging and clearing are two things; both stay visible.
CREATE TABLE alarm (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	station BIGINT NOT NULL,
	rule TEXT NOT NULL,                    -- row of catalog/rule, or the id of a station_rule
	item TEXT NOT NULL,
	storm BIGINT NOT NULL,                 -- the alarm that stands for a group, itself in most cases
	object BIGINT NOT NULL,
	owner BIGINT NOT NULL,
	sectors BIGINT NOT NULL,
	secret BIGINT NOT NULL,
	test TEXT NOT NULL,
	kind TEXT NOT NULL,
	severity TEXT NOT NULL,
	grade TEXT NOT NULL CHECK (grade IN ('exceedance','doubtful','notice')),
	name TEXT NOT NULL,                    -- of the rule, as it was then
	name_en TEXT NOT NULL,
	source TEXT NOT NULL,
	clause TEXT NOT NULL,
	certainty TEXT NOT NULL,
	limit_value DOUBLE PRECISION,
	op TEXT NOT NULL,
	begin_ms BIGINT NOT NULL,              -- of the first value of the episode
	raised_ms BIGINT NOT NULL,             -- of the value that fulfilled the rule
	seen_ms BIGINT NOT NULL,               -- when that was found out here
	last_ms BIGINT NOT NULL,
	lawful_ms BIGINT,
	n BIGINT NOT NULL,
	doubtful BIGINT NOT NULL,
	peak DOUBLE PRECISION,
	ended_ms BIGINT,                       -- of the value that was good again
	ack_ms BIGINT,
	ack_by BIGINT NOT NULL,
	ack_text TEXT NOT NULL,
	cleared_ms BIGINT,
	cleared_by BIGINT NOT NULL,            -- 0: the values did
	cleared_text TEXT NOT NULL,
	matter BIGINT NOT NULL,
	ver BIGINT NOT NULL,
	PRIMARY KEY (region, id)
) CLUSTERED;
CREATE INDEX alarm_id ON alarm (id);
CREATE INDEX alarm_station ON alarm (station, rule, item, begin_ms);
CREATE INDEX alarm_seen ON alarm (region, seen_ms);
CREATE INDEX alarm_storm ON alarm (storm, id);
CREATE INDEX alarm_matter ON alarm (matter, id);
