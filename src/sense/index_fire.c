/* bihuan index fwi and danger: the Canadian fire weather index day after day, and the Chinese classes of fire danger. */
#include <math.h>

#include "base/clock.h"
#include "base/map.h"
#include "sense/fire.h"
#include "sense/index_parts.h"

/* ---- the Canadian index ---- */

enum { LAT, DATE, TEMP, RH, WS, PREC, COLUMNS };
static const char *const columns[] = { "lat", "date", "temp", "rh", "ws", "prec" };

struct fwi_job {
	struct fire_edition e;
	struct rows classes;
	struct fwi_state state;
	size_t col[COLUMNS];
};
enum { FFMC, DMC, DC, ISI, BUI, FWI, DSR };

static bool start_of(str s, struct fwi_state *ret)
{
	str ffmc, dmc;
	return str_cut(&s, ',', &ffmc) && str_cut(&s, ',', &dmc) && str_to_f64(str_trim(ffmc), &ret->ffmc) &&
	       str_to_f64(str_trim(dmc), &ret->dmc) && str_to_f64(str_trim(s), &ret->dc);
}

static err open_fwi(struct index_job *j)
{
	struct fwi_job *x = j->own = NEW(j->a, struct fwi_job);
	str id;
	TRY(index_edition(j, "fwi/cffdrs", j->opt.day, &id));
	TRY(fire_edition_read(j->cat, j->a, id, &x->e, j->f));
	TRY(edition_table(j->cat, j->a, id, "classes.tsv", &x->classes, j->f));
	x->state = x->e.start;
	if (j->opt.start.n && !start_of(j->opt.start, &x->state))
		return FAIL(j->f, BAD_INPUT, "/start", "err.index_start");
	for (int i = 0; i < COLUMNS; i++)
		TRY(index_need(j, columns[i], &x->col[i]));
	index_by(j, id);
	return ERR_OK;
}

static err fwi_number(struct index_job *j, size_t column, double *ret)
{
	return str_to_f64(index_cell(j, column), ret) ? ERR_OK : index_bad(j, column, "err.index_number");
}

/* The last class that begins at or below the value. */
static size_t class_of(const struct rows *t, double v)
{
	size_t at = SIZE_MAX;
	for (size_t i = 0; i < t->n; i++) {
		double lo;
		if (str_to_f64(rows_get(t, i, S("lo")), &lo) && v >= lo)
			at = i;
	}
	return at;
}

static err row_fwi(struct index_job *j)
{
	struct fwi_job *x = j->own;
	struct arena *a = index_arena(j);
	struct fwi_weather w;
	struct fwi r;
	int64_t day;
	int y, d;
	TRY(fwi_number(j, x->col[LAT], &w.lat));
	TRY(fwi_number(j, x->col[TEMP], &w.temp));
	TRY(fwi_number(j, x->col[RH], &w.rh));
	TRY(fwi_number(j, x->col[WS], &w.wind));
	TRY(fwi_number(j, x->col[PREC], &w.rain));
	TRY(index_day(j, x->col[DATE], &day));
	date_to_ymd(day, &y, &w.month, &d);
	if (!fwi_day(&x->e.fwi, &x->state, &w, &r))
		return index_bad(j, SIZE_MAX, "err.index_weather");
	x->state = (struct fwi_state){ r.ffmc, r.dmc, r.dc };
	const double out[] = { [FFMC] = r.ffmc, [DMC] = r.dmc, [DC] = r.dc, [ISI] = r.isi, [BUI] = r.bui, [FWI] = r.fwi, [DSR] = r.dsr };
	for (size_t i = 0; i < COUNT_OF(out); i++)
		index_set(j, i, arena_printf(a, "%.7g", out[i]));
	size_t at = class_of(&x->classes, r.fwi);
	if (at != SIZE_MAX)
		index_say(j, "index.fwi", "fwi", arena_printf(a, "%.1f", r.fwi).p, "class",
			  arena_cstr(a, index_lang(j, rows_get(&x->classes, at, S("zh")), rows_get(&x->classes, at, S("en")))), "source",
			  arena_cstr(a, rows_get(&x->classes, at, S("source"))));
	return ERR_OK;
}

const struct index_kind index_fwi = { S("fwi"), "fwi", "lat,date,temp,rh,ws,prec", "ffmc,dmc,dc,isi,bui,fwi,dsr", false, open_fwi, row_fwi, NULL };

/* ---- classes by sums of scores ---- */

enum danger_part { PART_TEMP, PART_RH, PART_WIND, PARTS };
static const char *const part_names[] = { "temp", "rh", "wind" };

