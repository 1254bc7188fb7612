-- The store of readings.

-- name: series_items :many
-- row: id i64, code str
SELECT id, code FROM series_item ORDER BY id;

-- name: series_item_insert :exec
-- params: id i64, code str
INSERT INTO series_item (id, code) VALUES ($id, $code) ON CONFLICT (code) DO NOTHING;

-- name: series_item_find :one
-- params: code str
-- row: id i64
SELECT id FROM series_item WHERE code = $code;

-- name: series_item_last :one
-- row: id i64
SELECT COALESCE(MAX(id), 0) FROM series_item;

-- name: series_packet_insert :exec
-- params: at_ms i64, station i64, kind i64, part i64, received_ms i64, source i64, body blob
INSERT INTO series_packet (at_ms, station, kind, part, received_ms, source, body)
VALUES ($at_ms, $station, $kind, $part, $received_ms, $source, $body)
ON CONFLICT (at_ms, station, kind, part) DO NOTHING;

-- Many at once; one that is there already fails all of them.
-- name: series_packet_copy :copy
-- params: at_ms i64, station i64, kind i64, part i64, received_ms i64, source i64, body blob
INSERT INTO series_packet (at_ms, station, kind, part, received_ms, source, body)
VALUES ($at_ms, $station, $kind, $part, $received_ms, $source, $body);

-- Before it is written anew: held for whoever asked first.
-- name: series_packet_get :one
-- params: at_ms i64, station i64, kind i64, part i64
-- row: received_ms i64, source i64, body blob
SELECT received_ms, source, body FROM series_packet
WHERE at_ms = $at_ms AND station = $station AND kind = $kind AND part = $part
FOR UPDATE --@pg

-- name: series_packet_update :exec
-- params: at_ms i64, station i64, kind i64, part i64, received_ms i64, source i64, body blob
UPDATE series_packet SET received_ms = $received_ms, source = $source, body = $body
WHERE at_ms = $at_ms AND station = $station AND kind = $kind AND part = $part;

-- name: series_history_insert :exec
-- params: at_ms i64, station i64, kind i64, part i64, replaced_ms i64, received_ms i64, source i64, body blob
INSERT INTO series_history (at_ms, station, kind, part, replaced_ms, n, received_ms, source, body)
VALUES ($at_ms, $station, $kind, $part, $replaced_ms,
	(SELECT COUNT(h.n) FROM series_history h WHERE h.at_ms = $at_ms AND h.station = $station AND h.kind = $kind
		AND h.part = $part AND h.replaced_ms = $replaced_ms),
	$received_ms, $source, $body);

-- The rows of one station over a span of time. The key begins with the time: from moment to moment, whatever other stations have.
-- name: series_span :each
-- params: station i64, kind i64, from_ms i64, to_ms i64
-- row: at_ms i64, part i64, body blob
WITH RECURSIVE moment(at_ms) AS (
	SELECT MIN(f.at_ms) FROM series_packet f WHERE f.at_ms >= $from_ms
	UNION ALL
	SELECT (SELECT MIN(n.at_ms) FROM series_packet n WHERE n.at_ms > m.at_ms) FROM moment m WHERE m.at_ms < $to_ms
)
SELECT p.at_ms, p.part, p.body FROM moment m JOIN series_packet p ON p.at_ms = m.at_ms
WHERE m.at_ms < $to_ms AND p.station = $station AND p.kind = $kind
ORDER BY p.at_ms, p.part;

-- The rows of many stations over a span of time: what the others have is passed by.
-- name: series_rows_of :each
-- params: stations ids, kind i64, from_ms i64, to_ms i64
-- row: at_ms i64, station i64, part i64, body blob
SELECT at_ms, station, part, body FROM series_packet
WHERE at_ms >= $from_ms AND at_ms < $to_ms AND kind = $kind AND station IN ($stations)
ORDER BY at_ms, station, part;

-- Where others write meanwhile, what is read is dropped at once: exactly that, not what came since.
-- name: series_whole :each
-- params: kind i64, from_ms i64, to_ms i64
-- row: at_ms i64, station i64, part i64, body blob
SELECT at_ms, station, part, body --@sqlite
DELETE --@pg
FROM series_packet
WHERE at_ms >= $from_ms AND at_ms < $to_ms AND kind = $kind
ORDER BY at_ms, station, part --@sqlite
RETURNING at_ms, station, part, body --@pg

-- name: series_drop_span :exec
-- params: kind i64, from_ms i64, to_ms i64
DELETE FROM series_packet WHERE at_ms >= $from_ms AND at_ms < $to_ms AND kind = $kind;

-- name: series_oldest :one
-- params: kind i64
-- row: at_ms i64?
SELECT MIN(at_ms) FROM series_packet WHERE kind = $kind;

-- name: series_chunk_get :one
-- params: station i64, item i64, what i64, kind i64, period i64
-- row: n i64, body blob
SELECT n, body FROM series_chunk
WHERE station = $station AND item = $item AND what = $what AND kind = $kind AND period = $period;

-- name: series_chunks :each
-- params: station i64, item i64, what i64, kind i64, from_period i64, to_period i64
-- row: period i64, n i64, body blob
SELECT period, n, body FROM series_chunk
WHERE station = $station AND item = $item AND what = $what AND kind = $kind AND period >= $from_period AND period <= $to_period
ORDER BY period;

