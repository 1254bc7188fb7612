-- Readings on PostgreSQL lie in partitions. Rows as they arrive: a day of China's calendar each (series_packet_20261123), made ahead
-- and dropped when the day is over and its rows have become columns, so that nobody need clean up what was deleted. Columns: a kind
-- and a month of its days (series_chunk_minute_202611) or a year of its months (series_chunk_hour_2026), made when the first column
-- of it is, and dropped as a whole when the time of the kind is over. What has no partition of its own lies in …_rest: everything
-- from before this step, and what an alarm holds beyond its time.
ALTER TABLE series_packet RENAME TO series_packet_rest;                                                                 --@pg
ALTER INDEX series_packet_pkey RENAME TO series_packet_rest_pkey;                                                       --@pg
CREATE TABLE series_packet (LIKE series_packet_rest INCLUDING ALL) PARTITION BY RANGE (at_ms);                          --@pg
ALTER TABLE series_packet ATTACH PARTITION series_packet_rest DEFAULT;                                                  --@pg
ALTER TABLE series_chunk RENAME TO series_chunk_rest;                                                                   --@pg
ALTER INDEX series_chunk_pkey RENAME TO series_chunk_rest_pkey;                                                         --@pg
CREATE TABLE series_chunk (LIKE series_chunk_rest INCLUDING ALL) PARTITION BY RANGE (kind, period);                     --@pg
ALTER TABLE series_chunk ATTACH PARTITION series_chunk_rest DEFAULT;                                                    --@pg

-- One more partition, of a kind's periods or (kind -1) of moments, with the rows of its span that lay in …_rest. 1: made; 0: it was
-- there; -1: somebody reads …_rest for long. Nobody is waited for longer than half a second, here and below: then it is tried again
-- later, and as that is before the server would look for a deadlock, those who read and write are never its victims.
CREATE FUNCTION series_partition_make(parent TEXT, part TEXT, kind BIGINT, from_key BIGINT, to_key BIGINT)              --@pg
RETURNS BIGINT LANGUAGE plpgsql AS $$                                                                                   --@pg
DECLARE                                                                                                                 --@pg
	key TEXT := CASE WHEN kind < 0 THEN 'at_ms' ELSE 'kind, period' END;                                            --@pg
	lo TEXT := CASE WHEN kind < 0 THEN '' ELSE kind || ', ' END || from_key;                                        --@pg
	hi TEXT := CASE WHEN kind < 0 THEN '' ELSE kind || ', ' END || to_key;                                          --@pg
BEGIN                                                                                                                   --@pg
	IF to_regclass(part) IS NOT NULL THEN RETURN 0; END IF;                                                         --@pg
	PERFORM pg_advisory_xact_lock(hashtext('bihuan ' || parent));                                                   --@pg
	IF to_regclass(part) IS NOT NULL THEN RETURN 0; END IF;                                                         --@pg
	PERFORM set_config('lock_timeout', '500ms', true);                                                              --@pg
	EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, parent);                                        --@pg
	EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', parent || '_rest');                                    --@pg
	EXECUTE format('WITH moved AS (DELETE FROM %I WHERE (%s) >= (%s) AND (%s) < (%s) RETURNING *)'                  --@pg
		' INSERT INTO %I SELECT * FROM moved', parent || '_rest', key, lo, key, hi, part);                      --@pg
	EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', parent, part, lo, hi);        --@pg
	PERFORM set_config('lock_timeout', '0', true);                                                                  --@pg
	RETURN 1;                                                                                                       --@pg
EXCEPTION WHEN lock_not_available THEN                                                                                  --@pg
	RETURN -1;                                                                                                      --@pg
END $$;                                                                                                                 --@pg

-- A partition that is empty. 1: dropped; 0: there is something in it; -1: not now.
CREATE FUNCTION series_partition_drop(parent TEXT, part TEXT)                                                           --@pg
RETURNS BIGINT LANGUAGE plpgsql AS $$                                                                                   --@pg
DECLARE                                                                                                                 --@pg
	filled BOOLEAN;                                                                                                 --@pg
BEGIN                                                                                                                   --@pg
	EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', part) INTO filled;                                           --@pg
	IF filled THEN RETURN 0; END IF;                                                                                --@pg
	PERFORM set_config('lock_timeout', '500ms', true);                                                              --@pg
	EXECUTE format('LOCK TABLE %I IN SHARE ROW EXCLUSIVE MODE', part);                                              --@pg
	EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I)', part) INTO filled;                                           --@pg
	IF NOT filled THEN                                                                                              --@pg
		EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', parent);                                       --@pg
		EXECUTE format('DROP TABLE %I', part);                                                                  --@pg
	END IF;                                                                                                         --@pg
	PERFORM set_config('lock_timeout', '0', true);                                                                  --@pg
	RETURN CASE WHEN filled THEN 0 ELSE 1 END;                                                                      --@pg
EXCEPTION WHEN lock_not_available THEN                                                                                  --@pg
	RETURN -1;                                                                                                      --@pg
END $$;                                                                                                                 --@pg

-- A partition of columns whose time is over, in three steps of one transaction: it is taken off (1, or -1: not now), what is held of
-- it goes to …_rest (the number of columns), and it goes.
CREATE FUNCTION series_partition_detach(parent TEXT, part TEXT)                                                         --@pg
RETURNS BIGINT LANGUAGE plpgsql AS $$                                                                                   --@pg
BEGIN                                                                                                                   --@pg
	PERFORM set_config('lock_timeout', '500ms', true);                                                              --@pg
	EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', parent);                                               --@pg
	EXECUTE format('ALTER TABLE %I DETACH PARTITION %I', parent, part);                                             --@pg
	PERFORM set_config('lock_timeout', '0', true);                                                                  --@pg
	RETURN 1;                                                                                                       --@pg
EXCEPTION WHEN lock_not_available THEN                                                                                  --@pg
	RETURN -1;                                                                                                      --@pg
END $$;                                                                                                                 --@pg
CREATE FUNCTION series_partition_keep(parent TEXT, part TEXT, station BIGINT, item BIGINT, from_period BIGINT, to_period BIGINT) --@pg
RETURNS BIGINT LANGUAGE plpgsql AS $$                                                                                   --@pg
DECLARE                                                                                                                 --@pg
	kept BIGINT;                                                                                                    --@pg
BEGIN                                                                                                                   --@pg
	EXECUTE format('INSERT INTO %I SELECT * FROM %I WHERE station = %s AND item = %s AND period >= %s AND period < %s ON CONFLICT DO NOTHING', --@pg
		parent, part, station, item, from_period, to_period);                                                   --@pg
	GET DIAGNOSTICS kept = ROW_COUNT;                                                                               --@pg
	RETURN kept;                                                                                                    --@pg
END $$;                                                                                                                 --@pg
CREATE FUNCTION series_partition_forget(part TEXT)                                                                      --@pg
RETURNS BIGINT LANGUAGE plpgsql AS $$                                                                                   --@pg
BEGIN                                                                                                                   --@pg
	EXECUTE format('DROP TABLE %I', part);                                                                          --@pg
	RETURN 1;                                                                                                       --@pg
END $$;                                                                                                                 --@pg
