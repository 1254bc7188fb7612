/* Routes: /api/firepoints. */
#include "core/grant.h"
#include "core/i18n.h"
#include "land/map_view.h"
#include "sense/firepoint.h"
#include "sense/firepoint_sql.h"
#include "sys/file.h"

enum { FIRE_FILE_MAX = 64 << 20, FIRE_LIST_MAX = 500 };

/* trust: the best of its points. respond_by_ms: until when it should be answered, once somebody was sent; late: it was not. */
#define FIRE_FIELDS(F)                                                                             \
	F(ID, id, REQ)                                                                             \
	F(STR, region, REQ)                                                                        \
	F(STR, region_name, REQ)                                                                   \
	F(STR, region_name_en, REQ)                                                                \
	F(F64, lat, REQ)                                                                           \
	F(F64, lon, REQ)                                                                           \
	F(I64, first_ms, REQ)                                                                      \
	F(I64, last_ms, REQ)                                                                       \
	F(I64, points, REQ)                                                                        \
	F(ENUM, trust, REQ, .options = FIRE_TRUSTS)                                                \
	F(F64, frp, REQ)                                                                           \
	F(BOOL, fixed, REQ)                                                                        \
	F(ID, org, NUL)                                                                            \
	F(STR, org_name, REQ)                                                                      \
	F(STR, org_name_en, REQ)                                                                   \
	F(ID, matter, NUL)                                                                         \
	F(STR, matter_no, REQ)                                                                     \
	F(STR, state, REQ)                                                                         \
	F(STR, phase, REQ)                                                                         \
	F(I64, asked_ms, NUL)                                                                      \
	F(I64, respond_by_ms, NUL)                                                                 \
	F(BOOL, late, REQ)                                                                         \
	F(STR, outcome, NUL)                                                                       \
	F(STR, finding, REQ, .max = 4000)                                                          \
	F(I64, found_ms, NUL)                                                                      \
	F(I64, ver, REQ)
#define FIRE_OUT(F, O, L) FIRE_FIELDS(F)
JSON_STRUCT(fire_out, FIRE_OUT)
JSON_DEFINE(fire_out, FIRE_OUT)

#define FIRE_LIST_OUT(F, O, L)                                                                     \
	L(fire_out, items, REQ)                                                                    \
	F(STR, next, NUL)
JSON_STRUCT(fire_list_out, FIRE_LIST_OUT)
JSON_DEFINE(fire_list_out, FIRE_LIST_OUT)

#define FIRE_FEATURE(F, O, L)                                                                      \
	F(ENUM, type, REQ, .options = "Feature")                                                   \
	F(RAW, geometry, NUL)                                                                      \
	O(fire_out, properties, REQ)
JSON_STRUCT(fire_feature, FIRE_FEATURE)
JSON_DEFINE(fire_feature, FIRE_FEATURE)

#define FIRE_MAP(F, O, L)                                                                          \
	F(ENUM, type, REQ, .options = "FeatureCollection")                                         \
	L(fire_feature, features, REQ)
JSON_STRUCT(fire_map, FIRE_MAP)
JSON_DEFINE(fire_map, FIRE_MAP)

#define FIRE_POINT(F, O, L)                                                                        \
	F(ID, id, REQ)                                                                             \
	F(F64, lat, REQ)                                                                           \
	F(F64, lon, REQ)                                                                           \
	F(I64, at_ms, REQ)                                                                         \
	F(ENUM, sensor, REQ, .options = "modis|viirs")                                             \
	F(STR, satellite, REQ)                                                                     \
	F(ENUM, trust, REQ, .options = FIRE_TRUSTS)                                                \
	F(F64, brightness, REQ)                                                                    \
	F(F64, frp, NUL)                                                                           \
	F(BOOL, fixed, REQ)
JSON_STRUCT(fire_point_out, FIRE_POINT)
JSON_DEFINE(fire_point_out, FIRE_POINT)

