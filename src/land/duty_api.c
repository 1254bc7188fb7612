/* /api/duty and /api/designations */
#include <math.h>
#include <unistd.h>

#include "core/duty_sql.h"
#include "core/duty_view.h"
#include "core/grant.h"
#include "core/i18n.h"
#include "core/ledger.h"
#include "core/org_sql.h"
#include "core/region.h"
#include "core/sector.h"
#include "format/xlsx_out.h"
#include "land/duty_gaps.h"
#include "land/object.h"
#include "land/object_duty_sql.h"
#include "land/routes.h"

/* ---- shapes ---- */

#define DUTY_OBJECT(F, O, L)                                                                       \
	F(ID, id, REQ)                                                                             \
	F(STR, no, REQ)                                                                            \
	F(STR, name, REQ)                                                                          \
	F(STR, name_en, REQ)                                                                       \
	F(STR, type, REQ)
JSON_STRUCT(duty_object_out, DUTY_OBJECT)
JSON_DEFINE(duty_object_out, DUTY_OBJECT)

#define DUTY_QUERY(F, O, L)                                                                        \
	F(ID, object, OPT)                                                                         \
	F(ID, matter, OPT)                                                                         \
	F(ID, region, OPT, .format = "region")                                                     \
	F(STR, sector, OPT, .max = 60)                                                             \
	F(DATE, day, OPT)
JSON_STRUCT(duty_query, DUTY_QUERY)
JSON_DEFINE(duty_query, DUTY_QUERY)

#define DUTY_OUT(F, O, L)                                                                          \
	F(DATE, day, REQ)                                                                          \
	O(region_ref, region, REQ)                                                                 \
	F(STRS, sectors, REQ)                                                                      \
	O(duty_object_out, object, NUL)                                                            \
	F(ID, matter, NUL)                                                                         \
	F(I64, gaps, REQ)                                                                          \
	F(I64, overlaps, REQ)                                                                      \
	L(duty_row_out, rows, REQ)
JSON_STRUCT(duty_out, DUTY_OUT)
JSON_DEFINE(duty_out, DUTY_OUT)

#define GAPS_QUERY(F, O, L)                                                                        \
	F(ID, region, OPT, .format = "region")                                                     \
	F(STR, sector, OPT, .max = 60)                                                             \
	F(ENUM, line, OPT, .options = DUTY_LINE_OPTIONS)                                           \
	F(ENUM, what, OPT, .options = "missing|overlap")                                           \
	F(DATE, day, OPT)                                                                          \
	PAGE_QUERY(F)
JSON_STRUCT(gaps_filter, GAPS_QUERY)
JSON_DEFINE(gaps_filter, GAPS_QUERY)

#define GAPS_LINE(F, O, L)                                                                         \
	F(ENUM, line, REQ, .options = DUTY_LINE_OPTIONS)                                           \
	F(I64, pairs, REQ)                                                                         \
	F(I64, covered, REQ)                                                                       \
	F(F64, share, NUL)                                                                         \
	F(I64, overlaps, REQ)
JSON_STRUCT(gaps_line_out, GAPS_LINE)
JSON_DEFINE(gaps_line_out, GAPS_LINE)

#define GAPS_ITEM(F, O, L)                                                                         \
	O(duty_object_out, object, REQ)                                                            \
	O(region_ref, region, REQ)                                                                 \
	L(duty_row_out, gaps, REQ)
JSON_STRUCT(gaps_item_out, GAPS_ITEM)
JSON_DEFINE(gaps_item_out, GAPS_ITEM)

#define GAPS_OUT(F, O, L)                                                                          \
	F(DATE, day, REQ)                                                                          \
	F(I64, objects, REQ)                                                                       \
	F(I64, pairs, REQ)                                                                         \
	F(I64, covered, REQ)                                                                       \
	F(F64, share, NUL)                                                                         \
	F(I64, overlaps, REQ)                                                                      \
	L(gaps_line_out, lines, REQ)                                                               \
	L(gaps_item_out, items, REQ)                                                               \
	PAGE_OUT(F)
JSON_STRUCT(gaps_out, GAPS_OUT)
JSON_DEFINE(gaps_out, GAPS_OUT)

