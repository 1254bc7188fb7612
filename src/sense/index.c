#include "sense/index.h"

#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "sense/index_parts.h"
#include "sense/surface_water.h"

static const struct index_kind *const kinds[] = {
	&index_air, &index_evaluation, &index_water, &index_river, &index_tli, &index_blackwater, &index_sewage, &index_sewage_rate,
	&index_soil, &index_fwi, &index_danger,
};

const struct index_kind *index_kind_at(size_t i)
{
	return i < COUNT_OF(kinds) ? kinds[i] : NULL;
}

const struct index_kind *index_kind_find(str id)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++)
		if (str_eq(kinds[i]->id, id))
			return kinds[i];
	return NULL;
}

/* ---- the table ---- */

static size_t count_words(const char *s)
{
	size_t n = 1;
	for (; *s; s++)
		n += *s == ',';
	return n;
}

err index_open(struct index_job *j, const str *names, size_t n)
{
	if (!n)
		return FAIL(j->f, BAD_INPUT, j->by_cells ? "/columns" : "/csv", "err.index_empty");
	if (n > INDEX_COLUMNS_MAX)
		return FAIL(j->f, BAD_INPUT, j->by_cells ? "/columns" : "/csv", "err.too_many_items");
	j->names = NEW_N(j->a, str, n);
	for (size_t i = 0; i < n; i++)
		j->names[i] = arena_str(j->a, str_trim(names[i]));
	j->ncols = n;
	j->ngives = count_words(j->kind->gives);
	j->row = arena_new();
	TRY(j->kind->open(j));
	if (j->twice.n)
		return FAIL(j->f, BAD_INPUT, j->by_cells ? "/columns" : "/csv", "err.index_twice_column", "column", arena_cstr(j->a, str_sub(j->twice, 0, 60)));
	return ERR_OK;
}

static void fresh_result(struct index_job *j, struct arena *a)
{
	j->r = (struct index_result){ .row = j->line, .edition = j->r.edition };
	j->r.values = NEW_N(a, str, j->ngives);
	for (size_t i = 0; i < j->ngives; i++)
		j->r.values[i] = S("");
	j->r.reason = S("");
}

err index_row(struct index_job *j, const str *cells, size_t n, uint32_t line)
{
	arena_reset(j->row);
	j->line = line;
	str *own = NEW_N(j->row, str, j->ncols);
	for (size_t i = 0; i < j->ncols; i++)
		own[i] = i < n ? cells[i] : S("");
	j->cells = own;
	j->nrows++;
	fresh_result(j, j->row);
	j->r.name = own[0];
	TRY(j->kind->row(j));
	return j->kind->groups ? ERR_OK : j->sink(j->arg, &j->r);
}

err index_close(struct index_job *j)
{
	j->line = 0;
	j->cells = NULL;
	if (!j->kind->close)
		return ERR_OK;
	fresh_result(j, j->a);
	return j->kind->close(j);
}

void index_drop(struct index_job *j)
{
	arena_free(j->row);
	j->row = NULL;
}

/* ---- for the kinds ---- */

size_t index_column(struct index_job *j, const char *name)
{
	return index_column_of(j, str_of(name), str_of(name), str_of(name));
}

size_t index_column_of(struct index_job *j, str id, str zh, str en)
{
	size_t at = SIZE_MAX;
	for (size_t i = 0; i < j->ncols; i++) {
		if (!str_eq_nocase(j->names[i], id) && !str_eq(j->names[i], zh) && !str_eq_nocase(j->names[i], en))
			continue;
		if (at != SIZE_MAX)
			j->twice = j->names[i];
		at = at == SIZE_MAX ? i : at;
	}
	return at;
}

err index_need(struct index_job *j, const char *name, size_t *ret)
{
	*ret = index_column(j, name);
	return *ret == SIZE_MAX ? FAIL(j->f, BAD_INPUT, j->by_cells ? "/columns" : "/csv", "err.index_columns", "names", name) : ERR_OK;
}

str index_cell(const struct index_job *j, size_t column)
{
	return column == SIZE_MAX ? S("") : str_trim(j->cells[column]);
}

err index_value(struct index_job *j, size_t column, struct decimal *ret, bool *ret_has)
{
	bool bad;
	*ret_has = water_value(index_cell(j, column), ret, &bad);
	return bad ? index_bad(j, column, "err.index_number") : ERR_OK;
}

err index_number(struct index_job *j, size_t column, double *ret, bool *ret_has)
{
	struct decimal d;
	TRY(index_value(j, column, &d, ret_has));
	*ret = *ret_has ? decimal_f64(d) : NAN;
	return ERR_OK;
}