#define FIRE_PAGE(F, O, L)                                                                         \
	O(fire_out, fire, REQ)                                                                     \
	L(fire_point_out, seen, REQ, .max = 5000)
JSON_STRUCT(fire_page, FIRE_PAGE)
JSON_DEFINE(fire_page, FIRE_PAGE)

#define FIRE_QUERY(F, O, L)                                                                        \
	F(I64, from_ms, OPT, .min = 0)                                                             \
	F(I64, to_ms, OPT, .min = 0)                                                               \
	F(ENUM, trust, OPT, .options = FIRE_TRUSTS)                                                \
	F(ID, after, OPT)                                                                          \
	F(I64, limit, OPT, .min = 1, .max = FIRE_LIST_MAX)
JSON_STRUCT(fire_query, FIRE_QUERY)
JSON_DEFINE(fire_query, FIRE_QUERY)

static str kept(str s)
{
	return s.p ? s : S("");
}

static struct fire_out fire_view(struct ctx *cx, const struct fire_list_row *f, const struct hot_params *hp)
{
	int64_t by = f->asked_ms == DB_NONE ? JSON_NONE : f->asked_ms + (int64_t)(hp->fire_minutes * 60000);
	return (struct fire_out){
		.id = f->id, .region = arena_printf(cx->a, "%012lld", (long long)f->region), .region_name = kept(f->region_name),
		.region_name_en = kept(f->region_name_en), .lat = f->lat, .lon = f->lon, .first_ms = f->first_ms, .last_ms = f->last_ms,
		.points = f->points, .trust = str_of(fire_trust_name((enum fire_trust)f->confidence)), .frp = f->frp, .fixed = f->fixed != 0,
		.org = f->org ? f->org : JSON_NONE, .org_name = kept(f->org_name), .org_name_en = kept(f->org_name_en),
		.matter = f->matter ? f->matter : JSON_NONE, .matter_no = kept(f->matter_no), .state = kept(f->state), .phase = kept(f->phase),
		.asked_ms = f->asked_ms, .respond_by_ms = by,
		.late = by != JSON_NONE && (f->found_ms == DB_NONE ? cx->now_ms : f->found_ms) > by,
		.outcome = f->outcome.n ? f->outcome : (str){ 0 }, .finding = f->finding, .found_ms = f->found_ms, .ver = f->ver,
	};
}

static int64_t trust_of(str s)
{
	return !s.n ? DB_NONE : str_eq(s, S("high")) ? FIRE_HIGH : str_eq(s, S("nominal")) ? FIRE_NOMINAL : FIRE_LOW;
}

static err load(struct ctx *cx, const struct fire_query *q, int64_t id, size_t max, struct fire_list_rows *ret)
{
	struct db_scope scope = cx_scope(cx, S("sense.read"));
	const struct fire_list_params p = { id, q && q->after != JSON_NONE ? q->after : INT64_MAX, q ? q->from_ms : DB_NONE,
					    q ? q->to_ms : DB_NONE, q ? trust_of(q->trust) : DB_NONE, (int64_t)max };
	return fire_list(cx->c, cx->a, &p, &scope, ret);
}

static err list_get(struct req *rq)
{
	const struct fire_query *q = rq->query;
	size_t max = q->limit == JSON_NONE ? 100 : (size_t)q->limit;
	struct fire_list_rows rows;
	struct hot_params hp;
	struct fire_list_out out = { 0 };
	TRY(hot_params_read(&rq->cx, &hp));
	TRY(load(&rq->cx, q, DB_NONE, max + 1, &rows));
	out.items.v = NEW_N(rq->a, struct fire_out, rows.n + 1);
	for (size_t i = 0; i < rows.n && i < max; i++)
		out.items.v[out.items.n++] = fire_view(&rq->cx, &rows.v[i], &hp);
	if (rows.n > max)
		out.next = arena_printf(rq->a, "%lld", (long long)rows.v[max - 1].id);
	return reply_json(rq, &out);
}