#define DESIGNATION_OUT(F, O, L)                                                                   \
	F(ID, id, REQ)                                                                             \
	O(region_ref, region, REQ)                                                                 \
	O(duty_object_out, object, NUL)                                                            \
	F(STRS, sectors, REQ)                                                                      \
	F(ENUM, line, REQ, .options = DUTY_LINE_OPTIONS)                                           \
	F(STR, role, REQ)                                                                          \
	O(duty_org_out, org, NUL)                                                                  \
	O(duty_post_out, post, NUL)                                                                \
	O(duty_person_out, person, NUL)                                                            \
	O(duty_org_out, decided_by, REQ)                                                           \
	F(STR, number, REQ)                                                                        \
	F(STR, reason, REQ, .max = 500)                                                            \
	F(DATE, from, REQ)                                                                         \
	F(DATE, to, NUL)                                                                           \
	F(I64, at_ms, REQ)                                                                         \
	F(I64, ver, REQ)
JSON_STRUCT(designation_out, DESIGNATION_OUT)
JSON_DEFINE(designation_out, DESIGNATION_OUT)

#define DESIGNATION_LIST(F, O, L) L(designation_out, items, REQ) PAGE_OUT(F)
JSON_STRUCT(designation_list_out, DESIGNATION_LIST)
JSON_DEFINE(designation_list_out, DESIGNATION_LIST)

#define DESIGNATION_QUERY(F, O, L)                                                                 \
	F(ID, region, OPT, .format = "region")                                                     \
	F(ID, object, OPT)                                                                         \
	F(ENUM, line, OPT, .options = DUTY_LINE_OPTIONS)                                           \
	F(DATE, day, OPT)                                                                          \
	PAGE_QUERY(F)
JSON_STRUCT(designation_query, DESIGNATION_QUERY)
JSON_DEFINE(designation_query, DESIGNATION_QUERY)

#define DESIGNATION_IN(F, O, L)                                                                    \
	F(ID, region, OPT, .format = "region")                                                     \
	F(ID, object, OPT)                                                                         \
	F(STRS, sectors, OPT, .max = 64)                                                           \
	F(ENUM, line, REQ, .options = DUTY_LINE_OPTIONS)                                           \
	F(STR, role, OPT, .max = 40)                                                               \
	F(ID, org, OPT)                                                                            \
	F(ID, post, OPT)                                                                           \
	F(ID, person, OPT)                                                                         \
	F(ID, decided_by, OPT)                                                                     \
	F(STR, number, OPT, .max = 100)                                                            \
	F(STR, reason, REQ, .max = 500)                                                            \
	F(DATE, from, OPT)                                                                         \
	F(DATE, to, OPT)
JSON_STRUCT(designation_in, DESIGNATION_IN)
JSON_DEFINE(designation_in, DESIGNATION_IN)

#define DESIGNATION_END(F, O, L)                                                                   \
	F(DATE, to, OPT)                                                                           \
	F(STR, reason, REQ, .max = 500)
JSON_STRUCT(designation_end_in, DESIGNATION_END)
JSON_DEFINE(designation_end_in, DESIGNATION_END)

/* ---- who is answerable ---- */

struct asked {
	struct duty_place place;
	struct object object;    /* id 0: none */
	int64_t matter;
};

/* On a past day it belonged to whom its events say; what was entered later is taken as it was entered. */
static err as_of(struct req *rq, int64_t day, struct object *o)
{
	struct duty_object_then_row row;
	int64_t level;
	const struct duty_object_then_params p = { .region = o->region, .subject = ledger_subject(&rq->cx, "object", o->id),
						   .until_ms = china_day_end_ms(day) };
	if (day >= china_day(rq->cx.now_ms))
		return ERR_OK;
	err e = duty_object_then(rq->cx.c, rq->a, &p, &row);
	if (e != ERR_OK)
		return e == ERR_NOT_FOUND ? ERR_OK : e;
	str data = canon_get(row.body, "data");
	if (!canon_get_i64(data, "owner", &o->owner) || !canon_get_i64(data, "sectors", &o->sectors) ||
	    !canon_get_i64(data, "level", &level))
		return ERR_CORRUPT;
	o->level = (int)level;
	return ERR_OK;
}

