-- What arrives by MQTT: what each topic means, and what topics sent that nobody has spoken for yet.

CREATE TABLE mqtt_topic (
	region BIGINT NOT NULL,                -- of the station; of the house while nobody has said what it is
	id BIGINT NOT NULL,
	topic TEXT NOT NULL,                   -- as published; approved ones may hold + and #
	station BIGINT NOT NULL,               -- 0: none yet
	form TEXT NOT NULL CHECK (form IN ('values','presence')),
	item TEXT NOT NULL,                    -- of bare values; '': the topic's last level
	kind TEXT NOT NULL,                    -- series kind of values that name none
	state TEXT NOT NULL CHECK (state IN ('quarantined','approved','refused')),
	reason TEXT NOT NULL,                  -- of the last decision
	first_ms BIGINT NOT NULL,
	last_ms BIGINT NOT NULL,               -- 0: nothing came yet
	messages BIGINT NOT NULL,
	readings BIGINT NOT NULL,
	faults BIGINT NOT NULL,                -- messages that could not be read
	held BIGINT NOT NULL,                  -- messages kept until somebody decides
	lost BIGINT NOT NULL,                  -- messages beyond what is kept
	offline BIGINT NOT NULL,               -- times that presence (a device's last will) said: gone
	online BIGINT NOT NULL,                -- 1 yes, 0 no, -1 not said
	changed_ms BIGINT NOT NULL,            -- of online; 0: never
	sample TEXT NOT NULL,                  -- the beginning of the last message
	ver BIGINT NOT NULL,
	PRIMARY KEY (region, id)
) CLUSTERED;
CREATE INDEX mqtt_topic_topic ON mqtt_topic (topic, id);
CREATE INDEX mqtt_topic_state ON mqtt_topic (state, id);

CREATE TABLE mqtt_held (
	region BIGINT NOT NULL,
	topic BIGINT NOT NULL,
	n BIGINT NOT NULL,
	at_ms BIGINT NOT NULL,
	payload BLOB NOT NULL,
	PRIMARY KEY (region, topic, n)
) CLUSTERED;