-- name: series_chunk_put :exec
-- params: station i64, item i64, what i64, kind i64, period i64, n i64, body blob
INSERT INTO series_chunk (station, item, what, kind, period, n, body) VALUES ($station, $item, $what, $kind, $period, $n, $body)
ON CONFLICT (station, item, what, kind, period) DO UPDATE SET n = $n, body = $body;

-- What better values took the place of, and what came later and was not better.
-- name: series_history_list :each
-- params: station i64, kind i64, from_ms i64, to_ms i64
-- row: at_ms i64, part i64, replaced_ms i64, received_ms i64, source i64, body blob
SELECT at_ms, part, replaced_ms, received_ms, source, body FROM series_history
WHERE at_ms >= $from_ms AND at_ms < $to_ms AND station = $station AND kind = $kind ORDER BY at_ms, part, replaced_ms, n;

-- name: series_history_has :one
-- params: at_ms i64, station i64, kind i64, part i64, body blob
-- row: n i64
SELECT COUNT(n) FROM series_history WHERE at_ms = $at_ms AND station = $station AND kind = $kind AND part = $part AND body = $body;

-- name: series_history_oldest :one
-- params: from_ms i64
-- row: at_ms i64?
SELECT MIN(at_ms) FROM series_history WHERE at_ms >= $from_ms;

-- name: series_history_drop :exec
-- params: from_ms i64, to_ms i64, held ids
DELETE FROM series_history WHERE at_ms >= $from_ms AND at_ms < $to_ms AND station NOT IN ($held);

-- The column behind one: from column to column, whatever their number of periods.
-- name: series_column_next :one
-- params: station i64, item i64, what i64, kind i64
-- row: station i64, item i64, what i64, kind i64
SELECT station, item, what, kind FROM series_chunk WHERE (station, item, what, kind) > ($station, $item, $what, $kind)
ORDER BY station, item, what, kind LIMIT 1;

-- The same among those that do not lie in a partition which goes as a whole.
-- name: series_column_loose :one
-- params: station i64, item i64, what i64, kind i64
-- row: station i64, item i64, what i64, kind i64
SELECT station, item, what, kind
FROM series_chunk --@sqlite
FROM series_chunk_rest --@pg
WHERE (station, item, what, kind) > ($station, $item, $what, $kind)
ORDER BY station, item, what, kind LIMIT 1;

-- name: series_chunks_drop :exec
-- params: station i64, item i64, what i64, kind i64, from_period i64, to_period i64
DELETE FROM series_chunk
WHERE station = $station AND item = $item AND what = $what AND kind = $kind AND period >= $from_period AND period < $to_period;

-- The newest row of a kind, and everything that is not packed yet since a moment.
-- name: series_newest :one
-- row: at_ms i64?
SELECT MAX(at_ms) FROM series_packet;

-- name: series_since :each
-- params: from_ms i64
-- row: at_ms i64, station i64, kind i64, received_ms i64, body blob
SELECT at_ms, station, kind, received_ms, body FROM series_packet WHERE at_ms >= $from_ms ORDER BY at_ms, station, kind, part;

-- name: series_chunk_newest :many
-- params: station i64
-- row: item i64, kind i64, period i64
SELECT item, kind, MAX(period) FROM series_chunk WHERE station = $station AND what = 0 GROUP BY item, kind ORDER BY item, kind;

-- What a station has of a kind in a span of periods.
-- name: series_chunk_items :many
-- params: station i64, kind i64, from_period i64, to_period i64
-- row: item i64, what i64
SELECT DISTINCT item, what FROM series_chunk
WHERE station = $station AND kind = $kind AND period >= $from_period AND period <= $to_period ORDER BY item, what;

-- Partitions, on PostgreSQL only: 0019_partitions.sql says what these do.
-- name: series_partition_make :one
-- params: parent str, part str, kind i64, from_key i64, to_key i64
-- row: made i64
SELECT 0 WHERE $parent = $part AND $kind = $from_key AND $kind = $to_key --@sqlite
SELECT series_partition_make($parent, $part, $kind, $from_key, $to_key) --@pg

-- name: series_partition_drop :one
-- params: parent str, part str
-- row: dropped i64
SELECT 0 WHERE $parent = $part --@sqlite
SELECT series_partition_drop($parent, $part) --@pg

-- name: series_partition_detach :one
-- params: parent str, part str
-- row: detached i64
SELECT 0 WHERE $parent = $part --@sqlite
SELECT series_partition_detach($parent, $part) --@pg

-- name: series_partition_keep :one
-- params: parent str, part str, station i64, item i64, from_period i64, to_period i64
-- row: kept i64
SELECT 0 WHERE $parent = $part AND $station = $item AND $from_period = $to_period --@sqlite
SELECT series_partition_keep($parent, $part, $station, $item, $from_period, $to_period) --@pg

-- name: series_partition_forget :one
-- params: part str
-- row: dropped i64
SELECT 0 WHERE $part = '' --@sqlite
SELECT series_partition_forget($part) --@pg

-- name: series_partitions :many
-- params: parent str
-- row: part str
SELECT code FROM series_item WHERE code = $parent --@sqlite
SELECT CAST(c.relname AS TEXT) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = to_regclass($parent) ORDER BY 1 --@pg

-- name: series_chunk_count :one
-- params: kind i64, from_period i64, to_period i64
-- row: n i64
SELECT COUNT(n) FROM series_chunk WHERE kind = $kind AND period >= $from_period AND period < $to_period;
