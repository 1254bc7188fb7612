#include "core/region.h"

#include <stdio.h>

#include "base/clock.h"
#include "core/region_sql.h"

/* How many codes a region of each level spans. */
static const int64_t spans[] = { 0, INT64_C(10000000000), 100000000, 1000000, 1000, 1 };

enum region_level region_level(int64_t code)
{
	for (int l = REGION_PROVINCE; l < REGION_VILLAGE; l++)
		if (code % spans[l] == 0)
			return (enum region_level)l;
	return REGION_VILLAGE;
}

bool region_valid(int64_t code)
{
	return code >= spans[REGION_PROVINCE] && code <= REGION_MAX;
}

void region_range(int64_t code, int64_t *ret_lo, int64_t *ret_hi)
{
	*ret_lo = code;
	*ret_hi = code + spans[region_level(code)] - 1;
}

int64_t region_up(int64_t code, enum region_level level)
{
	return code - code % spans[level];
}

int64_t region_of_range(int64_t lo, int64_t hi)
{
	int64_t first, last;
	region_range(lo, &first, &last);
	return lo > 0 && last == hi ? lo : 0;
}

/* ---- re-coded regions ---- */

static int64_t successor(const struct region_move *v, size_t n, int64_t code)
{
	for (size_t i = 0; i < n; i++)
		if (v[i].from == code)
			return v[i].to;
	return 0;
}

struct region_moves region_moves_resolve(struct arena *a, const struct region_move *v, size_t n)
{
	struct region_move *out = n ? NEW_N(a, struct region_move, n) : NULL;
	for (size_t i = 0; i < n; i++) {
		int64_t to = v[i].to, next;
		for (size_t steps = 0; steps < n && (next = successor(v, n, to)) != 0; steps++)
			to = next;
		out[i] = (struct region_move){ v[i].from, to };
	}
	return (struct region_moves){ n, out };
}

err region_moves_load(struct db_conn *c, struct arena *a, struct region_moves *ret)
{
	struct region_moved_rows rows;
	TRY(region_moved(c, a, &rows));
	struct region_move *v = rows.n ? NEW_N(a, struct region_move, rows.n) : NULL;
	for (size_t i = 0; i < rows.n; i++)
		v[i] = (struct region_move){ rows.v[i].code, rows.v[i].successor };
	*ret = region_moves_resolve(a, v, rows.n);
	return ERR_OK;
}

/* ---- names ---- */

err region_name_of(struct db_conn *c, struct arena *a, int64_t code, struct region_name *ret)
{
	struct region_get_row row;
	err e = region_get(c, a, &(struct region_get_params){ .code = code }, &row);
	if (e == ERR_OK) {
		*ret = (struct region_name){ code, row.name, row.name_en };
	} else if (e == ERR_NOT_FOUND) {
		str digits = arena_printf(a, "%lld", (long long)code);
		*ret = (struct region_name){ code, digits, digits };
		e = ERR_OK;
	}
	return e;
}

err region_path_name(struct db_conn *c, struct arena *a, int64_t code, str lang, str *ret)
{
	bool en = str_starts(lang, S("en"));
	str path = { "", 0 };
	int64_t last = 0;
	for (int l = REGION_PROVINCE; l <= REGION_VILLAGE; l++) {
		int64_t up = region_up(code, (enum region_level)l);
		struct region_get_row row;
		if (up == last)
			continue;
		last = up;
		err e = region_get(c, a, &(struct region_get_params){ .code = up }, &row);
		if (e == ERR_NOT_FOUND || (e == ERR_OK && str_eq(row.name, S("市辖区"))))
			continue;
		TRY(e);
		path = en ? arena_printf(a, STR_FMT "%s" STR_FMT, STR_ARG(row.name_en), path.n ? ", " : "", STR_ARG(path)) :
			    arena_printf(a, STR_FMT STR_FMT, STR_ARG(path), STR_ARG(row.name));
	}
	*ret = path;
	return ERR_OK;
}

/* ---- the catalog's rows ---- */

static bool opt_date(str text, int64_t *ret)
{
	*ret = DB_NONE;
	return text.n == 0 || date_parse(text, ret);
}

static bool opt_code(str text, int64_t *ret)
{
	*ret = DB_NONE;
	return text.n == 0 || (str_to_i64(text, ret) && region_valid(*ret));
}

static bool import_row(const struct rows *rows, size_t i, struct region_put_params *p)
{
	str parent = rows_get(rows, i, S("parent"));
	*p = (struct region_put_params){ .name = rows_get(rows, i, S("name")), .name_en = rows_get(rows, i, S("name_en")) };
	if (!str_to_i64(rows_get(rows, i, S("code")), &p->code) || !region_valid(p->code) || !p->name.n)
		return false;
	if (p->name_en.n == 0)
		p->name_en = p->name;
	p->level = region_level(p->code);
	p->parent = p->level > REGION_PROVINCE ? region_up(p->code, (enum region_level)(p->level - 1)) : 0;
	if (parent.n && !str_to_i64(parent, &p->parent))
		return false;
	return opt_date(rows_get(rows, i, S("valid_from")), &p->valid_from_day) &&
	       opt_date(rows_get(rows, i, S("valid_to")), &p->valid_to_day) &&
	       opt_code(rows_get(rows, i, S("successor")), &p->successor);
}

err region_import(struct db_conn *c, struct arena *a, const struct rows *rows, int64_t *ret_count, struct fail *f)
{
	for (size_t i = 0; i < rows->n; i++) {
		struct region_put_params p;
		if (!import_row(rows, i, &p))
			return FAIL(f, BAD_FORMAT, "", "err.catalog_value", "file", "region", "line",
				    arena_printf(a, "%d", rows->lines[i]).p);
		TRY(region_put(c, &p, NULL));
	}
	*ret_count = (int64_t)rows->n;
	return ERR_OK;
}
