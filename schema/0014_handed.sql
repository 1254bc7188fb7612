-- Territories that handle matters of other counties: whoever may act in `handler` may see and handle such matters there,
-- and nothing else of that county. Which matters they are stands with the matters (handler_region).
CREATE TABLE access_handed (
	handler BIGINT NOT NULL,               -- division that a matter was handed to
	county BIGINT NOT NULL,                -- first six digits of the matter's own division
	since_ms BIGINT NOT NULL,
	PRIMARY KEY (handler, county)
) CLUSTERED;
INSERT INTO access_handed (handler, county, since_ms)
SELECT m.handler_region, m.region / 1000000, MIN(m.opened_ms) FROM matter m
WHERE m.handler_region <> m.region GROUP BY m.handler_region, m.region / 1000000;
