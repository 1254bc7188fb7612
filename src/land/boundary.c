#include "land/boundary.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/vec.h"
#include "core/ledger.h"
#include "core/region.h"
#include "core/region_sql.h"
#include "land/boundary_sql.h"
#include "land/object.h"

/* ---- in ---- */

/* Codes are written with 2, 4, 6, 9 or 12 digits. */
static bool code_of(const struct feature *ft, int64_t *ret)
{
	static const str names[] = { S("code"), S("adcode") };
	const struct prop *p = NULL;
	for (size_t i = 0; !p && i < COUNT_OF(names); i++)
		p = feature_prop(ft, names[i]);
	int64_t code;
	if (!p || p->text.n > 12 || !str_to_i64(p->text, &code) || code <= 0)
		return false;
	for (size_t n = p->text.n; n < 12; n++)
		code *= 10;
	*ret = code;
	return region_valid(code) && str_find_char(S("\x02\x04\x06\x09\x0c"), (char)p->text.n) >= 0;
}

static str code_text(struct arena *a, const struct feature *ft)
{
	int64_t code = 0;
	(void)code_of(ft, &code);
	return arena_printf(a, "%012lld", (long long)code);
}

static void skip(struct boundary_file *f, str code)
{
	f->skipped.v[f->skipped.n++] = code;
}

static err check_feature(struct ctx *cx, struct feature *ft, int64_t *mended)
{
	const char *why, *at = arena_printf(cx->a, "/features/%zu", ft->index).p;
	int64_t code;
	if (!code_of(ft, &code))
		return FAIL(&cx->fail, BAD_FIELD, arena_printf(cx->a, "%s/properties/code", at).p, "err.unknown_region");
	at = arena_printf(cx->a, "%s/geometry", at).p;
	if (!ft->placed)
		return ERR_OK;
	if (ft->shape.kind != SHAPE_AREA)
		return FAIL(&cx->fail, BAD_FIELD, at, "err.boundary.area");
	bool mend;
	if (shape_check(cx->a, &ft->shape, &why) == ERR_OK)
		return ERR_OK;
	if (shape_mend(cx->a, &ft->shape, &mend) != ERR_OK)
		return FAIL(&cx->fail, BAD_FIELD, at, "err.shape", "detail", why);
	*mended += mend;
	return ERR_OK;
}

err boundary_read(struct ctx *cx, str text, struct boundary_file *io)
{
	const struct geojson_limits lim = { BOUNDARY_MAX, BOUNDARY_POINTS };
	TRY(geojson_read(cx->a, text, lim, &io->json, &cx->fail));
	io->skipped = (struct json_strs){ NEW_N(cx->a, str, io->json.n + 1), 0 };
	for (size_t i = 0; i < io->json.n; i++) {
		shape_convert(&io->json.v[i].shape, io->crs);
		TRY(check_feature(cx, &io->json.v[i], &io->mended));
		if (!io->json.v[i].placed)
			skip(io, code_text(cx->a, &io->json.v[i]));
	}
	hash_bytes(HASH_SHA256, text, io->hash);
	return ERR_OK;
}

static err put_one(struct ctx *cx, struct boundary_file *f, const struct feature *ft)
{
	struct box b = shape_box(&ft->shape);
	struct buf text = BUF(cx->a);
	struct region_get_row known;
	int64_t code = 0;
	(void)code_of(ft, &code);
	err e = region_get(cx->c, cx->a, &(struct region_get_params){ .code = code }, &known);
	if (e == ERR_NOT_FOUND && f->skip_unknown) {
		skip(f, code_text(cx->a, ft));
		return ERR_OK;
	}
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, BAD_FIELD, arena_printf(cx->a, "/features/%zu/properties/code", ft->index).p,
			    "err.region_unknown", "code", code_text(cx->a, ft).p);
	TRY(e);
	geojson_put(&text, &ft->shape);
	return boundary_put(cx->c, &(struct boundary_put_params){ .code = code, .west = b.west, .south = b.south, .east = b.east,
								  .north = b.north, .accuracy_m = f->accuracy_m,
								  .geometry = buf_str(&text), .source = f->source }, NULL);
}

err boundary_put_all(struct ctx *cx, const struct boundary_file *file, struct boundary_result *ret)
{
	struct canon c;
	struct boundary_file copy = *file, *f = &copy;
	f->skipped.v = NEW_N(cx->a, str, f->json.n + 1);
	for (size_t i = 0; i < f->skipped.n; i++)
		f->skipped.v[i] = file->skipped.v[i];
	for (size_t i = 0; i < f->json.n; i++)
		if (f->json.v[i].placed)
			TRY(put_one(cx, f, &f->json.v[i]));
	canon_begin(&c, cx->a);
	canon_i64(&c, "regions", (int64_t)(f->json.n - f->skipped.n));
	canon_str(&c, "source", f->source);
	canon_i64(&c, "mended", f->mended);
	canon_str(&c, "crs", str_of(crs_name(f->crs)));
	canon_i64(&c, "accuracy_m", (int64_t)f->accuracy_m);
	canon_str(&c, "hash", hex_encode(cx->a, (str){ (const char *)f->hash, sizeof f->hash }));
	TRY(ledger_append(cx, cx->app->home_region, "boundary.import", S("system/boundaries"), canon_end(&c), NULL));
	*ret = (struct boundary_result){ (int64_t)(f->json.n - f->skipped.n), f->skipped };
	return ERR_OK;
}

