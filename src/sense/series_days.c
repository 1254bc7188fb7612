/* Sums of whole days over many stations: finished periods straight from the bytes of their columns, the rest as it is read. */
#include <string.h>

#include "base/clock.h"
#include "sense/pack.h"
#include "sense/series_parts.h"

enum { HOUR_MS = 3600000 };

int64_t series_period_start_ms(enum series_kind kind, int64_t period)
{
	int64_t year = 1970 + (period >= 0 ? period : period - 11) / 12, month = ((period % 12) + 12) % 12;
	return china_day_start_ms(series_long(kind) ? date_from_ymd((int)year, (int)month + 1, 1) : period);
}

struct summing {
	struct day_span span;
	struct daily_sum *out;
};

static err add_chunk(void *arg, const struct series_chunks_row *row)
{
	struct summing *s = arg;
	return column_day_sums(row->body, &s->span, s->out) ? ERR_OK : ERR_CORRUPT;
}

struct day_reader {
	struct db_conn *c;
	struct arena *a, *kept;      /* of a station, of all */
	const struct series_days *j;
	int64_t from_ms, to_ms;
	int64_t rows_period;         /* from here on there may be rows that are not packed */
	struct series *s;
	struct column probe;         /* every hour of the span, to see whether anything was said of them afterwards; n 0: nothing can be */
};

/* Marks of upkeep begin and end at any moment: a column of hours meets them at the beginnings of its hours. */
static void make_probe(struct day_reader *r)
{
	const struct series_days *j = r->j;
	size_t n = r->s->overlay ? j->days * 24 : 0;
	int64_t *at = NEW_N(r->kept, int64_t, n + 1);
	for (size_t i = 0; i < n; i++)
		at[i] = r->from_ms + (int64_t)i * HOUR_MS;
	r->probe = (struct column){ n, at, NULL, NEW_N(r->kept, char, n + 1) };
}

static bool is_marked(struct day_reader *r, int64_t station)
{
	const struct series_days *j = r->j;
	char *flag = (char *)(uintptr_t)r->probe.flag;
	if (!r->probe.n)
		return false;
	if (!series_long(j->kind))
		return true; /* between the hours anything may be */
	memset(flag, 'N', r->probe.n);
	series_overlay_on(r->s, &(struct series_column){ station, j->item, j->what, j->kind }, &r->probe);
	for (size_t i = 0; i < r->probe.n; i++)
		if (flag[i] != 'N')
			return true;
	return false;
}

static err packed_part(struct day_reader *r, int64_t station, struct daily_sum *out)
{
	const struct series_days *j = r->j;
	struct summing s = { { r->from_ms, j->days, j->counts }, out };
	int64_t last = series_period(j->kind, r->to_ms - 1);
	const struct series_chunks_params p = { station, j->item, j->what, j->kind, series_period(j->kind, r->from_ms),
						last < r->rows_period ? last : r->rows_period - 1 };
	return p.from_period <= p.to_period ? series_chunks(r->c, &p, add_chunk, &s) : ERR_OK;
}

/* From a period on as it is read by everybody. */
static err open_part(struct day_reader *r, int64_t station, int64_t from_period, struct daily_sum *out)
{
	const struct series_days *j = r->j;
	struct column c;
	const struct series_column k = { station, j->item, j->what, j->kind };
	if (from_period > series_period(j->kind, r->to_ms - 1))
		return ERR_OK;
	int64_t from = series_period_start_ms(j->kind, from_period);
	from = from > r->from_ms ? from : r->from_ms;
	TRY(series_read_on(r->c, r->a, &k, from, r->to_ms, &c));
	series_overlay_on(r->s, &k, &c);
	size_t before = (size_t)(china_day(from) - j->first_day);
	daily_sums(c.at_ms, c.value, c.flag, c.n, j->counts, CHINA_OFFSET_MS, china_day(from), j->days - before, out + before);
	return ERR_OK;
}

static err read_days(struct day_reader *r, series_days_fn *fn, void *arg)
{
	const struct series_days *j = r->j;
	struct series_oldest_row oldest;
	AUTO(arena_drop) struct arena *out_arena = arena_new();
	struct daily_sum *out = NEW_N(out_arena, struct daily_sum, j->days);
	r->kept = out_arena;
	make_probe(r);
	TRY(series_oldest(r->c, r->a, &(struct series_oldest_params){ j->kind }, &oldest));
	r->rows_period = oldest.at_ms == DB_NONE ? INT64_MAX : series_period(j->kind, oldest.at_ms);
	for (size_t i = 0; i < j->n; i++) {
		memset(out, 0, j->days * sizeof *out);
		bool marked = is_marked(r, j->stations[i]);
		if (!marked)
			TRY(packed_part(r, j->stations[i], out));
		TRY(open_part(r, j->stations[i], marked ? series_period(j->kind, r->from_ms) : r->rows_period, out));
		TRY(fn(arg, i, out));
		arena_reset(r->a);
	}
	return ERR_OK;
}

err series_day_sums(struct series *s, const struct series_days *j, series_days_fn *fn, void *arg, struct fail *f)
{
	struct db_conn *c;
	AUTO(arena_drop) struct arena *a = arena_new();
	TRY(db_read_begin(s->db, &c, f));
	struct day_reader r = { .c = c, .a = a, .j = j, .s = s, .from_ms = china_day_start_ms(j->first_day),
				.to_ms = china_day_start_ms(j->first_day + (int64_t)j->days) };
	err e = j->days ? read_days(&r, fn, arg) : ERR_OK;
	db_read_end(s->db, c);
	return e == ERR_OK ? ERR_OK : fail_set(f, e, __FILE__, __LINE__, "", err_key(e), NULL);
}
