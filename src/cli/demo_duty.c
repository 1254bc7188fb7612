#include "cli/demo_duty.h"

#include "base/embed.h"
#include "cli/demo.h"
#include "core/duty.h"
#include "core/org.h"
#include "core/org_sql.h"
#include "core/org_view.h"
#include "core/sector.h"
#include "land/object.h"

EMBED_TABLE(demo_file)

enum { SINCE_DAYS = 365, WORDS_MAX = 64 };

struct sheet {
	struct ctx *cx;
	const struct demo_city *city;
	struct rows t;
	size_t at;
};

static err sheet_read(struct ctx *cx, const struct demo_city *city, const char *path, struct sheet *ret)
{
	const struct embed_file *file = demo_file(str_of(path));
	*ret = (struct sheet){ .cx = cx, .city = city };
	return file ? rows_read(cx->a, str_of(path), file->bytes, &ret->t, &cx->fail) : FAIL(&cx->fail, INTERNAL, "", NULL);
}

static str cell(const struct sheet *s, const char *column)
{
	str v = rows_get(&s->t, s->at, str_of(column));
	return v.p ? v : S("");
}

static err sectors_of(const struct sheet *s, int64_t *ret)
{
	struct json_strs ids = { NEW_N(s->cx->a, str, WORDS_MAX), 0 };
	str list = cell(s, "sectors"), word;
	while (ids.n < WORDS_MAX && str_cut(&list, ' ', &word))
		if (word.n)
			ids.v[ids.n++] = word;
	return sector_mask(s->cx->app->sectors, &ids, "", ret, &s->cx->fail);
}

static err org_of(const struct sheet *s, const char *column, int64_t *ret)
{
	const struct demo_org *o = cell(s, column).n ? demo_org_find(s->city, cell(s, column)) : NULL;
	*ret = o ? o->id : 0;
	return o || !cell(s, column).n ? ERR_OK : FAIL(&s->cx->fail, INTERNAL, "", NULL);
}

/* 0 when the organisation has no post of this title. */
static err post_named(const struct sheet *s, int64_t org, str title, int64_t *ret)
{
	struct post_of_org_rows rows;
	TRY(post_of_org(s->cx->c, s->cx->a, &(struct post_of_org_params){ .org = org }, &rows));
	*ret = 0;
	for (size_t i = 0; i < rows.n; i++)
		if (str_eq(rows.v[i].title, title))
			*ret = rows.v[i].id;
	return ERR_OK;
}

static err new_post(const struct sheet *s, int64_t org, int64_t *ret)
{
	struct ctx *cx = s->cx;
	str duty = cell(s, "duties");
	struct json_strs duties = { &duty, duty.n ? 1 : 0 };
	struct post_new p = { .org = org, .title = cell(s, "title"), .title_en = cell(s, "title_en"),
			      .leader = str_eq(cell(s, "leader"), S("1")), .duties = duties_write(cx->a, &duties) };
	(void)!str_to_i64(cell(s, "rank"), &p.rank);
	return post_put(cx, &p, ret);
}

static err add_holder(const struct sheet *s, int64_t post)
{
	struct ctx *cx = s->cx;
	int64_t person, hold, left, today = china_day(cx->now_ms), to = DB_NONE;
	if (!cell(s, "name").n)
		return ERR_OK;
	if (str_to_i64(cell(s, "left"), &left))
		to = today - left;
	TRY(person_put(cx, cell(s, "name"), cell(s, "name_en"), &person));
	return post_hold_put(cx, post, person, today - SINCE_DAYS, to, &hold);
}

static err add_post(const struct sheet *s)
{
	struct ctx *cx = s->cx;
	int64_t org, post, id, mask;
	TRY(org_of(s, "org", &org));
	TRY(post_named(s, org, cell(s, "title"), &post));
	if (!post)
		TRY(new_post(s, org, &post));
	TRY(add_holder(s, post));
	if (!cell(s, "charge").n)
		return ERR_OK;
	TRY(sectors_of(s, &mask));
	return charge_put(cx, &(struct charge_new){ .post = post, .charge = cell(s, "charge"), .sectors = mask,
						    .basis = cell(s, "basis"), .from_day = china_day(cx->now_ms) - SINCE_DAYS,
						    .to_day = DB_NONE }, &id);
}

err demo_posts(struct ctx *cx, const struct demo_city *city)
{
	struct sheet s;
	TRY(sheet_read(cx, city, "posts.tsv", &s));
	for (s.at = 0; s.at < s.t.n; s.at++)
		TRY(add_post(&s));
	return ERR_OK;
}

static err designate(const struct sheet *s, int64_t object, int64_t region)
{
	struct ctx *cx = s->cx;
	int64_t id;
	struct designation_new n = { .region = region, .object = object, .line = cell(s, "line"), .role = cell(s, "role"),
				     .number = cell(s, "number"), .reason = cell(s, "reason"),
				     .from_day = china_day(cx->now_ms) - SINCE_DAYS / 2, .to_day = DB_NONE };
	TRY(org_of(s, "org", &n.org));
	TRY(org_of(s, "decided_by", &n.decided_by));
	TRY(sectors_of(s, &n.sectors));
	if (cell(s, "post").n)
		TRY(post_named(s, n.org, cell(s, "post"), &n.post));
	return designation_put(cx, &n, &id);
}

/* A row with a type holds for each of the city's objects of that type. */
static err designate_row(const struct sheet *s)
{
	str type = cell(s, "type");
	if (!type.n)
		return designate(s, 0, demo_org_find(s->city, S("gov"))->region);
	for (size_t i = 0; i < s->city->nobjects; i++) {
		struct object o;
		TRY(object_load(s->cx, s->city->objects[i].id, &o));
		if (str_eq(o.type, type))
			TRY(designate(s, o.id, o.region));
	}
	return ERR_OK;
}

err demo_designations(struct ctx *cx, const struct demo_city *city)
{
	struct sheet s;
	TRY(sheet_read(cx, city, "designations.tsv", &s));
	for (s.at = 0; s.at < s.t.n; s.at++)
		TRY(designate_row(&s));
	return ERR_OK;
}
