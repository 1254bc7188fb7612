/* bihuan index air | water | fwi --edition E --csv IN --out OUT: indices of a file, row by row. */
#include <stdio.h>

#include "base/clock.h"
#include "cli/index_sheet.h"
#include "cli/open.h"
#include "sense/air.h"
#include "sense/fire.h"
#include "sense/surface_water.h"

/* "2017-07-07T16:00", "2017/7/7 16:00", "20170707": the day. */
static bool day_of(str s, int64_t *ret)
{
	char digits[11];
	int n = 0, y = 0, part[2] = { 0 }, at = -1;
	if (s.n >= 8 && str_find_char(str_sub(s, 0, 8), '-') < 0 && str_find_char(str_sub(s, 0, 8), '/') < 0) {
		snprintf(digits, sizeof digits, "%.4s-%.2s-%.2s", s.p, s.p + 4, s.p + 6);
		return date_parse(str_of(digits), ret);
	}
	for (size_t i = 0; i < s.n && n < 12; i++, n++) {
		char c = s.p[i];
		if (c >= '0' && c <= '9') {
			int *to = at < 0 ? &y : &part[at];
			*to = *to * 10 + (c - '0');
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

/* ---- air ---- */

struct air_job {
	struct sheet s;
	const struct catalog *cat;
	enum air_report report;
	bool by_day;                   /* no edition was named: that in force on the row's day */
	size_t col[AIR_COUNT], time;
	struct {
		int64_t from, to;
		struct air_edition e;
	} cache[4];
	int ncache;
	struct air_edition e;
};

/* One of a few editions, kept with the days it was found for. */
static err edition_of_row(struct air_job *j, int64_t day)
{
	str id;
	struct fail *f = j->s.f;
	TRY(edition_on(j->cat, j->s.a, S("aqi/hj633"), day, &id, f));
	if (str_eq(id, j->e.id))
		return ERR_OK;
	for (int i = 0; i < j->ncache; i++)
		if (str_eq(j->cache[i].e.id, id)) {
			j->e = j->cache[i].e;
			return ERR_OK;
		}
	TRY(air_edition_read(j->cat, j->s.a, id, &j->e, f));
	if (j->ncache < (int)COUNT_OF(j->cache))
		j->cache[j->ncache++].e = j->e;
	return ERR_OK;
}

static err air_row(void *arg)
{
	struct air_job *j = arg;
	struct air_values in = { 0 };
	struct buf *out = &j->s.out;
	int64_t day;
	if (j->by_day) {
		if (!day_of(sheet_cell(&j->s, j->time), &day))
			return sheet_bad(&j->s, j->time, "err.index_date");
		TRY(edition_of_row(j, day));
	}
	for (int i = 0; i < AIR_COUNT; i++) {
		bool bad;
		in.has[i] = water_value(sheet_cell(&j->s, j->col[i]), &in.v[i], &bad);
		if (bad)
			return sheet_bad(&j->s, j->col[i], "err.index_number");
	}
	struct air_index x = air_index(&j->e, j->report, &in);
	sheet_echo(&j->s);
	if (x.aqi.withheld)
		buf_put(out, S(",NA,NA,"));
	else if (x.aqi.index == AQI_NONE)
		buf_put(out, S(",,,"));
	else {
		buf_byte(out, ',');
		buf_i64(out, x.aqi.index);
		buf_byte(out, ',');
		buf_i64(out, x.level ? x.level->level : 0);
		buf_byte(out, ',');
	}
	bool first = true;
	for (int i = 0; i < AIR_COUNT; i++) {
		if (!(x.aqi.primary >> i & 1))
			continue;
		if (!first)
			buf_byte(out, ';');
		buf_put(out, str_of(air_item_name((enum air_item)i)));
		first = false;
	}
	return ERR_OK;
}

static err index_air(struct cli *cli, const struct catalog *cat, struct sheet *s)
{
	struct air_job *j = NEW(cli->a, struct air_job);
	str period = args_value(&cli->args, "period"), name = args_value(&cli->args, "edition"), id;
	j->s = *s;
	j->cat = cat;
	j->report = str_eq(period, S("day")) ? AIR_DAY : AIR_HOUR;
	if (period.n && !str_eq(period, S("day")) && !str_eq(period, S("hour")))
		return FAIL(&cli->fail, BAD_INPUT, "period", "err.index_period", "value", arena_cstr(cli->a, period));
	j->by_day = !name.n;
	if (name.n) {
		TRY(edition_named(cat, cli->a, "aqi", name, &id, &cli->fail));
		TRY(air_edition_read(cat, cli->a, id, &j->e, &cli->fail));
	}
	TRY(sheet_open(&j->s));
	for (int i = 0; i < AIR_COUNT; i++)
		j->col[i] = sheet_column(&j->s, air_item_name((enum air_item)i));
	j->time = sheet_column(&j->s, "time");
	bool any = false;
	for (int i = 0; i < AIR_COUNT; i++)
		any |= j->col[i] != SIZE_MAX;
	if (!any)
		return FAIL(&cli->fail, BAD_INPUT, "csv", "err.index_columns", "names", "pm25, pm10, so2, no2, co, o3");
	if (j->by_day && j->time == SIZE_MAX)
		return FAIL(&cli->fail, BAD_INPUT, "csv", "err.index_columns", "names", "time");
	err e = sheet_run(&j->s, ",aqi,level,primary", air_row, j);
	*s = j->s;
	return e;
}

/* ---- water ---- */

struct water_job {
	struct sheet s;
	struct water_edition e;
	size_t kind;
	size_t col[2][WATER_ITEMS_MAX]; /* by kind and place in the edition */
};

static bool kind_of(str s, enum water_kind *ret)
{
	s = str_trim(s);
	bool lake = str_eq_nocase(s, S("lake")) || str_eq_nocase(s, S("reservoir")) || str_eq(s, S("湖库")) ||
		    str_eq(s, S("湖泊")) || str_eq(s, S("水库"));
	*ret = lake ? WATER_LAKE : WATER_RIVER;
	return lake || !s.n || str_eq_nocase(s, S("river")) || str_eq(s, S("河流"));
}

static err water_row(void *arg)
{
	struct water_job *j = arg;
	struct water_values in = { 0 };
	struct buf *out = &j->s.out;
	enum water_kind kind;
	if (!kind_of(sheet_cell(&j->s, j->kind), &kind))
		return sheet_bad(&j->s, j->kind, "err.index_kind");
	for (size_t i = 0; i < j->e.n; i++) {
		bool bad;
		if (j->col[kind][i] == SIZE_MAX)
			continue;
		in.has[i] = water_value(sheet_cell(&j->s, j->col[kind][i]), &in.v[i], &bad);
		if (bad)
			return sheet_bad(&j->s, j->col[kind][i], "err.index_number");
	}
	struct water_result r = water_assess(&j->e, kind, &in);
	sheet_echo(&j->s);
	buf_byte(out, ',');
	if (r.class != WATER_NONE)
		buf_put(out, j->e.names[r.class]);
	buf_byte(out, ',');
	bool first = true;
	for (size_t i = 0; i < j->e.n; i++) {
		if (!(r.worst >> i & 1))
			continue;
		if (!first)
			buf_byte(out, ';');
		buf_put(out, j->e.v[i].id);
		first = false;
	}
	return ERR_OK;
}

static err index_water(struct cli *cli, const struct catalog *cat, struct sheet *s)
{
	struct water_job *j = NEW(cli->a, struct water_job);
	str name = args_value(&cli->args, "edition"), id;
	bool any = false;
	j->s = *s;
	TRY(edition_named(cat, cli->a, "water", name.n ? name : S("gb3838-2002"), &id, &cli->fail));
	TRY(water_edition_read(cat, cli->a, id, &j->e, &cli->fail));
	TRY(sheet_open(&j->s));
	j->kind = sheet_column(&j->s, "kind");
	for (int k = 0; k < 2; k++)
		for (size_t i = 0; i < WATER_ITEMS_MAX; i++)
			j->col[k][i] = SIZE_MAX;
	for (size_t c = 0; c < j->s.ncols; c++)
		for (int k = 0; k < 2; k++) {
			size_t at = water_find(&j->e, str_trim(j->s.names[c]), (enum water_kind)k);
			if (at != SIZE_MAX)
				j->col[k][at] = c;
			any |= at != SIZE_MAX;
		}
	if (!any)
		return FAIL(&cli->fail, BAD_INPUT, "csv", "err.index_columns", "names", "ph, do, codmn, nh3n, tp …");
	err e = sheet_run(&j->s, ",class,worst", water_row, j);
	*s = j->s;
	return e;
}

/* ---- fire weather ---- */

enum { FIRE_LAT, FIRE_DATE, FIRE_TEMP, FIRE_RH, FIRE_WS, FIRE_PREC, FIRE_COLUMNS };
static const char *const fire_columns[] = { "lat", "date", "temp", "rh", "ws", "prec" };

struct fire_job {
	struct sheet s;
	struct fire_edition e;
	struct fwi_state state;
	size_t col[FIRE_COLUMNS];
};

static err fire_number(struct fire_job *j, int which, double *ret)
{
	if (!str_to_f64(str_trim(sheet_cell(&j->s, j->col[which])), ret))
		return sheet_bad(&j->s, j->col[which], "err.index_number");
	return ERR_OK;
}

static err fire_row(void *arg)
{
	struct fire_job *j = arg;
	struct fwi_weather w;
	struct fwi x;
	int64_t day;
	int y, d;
	TRY(fire_number(j, FIRE_LAT, &w.lat));
	TRY(fire_number(j, FIRE_TEMP, &w.temp));
	TRY(fire_number(j, FIRE_RH, &w.rh));
	TRY(fire_number(j, FIRE_WS, &w.wind));
	TRY(fire_number(j, FIRE_PREC, &w.rain));
	if (!day_of(str_trim(sheet_cell(&j->s, j->col[FIRE_DATE])), &day))
		return sheet_bad(&j->s, j->col[FIRE_DATE], "err.index_date");
	date_to_ymd(day, &y, &w.month, &d);
	if (!fwi_day(&j->e.fwi, &j->state, &w, &x))
		return sheet_bad(&j->s, SIZE_MAX, "err.index_weather");
	j->state = (struct fwi_state){ x.ffmc, x.dmc, x.dc };
	sheet_echo(&j->s);
	buf_printf(&j->s.out, ",%.7g,%.7g,%.7g,%.7g,%.7g,%.7g,%.7g", x.ffmc, x.dmc, x.dc, x.isi, x.bui, x.fwi, x.dsr);
	return ERR_OK;
}

static bool start_of(str s, struct fwi_state *ret)
{
	str ffmc, dmc;
	return str_cut(&s, ',', &ffmc) && str_cut(&s, ',', &dmc) && str_to_f64(str_trim(ffmc), &ret->ffmc) &&
	       str_to_f64(str_trim(dmc), &ret->dmc) && str_to_f64(str_trim(s), &ret->dc);
}

static err index_fire(struct cli *cli, const struct catalog *cat, struct sheet *s)
{
	struct fire_job *j = NEW(cli->a, struct fire_job);
	str name = args_value(&cli->args, "edition"), start = args_value(&cli->args, "start"), id;
	j->s = *s;
	TRY(edition_named(cat, cli->a, "fwi", name.n ? name : S("cffdrs-1.10"), &id, &cli->fail));
	TRY(fire_edition_read(cat, cli->a, id, &j->e, &cli->fail));
	j->state = j->e.start;
	if (start.n && !start_of(start, &j->state))
		return FAIL(&cli->fail, BAD_INPUT, "start", "err.index_start");
	TRY(sheet_open(&j->s));
	for (int i = 0; i < FIRE_COLUMNS; i++) {
		j->col[i] = sheet_column(&j->s, fire_columns[i]);
		if (j->col[i] == SIZE_MAX)
			return FAIL(&cli->fail, BAD_INPUT, "csv", "err.index_columns", "names", fire_columns[i]);
	}
	err e = sheet_run(&j->s, ",ffmc,dmc,dc,isi,bui,fwi,dsr", fire_row, j);
	*s = j->s;
	return e;
}

/* ---- the command ---- */

static const struct {
	const char *what;
	err (*fn)(struct cli *cli, const struct catalog *cat, struct sheet *s);
} indices[] = { { "air", index_air }, { "water", index_water }, { "fwi", index_fire } };

enum exit_code cmd_index(struct cli *cli)
{
	struct catalog *cat;
	struct sheet s = { .a = cli->a, .f = &cli->fail, .in = args_value(&cli->args, "csv") };
	str out = args_value(&cli->args, "out");
	size_t i = 0;
	while (i < COUNT_OF(indices) && !(cli->args.nrest && str_eq(cli->args.rest[0], str_of(indices[i].what))))
		i++;
	if (i == COUNT_OF(indices) || !s.in.n) {
		SAY(cli, "cli.index.detail");
		return EXIT_USAGE;
	}
	err e = catalog_load(arena_cstr(cli->a, cli->cfg.catalog), &cat, &cli->fail);
	if (e == ERR_OK)
		e = indices[i].fn(cli, cat, &s);
	if (e == ERR_OK)
		e = sheet_write(&s, out);
	if (e != ERR_OK)
		return cli_fail(cli);
	if (out.n && !cli->json)
		SAY(cli, "cli.index.done", "rows", arena_printf(cli->a, "%lld", (long long)s.rows).p, "out",
		    arena_cstr(cli->a, out));
	return EXIT_OK;
}
