-- Prints of photos.

-- name: photo_print_put :exec
-- params: region i64, file i64, state str, phash i64?, b0 i64?, b1 i64?, b2 i64?, b3 i64?, width i64, height i64, exif i64, taken_ms i64?, zone_known i64, lat f64?, lon f64?, device str, software str, thumb_distance i64?, account i64
INSERT INTO photo_print (region, file, state, phash, b0, b1, b2, b3, width, height, exif, taken_ms, zone_known, lat, lon,
	device, software, thumb_distance, account)
VALUES ($region, $file, $state, $phash, $b0, $b1, $b2, $b3, $width, $height, $exif, $taken_ms, $zone_known, $lat, $lon,
	$device, $software, $thumb_distance, $account);

-- name: photo_hold_put :exec
-- params: hash str, at_ms i64, state str, phash i64?, b0 i64?, b1 i64?, b2 i64?, b3 i64?, width i64, height i64, exif i64, taken_ms i64?, zone_known i64, lat f64?, lon f64?, device str, software str, thumb_distance i64?
INSERT INTO photo_hold (hash, at_ms, state, phash, b0, b1, b2, b3, width, height, exif, taken_ms, zone_known, lat, lon,
	device, software, thumb_distance)
VALUES ($hash, $at_ms, $state, $phash, $b0, $b1, $b2, $b3, $width, $height, $exif, $taken_ms, $zone_known, $lat, $lon,
	$device, $software, $thumb_distance)
ON CONFLICT (hash) DO NOTHING;

-- name: photo_print_from_hold :exec
-- params: region i64, file i64, hash str, account i64
INSERT INTO photo_print (region, file, state, phash, b0, b1, b2, b3, width, height, exif, taken_ms, zone_known, lat, lon,
	device, software, thumb_distance, account)
SELECT $region, $file, h.state, h.phash, h.b0, h.b1, h.b2, h.b3, h.width, h.height, h.exif, h.taken_ms, h.zone_known, h.lat,
	h.lon, h.device, h.software, h.thumb_distance, $account
FROM photo_hold h WHERE h.hash = $hash;

-- name: photo_hold_drop :exec
-- params: hash str
DELETE FROM photo_hold WHERE hash = $hash;

-- The same bytes were looked at before.
-- name: photo_twin :one
-- params: hash str, id i64
-- row: region i64, file i64
SELECT p.region, p.file FROM file f JOIN photo_print p ON p.region = f.region AND p.file = f.id
WHERE f.hash = $hash AND f.id <> $id ORDER BY f.id LIMIT 1;

-- name: photo_print_from_twin :exec
-- params: region i64, file i64, twin_region i64, twin i64, account i64
INSERT INTO photo_print (region, file, state, phash, b0, b1, b2, b3, width, height, exif, taken_ms, zone_known, lat, lon,
	device, software, thumb_distance, account)
SELECT $region, $file, p.state, p.phash, p.b0, p.b1, p.b2, p.b3, p.width, p.height, p.exif, p.taken_ms, p.zone_known, p.lat,
	p.lon, p.device, p.software, p.thumb_distance, $account
FROM photo_print p WHERE p.region = $twin_region AND p.file = $twin;