static err object_place(struct req *rq, int64_t id, int64_t day, const char *pointer, struct asked *ret)
{
	err e = object_get(&rq->cx, id, &ret->object);
	if (e == ERR_NOT_FOUND)
		return FAIL(&rq->cx.fail, BAD_FIELD, pointer, "err.duty.unknown_object");
	TRY(e);
	TRY(as_of(rq, day, &ret->object));
	const struct object *o = &ret->object;
	ret->place = (struct duty_place){ .region = o->region, .sectors = o->sectors, .owner = o->owner, .object = o->id,
					  .object_type = o->type, .level = o->level };
	return ERR_OK;
}

static err one_sector(struct req *rq, str sector, int64_t *ret)
{
	struct json_strs ids = { .v = &sector, .n = 1 };
	return sector_mask(rq->cx.app->sectors, &ids, "?sector", ret, &rq->cx.fail);
}

/* Without an object the unit that leads it is the entity, if it is an enterprise. */
static err matter_place(struct req *rq, int64_t id, int64_t day, struct asked *ret)
{
	struct duty_matter_row m;
	struct org_brief lead;
	struct db_scope scope = cx_scope(&rq->cx, S("matter.read"));
	TRY(duty_matter(rq->cx.c, rq->a, &(struct duty_matter_params){ .id = id }, &scope, &m));
	ret->matter = m.id;
	if (m.object) {
		TRY(object_place(rq, m.object, day, "?matter", ret));
	} else {
		ret->place = (struct duty_place){ .region = m.region, .sectors = m.sectors, .object_type = S("") };
		if (m.lead_org && org_brief(&rq->cx, m.lead_org, &lead) == ERR_OK && str_eq(lead.kind, S("enterprise")))
			ret->place.owner = m.lead_org;
	}
	ret->place.contractor = m.contractor;
	if (m.sectors)
		ret->place.sectors = m.sectors;
	return ERR_OK;
}

static err region_place(struct req *rq, const struct duty_query *q, struct asked *ret)
{
	if (!region_valid(q->region))
		return FAIL(&rq->cx.fail, BAD_FIELD, "?region", "err.unknown_region");
	if (!cx_in_region(&rq->cx, S("org.read"), q->region))
		return FAIL(&rq->cx.fail, FORBIDDEN, "?region", NULL);
	ret->place = (struct duty_place){ .region = q->region, .object_type = S("") };
	return one_sector(rq, q->sector, &ret->place.sectors);
}

static err asked_place(struct req *rq, const struct duty_query *q, int64_t day, struct asked *ret)
{
	int given = (q->object != JSON_NONE) + (q->matter != JSON_NONE) + (q->region != JSON_NONE);
	if (given != 1 || (q->region != JSON_NONE && !q->sector.n))
		return FAIL(&rq->cx.fail, BAD_FIELD, q->region == JSON_NONE ? "?object" : "?sector", "err.duty.place");
	if (q->object != JSON_NONE)
		return object_place(rq, q->object, day, "?object", ret);
	if (q->matter != JSON_NONE)
		return matter_place(rq, q->matter, day, ret);
	return region_place(rq, q, ret);
}

static err region_view(struct ctx *cx, int64_t code, struct region_ref **ret)
{
	struct region_name name;
	TRY(region_name_of(cx->c, cx->a, code, &name));
	*ret = NEW(cx->a, struct region_ref);
	**ret = (struct region_ref){ name.code, name.name, name.name_en };
	return ERR_OK;
}

static struct duty_object_out *object_view(struct arena *a, int64_t id, str no, str name, str name_en, str type)
{
	struct duty_object_out *o = NEW(a, struct duty_object_out);
	*o = (struct duty_object_out){ id, no, name, name_en, type };
	return o;
}