static err map_get(struct req *rq)
{
	const struct fire_query *q = rq->query;
	struct fire_list_rows rows;
	struct hot_params hp;
	struct fire_map out = { .type = S("FeatureCollection") };
	TRY(hot_params_read(&rq->cx, &hp));
	TRY(load(&rq->cx, q, DB_NONE, q->limit == JSON_NONE ? FIRE_LIST_MAX : (size_t)q->limit, &rows));
	out.features.v = NEW_N(rq->a, struct fire_feature, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		struct fire_feature *ft = &out.features.v[out.features.n++];
		*ft = (struct fire_feature){ S("Feature"), map_point(rq->a, (struct lonlat){ rows.v[i].lon, rows.v[i].lat }),
					     NEW(rq->a, struct fire_out) };
		*ft->properties = fire_view(&rq->cx, &rows.v[i], &hp);
	}
	return reply_json(rq, &out);
}

static err one(struct req *rq, int64_t id, struct fire_out *ret)
{
	struct fire_list_rows rows;
	struct hot_params hp;
	TRY(hot_params_read(&rq->cx, &hp));
	TRY(load(&rq->cx, NULL, id, 1, &rows));
	if (!rows.n)
		return ERR_NOT_FOUND;
	*ret = fire_view(&rq->cx, &rows.v[0], &hp);
	return ERR_OK;
}

static err page_get(struct req *rq)
{
	int64_t id;
	struct fire_out fire;
	struct fire_page out = { .fire = &fire };
	struct fire_points_of_rows rows;
	TRY(rq_id(rq, "id", &id));
	TRY(one(rq, id, &fire));
	TRY(fire_points_of(rq->cx.c, rq->a, &(struct fire_points_of_params){ id }, &rows));
	out.seen.v = NEW_N(rq->a, struct fire_point_out, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		const struct fire_points_of_row *p = &rows.v[i];
		out.seen.v[out.seen.n++] = (struct fire_point_out){ p->id, p->lat, p->lon, p->at_ms, p->sensor, p->satellite,
								    str_of(fire_trust_name((enum fire_trust)p->confidence)), p->brightness,
								    p->frp, p->fixed != 0 };
	}
	return reply_json(rq, &out);
}

/* ---- in ---- */

#define FIRE_IMPORT_QUERY(F, O, L)                                                                 \
	F(STR, name, OPT, .max = 200)                                                              \
	F(BOOL, check, OPT)
JSON_STRUCT(fire_import_query, FIRE_IMPORT_QUERY)
JSON_DEFINE(fire_import_query, FIRE_IMPORT_QUERY)

#define FIRE_FAULT(F, O, L)                                                                        \
	F(I64, row, REQ)                                                                           \
	F(STR, column, REQ)                                                                        \
	F(STR, message, REQ, .max = 1000)
JSON_STRUCT(fire_import_fault, FIRE_FAULT)
JSON_DEFINE(fire_import_fault, FIRE_FAULT)

/* rows = outside + faulty + known + new; joined: fires that turned out to be part of another. */
#define FIRE_IMPORT_OUT(F, O, L)                                                                   \
	F(I64, rows, REQ)                                                                          \
	F(I64, outside, REQ)                                                                       \
	F(I64, known, REQ)                                                                         \
	F(I64, fires, REQ)                                                                         \
	F(I64, joined, REQ)                                                                        \
	F(I64, matters, REQ)                                                                       \
	F(BOOL, stored, REQ)                                                                       \
	L(fire_import_fault, errors, REQ)
JSON_STRUCT(fire_import_out, FIRE_IMPORT_OUT)
JSON_DEFINE(fire_import_out, FIRE_IMPORT_OUT)

struct storing_fire {
	struct ctx cx;
	struct fire_import *io;
};

static err store(struct db_conn *c, void *arg)
{
	struct storing_fire *s = arg;
	s->cx.c = c;
	s->cx.fail = (struct fail){ 0 };
	return fire_store(&s->cx, s->io);
}

