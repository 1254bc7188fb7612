/* FIRMS tables: MODIS and VIIRS, as they are published and as they are copied about. */
#include <math.h>

#include "format/table.h"
#include "sense/firepoint.h"

enum { COL_LAT, COL_LON, COL_BRIGHT, COL_TI4, COL_DATE, COL_TIME, COL_SAT, COL_INSTRUMENT, COL_TRUST, COL_FRP, COL_TYPE, COLS };

static const char *const t_lat[] = { "latitude", "lat", NULL }, *const t_lon[] = { "longitude", "lon", NULL },
		   *const t_bright[] = { "brightness", NULL }, *const t_ti4[] = { "bright_ti4", NULL }, *const t_date[] = { "acq_date", NULL },
		   *const t_time[] = { "acq_time", NULL }, *const t_sat[] = { "satellite", NULL },
		   *const t_instrument[] = { "instrument", NULL }, *const t_trust[] = { "confidence", NULL }, *const t_frp[] = { "frp", NULL },
		   *const t_type[] = { "type", NULL };
static const struct table_column wanted[COLS] = {
	[COL_LAT] = { t_lat, true }, [COL_LON] = { t_lon, true }, [COL_BRIGHT] = { t_bright, false }, [COL_TI4] = { t_ti4, false },
	[COL_DATE] = { t_date, true }, [COL_TIME] = { t_time, true }, [COL_SAT] = { t_sat, true },
	[COL_INSTRUMENT] = { t_instrument, false }, [COL_TRUST] = { t_trust, true }, [COL_FRP] = { t_frp, false },
	[COL_TYPE] = { t_type, false },
};

struct reading_fire {
	struct ctx *cx;
	struct hot_params hp;
	bool viirs;                  /* by its columns, where no instrument is named */
	struct fail *f;
	const char *column;
};

static err bad(struct reading_fire *r, int col, const char *key)
{
	r->column = wanted[col].titles[0];
	return FAIL(r->f, BAD_FIELD, "", key);
}

static bool number(const struct cell *c, double *ret)
{
	if (c->kind == CELL_NUMBER) {
		*ret = c->number;
		return isfinite(c->number);
	}
	return str_to_f64(str_trim(c->text), ret) && isfinite(*ret);
}

/* "2025-06-01" and "234", "0234" or "02:34", UTC. */
static err take_time(struct reading_fire *r, const struct cell **cells, int64_t *ret)
{
	str date = str_sub(str_trim(cells[COL_DATE]->text), 0, 10), time = str_trim(cells[COL_TIME]->text), hours;
	int64_t day, hour, minute;
	if (!date_parse(date, &day))
		return bad(r, COL_DATE, "err.bad_date");
	if (str_find_char(time, ':') >= 0) {
		if (!str_cut(&time, ':', &hours) || !str_to_i64(hours, &hour) || !str_to_i64(str_sub(time, 0, 2), &minute))
			return bad(r, COL_TIME, "err.fire.time");
	} else {
		if (time.n > 4 || !str_to_i64(time, &minute) || minute < 0)
			return bad(r, COL_TIME, "err.fire.time");
		hour = minute / 100;
		minute %= 100;
	}
	if (hour < 0 || hour > 23 || minute < 0 || minute > 59)
		return bad(r, COL_TIME, "err.fire.time");
	*ret = day * DAY_MS + (hour * 60 + minute) * 60000;
	return *ret <= r->cx->now_ms ? ERR_OK : bad(r, COL_DATE, "err.fire.later");
}

static err take_trust(struct reading_fire *r, str s, enum fire_trust *ret)
{
	double percent;
	if (str_eq_nocase(s, S("l")) || str_eq_nocase(s, S("low")))
		*ret = FIRE_LOW;
	else if (str_eq_nocase(s, S("n")) || str_eq_nocase(s, S("nominal")))
		*ret = FIRE_NOMINAL;
	else if (str_eq_nocase(s, S("h")) || str_eq_nocase(s, S("high")))
		*ret = FIRE_HIGH;
	else if (str_to_f64(s, &percent) && percent >= 0 && percent <= 100)
		*ret = percent >= r->hp.modis_high ? FIRE_HIGH : percent >= r->hp.modis_nominal ? FIRE_NOMINAL : FIRE_LOW;
	else
		return bad(r, COL_TRUST, "err.fire.trust");
	return ERR_OK;
}

/* One name for a satellite, whichever table it came in: the same point is published at once, later in the archive, and under older
 * and newer letters. */