static err duty_get(struct req *rq)
{
	const struct duty_query *q = rq->query;
	struct asked asked = { 0 };
	struct duty_rows rows;
	int64_t day = q->day == JSON_NONE ? china_day(rq->cx.now_ms) : q->day;
	TRY(asked_place(rq, q, day, &asked));
	TRY(duty_of(&rq->cx, &asked.place, day, &rows));
	struct duty_out out = { .day = day, .sectors = sector_ids(rq->a, rq->cx.app->sectors, asked.place.sectors),
				.matter = asked.matter ? asked.matter : JSON_NONE,
				.rows = { .v = NEW_N(rq->a, struct duty_row_out, rows.n + 1), .n = rows.n } };
	const struct object *o = &asked.object;
	if (o->id)
		out.object = object_view(rq->a, o->id, o->no, o->name, o->name_en, o->type);
	TRY(region_view(&rq->cx, asked.place.region, &out.region));
	for (size_t i = 0; i < rows.n; i++) {
		out.rows.v[i] = duty_row_view(&rq->cx, &rows.v[i]);
		out.gaps += rows.v[i].gap != DUTY_GAP_NONE;
		out.overlaps += rows.v[i].overlap;
	}
	return reply_json(rq, &out);
}

/* ---- gaps ---- */

static err gaps_query_of(struct req *rq, const struct gaps_filter *f, size_t max, struct gaps_query *ret)
{
	struct gaps_query q = { .region = f->region == JSON_NONE ? rq->cx.app->home_region : f->region, .sector = DB_NONE,
				.line = -1, .day = f->day == JSON_NONE ? china_day(rq->cx.now_ms) : f->day,
				.after = f->after == JSON_NONE ? 0 : f->after, .max = max };
	enum duty_line line;
	if (!region_valid(q.region))
		return FAIL(&rq->cx.fail, BAD_FIELD, "?region", "err.unknown_region");
	if (f->sector.n)
		TRY(one_sector(rq, f->sector, &q.sector));
	if (f->line.n && duty_line_parse(f->line, &line))
		q.line = (int)line;
	q.what = str_eq(f->what, S("missing")) ? GAPS_MISSING : str_eq(f->what, S("overlap")) ? GAPS_OVERLAP : GAPS_ANY;
	*ret = q;
	return ERR_OK;
}

static double share(const struct gaps_count *c)
{
	return c->pairs ? (double)c->covered / (double)c->pairs : NAN;
}

static err gaps_item(struct req *rq, const struct gaps_object *g, struct gaps_item_out *out)
{
	out->object = object_view(rq->a, g->place.object, g->no, g->name, g->name_en, g->place.object_type);
	out->gaps.v = NEW_N(rq->a, struct duty_row_out, g->rows.n + 1);
	for (size_t i = 0; i < g->rows.n; i++)
		out->gaps.v[out->gaps.n++] = duty_row_view(&rq->cx, &g->rows.v[i]);
	return region_view(&rq->cx, g->place.region, &out->region);
}

static err gaps_get(struct req *rq)
{
	const struct gaps_filter *f = rq->query;
	struct gaps_query q;
	struct gaps_report r;
	TRY(gaps_query_of(rq, f, (size_t)page_limit(f->limit), &q));
	TRY(gaps_report(&rq->cx, &q, &r));
	struct gaps_out out = { .day = q.day, .objects = r.objects, .pairs = r.all.pairs, .covered = r.all.covered,
				.share = share(&r.all), .overlaps = r.all.overlaps, .total = r.found, .total_exact = true };
	out.lines.v = NEW_N(rq->a, struct gaps_line_out, DUTY_LINE_COUNT);
	for (int l = 0; l < DUTY_LINE_COUNT; l++)
		out.lines.v[out.lines.n++] = (struct gaps_line_out){ str_of(duty_line_name((enum duty_line)l)), r.lines[l].pairs,
								     r.lines[l].covered, share(&r.lines[l]),
								     r.lines[l].overlaps };
	out.items.v = NEW_N(rq->a, struct gaps_item_out, r.n + 1);
	for (size_t i = 0; i < r.n; i++)
		TRY(gaps_item(rq, &r.v[i], &out.items.v[out.items.n++]));
	out.next = page_cursor(rq->a, r.more, r.n ? r.v[r.n - 1].place.object : 0);
	return reply_json(rq, &out);
}

/* ---- the same as a workbook ---- */

enum { SHEET_OBJECTS = 20000, SHEET_COLUMNS = 10 };

static str say(const struct req *rq, const char *key)
{
	return i18n_text(rq->cx.lang, str_of(key));
}

static str in_lang(const struct req *rq, str zh, str en)
{
	return str_starts(rq->cx.lang, S("en")) ? en : zh;
}

