-- Draws whose candidates are being written, some at a time, before they are announced. What stands here for long
-- was given up: its candidates are taken away.
CREATE TABLE draw_begun (
	region BIGINT NOT NULL,
	id BIGINT NOT NULL,
	begun_ms BIGINT NOT NULL,
	PRIMARY KEY (region, id)
) CLUSTERED;

-- Nobody looked for places without the draw's other candidates.
DROP INDEX draw_item_place;
