-- Hot grids.

-- name: hot_frame :one
-- params: region i64
-- row: meridian f64
SELECT meridian FROM grid_frame WHERE region = $region;

-- name: hot_frame_put :exec
-- params: region i64, meridian f64
INSERT INTO grid_frame (region, meridian) VALUES ($region, $meridian) ON CONFLICT (region) DO NOTHING;

-- name: hot_box :one
-- params: lo i64, hi i64
-- row: west f64?, east f64?
SELECT MIN(west), MAX(east) FROM region_shape WHERE code >= $lo AND code <= $hi;

-- name: hot_areas :many
-- params: lo i64, hi i64
-- row: code i64, geometry str
SELECT code, geometry FROM region_shape WHERE code >= $lo AND code <= $hi ORDER BY code;

-- name: hot_set_find :one
-- params: region i64, item str, size i64, source str, period str
-- row: id i64, ver i64
SELECT id, ver FROM grid_set WHERE region = $region AND item = $item AND size = $size AND source = $source AND period = $period;

-- name: hot_set_put :exec
-- params: region i64, id i64, period str, item str, size i64, source str, method str, note str, cells i64, made_ms i64
INSERT INTO grid_set (region, id, period, item, size, source, method, note, cells, made_ms, ver)
VALUES ($region, $id, $period, $item, $size, $source, $method, $note, $cells, $made_ms, 1)
ON CONFLICT (region, item, size, source, period) DO UPDATE SET method = excluded.method, note = excluded.note,
	cells = excluded.cells, made_ms = excluded.made_ms, ver = grid_set.ver + 1;

-- name: hot_values_drop :exec
-- params: grid i64
DELETE FROM grid_value WHERE grid = $grid;

-- name: hot_value_put :exec
-- params: region i64, grid i64, cell i64, value f64, n_valid i64?, uncertainty f64?
INSERT INTO grid_value (region, grid, cell, value, n_valid, uncertainty) VALUES ($region, $grid, $cell, $value, $n_valid, $uncertainty);

-- name: hot_sets :many
-- params: region i64, item str?, size i64?, source str?, max i64
-- row: id i64, period str, item str, size i64, source str, method str, note str, cells i64, made_ms i64, ver i64
SELECT id, period, item, size, source, method, note, cells, made_ms, ver FROM grid_set WHERE region = $region
	AND item = $item --? item
	AND size = $size --? size
	AND source = $source --? source
ORDER BY period DESC, item, size, source, id LIMIT $max;

-- name: hot_values :each
-- params: grid i64
-- row: region i64, cell i64, value f64, n_valid i64?, uncertainty f64?
SELECT region, cell, value, n_valid, uncertainty FROM grid_value WHERE grid = $grid;

-- name: hot_history :many
-- params: cell i64, size i64, item str?, source str?
-- row: region i64, id i64, period str, item str, source str, method str, value f64, n_valid i64?, uncertainty f64?
SELECT v.region, s.id, s.period, s.item, s.source, s.method, v.value, v.n_valid, v.uncertainty
FROM grid_set s JOIN grid_value v ON v.grid = s.id WHERE v.cell = $cell AND s.size = $size
	AND s.item = $item --? item
	AND s.source = $source --? source
ORDER BY s.item, s.source, s.period, s.id LIMIT 2000;

-- name: hot_fill_event :one
-- params: region i64, subject str
-- row: body blob
SELECT body FROM ledger_event WHERE region = $region AND subject = $subject AND kind = 'grid.fill' ORDER BY seq DESC LIMIT 1;

-- name: patrol_find :one
-- params: size i64, cell i64, period str
-- row: id i64, matter i64
SELECT id, matter FROM grid_patrol WHERE size = $size AND cell = $cell AND period = $period;

-- name: patrol_insert :exec
-- params: region i64, id i64, size i64, cell i64, period str, item str, source str, kind str, value f64, matter i64, org i64, made_ms i64
INSERT INTO grid_patrol (region, id, size, cell, period, item, source, kind, value, matter, org, made_ms, outcome, finding,
	found_matter, found_ms, ver)
VALUES ($region, $id, $size, $cell, $period, $item, $source, $kind, $value, $matter, $org, $made_ms, '', '', 0, NULL, 1);

-- name: patrol_row :one
-- params: id i64
-- row: region i64, matter i64, outcome str, ver i64, size i64, cell i64, period str
SELECT region, matter, outcome, ver, size, cell, period FROM grid_patrol WHERE id = $id;

-- name: patrol_set :exec
-- params: region i64, id i64, outcome str, finding str, found_matter i64, found_ms i64
UPDATE grid_patrol SET outcome = $outcome, finding = $finding, found_matter = $found_matter, found_ms = $found_ms, ver = ver + 1
WHERE region = $region AND id = $id;

-- name: patrol_list :many
-- params: size i64?, cell i64?, period str?, id i64?, max i64
-- row: region i64, id i64, size i64, cell i64, period str, item str, source str, kind str, value f64, matter i64, org i64, org_name str?, org_name_en str?, made_ms i64, outcome str, finding str, found_matter i64, found_ms i64?, ver i64, matter_no str?, state str?, phase str?, due_ms i64?
SELECT p.region, p.id, p.size, p.cell, p.period, p.item, p.source, p.kind, p.value, p.matter, p.org, o.name, o.name_en, p.made_ms, p.outcome,
	p.finding, p.found_matter, p.found_ms, p.ver, m.no, m.state, m.phase, m.due_ms
FROM grid_patrol p LEFT JOIN org o ON o.id = p.org LEFT JOIN matter m ON m.region = p.region AND m.id = p.matter WHERE p.id > 0
	AND p.size = $size --? size
	AND p.cell = $cell --? cell
	AND p.period = $period --? period
	AND p.id = $id --? id
ORDER BY p.id DESC LIMIT $max;
