/* Changes to organisations, people and posts: each an act of a region, with its event. */
#include "core/org.h"

#include <string.h>

#include "core/app.h"
#include "core/duty.h"
#include "core/ledger.h"
#include "core/org_sql.h"
#include "core/region.h"

enum { SALT_SIZE = 16 };

static str or_empty(str s)
{
	return s.p ? s : (str){ "", 0 };
}

static err put_event(struct ctx *cx, int64_t region, const char *kind, const char *subject, int64_t id, struct canon *c)
{
	TRY(duty_changed(cx));
	return ledger_append(cx, region, kind, ledger_subject(cx, subject, id), canon_end(c), NULL);
}

/* ---- organisations ---- */

static bool kind_known(str kind)
{
	str list = S(ORG_KINDS), one;
	while (str_cut(&list, '|', &one))
		if (str_eq(one, kind))
			return true;
	return false;
}

static err check_parent(struct ctx *cx, int64_t id, int64_t region, int64_t parent)
{
	struct org_get_row row;
	int64_t lo, hi;
	if (!parent)
		return ERR_OK;
	err e = parent == id ? ERR_NOT_FOUND : org_get(cx->c, cx->a, &(struct org_get_params){ .id = parent }, &row);
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, BAD_FIELD, "/parent", "err.org_parent");
	TRY(e);
	region_range(row.region, &lo, &hi);
	if (region < lo || region > hi)
		return FAIL(&cx->fail, BAD_FIELD, "/parent", "err.org_parent");
	return ERR_OK;
}

static str org_data(struct ctx *cx, const struct org_insert_params *o, int64_t valid_to_day, int64_t ver)
{
	struct canon c;
	canon_begin(&c, cx->a);
	canon_str(&c, "kind", o->kind);
	canon_str(&c, "name", o->name);
	canon_str(&c, "name_en", o->name_en);
	canon_str(&c, "short", o->short_name);
	canon_id(&c, "parent", o->parent);
	canon_id(&c, "sectors", o->sectors);
	canon_i64(&c, "from_day", o->valid_from_day);
	if (valid_to_day == DB_NONE)
		canon_null(&c, "to_day");
	else
		canon_i64(&c, "to_day", valid_to_day);
	canon_i64(&c, "ver", ver);
	return canon_end(&c);
}

err org_put(struct ctx *cx, const struct org_new *o, int64_t *ret_id)
{
	struct org_insert_params p = {
		.id = new_id(cx), .region = o->region, .kind = o->kind, .name = o->name,
		.name_en = o->name_en.n ? o->name_en : o->name, .short_name = or_empty(o->short_name), .parent = o->parent,
		.sectors = o->sectors, .valid_from_day = o->valid_from_day,
	};
	if (!region_valid(o->region))
		return FAIL(&cx->fail, BAD_FIELD, "/region", "err.unknown_region");
	if (!kind_known(o->kind))
		return FAIL(&cx->fail, BAD_FIELD, "/kind", NULL);
	TRY(check_parent(cx, p.id, p.region, p.parent));
	TRY(org_insert(cx->c, &p, NULL));
	TRY(duty_changed(cx));
	TRY(ledger_append(cx, p.region, "org.create", ledger_subject(cx, "org", p.id), org_data(cx, &p, DB_NONE, 1), NULL));
	*ret_id = p.id;
	return ERR_OK;
}

static err stale(struct ctx *cx, int64_t ver)
{
	return FAIL(&cx->fail, STALE, "/ver", "err.stale", "ver", arena_printf(cx->a, "%lld", (long long)ver).p);
}

err org_change(struct ctx *cx, const struct org_change *o)
{
	struct org_get_row was;
	int64_t changed;
	TRY(org_get(cx->c, cx->a, &(struct org_get_params){ .id = o->id }, &was));
	if (was.ver != o->ver)
		return stale(cx, was.ver);
	struct org_insert_params now = {
		.id = was.id, .region = was.region, .kind = was.kind, .name = o->name.p ? o->name : was.name,
		.name_en = o->name_en.p ? o->name_en : was.name_en,
		.short_name = o->short_name.p ? o->short_name : was.short_name,
		.parent = o->parent == DB_NONE ? was.parent : o->parent,
		.sectors = o->sectors == DB_NONE ? was.sectors : o->sectors, .valid_from_day = was.valid_from_day,
	};
	int64_t to = o->valid_to_day == DB_NONE ? was.valid_to_day : o->valid_to_day;
	TRY(check_parent(cx, now.id, now.region, now.parent));
	const struct org_update_params p = { .id = now.id, .ver = o->ver, .name = now.name, .name_en = now.name_en,
					     .short_name = now.short_name, .parent = now.parent, .sectors = now.sectors,
					     .valid_to_day = to };
	TRY(org_update(cx->c, &p, &changed));
	if (!changed)
		return stale(cx, was.ver);
	TRY(duty_changed(cx));
	return ledger_append(cx, now.region, "org.change", ledger_subject(cx, "org", now.id),
			     org_data(cx, &now, to, o->ver + 1), NULL);
}