static str sector_name(const struct req *rq, int bit)
{
	const struct sector *s = sector_find(rq->cx.app->sectors, duty_sector_id(&rq->cx, bit));
	return s ? in_lang(rq, s->zh, s->en) : S("");
}

static str what_is_missing(struct req *rq, const struct duty_row *r)
{
	if (r->gap == DUTY_GAP_NONE)
		return say(rq, "duty.gap.overlap");
	return i18n_text(rq->cx.lang, arena_printf(rq->a, "duty.gap.%s", duty_gap_name(r->gap)));
}

static err sheet_row(struct req *rq, struct xlsx_out *x, const struct gaps_object *g, const struct duty_row *r)
{
	const struct duty_rule *u = r->rule;
	struct region_name region;
	TRY(region_name_of(rq->cx.c, rq->a, g->place.region, &region));
	str line = i18n_text(rq->cx.lang, arena_printf(rq->a, "duty.line.%s", duty_line_name(r->line)));
	str basis = arena_printf(rq->a, STR_FMT " " STR_FMT, STR_ARG(in_lang(rq, u->source_zh, u->source_en)),
				 STR_ARG(in_lang(rq, u->clause_zh, u->clause_en)));
	const struct out_cell cells[SHEET_COLUMNS] = {
		OUT_TEXT_CELL(g->no), OUT_TEXT_CELL(in_lang(rq, g->name, g->name_en)),
		OUT_TEXT_CELL(in_lang(rq, region.name, region.name_en)), OUT_TEXT_CELL(line),
		OUT_TEXT_CELL(sector_name(rq, r->sector)), OUT_TEXT_CELL(in_lang(rq, u->role_zh, u->role_en)),
		OUT_TEXT_CELL(in_lang(rq, r->org_name, r->org_name_en)),
		OUT_TEXT_CELL(in_lang(rq, r->post_title, r->post_title_en)), OUT_TEXT_CELL(what_is_missing(rq, r)),
		OUT_TEXT_CELL(basis),
	};
	return xlsx_out_row(x, cells, SHEET_COLUMNS, &rq->cx.fail);
}

static err write_rows(struct req *rq, const struct gaps_report *r, const char *path)
{
	const struct out_column columns[SHEET_COLUMNS] = {
		{ say(rq, "duty.sheet.no"), 18 }, { say(rq, "duty.sheet.object"), 28 }, { say(rq, "duty.sheet.region"), 16 },
		{ say(rq, "duty.sheet.line"), 12 }, { say(rq, "duty.sheet.sector"), 16 }, { say(rq, "duty.sheet.role"), 22 },
		{ say(rq, "duty.sheet.org"), 26 }, { say(rq, "duty.sheet.post"), 18 }, { say(rq, "duty.sheet.gap"), 14 },
		{ say(rq, "duty.sheet.basis"), 40 },
	};
	const struct xlsx_sheet_spec spec = { .sheet_name = say(rq, "duty.sheet.gap"), .title = say(rq, "duty.sheet.title"),
					      .columns = columns, .ncolumns = SHEET_COLUMNS };
	struct xlsx_out *x;
	TRY(xlsx_out_begin(rq->a, path, NULL, &spec, &x, &rq->cx.fail));
	for (size_t i = 0; i < r->n; i++) {
		for (size_t k = 0; k < r->v[i].rows.n; k++) {
			err e = sheet_row(rq, x, &r->v[i], &r->v[i].rows.v[k]);
			if (e != ERR_OK) {
				xlsx_out_abandon(x);
				return e;
			}
		}
	}
	return xlsx_out_end(x, &rq->cx.fail);
}

static err gaps_book(struct req *rq)
{
	static const char type[] = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
	struct gaps_query q;
	struct gaps_report r;
	char day[11];
	const char *path = arena_printf(rq->a, "%s/tmp/duty-%lld.xlsx", rq->cx.app->data_dir, (long long)new_id(&rq->cx)).p;
	TRY(gaps_query_of(rq, rq->query, SHEET_OBJECTS, &q));
	TRY(db_read_begin(rq->cx.app->db, &rq->cx.c, &rq->cx.fail));
	err e = gaps_report(&rq->cx, &q, &r);
	if (e == ERR_OK)
		e = write_rows(rq, &r, path);
	db_read_end(rq->cx.app->db, rq->cx.c);
	rq->cx.c = NULL;
	if (e != ERR_OK) {
		(void)unlink(path);
		return e;
	}
	date_format(q.day, day);
	return reply_file(rq, type, arena_printf(rq->a, "duty-%s.xlsx", day), path, true);
}