static str satellite_of(struct reading_fire *r, str s)
{
	static const struct {
		str said, name;
	} names[] = { { S("T"), S("Terra") }, { S("A"), S("Aqua") }, { S("N"), S("Suomi-NPP") }, { S("Suomi NPP"), S("Suomi-NPP") },
		      { S("SNPP"), S("Suomi-NPP") }, { S("1"), S("NOAA-20") }, { S("N20"), S("NOAA-20") }, { S("J1"), S("NOAA-20") },
		      { S("2"), S("NOAA-21") }, { S("N21"), S("NOAA-21") }, { S("J2"), S("NOAA-21") }, { S("Terra"), S("Terra") },
		      { S("Aqua"), S("Aqua") }, { S("NOAA-20"), S("NOAA-20") }, { S("NOAA-21"), S("NOAA-21") }, { S("Suomi-NPP"), S("Suomi-NPP") } };
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (str_eq_nocase(s, names[i].said))
			return names[i].name;
	return arena_str(r->cx->a, s);
}

static err take_sensor(struct reading_fire *r, const struct cell **cells, struct fire_point_in *p)
{
	str sat = str_trim(cells[COL_SAT]->text), instrument = str_trim(cells[COL_INSTRUMENT]->text);
	if (!sat.n || sat.n > 40)
		return bad(r, COL_SAT, "err.required");
	p->satellite = satellite_of(r, sat);
	bool viirs = instrument.n ? str_eq_nocase(instrument, S("VIIRS")) : r->viirs;
	if (instrument.n && !viirs && !str_eq_nocase(instrument, S("MODIS")))
		return bad(r, COL_INSTRUMENT, "err.fire.instrument");
	p->sensor = viirs ? S("viirs") : S("modis");
	const struct cell *bright = cells[COL_BRIGHT]->text.n ? cells[COL_BRIGHT] : cells[COL_TI4];
	if (!number(bright, &p->brightness) || p->brightness < 150 || p->brightness > 1000)
		return bad(r, bright == cells[COL_BRIGHT] ? COL_BRIGHT : COL_TI4, "err.fire.kelvin");
	return ERR_OK;
}

static err take_row(struct reading_fire *r, const struct cell **cells, struct fire_point_in *p)
{
	double type = 0;
	if (!number(cells[COL_LAT], &p->at.lat) || !(p->at.lat >= -90 && p->at.lat <= 90))
		return bad(r, COL_LAT, "err.place_range");
	if (!number(cells[COL_LON], &p->at.lon) || !(p->at.lon >= -180 && p->at.lon <= 180))
		return bad(r, COL_LON, "err.place_range");
	TRY(take_time(r, cells, &p->at_ms));
	TRY(take_trust(r, str_trim(cells[COL_TRUST]->text), &p->trust));
	TRY(take_sensor(r, cells, p));
	if (str_trim(cells[COL_FRP]->text).n && (!number(cells[COL_FRP], &p->frp) || p->frp < 0 || p->frp > 1e6))
		return bad(r, COL_FRP, "err.fire.frp");
	if (str_trim(cells[COL_TYPE]->text).n && (!number(cells[COL_TYPE], &type) || type < 0 || type > 3))
		return bad(r, COL_TYPE, "err.fire.type");
	p->fixed = type == 1 || type == 2;
	return ERR_OK;
}

static err read_rows(struct reading_fire *r, struct table *t, const struct table_header *h, const struct territory *land,
		     struct fire_import *io)
{
	const struct cell *cells[COLS];
	uint32_t at;
	for (;;) {
		struct fire_point_in p = { .frp = NAN };
		struct fail f = { 0 };
		TRY(table_next_mapped(t, h, cells, &at, &r->cx->fail));
		if (!at)
			return ERR_OK;
		if (++io->rows > FIRE_ROWS_MAX)
			return refuse_count(&r->cx->fail, "err.grid.rows", FIRE_ROWS_MAX);
		r->f = &f;
		if (take_row(r, cells, &p) != ERR_OK) {
			if (io->faults.n < GRID_FAULTS_MAX)
				vec_push(r->cx->a, &io->faults, (struct grid_fault){ at, str_of(r->column), f });
			continue;
		}
		p.number = at;
		p.region = territory_find(land, p.at);
		io->outside += p.region == 0;
		if (p.region)
			vec_push(r->cx->a, &io->points, p);
	}
}

err fire_read(struct ctx *cx, str bytes, struct fire_import *io)
{
	struct doc_limits lim = doc_limits_default();
	struct reading_fire r = { .cx = cx };
	struct table_header h;
	struct territory land;
	AUTO(table_drop) struct table *t = NULL;
	TRY(hot_params_read(cx, &r.hp));
	TRY(table_open(cx->a, bytes, &lim, &t, &cx->fail));
	TRY(table_find_header(t, cx->a, wanted, COLS, &h, &cx->fail));
	if (!h.cols[COL_BRIGHT] && !h.cols[COL_TI4])
		return FAIL(&cx->fail, BAD_INPUT, "", "err.fire.columns");
	r.viirs = h.cols[COL_TI4] != 0;
	TRY(territory_open(cx, &land));
	err e = read_rows(&r, t, &h, &land, io);
	territory_close(&land);
	return e;
}