err org_brief(struct ctx *cx, int64_t id, struct org_brief *ret)
{
	struct org_get_row row;
	TRY(org_get(cx->c, cx->a, &(struct org_get_params){ .id = id }, &row));
	*ret = (struct org_brief){ row.id, row.region, row.kind, row.name, row.name_en };
	return ERR_OK;
}

bool org_exists(struct ctx *cx, int64_t id)
{
	struct org_get_row row;
	return org_get(cx->c, cx->a, &(struct org_get_params){ .id = id }, &row) == ERR_OK;
}

/* ---- people ---- */

err person_put(struct ctx *cx, str name, str name_en, int64_t *ret_id)
{
	unsigned char salt[SALT_SIZE];
	struct canon c;
	int64_t id = new_id(cx);
	random_bytes(salt, sizeof salt);
	str s = { (const char *)salt, sizeof salt };
	TRY(person_insert(cx->c, &(struct person_insert_params){ .id = id, .name = name, .name_en = or_empty(name_en), .salt = s },
			  NULL));
	canon_begin(&c, cx->a);
	canon_str(&c, "name", commitment(cx->a, s, name));
	canon_str(&c, "name_en", commitment(cx->a, s, or_empty(name_en)));
	TRY(put_event(cx, cx->app->home_region, "person.create", "person", id, &c));
	*ret_id = id;
	return ERR_OK;
}

err person_names(struct ctx *cx, int64_t person, str *ret, str *ret_en)
{
	struct person_get_row row;
	err e = person_get(cx->c, cx->a, &(struct person_get_params){ .id = person }, &row);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	bool known = e == ERR_OK && row.erased_ms == DB_NONE;
	*ret = known ? row.name : (str){ "", 0 };
	*ret_en = known ? row.name_en : (str){ "", 0 };
	return ERR_OK;
}

err person_name(struct ctx *cx, int64_t person, str *ret)
{
	str ignored;
	return person_names(cx, person, ret, &ignored);
}

/* ---- posts ---- */

err post_put(struct ctx *cx, const struct post_new *p, int64_t *ret_id)
{
	struct org_get_row org;
	struct canon c;
	int64_t id = new_id(cx);
	err e = org_get(cx->c, cx->a, &(struct org_get_params){ .id = p->org }, &org);
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, BAD_FIELD, "/org", "err.unknown_org");
	TRY(e);
	const struct post_insert_params in = {
		.id = id, .org = p->org, .title = p->title, .title_en = p->title_en.n ? p->title_en : p->title,
		.rank = p->rank, .leader = p->leader, .duties = p->duties.n ? p->duties : S("{\"duties\":[]}"),
	};
	TRY(post_insert(cx->c, &in, NULL));
	canon_begin(&c, cx->a);
	canon_id(&c, "org", in.org);
	canon_str(&c, "title", in.title);
	canon_str(&c, "title_en", in.title_en);
	canon_i64(&c, "rank", in.rank);
	canon_bool(&c, "leader", in.leader);
	canon_str(&c, "duties", in.duties);
	TRY(put_event(cx, org.region, "post.create", "post", id, &c));
	*ret_id = id;
	return ERR_OK;
}

static err check_term(struct ctx *cx, int64_t post, int64_t from_day, int64_t to_day)
{
	struct hold_overlaps_row n;
	if (to_day != DB_NONE && to_day < from_day)
		return FAIL(&cx->fail, BAD_FIELD, "/to", "err.hold_order");
	const struct hold_overlaps_params p = { .post = post, .from_day = from_day,
						.to_day = to_day == DB_NONE ? INT32_MAX : to_day };
	TRY(hold_close(cx->c, &(struct hold_close_params){ .post = post, .from_day = from_day }, NULL));
	TRY(hold_overlaps(cx->c, cx->a, &p, &n));
	return n.n ? FAIL(&cx->fail, CONFLICT, "/from", "err.hold_overlap") : ERR_OK;
}

err post_hold_put(struct ctx *cx, int64_t post, int64_t person, int64_t from_day, int64_t to_day, int64_t *ret_id)
{
	struct post_get_row row;
	struct person_get_row who;
	struct canon c;
	int64_t id = new_id(cx);
	TRY(post_get(cx->c, cx->a, &(struct post_get_params){ .id = post }, &row));
	err e = person_get(cx->c, cx->a, &(struct person_get_params){ .id = person }, &who);
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, BAD_FIELD, "/person", "err.unknown_person");
	TRY(e);
	TRY(check_term(cx, post, from_day, to_day));
	TRY(hold_insert(cx->c, &(struct hold_insert_params){ .id = id, .post = post, .person = person, .from_day = from_day,
							     .to_day = to_day }, NULL));
	canon_begin(&c, cx->a);
	canon_id(&c, "person", person);
	canon_i64(&c, "from_day", from_day);
	if (to_day != DB_NONE)
		canon_i64(&c, "to_day", to_day);
	TRY(put_event(cx, row.region, "post.hold", "post", post, &c));
	*ret_id = id;
	return ERR_OK;
}
