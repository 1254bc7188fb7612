#include "sense/fire.h"

#include <stdio.h>

static bool months_of(const struct rows *t, size_t i, double *lo, double *hi, double v[12])
{
	char name[4];
	bool ok = str_to_f64(rows_get(t, i, S("lat_lo")), lo) && str_to_f64(rows_get(t, i, S("lat_hi")), hi);
	for (int m = 0; m < 12 && ok; m++) {
		snprintf(name, sizeof name, "m%d", m + 1);
		ok = str_to_f64(rows_get(t, i, str_of(name)), &v[m]);
	}
	return ok;
}

static bool band_of(const struct rows *t, size_t i, struct fwi_edition *e)
{
	if (str_eq(rows_get(t, i, S("code")), S("dmc"))) {
		struct fwi_band *b = &e->dmc[e->ndmc];
		return e->ndmc < (int)COUNT_OF(e->dmc) && months_of(t, i, &b->lat_lo, &b->lat_hi, b->dmc_hours) && ++e->ndmc;
	}
	struct fwi_factor *b = &e->dc[e->ndc];
	return e->ndc < (int)COUNT_OF(e->dc) && months_of(t, i, &b->lat_lo, &b->lat_hi, b->factor) && ++e->ndc;
}

err fire_edition_read(const struct catalog *c, struct arena *a, str edition, struct fire_edition *ret, struct fail *f)
{
	struct fire_edition e = { .id = edition };
	struct rows t;
	str meta;
	TRY(edition_meta(c, a, edition, &meta, f));
	TRY(edition_table(c, a, edition, "bands.tsv", &t, f));
	bool ok = str_to_f64(meta_get(meta, S("c")), &e.fwi.c) && str_to_f64(meta_get(meta, S("start_ffmc")), &e.start.ffmc) &&
		  str_to_f64(meta_get(meta, S("start_dmc")), &e.start.dmc) &&
		  str_to_f64(meta_get(meta, S("start_dc")), &e.start.dc);
	for (size_t i = 0; i < t.n && ok; i++)
		ok = band_of(&t, i, &e.fwi);
	if (!ok)
		return FAIL(f, BAD_FORMAT, "", "err.catalog_value", "file",
			    arena_printf(a, STR_FMT "/bands.tsv", STR_ARG(edition)).p, "line", "1");
	*ret = e;
	return ERR_OK;
}