struct dry_spell {
	int64_t days, last;             /* since the last rain; the day of the last row */
	bool known;                     /* rain was seen */
};
struct danger_job {
	struct rows scores, classes;
	double rain_counts, dry_score, dry_most, green_most;
	size_t col[PARTS], station, date, rain, dry, green;
	struct map spells;              /* by station */
};
enum { HTZ, CLASS };

static err read_danger(struct index_job *j, struct danger_job *x)
{
	str id, meta;
	TRY(index_edition(j, "firedanger/lyt1172", j->opt.day, &id));
	TRY(edition_meta(j->cat, j->a, id, &meta, j->f));
	TRY(edition_table(j->cat, j->a, id, "scores.tsv", &x->scores, j->f));
	TRY(edition_table(j->cat, j->a, id, "classes.tsv", &x->classes, j->f));
	if (!str_to_f64(meta_get(meta, S("rain_counts_mm")), &x->rain_counts) || !str_to_f64(meta_get(meta, S("dry_score")), &x->dry_score) ||
	    !str_to_f64(meta_get(meta, S("dry_most")), &x->dry_most) || !str_to_f64(meta_get(meta, S("green_most")), &x->green_most))
		return index_bad_catalog(j, id, "META", 1);
	index_by(j, id);
	return ERR_OK;
}

static err open_danger(struct index_job *j)
{
	struct danger_job *x = j->own = NEW(j->a, struct danger_job);
	x->spells = MAP(j->a);
	TRY(read_danger(j, x));
	for (int i = 0; i < PARTS; i++)
		TRY(index_need(j, part_names[i], &x->col[i]));
	x->station = index_column(j, "station");
	x->rain = index_column(j, "rain");
	x->dry = index_column(j, "dry_days");
	x->green = index_column(j, "green");
	x->date = index_column(j, "date");
	if (x->rain == SIZE_MAX && x->dry == SIZE_MAX)
		return index_need(j, "rain", &x->rain);
	return x->dry == SIZE_MAX ? index_need(j, "date", &x->date) : ERR_OK;
}

/* The score of a value, rounded as its table is written; SIZE_MAX in *ret_row when no row holds it. */
static double score_of(const struct rows *t, const char *part, struct decimal v, str *ret_used, struct arena *a, size_t *ret_row)
{
	char text[24];
	*ret_row = SIZE_MAX;
	for (size_t i = 0; i < t->n; i++) {
		struct decimal above, upto, used;
		int64_t places;
		double score;
		str lo = rows_get(t, i, S("above")), hi = rows_get(t, i, S("upto"));
		if (!str_eq(rows_get(t, i, S("part")), str_of(part)) || !str_to_i64(rows_get(t, i, S("places")), &places) || places < 0 || places > 6)
			continue;
		used = (struct decimal){ decimal_round(v, (int)places, ROUND_HALF_EVEN), (int)places, false };
		bool in = (!lo.n || (decimal_parse(lo, &above) && decimal_cmp(used, above) > 0)) &&
			  (!hi.n || (decimal_parse(hi, &upto) && decimal_cmp(used, upto) <= 0));
		if (!in || !str_to_f64(rows_get(t, i, S("score")), &score))
			continue;
		*ret_used = arena_str(a, decimal_text(used.m, used.scale, text));
		*ret_row = i;
		return score;
	}
	return 0;
}

static err part_score(struct index_job *j, const struct danger_job *x, int part, double *sum, bool *all)
{
	struct arena *a = index_arena(j);
	struct decimal v;
	bool has;
	size_t row;
	str used = S("");
	TRY(index_value(j, x->col[part], &v, &has));
	if (!has) {
		index_miss(j, str_of(part_names[part]));
		*all = false;
		return ERR_OK;
	}
	double f = decimal_f64(v);
	if (part == PART_TEMP ? f < -90 || f > 60 : f < 0 || f > (part == PART_RH ? 100 : 120))
		return index_bad(j, x->col[part], "err.index_number");
	double score = score_of(&x->scores, part_names[part], v, &used, a, &row);
	if (row == SIZE_MAX)
		return index_bad(j, x->col[part], "err.index_number");
	*sum += score;
	str lo = rows_get(&x->scores, row, S("above")), hi = rows_get(&x->scores, row, S("upto"));
	index_explain(j, (struct index_part){
		.item = str_of(part_names[part]), .zh = rows_get(&x->scores, row, S("zh")), .en = rows_get(&x->scores, row, S("en")),
		.unit = rows_get(&x->scores, row, S("unit")), .value = index_cell(j, x->col[part]), .used = used,
		.rule = arena_printf(a, "%s" STR_FMT "%s" STR_FMT, lo.n ? "> " : "", STR_ARG(lo), hi.n ? lo.n ? ", ≤ " : "≤ " : "", STR_ARG(hi)),
		.grade = arena_printf(a, "%g", score), .source = index_source(a, &x->scores, row), .certainty = rows_get(&x->scores, row, S("certainty")) });
	return ERR_OK;
}

