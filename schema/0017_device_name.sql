-- Names that a device spoke under before the platform gave it another: what came under them is its history.
CREATE TABLE device_name (
	region BIGINT NOT NULL,
	old_mn TEXT NOT NULL,
	mn TEXT NOT NULL,
	since_ms BIGINT NOT NULL,
	PRIMARY KEY (region, old_mn)
) CLUSTERED;
CREATE INDEX device_name_mn ON device_name (mn, old_mn);