/* ---- is it inside? ---- */

struct known_area {
	int64_t region, code;          /* the region asked about, and the one whose boundary answers; 0: none */
	struct area *area;
	double accuracy_m;
};
struct boundaries {
	struct ctx *cx;
	VEC(struct known_area) areas;
};

struct boundaries *boundaries_open(struct ctx *cx)
{
	struct boundaries *b = calloc(1, sizeof *b);
	if (!b)
		abort();
	b->cx = cx;
	return b;
}

void boundaries_close(struct boundaries *b)
{
	for (size_t i = 0; b && i < b->areas.n; i++)
		area_close(b->areas.v[i].area);
	free(b);
}

static void boundaries_drop(struct boundaries **b)
{
	boundaries_close(*b);
}

/* The region and those above it, the innermost first. */
static size_t chain_of(int64_t region, int64_t out[REGION_VILLAGE])
{
	size_t n = 0;
	for (int l = REGION_VILLAGE; l >= REGION_PROVINCE; l--) {
		int64_t up = region_up(region, (enum region_level)l);
		if (n == 0 || out[n - 1] != up)
			out[n++] = up;
	}
	return n;
}

static err open_area(struct boundaries *b, const struct boundary_near_row *row, struct known_area *k)
{
	struct shape s;
	struct ctx *cx = b->cx;
	TRY(geojson_geometry(cx->a, row->geometry, "", BOUNDARY_POINTS, &s, &cx->fail));
	TRY(area_open(&s, &k->area));
	k->code = row->code;
	k->accuracy_m = row->accuracy_m;
	return ERR_OK;
}

static err load_area(struct boundaries *b, int64_t region, struct known_area *ret)
{
	int64_t chain[REGION_VILLAGE];
	size_t n = chain_of(region, chain);
	struct known_area k = { .region = region };
	struct boundary_near_rows rows;
	TRY(boundary_near(b->cx->c, b->cx->a, &(struct boundary_near_params){ { chain, n } }, &rows));
	for (size_t i = 0; !k.area && i < n; i++)
		for (size_t j = 0; j < rows.n; j++)
			if (rows.v[j].code == chain[i])
				TRY(open_area(b, &rows.v[j], &k));
	vec_push(b->cx->a, &b->areas, k);
	*ret = k;
	return ERR_OK;
}

static err area_for(struct boundaries *b, int64_t region, struct known_area *ret)
{
	for (size_t i = 0; i < b->areas.n; i++)
		if (b->areas.v[i].region == region) {
			*ret = b->areas.v[i];
			return ERR_OK;
		}
	return load_area(b, region, ret);
}

err boundaries_check(struct boundaries *b, int64_t region, struct lonlat p, const char *pointer)
{
	struct ctx *cx = b->cx;
	struct known_area k;
	struct region_name name;
	TRY(area_for(b, region, &k));
	if (!k.area || area_distance_m(k.area, p) <= k.accuracy_m)
		return ERR_OK;
	TRY(region_name_of(cx->c, cx->a, k.code, &name));
	return FAIL(&cx->fail, BAD_FIELD, pointer, "err.place_outside", "region", arena_cstr(cx->a, name.name), "metres",
		    arena_printf(cx->a, "%.0f", area_distance_m(k.area, p)).p);
}

err place_check(struct ctx *cx, int64_t region, double lat, double lon, const char *pointer)
{
	AUTO(boundaries_drop) struct boundaries *b = boundaries_open(cx);
	struct lonlat p = { lon, lat };
	if (!lonlat_valid(p))
		return FAIL(&cx->fail, BAD_FIELD, pointer, "err.place_range");
	return boundaries_check(b, region, p, pointer);
}

err boundary_find(struct ctx *cx, int64_t lo, int64_t hi, struct lonlat p, int64_t *ret)
{
	struct boundary_around_rows rows;
	int64_t found = 0;
	const struct boundary_around_params q = { .lo = lo, .hi = hi, .lon = p.lon, .lat = p.lat };
	TRY(boundary_around(cx->c, cx->a, &q, &rows));
	for (size_t i = 0; i < rows.n; i++) {
		struct shape s;
		AUTO(area_drop) struct area *ar = NULL;
		TRY(geojson_geometry(cx->a, rows.v[i].geometry, "", BOUNDARY_POINTS, &s, &cx->fail));
		TRY(area_open(&s, &ar));
		bool deeper = !found || region_level(rows.v[i].code) > region_level(found);
		if (deeper && area_holds(ar, p))
			found = rows.v[i].code;
	}
	*ret = found;
	return ERR_OK;
}