/* Days without rain up to the row: given, else counted from the rows of the station before it, which must follow day on day. */
static err dry_days(struct index_job *j, struct danger_job *x, double *ret, bool *ret_known)
{
	double rain;
	bool has;
	int64_t day;
	TRY(index_number(j, x->dry, ret, ret_known));
	if (*ret_known && (*ret < 0 || *ret > 10000))
		return index_bad(j, x->dry, "err.index_number");
	if (*ret_known)
		return ERR_OK;
	*ret = 0;
	TRY(index_number(j, x->rain, &rain, &has));
	if (!has || x->date == SIZE_MAX)
		return ERR_OK;
	if (rain < 0)
		return index_bad(j, x->rain, "err.index_number");
	TRY(index_day(j, x->date, &day));
	str name = index_cell(j, x->station);
	struct dry_spell *s = map_get(&x->spells, name);
	if (!s) {
		s = NEW(j->a, struct dry_spell);
		s->last = day - 1;
		map_put(&x->spells, arena_str(j->a, name), s);
	}
	if (day <= s->last)
		return index_bad(j, x->date, "err.index_order");
	if (day != s->last + 1)
		*s = (struct dry_spell){ .known = false };
	s->last = day;
	s->days = rain >= x->rain_counts ? 0 : s->days + 1;
	s->known |= rain >= x->rain_counts;
	*ret = (double)s->days;
	*ret_known = s->known || (double)s->days * x->dry_score >= x->dry_most;
	return ERR_OK;
}

static err dry_score(struct index_job *j, struct danger_job *x, double *sum, bool *all)
{
	struct arena *a = index_arena(j);
	double days;
	bool known;
	TRY(dry_days(j, x, &days, &known));
	if (!known) {
		index_miss(j, S("dry_days"));
		*all = false;
		return ERR_OK;
	}
	double score = fmin(days * x->dry_score, x->dry_most);
	*sum += score;
	index_explain(j, (struct index_part){ .item = S("dry_days"), .zh = S("连续无降水日数"), .en = S("days without rain"), .unit = S("d"),
					      .value = index_cell(j, x->dry), .used = arena_printf(a, "%g", days),
					      .rule = arena_printf(a, "%g × d, ≤ %g", x->dry_score, x->dry_most), .grade = arena_printf(a, "%g", score),
					      .source = S("META"), .certainty = S("unverified") });
	return ERR_OK;
}

/* Without it nothing is taken off: the side of caution, and it is told. */
static err green_score(struct index_job *j, const struct danger_job *x, double *sum)
{
	double green;
	bool has;
	TRY(index_number(j, x->green, &green, &has));
	if (!has) {
		index_miss(j, S("green"));
		return ERR_OK;
	}
	if (green < 0 || green > x->green_most)
		return index_bad(j, x->green, "err.index_number");
	*sum -= green;
	index_explain(j, (struct index_part){ .item = S("green"), .zh = S("物候订正"), .en = S("correction for green-up"), .unit = S(""),
					      .value = index_cell(j, x->green), .used = arena_printf(index_arena(j), "%g", green),
					      .rule = arena_printf(index_arena(j), "0–%g", x->green_most),
					      .grade = arena_printf(index_arena(j), "-%g", green), .source = S("META"), .certainty = S("unverified") });
	return ERR_OK;
}

static err row_danger(struct index_job *j)
{
	struct danger_job *x = j->own;
	struct arena *a = index_arena(j);
	double sum = 0, upto;
	bool all = true;
	for (int i = 0; i < PARTS; i++)
		TRY(part_score(j, x, i, &sum, &all));
	TRY(dry_score(j, x, &sum, &all));
	TRY(green_score(j, x, &sum));
	if (!all) {
		index_say(j, "index.danger.part");
		return ERR_OK;
	}
	index_set(j, HTZ, arena_printf(a, "%g", sum));
	for (size_t i = 0; i < x->classes.n; i++) {
		str bound = rows_get(&x->classes, i, S("upto"));
		if (bound.n && (!str_to_f64(bound, &upto) || sum > upto))
			continue;
		index_set(j, CLASS, rows_get(&x->classes, i, S("class")));
		index_say(j, "index.danger", "sum", arena_printf(a, "%g", sum).p, "class", arena_cstr(a, rows_get(&x->classes, i, S("class"))), "name",
			  arena_cstr(a, index_lang(j, rows_get(&x->classes, i, S("zh")), rows_get(&x->classes, i, S("en")))));
		break;
	}
	return ERR_OK;
}

const struct index_kind index_danger = {
	S("danger"), "firedanger", "station,date,temp,rh,wind,rain,dry_days,green", "htz,class", false, open_danger, row_danger, NULL
};