/* ---- designations ---- */

static err org_out(struct ctx *cx, int64_t id, struct duty_org_out **ret)
{
	struct org_brief o = { .name = S(""), .name_en = S("") };
	if (!id)
		return ERR_OK;
	err e = org_brief(cx, id, &o);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	*ret = NEW(cx->a, struct duty_org_out);
	**ret = (struct duty_org_out){ id, o.name, o.name_en };
	return ERR_OK;
}

static err who_out(struct ctx *cx, const struct designation_get_row *d, struct designation_out *out)
{
	struct post_get_row post;
	TRY(org_out(cx, d->org, &out->org));
	TRY(org_out(cx, d->decided_by, &out->decided_by));
	if (d->post) {
		TRY(post_get(cx->c, cx->a, &(struct post_get_params){ .id = d->post }, &post));
		out->post = NEW(cx->a, struct duty_post_out);
		*out->post = (struct duty_post_out){ d->post, post.title, post.title_en };
	}
	if (d->person) {
		out->person = NEW(cx->a, struct duty_person_out);
		out->person->id = d->person;
		TRY(person_names(cx, d->person, &out->person->name, &out->person->name_en));
	}
	return ERR_OK;
}

/* *ret_seen false: it is about an object that the caller does not see. */
static err designation_view(struct ctx *cx, const struct designation_get_row *d, struct designation_out *ret, bool *ret_seen)
{
	struct designation_out out = { .id = d->id, .sectors = sector_ids(cx->a, cx->app->sectors, d->sectors), .line = d->line,
				       .role = d->role, .number = d->number, .reason = d->reason, .from = d->from_day,
				       .to = d->to_day, .at_ms = d->at_ms, .ver = d->ver };
	*ret_seen = true;
	if (d->object) {
		struct object o;
		err e = object_get(cx, d->object, &o);
		*ret_seen = e != ERR_NOT_FOUND;
		if (e != ERR_OK)
			return e == ERR_NOT_FOUND ? ERR_OK : e;
		out.object = object_view(cx->a, o.id, o.no, o.name, o.name_en, o.type);
	}
	TRY(region_view(cx, d->region, &out.region));
	TRY(who_out(cx, d, &out));
	*ret = out;
	return ERR_OK;
}

static err reply_designation(struct req *rq, int64_t id, bool created)
{
	struct designation_get_row row;
	struct designation_out out;
	bool seen;
	TRY(designation_get(rq->cx.c, rq->a, &(struct designation_get_params){ .id = id }, &row));
	TRY(designation_view(&rq->cx, &row, &out, &seen));
	if (!seen)
		return ERR_NOT_FOUND;
	return created ? reply_created(rq, &out) : reply_json(rq, &out);
}

static struct designation_get_row as_get_row(const struct designation_list_row *r)
{
	return (struct designation_get_row){ r->region, r->id, r->object, r->sectors, r->line, r->role, r->org, r->post,
					     r->person, r->decided_by, r->number, r->reason, r->from_day, r->to_day,
					     r->account, r->at_ms, r->ver };
}

static err designations_get(struct req *rq)
{
	const struct designation_query *q = rq->query;
	int64_t limit = page_limit(q->limit);
	struct designation_list_params p = { .object = q->object, .line = q->line.n ? q->line : (str){ 0 }, .day = q->day,
					     .after = q->after == JSON_NONE ? 0 : q->after, .max = limit + 1 };
	struct designation_list_rows rows;
	struct designation_list_out out = { .total = JSON_NONE };
	region_range(q->region == JSON_NONE ? rq->cx.app->home_region : q->region, &p.lo, &p.hi);
	TRY(designation_list(rq->cx.c, rq->a, &p, &rows));
	bool more = (int64_t)rows.n > limit;
	size_t n = more ? (size_t)limit : rows.n;
	out.items.v = NEW_N(rq->a, struct designation_out, n + 1);
	for (size_t i = 0; i < n; i++) {
		struct designation_get_row row = as_get_row(&rows.v[i]);
		bool seen = false;
		if (cx_in_region(&rq->cx, S("org.read"), row.region))
			TRY(designation_view(&rq->cx, &row, &out.items.v[out.items.n], &seen));
		out.items.n += seen;
	}
	out.next = page_cursor(rq->a, more, n ? rows.v[n - 1].id : 0);
	return reply_json(rq, &out);
}

