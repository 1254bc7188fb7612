#include <math.h>

#include "base/embed.h"
#include "cli/demo_after.h"
#include "core/evidence.h"
#include "core/ledger.h"
#include "core/session.h"
#include "loop/matter.h"
#include "loop/notice.h"

EMBED_TABLE(demo_file)

enum { FIELDS_MAX = 8, HOUR_MS = 3600 * 1000 };

/* The nth hazard that lived a life; 0 when there are not so many. */
static int64_t lived(const struct demo_city *city, str life, size_t nth)
{
	for (size_t i = 0; i < city->nlived; i++)
		if (str_eq(city->lived[i].life, life) && !nth--)
			return city->lived[i].matter;
	return 0;
}

/* ---- papers ---- */

struct writing {
	struct demo_city *city;
	struct req rq;
	struct notice_draft draft;
	struct notice_value fields[FIELDS_MAX];
	int64_t id, ver;
};

static err draft(struct req *rq, void *arg)
{
	struct writing *w = arg;
	struct notice n;
	TRY(notice_make(&rq->cx, &w->draft, &w->id));
	TRY(notice_get(&rq->cx, w->id, &n));
	w->ver = n.row.ver;
	return ERR_OK;
}

static err serve(struct req *rq, void *arg)
{
	struct writing *w = arg;
	struct notice n;
	TRY(notice_get(&rq->cx, w->id, &n));
	return notice_serve(&rq->cx, &(struct notice_service){ .id = w->id, .ver = n.row.ver, .at_ms = JSON_NONE,
								.method = S("electronic"), .receiver = S("值班员"), .note = S("") });
}

static err letters(struct req *rq, void *arg)
{
	struct writing *w = arg;
	rq->cx.who = &w->city->office;
	TRY(notice_put_letters(&rq->cx, w->city->office.org, S("示例区安"), S("")));
	return notice_put_letters(&rq->cx, w->city->supervisor.org, S("示例区政"), S(""));
}

static struct writing writing(struct demo_city *city, int64_t at_ms)
{
	struct writing w = { .city = city, .rq = { .a = city->a, .cx = house_ctx(city->h, city->a, NULL, at_ms) } };
	w.rq.cx.who = &city->office;
	return w;
}

/* "level=区级挂牌; contact=…" */
static void read_fields(struct writing *w, str list)
{
	str one, name;
	while (w->draft.nfields < FIELDS_MAX && str_cut(&list, ';', &one))
		if (str_cut(&one, '=', &name) && str_trim(name).n)
			w->fields[w->draft.nfields++] = (struct notice_value){ str_trim(name), str_trim(one) };
	w->draft.fields = w->fields;
}

static err paper(struct demo_city *city, const struct rows *t, size_t i)
{
	int64_t days, ago;
	str until = rows_get(t, i, S("until"));
	if (!str_to_i64(rows_get(t, i, S("days")), &days) || !str_to_i64(rows_get(t, i, S("days_ago")), &ago))
		return FAIL(&city->cli->fail, INTERNAL, "", NULL);
	struct writing w = writing(city, city->now_ms - ago * DAY_MS);
	if (str_eq(rows_get(t, i, S("who")), S("supervisor")))
		w.rq.cx.who = &city->supervisor;
	w.draft = (struct notice_draft){ .matter = lived(city, rows_get(t, i, S("life")), 0), .template = rows_get(t, i, S("template")),
					 .lang = S("zh-CN"), .addressee = JSON_NONE, .days = days, .due_day = JSON_NONE, .unit = S("workday") };
	read_fields(&w, rows_get(t, i, S("fields")));
	err e = session_write(&w.rq, draft, &w);
	if (e == ERR_OK && !str_eq(until, S("drafted")))
		e = notice_issue(&w.rq, w.id, w.ver, S(""));
	w.rq.cx.now_ms += HOUR_MS;
	if (e == ERR_OK && str_eq(until, S("served")))
		e = session_write(&w.rq, serve, &w);
	city->cli->fail = w.rq.cx.fail;
	return e;
}

err demo_papers(struct demo_city *city)
{
	const struct embed_file *file = demo_file(S("papers.tsv"));
	struct writing w = writing(city, city->now_ms - 30 * (int64_t)DAY_MS);
	struct rows t;
	if (!file)
		return FAIL(&city->cli->fail, INTERNAL, "", NULL);
	TRY(rows_read(city->a, S("papers.tsv"), file->bytes, &t, &city->cli->fail));
	err e = session_write(&w.rq, letters, &w);
	city->cli->fail = w.rq.cx.fail;
	for (size_t i = 0; e == ERR_OK && i < t.n; i++)
		e = paper(city, &t, i);
	return e;
}

/* ---- a photo used twice ---- */

struct showing {
	struct demo_city *city;
	int64_t matter, at_ms;
	const struct embed_file *file;
	str name, hash;
	struct photo photo;
	struct fail fail;
};

static err show(struct db_conn *c, void *arg)
{
	struct showing *s = arg;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct ctx cx = house_ctx(s->city->h, a, c, s->at_ms);
	struct matter m;
	int64_t id;
	cx.who = &s->city->office;
	err e = matter_get(&cx, s->matter, &m);
	for (size_t i = 0; e == ERR_OK && i < s->city->norgs; i++)
		if (s->city->orgs[i].id == m.row.lead_org)
			cx.who = &s->city->orgs[i].duty;
	if (e == ERR_OK)
		e = evidence_add(&cx,
				 &(struct evidence_new){ .region = m.row.region, .subject = ledger_subject(&cx, "matter", s->matter),
							 .hash = s->hash, .name = s->name, .type = evidence_type(s->file->bytes),
							 .size = (int64_t)s->file->bytes.n, .captured_ms = DB_NONE, .lat = NAN, .lon = NAN,
							 .photo = &s->photo },
				 &id);
	s->fail = cx.fail;
	return e;
}

static err show_photo(struct demo_city *city, const char *path, str name, int64_t matter, int64_t days_ago)
{
	unsigned char hash[HASH_SIZE];
	struct showing s = { .city = city, .matter = matter, .at_ms = city->now_ms - days_ago * DAY_MS, .name = name,
			     .file = demo_file(str_of(path)) };
	if (!s.file || !matter)
		return FAIL(&city->cli->fail, INTERNAL, "", NULL);
	hash_bytes(HASH_SHA256, s.file->bytes, hash);
	s.hash = hex_encode(city->a, (str){ (char *)hash, sizeof hash });
	s.photo = photo_of(city->a, s.file->bytes);
	TRY(evidence_store(&city->h->app, s.file->bytes, s.hash, &city->cli->fail));
	err e = db_write(city->h->app.db, show, &s, &s.fail);
	if (e != ERR_OK)
		city->cli->fail = s.fail;
	return e;
}

err demo_photos(struct demo_city *city)
{
	TRY(show_photo(city, "photos/before.jpg", S("整改后照片.jpg"), lived(city, S("verified"), 0), 4));
	return show_photo(city, "photos/again.jpg", S("整改完成.jpg"), lived(city, S("to be verified"), 0), 1);
}
