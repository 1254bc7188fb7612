/* Routes: /api/checklists. */
#include "core/sector.h"
#include "core/views.h"
#include "loop/checklist.h"
#include "loop/routes.h"

#define CHECK_ITEM_OUT(F, O, L)                                                                              \
	F(STR, id, REQ)                                                                                      \
	F(STR, group_zh, REQ)                                                                                \
	F(STR, group_en, REQ)                                                                                \
	F(STR, zh, REQ, .max = 2000)                                                                         \
	F(STR, en, REQ, .max = 2000)                                                                         \
	F(ENUM, answer, REQ, .options = "choice|number")                                                     \
	F(STR, unit, OPT)                                                                                    \
	F(F64, lo, NUL)                                                                                      \
	F(F64, hi, NUL)                                                                                      \
	F(ENUM, finding, NUL, .options = "yes|no|outside")                                                   \
	F(BOOL, major, REQ)                                                                                  \
	F(BOOL, photo, REQ)                                                                                  \
	F(STR, criterion, OPT)                                                                               \
	F(STR, basis_zh, OPT, .max = 2000)                                                                   \
	F(STR, basis_en, OPT, .max = 2000)                                                                   \
	F(STR, source, REQ, .max = 2000)                                                                     \
	F(STR, certainty, REQ)                                                                               \
	F(I64, weight, REQ)                                                                                  \
	F(STR, show_if, OPT)
JSON_STRUCT(check_item_out, CHECK_ITEM_OUT)
JSON_DEFINE(check_item_out, CHECK_ITEM_OUT)

#define CHECKLIST_OUT(F, O, L)                                                                               \
	F(STR, type, OPT)                                                                                    \
	F(DATE, day, REQ)                                                                                    \
	F(STRS, editions, REQ)                                                                               \
	L(check_item_out, items, REQ, .max = CHECKLIST_MAX)
JSON_STRUCT(checklist_out, CHECKLIST_OUT)
JSON_DEFINE(checklist_out, CHECKLIST_OUT)

#define CHECKLIST_QUERY(F, O, L)                                                                             \
	F(STR, type, OPT, .max = 60)                                                                         \
	F(STR, sector, OPT, .max = 60)                                                                       \
	F(DATE, day, OPT)
JSON_STRUCT(checklist_query, CHECKLIST_QUERY)
JSON_DEFINE(checklist_query, CHECKLIST_QUERY)

static struct check_item_out item_view(const struct check_item *it)
{
	return (struct check_item_out){
		.id = it->id,
		.group_zh = it->group_zh,
		.group_en = it->group_en,
		.zh = it->zh,
		.en = it->en,
		.answer = it->answer,
		.unit = view_str(it->unit),
		.lo = it->lo,
		.hi = it->hi,
		.finding = it->finding.n ? it->finding : (str){ NULL, 0 },
		.major = it->major,
		.photo = it->photo,
		.criterion = view_str(it->criterion),
		.basis_zh = view_str(it->basis_zh),
		.basis_en = view_str(it->basis_en),
		.source = it->source,
		.certainty = it->certainty,
		.weight = it->weight,
		.show_if = view_str(it->show_if),
	};
}

static struct json_strs words(struct arena *a, str list)
{
	struct json_strs out = { .v = NEW_N(a, str, list.n + 1) };
	while (list.n && str_cut(&list, ' ', &out.v[out.n]))
		out.n++;
	return out;
}

static err checklist_get(struct req *rq)
{
	struct ctx *cx = &rq->cx;
	const struct checklist_query *q = rq->query;
	struct checklist l;
	str sector = q->sector;
	int64_t sectors = 0, day = q->day == JSON_NONE ? china_day(cx->now_ms) : q->day;
	if (q->sector.n)
		TRY(sector_mask(cx->app->sectors, &(struct json_strs){ &sector, 1 }, "?sector", &sectors,
				&cx->fail));
	TRY(checklist_assemble(rq->a, cx->app->checklists, view_str(q->type), sectors, day, &l));
	struct checklist_out out = { .type = l.type, .day = l.day, .editions = words(rq->a, l.editions) };
	out.items.v = NEW_N(rq->a, struct check_item_out, l.n + 1);
	out.items.n = l.n;
	for (size_t i = 0; i < l.n; i++)
		out.items.v[i] = item_view(&l.v[i]);
	return reply_json(rq, &out);
}

const struct route checklist_routes[] = {
	{ "GET", "/api/checklists", checklist_get, READ, "", NULL, checklist_out_json,
	  "The checklist for a type of object or a sector on a day", checklist_query_json },
	{ 0 },
};
