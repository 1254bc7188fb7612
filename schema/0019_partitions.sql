-- Readings on PostgreSQL lie in partitions. Rows as they arrive: a day of China's calendar each (series_packet_20261123), made ahead
-- and dropped when the day is over and its rows have become columns, so that nobody need clean up what was deleted. Columns: a month
-- of days (series_chunk_202611) or a year of months (series_chunk_2026), dropped as a whole when their time is over. What has no
-- partition of its own lies in …_rest, where everything lay before this step.
ALTER TABLE series_packet RENAME TO series_packet_rest;                                                        --@pg
ALTER INDEX series_packet_pkey RENAME TO series_packet_rest_pkey;                                              --@pg
CREATE TABLE series_packet (LIKE series_packet_rest INCLUDING ALL) PARTITION BY RANGE (at_ms);                 --@pg
ALTER TABLE series_packet ATTACH PARTITION series_packet_rest DEFAULT;                                         --@pg
ALTER TABLE series_chunk RENAME TO series_chunk_rest;                                                          --@pg
ALTER INDEX series_chunk_pkey RENAME TO series_chunk_rest_pkey;                                                --@pg
CREATE TABLE series_chunk (LIKE series_chunk_rest INCLUDING ALL) PARTITION BY RANGE (period);                  --@pg
ALTER TABLE series_chunk ATTACH PARTITION series_chunk_rest DEFAULT;                                           --@pg

-- One more partition, with the rows of its span that lay in …_rest. 1: made; 0: it was there; -1: somebody reads …_rest for long.
CREATE FUNCTION series_partition_make(parent TEXT, part TEXT, key TEXT, from_key BIGINT, to_key BIGINT)        --@pg
RETURNS BIGINT LANGUAGE plpgsql AS $$                                                                          --@pg
BEGIN                                                                                                          --@pg
	IF to_regclass(part) IS NOT NULL THEN RETURN 0; END IF;                                                --@pg
	PERFORM pg_advisory_xact_lock(hashtext('bihuan ' || parent));                                          --@pg
	IF to_regclass(part) IS NOT NULL THEN RETURN 0; END IF;                                                --@pg
	PERFORM set_config('lock_timeout', '500ms', true);                                                     --@pg
	EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, parent);                               --@pg
	EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', parent || '_rest');                           --@pg
	EXECUTE format('WITH moved AS (DELETE FROM %I WHERE %I >= %s AND %I < %s RETURNING *)'                 --@pg
		' INSERT INTO %I SELECT * FROM moved', parent || '_rest', key, from_key, key, to_key, part);   --@pg
	EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',                      --@pg
		parent, part, from_key, to_key);                                                               --@pg
	PERFORM set_config('lock_timeout', '0', true);                                                         --@pg
	RETURN 1;                                                                                              --@pg
EXCEPTION WHEN lock_not_available THEN                                                                         --@pg
	RETURN -1;                                                                                             --@pg
END $$;                                                                                                        --@pg

-- A partition that is empty, or whatever is in it. 1: dropped; 0: there is something in it; -1: somebody uses the table for long.
-- The wait for the lock ends before the server would look for a deadlock, so that those who read or write are never its victims.
CREATE FUNCTION series_partition_drop(parent TEXT, part TEXT, whatever BIGINT)                                 --@pg
RETURNS BIGINT LANGUAGE plpgsql AS $$                                                                          --@pg
DECLARE                                                                                                        --@pg
	filled BOOLEAN := false;                                                                               --@pg
BEGIN                                                                                                          --@pg
	IF whatever = 0 THEN EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', part) INTO filled; END IF;     --@pg
	IF filled THEN RETURN 0; END IF;                                                                       --@pg
	PERFORM set_config('lock_timeout', '500ms', true);                                                     --@pg
	EXECUTE format('LOCK TABLE %I IN SHARE ROW EXCLUSIVE MODE', part);                                     --@pg
	IF whatever = 0 THEN EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', part) INTO filled; END IF;     --@pg
	IF NOT filled THEN                                                                                     --@pg
		EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', parent);                              --@pg
		EXECUTE format('DROP TABLE %I', part);                                                         --@pg
	END IF;                                                                                                --@pg
	PERFORM set_config('lock_timeout', '0', true);                                                         --@pg
	RETURN CASE WHEN filled THEN 0 ELSE 1 END;                                                             --@pg
EXCEPTION WHEN lock_not_available THEN                                                                         --@pg
	RETURN -1;                                                                                             --@pg
END $$;                                                                                                        --@pg