bool index_day_of(str s, int64_t *ret)
{
	char digits[16];
	int n = 0, y = 0, part[2] = { 0 }, at = -1;
	if (s.n >= 8 && str_find_char(str_sub(s, 0, 8), '-') < 0 && str_find_char(str_sub(s, 0, 8), '/') < 0) {
		snprintf(digits, sizeof digits, "%.4s-%.2s-%.2s", s.p, s.p + 4, s.p + 6);
		return date_parse(str_of(digits), ret);
	}
	for (size_t i = 0; i < s.n && n < 12; i++, n++) {
		char c = s.p[i];
		if (c >= '0' && c <= '9') {
			int *to = at < 0 ? &y : &part[at];
			*to = *to > 99999 ? *to : *to * 10 + (c - '0');
		} else if ((c == '-' || c == '/') && at < 1) {
			at++;
		} else {
			break;
		}
	}
	if (at != 1 || y < 1000 || y > 9999 || part[0] > 12 || part[1] > 31)
		return false;
	snprintf(digits, sizeof digits, "%04u-%02u-%02u", (unsigned)y % 10000, (unsigned)part[0] % 100, (unsigned)part[1] % 100);
	return date_parse(str_of(digits), ret);
}

err index_day(struct index_job *j, size_t column, int64_t *ret)
{
	return index_day_of(index_cell(j, column), ret) ? ERR_OK : index_bad(j, column, "err.index_date");
}

err index_bad(struct index_job *j, size_t column, const char *key)
{
	char at[64] = "/csv";
	if (j->by_cells && column != SIZE_MAX)
		snprintf(at, sizeof at, "/rows/%zu/cells/%zu", j->nrows - 1, column);
	else if (j->by_cells)
		snprintf(at, sizeof at, "/rows/%zu", j->nrows - 1);
	return FAIL(j->f, BAD_INPUT, at, key, "row", arena_printf(j->a, "%u", j->line).p, "column",
		    column == SIZE_MAX ? "" : arena_cstr(j->a, str_sub(j->names[column], 0, 60)), "value",
		    arena_cstr(j->a, str_sub(index_cell(j, column), 0, 60)));
}

err index_edition(struct index_job *j, const char *family, int64_t day, str *ret)
{
	if (j->opt.edition.n)
		return edition_named(j->cat, j->a, j->kind->first, j->opt.edition, ret, j->f);
	return edition_on(j->cat, j->a, str_of(family), day, ret, j->f);
}

void index_by(struct index_job *j, str edition)
{
	ptrdiff_t cut = str_find_char(edition, '/');
	str name = str_sub(edition, (size_t)(cut + 1), edition.n);
	/* A word and a year alone ("trophic/2001") say too little without the word. */
	name = str_find_char(name, '/') < 0 ? edition : name;
	j->r.edition = name;
	for (size_t i = 0; i < j->editions.n; i++)
		if (str_eq(j->editions.v[i], edition))
			return;
	j->r.edition = str_sub(arena_str(j->a, edition), edition.n - name.n, edition.n);
	vec_push(j->a, &j->editions, arena_str(j->a, edition));
}

struct arena *index_arena(struct index_job *j)
{
	return j->line ? j->row : j->a;
}

void index_set(struct index_job *j, size_t column, str value)
{
	j->r.values[column] = value;
}

void index_set_int(struct index_job *j, size_t column, int64_t value)
{
	index_set(j, column, arena_printf(index_arena(j), "%lld", (long long)value));
}

void index_miss(struct index_job *j, str item)
{
	vec_push(index_arena(j), &j->r.missing, item);
}

void index_explain(struct index_job *j, struct index_part p)
{
	if (j->opt.explain)
		vec_push(index_arena(j), &j->r.parts, p);
}

err index_give(struct index_job *j, str name)
{
	j->r.name = name;
	TRY(j->sink(j->arg, &j->r));
	fresh_result(j, j->a);
	return ERR_OK;
}

void index_join(struct buf *b, str word)
{
	if (b->n)
		buf_byte(b, ';');
	buf_put(b, word);
}

str index_decimal(struct arena *a, struct decimal d)
{
	char out[24];
	while (d.scale > 0 && d.m % 10 == 0) {
		d.m /= 10;
		d.scale--;
	}
	return arena_str(a, decimal_text(d.m, d.scale, out));
}

str index_rounded(struct arena *a, double v, int places)
{
	struct decimal d;
	char out[24];
	str text = arena_printf(a, "%.15g", v);
	if (isnan(v) || !decimal_parse(text, &d))
		return S("");
	return arena_str(a, decimal_text(decimal_round(d, places, ROUND_HALF_EVEN), places, out));
}

str index_source(struct arena *a, const struct rows *t, size_t i)
{
	str source = rows_get(t, i, S("source")), clause = rows_get(t, i, S("clause"));
	return clause.n ? arena_printf(a, STR_FMT ", " STR_FMT, STR_ARG(source), STR_ARG(clause)) : source;
}

str index_lang(const struct index_job *j, str zh, str en)
{
	return str_starts(j->lang, S("en")) ? en : zh;
}

err index_bad_catalog(struct index_job *j, str edition, const char *table, int line)
{
	return FAIL(j->f, BAD_FORMAT, "", "err.catalog_value", "file", arena_printf(j->a, STR_FMT "/%s", STR_ARG(edition), table).p, "line",
		    arena_printf(j->a, "%d", line).p);
}