static err designation_of(struct req *rq, const struct designation_in *in, struct designation_new *n)
{
	struct asked asked = { 0 };
	if (in->object == JSON_NONE && in->region == JSON_NONE)
		return FAIL(&rq->cx.fail, BAD_FIELD, "/region", "err.required");
	if (in->object != JSON_NONE) {
		TRY(object_place(rq, in->object, china_day(rq->cx.now_ms), "/object", &asked));
		if (in->region != JSON_NONE && in->region != asked.object.region)
			return FAIL(&rq->cx.fail, BAD_FIELD, "/region", "err.duty.object_region");
	}
	n->region = in->object != JSON_NONE ? asked.object.region : in->region;
	n->object = asked.object.id;
	if (!region_valid(n->region))
		return FAIL(&rq->cx.fail, BAD_FIELD, "/region", "err.unknown_region");
	return cx_in_region(&rq->cx, S("matter.supervise"), n->region) ? ERR_OK : FAIL(&rq->cx.fail, FORBIDDEN, "/region", NULL);
}

static int64_t or_zero(int64_t id)
{
	return id == JSON_NONE ? 0 : id;
}

static err designations_post(struct req *rq)
{
	const struct designation_in *in = rq->body;
	struct designation_new n = { .sectors = -1, .line = in->line, .role = in->role, .org = or_zero(in->org),
				     .post = or_zero(in->post), .person = or_zero(in->person),
				     .decided_by = in->decided_by == JSON_NONE ? cx_org(&rq->cx) : in->decided_by,
				     .number = in->number, .reason = in->reason,
				     .from_day = in->from == JSON_NONE ? china_day(rq->cx.now_ms) : in->from, .to_day = in->to };
	int64_t id;
	TRY(designation_of(rq, in, &n));
	if (in->sectors.v)
		TRY(sector_mask(rq->cx.app->sectors, &in->sectors, "/sectors", &n.sectors, &rq->cx.fail));
	TRY(designation_put(&rq->cx, &n, &id));
	return reply_designation(rq, id, true);
}

static err designation_end_post(struct req *rq)
{
	const struct designation_end_in *in = rq->body;
	struct designation_get_row row;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(designation_get(rq->cx.c, rq->a, &(struct designation_get_params){ .id = id }, &row));
	if (!cx_in_region(&rq->cx, S("matter.supervise"), row.region))
		return ERR_NOT_FOUND;
	TRY(designation_end(&rq->cx, id, in->to == JSON_NONE ? china_day(rq->cx.now_ms) : in->to, in->reason));
	return reply_designation(rq, id, false);
}

const struct route duty_routes[] = {
	{ "GET", "/api/duty", duty_get, READ, "org.read", NULL, duty_out_json,
	  "Who is answerable for an object, a matter or a place and sector on a day", duty_query_json },
	{ "GET", "/api/duty/gaps", gaps_get, READ, "org.read", NULL, gaps_out_json,
	  "Where nobody is answerable, or more than one", gaps_filter_json },
	{ "GET", "/api/duty/gaps.xlsx", gaps_book, SLOW, "org.read", NULL, NULL, "The same as a workbook", gaps_filter_json },
	{ "GET", "/api/designations", designations_get, READ, "org.read", NULL, designation_list_out_json,
	  "Designations of a region", designation_query_json },
	{ "POST", "/api/designations", designations_post, WRITE, "matter.supervise", designation_in_json, designation_out_json,
	  "Designate who is answerable", NULL },
	{ "POST", "/api/designations/{id}/end", designation_end_post, WRITE, "matter.supervise", designation_end_in_json,
	  designation_out_json, "A designation ends", NULL },
	{ 0 },
};