static err read_file(struct req *rq, struct fire_import *io)
{
	struct ctx cx = rq->cx;
	str bytes;
	TRY(file_read(rq->a, rq->upload.path, FIRE_FILE_MAX, &bytes, &rq->cx.fail));
	TRY(db_read_begin(cx.app->db, &cx.c, &rq->cx.fail));
	err e = fire_read(&cx, bytes, io);
	db_read_end(cx.app->db, cx.c);
	rq->cx.fail = cx.fail;
	return e;
}

static err import_post(struct req *rq)
{
	const struct fire_import_query *q = rq->query;
	struct fire_import io = { 0 };
	if (!cx_in_region(&rq->cx, S("sense.write"), rq->cx.app->home_region))
		return FAIL(&rq->cx.fail, FORBIDDEN, "", NULL);
	TRY(read_file(rq, &io));
	bool stored = !io.faults.n && !q->check;
	if (stored) {
		struct storing_fire *s = NEW(rq->a, struct storing_fire);
		*s = (struct storing_fire){ rq->cx, &io };
		err e = db_write(rq->cx.app->db, store, s, &rq->cx.fail);
		if (e != ERR_OK) {
			rq->cx.fail = s->cx.fail.code == e ? s->cx.fail : rq->cx.fail;
			return e;
		}
	}
	struct fire_import_out out = { io.rows, io.outside, io.known, io.fires, io.joined, io.matters, stored, { 0 } };
	out.errors.v = NEW_N(rq->a, struct fire_import_fault, io.faults.n + 1);
	for (size_t i = 0; i < io.faults.n; i++)
		out.errors.v[out.errors.n++] = (struct fire_import_fault){ io.faults.v[i].row, io.faults.v[i].column,
									   i18n_fail(rq->a, rq->cx.lang, &io.faults.v[i].fail) };
	return reply_json(rq, &out);
}

#define FIRE_FINDING_IN(F, O, L)                                                                   \
	F(STR, outcome, REQ, .max = 40)                                                            \
	F(STR, text, OPT, .max = 4000)                                                             \
	F(I64, ver, REQ)
JSON_STRUCT(fire_finding_in, FIRE_FINDING_IN)
JSON_DEFINE(fire_finding_in, FIRE_FINDING_IN)

static err finding_post(struct req *rq)
{
	const struct fire_finding_in *in = rq->body;
	struct fire_out out;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(fire_found(&rq->cx, id, &(struct fire_finding){ in->outcome, kept(in->text), in->ver }));
	TRY(one(rq, id, &out));
	return reply_json(rq, &out);
}

static err check_post(struct req *rq)
{
	struct hot_params hp;
	struct fire_out out;
	int64_t id;
	TRY(rq_id(rq, "id", &id));
	TRY(one(rq, id, &out));
	TRY(hot_params_read(&rq->cx, &hp));
	TRY(fire_ask_check(&rq->cx, id, &hp));
	TRY(one(rq, id, &out));
	return reply_created(rq, &out);
}

const struct route firepoint_routes[] = {
	{ "GET", "/api/firepoints", list_get, READ, "sense.read", NULL, fire_list_out_json, "Fires seen by satellites, the newest first",
	  fire_query_json },
	{ "GET", "/api/firepoints/map", map_get, READ, "sense.read", NULL, fire_map_json, "The same as GeoJSON", fire_query_json },
	{ "GET", "/api/firepoints/{id}", page_get, READ, "sense.read", NULL, fire_page_json, "One fire and its points" },
	{ "POST", "/api/firepoints/import", import_post, UPLOAD, "sense.write", NULL, fire_import_out_json,
	  "Fire points from a FIRMS table, all or none", fire_import_query_json },
	{ "POST", "/api/firepoints/{id}/check", check_post, WRITE, "matter.create", NULL, fire_out_json,
	  "Sends somebody to a fire that nobody was sent to" },
	{ "POST", "/api/firepoints/{id}/finding", finding_post, WRITE, "matter.act", fire_finding_in_json, fire_out_json,
	  "What was found on the spot" },
	{ 0 },
};
