/* Keeping exchange rows: references, the rows, their photos, and matters for dangers that are open. */
#include <math.h>

#include "base/map.h"
#include "core/app.h"
#include "core/canon.h"
#include "core/evidence.h"
#include "core/i18n.h"
#include "core/ledger.h"
#include "loop/exchange_check.h"

bool exchange_may(struct ctx *cx, str perm, const struct exchange_company_get_row *c)
{
	int64_t parties[] = { c->org };
	struct access_row row = { c->region, c->sectors, 1, parties, c->org ? 1 : 0 };
	return cx_allowed(cx, perm, &row);
}

bool exchange_hands_in(struct ctx *cx, const struct exchange_company_get_row *c)
{
	bool own = cx_org(cx) && cx_org(cx) == c->org && exchange_may(cx, S("matter.act"), c);
	return own || exchange_may(cx, S("matter.create"), c);
}

str exchange_mask(struct arena *a, str number)
{
	struct buf b = BUF(a);
	size_t head = number.n >= 11 ? 3 : 0, tail = number.n >= 11 ? 4 : number.n > 2 ? 2 : 0;
	for (size_t i = 0; i < number.n; i++) {
		bool shown = (i < head || i + tail >= number.n) && (unsigned char)number.p[i] < 128;
		buf_byte(&b, shown ? number.p[i] : '*');
	}
	return b.n ? buf_str(&b) : S("");
}

str exchange_minimal(struct arena *a, const struct exchange_table *t, str body)
{
	for (size_t i = 0; i < t->n; i++) {
		str value, plain;
		if (!str_eq(t->fields[i].as, S("mobile")) || !(value = canon_get(body, arena_cstr(a, t->fields[i].name))).n)
			continue;
		size_t at = (size_t)(value.p - body.p);
		str masked = canon_get_plain(body, arena_cstr(a, t->fields[i].name), &plain) ? exchange_mask(a, plain) : S("***");
		body = arena_printf(a, STR_FMT "\"" STR_FMT "\"" STR_FMT, STR_ARG(str_sub(body, 0, at)), STR_ARG(masked),
				    STR_ARG(str_sub(body, at + value.n, body.n)));
	}
	return body;
}

/* ---- references ---- */

/* The table that a field points into: the parent of whichever table hangs on a field of this name. */
static const struct exchange_table *target_of(const struct exchange_spec *s, const struct exchange_table *t, size_t field)
{
	const struct exchange_field *f = &t->fields[field];
	if (f->type != EX_UUID || field == t->id_at)
		return NULL;
	for (size_t i = 0; i < s->n; i++)
		if (str_eq(s->tables[i].parent_field, f->name))
			return exchange_table_find(s, s->tables[i].parent);
	return NULL;
}

struct refs {
	struct ctx *cx;
	struct exchange_import *im;
	struct map known; /* "table id" */
	int64_t region;
};

static err is_known(struct refs *r, const struct exchange_table *t, str id, bool *ret)
{
	struct exchange_row_get_row row;
	str key = arena_printf(r->cx->a, STR_FMT " " STR_FMT, STR_ARG(t->id), STR_ARG(id));
	*ret = map_get(&r->known, key) != NULL;
	if (*ret)
		return ERR_OK;
	err e = exchange_row_get(r->cx->c, r->cx->a, &(struct exchange_row_get_params){ r->region, r->im->spec->id,
								r->im->in->company.code, t->id, id }, &row);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	TRY(e);
	map_put(&r->known, key, r);
	*ret = true;
	return ERR_OK;
}

static err check_row(struct refs *r, const struct exchange_row *row)
{
	const struct exchange_table *t = &r->im->spec->tables[row->table];
	for (size_t i = 0; i < t->n; i++) {
		const struct exchange_table *to = row->values[i].n ? target_of(r->im->spec, t, i) : NULL;
		bool known = true;
		if (to)
			TRY(is_known(r, to, row->values[i], &known));
		struct exchange_error at = { t->id, row->where, t->fields[i].name, S(""), row->number };
		if (!known)
			exchange_wrong(r->cx, r->im->in, &at, "err.exchange.ref", "field", arena_cstr(r->cx->a, t->fields[i].name), "id",
				       arena_cstr(r->cx->a, row->values[i]), "table", arena_cstr(r->cx->a, to->id), NULL);
	}
	return ERR_OK;
}

err exchange_check_refs(struct ctx *cx, struct exchange_import *im)
{
	struct exchange_company_get_row c;
	struct refs r = { .cx = cx, .im = im, .known = MAP(cx->a) };
	err e = exchange_company_get(cx->c, cx->a, &(struct exchange_company_get_params){ im->spec->id, im->in->company.code }, &c);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	r.region = e == ERR_OK ? c.region : im->region;
	for (size_t i = 0; i < im->in->n; i++) {
		const struct exchange_table *t = &im->spec->tables[im->in->rows[i].table];
		str id = t->id_at == SIZE_MAX ? S("") : im->in->rows[i].values[t->id_at];
		if (id.n)
			map_put(&r.known, arena_printf(cx->a, STR_FMT " " STR_FMT, STR_ARG(t->id), STR_ARG(id)), &r);
	}
	for (size_t i = 0; i < im->in->n; i++)
		TRY(check_row(&r, &im->in->rows[i]));
	return ERR_OK;
}

/* ---- rows ---- */

struct storing {
	struct ctx *cx;
	struct exchange_import *im;
	struct exchange_company_get_row company;
	bool may_matters;
};

static str body_of(struct ctx *cx, const struct exchange_table *t, const struct exchange_row *row)
{
	struct canon c;
	canon_begin(&c, cx->a);
	for (size_t i = 0; i < t->n; i++)
		if (row->values[i].n)
			canon_str(&c, arena_cstr(cx->a, t->fields[i].name), row->values[i]);
	return canon_end(&c);
}

static str value_as(const struct exchange_table *t, const struct exchange_row *row, const char *as)
{
	size_t f = exchange_meaning(t, str_of(as));
	return f == SIZE_MAX || !row->values[f].p ? S("") : row->values[f];
}

static str word_of(struct ctx *cx, const char *table, str code)
{
	const struct loop_word *v;
	size_t n = loop_words(cx->app->loop, table, &v);
	for (size_t i = 0; i < n && code.n; i++)
		if (str_eq(v[i].code, code))
			return v[i].id;
	return S("");
}

/* Open, not deleted, and of a kind of matter that the house knows. */
static bool wants_matter(const struct storing *st, const struct exchange_table *t, const struct exchange_row *row)
{
	const struct exchange_spec *s = st->im->spec;
	size_t state = exchange_meaning(t, S("state"));
	if (!st->may_matters || exchange_meaning(t, S("title")) == SIZE_MAX || state == SIZE_MAX ||
	    !loop_workflow(st->cx->app->loop, s->matters))
		return false;
	const struct exchange_code *k = exchange_code_find(s, t->fields[state].codes, row->values[state]);
	bool deleted = t->deleted_at != SIZE_MAX && str_eq(row->values[t->deleted_at], S("1"));
	return k && str_eq(k->means, S("open")) && !deleted;
}

static err make_matter(struct storing *st, const struct exchange_table *t, const struct exchange_row *row, int64_t *ret)
{
	struct ctx *cx = st->cx;
	int64_t org = st->company.org, ms;
	str text, due = value_as(t, row, "due"), found = value_as(t, row, "found");
	struct matter_new in = { .region = st->company.region, .kind = st->im->spec->matters, .title = value_as(t, row, "title"),
				 .text = value_as(t, row, "text"), .measures = value_as(t, row, "measures"),
				 .sectors = st->company.sectors, .lead = { &org, org ? 1 : 0 }, .due_day = JSON_NONE };
	if (due.n && exchange_time(cx->a, due, &text, &ms))
		in.due_day = china_day(ms);
	if (found.n && exchange_time(cx->a, found, &text, &ms))
		in.found.found_ms = ms;
	in.found.source = word_of(cx, "sources", value_as(t, row, "source"));
	in.found.cause = word_of(cx, "causes", value_as(t, row, "cause"));
	err e = matter_create(cx, &in, ret);
	if (e == ERR_OK || err_status(e) >= 500)
		return e;
	struct exchange_error at = { t->id, row->where, S(""), S(""), row->number };
	str why = i18n_fail(cx->a, cx->lang, &cx->fail);
	exchange_wrong(cx, st->im->in, &at, "err.exchange.matter", "why", arena_cstr(cx->a, why), NULL);
	return ERR_BAD_INPUT;
}

/* Photos are evidence of the company's tables; the bytes were kept before. */
static err keep_photos(struct storing *st, const struct exchange_table *t, const struct exchange_row *row)
{
	struct ctx *cx = st->cx;
	for (size_t i = 0; i < t->n; i++) {
		int64_t id;
		if (!row->bytes[i].n)
			continue;
		str hash = str_sub(row->values[i], 7, row->values[i].n);
		str subject = arena_printf(cx->a, "exchange/" STR_FMT "/" STR_FMT, STR_ARG(st->im->spec->id), STR_ARG(st->company.code));
		TRY(evidence_add(cx, &(struct evidence_new){ .region = st->company.region, .subject = subject, .hash = hash,
							     .name = t->fields[i].name, .type = evidence_type(row->bytes[i]),
							     .size = (int64_t)row->bytes[i].n, .captured_ms = DB_NONE, .lat = NAN,
							     .lon = NAN }, &id));
		st->im->photos++;
	}
	return ERR_OK;
}

static err put_row(struct storing *st, const struct exchange_row *row)
{
	struct ctx *cx = st->cx;
	const struct exchange_table *t = &st->im->spec->tables[row->table];
	struct exchange_row_get_row old = { 0 };
	str id = row->values[t->id_at], body = body_of(cx, t, row);
	struct exchange_row_get_params key = { st->company.region, st->im->spec->id, st->company.code, t->id, id };
	err e = exchange_row_get(cx->c, cx->a, &key, &old);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	if (e == ERR_OK && str_eq(old.body, body)) {
		st->im->unchanged++;
		return ERR_OK;
	}
	int64_t matter = old.matter;
	if (!matter && wants_matter(st, t, row)) {
		TRY(make_matter(st, t, row, &matter));
		st->im->linked++;
	}
	TRY(keep_photos(st, t, row));
	*(e == ERR_OK ? &st->im->updated : &st->im->created) += 1;
	return exchange_row_put(cx->c, &(struct exchange_row_put_params){
		.region = st->company.region, .spec = st->im->spec->id, .company = st->company.code, .tbl = t->id, .id = id,
		.parent = t->parent_at != SIZE_MAX && row->values[t->parent_at].p ? row->values[t->parent_at] : S(""),
		.deleted = t->deleted_at != SIZE_MAX && str_eq(row->values[t->deleted_at], S("1")), .body = body, .matter = matter,
		.now_ms = cx->now_ms }, NULL);
}

/* ---- the company ---- */

static err put_company(struct storing *st)
{
	struct ctx *cx = st->cx;
	struct exchange_import *im = st->im;
	const struct exchange_company *k = &im->in->company;
	struct exchange_company_get_row *c = &st->company;
	struct exchange_org_row org;
	err e = exchange_company_get(cx->c, cx->a, &(struct exchange_company_get_params){ im->spec->id, k->code }, c);
	if (e == ERR_NOT_FOUND)
		*c = (struct exchange_company_get_row){ .region = im->region, .code = k->code, .credit_code = S(""), .name = S(""),
							.sectors = im->spec->sectors };
	else
		TRY(e);
	if (im->org) {
		TRY(exchange_org(cx->c, cx->a, &(struct exchange_org_params){ im->org }, &org));
		c->org = org.id;
		if (e == ERR_NOT_FOUND)
			c->region = org.region;
	}
	if (k->credit_code.n)
		c->credit_code = k->credit_code;
	if (k->name.n)
		c->name = k->name;
	st->may_matters = im->matters && (!cx->who || exchange_may(cx, S("matter.create"), c));
	if (cx->who && !exchange_hands_in(cx, c))
		return FAIL(&cx->fail, FORBIDDEN, "", "err.exchange.who");
	return exchange_company_put(cx->c, &(struct exchange_company_put_params){ c->region, im->spec->id, c->code, c->credit_code,
		c->name, c->org, c->object, c->sectors, cx->now_ms }, NULL);
}

static err note(struct storing *st)
{
	struct ctx *cx = st->cx;
	const struct exchange_import *im = st->im;
	struct canon c;
	canon_begin(&c, cx->a);
	canon_str(&c, "file", im->hash);
	canon_i64(&c, "rows", (int64_t)im->in->n);
	canon_i64(&c, "created", im->created);
	canon_i64(&c, "updated", im->updated);
	canon_i64(&c, "matters", im->linked);
	canon_str(&c, "edition", im->spec->edition);
	str subject = arena_printf(cx->a, "exchange/" STR_FMT "/" STR_FMT, STR_ARG(im->spec->id), STR_ARG(st->company.code));
	return ledger_append(cx, st->company.region, "exchange.import", subject, canon_end(&c), NULL);
}

err exchange_store(struct ctx *cx, struct exchange_import *im)
{
	struct storing st = { .cx = cx, .im = im };
	im->created = im->updated = im->unchanged = im->linked = im->photos = 0;
	TRY(put_company(&st));
	for (size_t i = 0; i < im->in->n; i++)
		TRY(put_row(&st, &im->in->rows[i]));
	return note(&st);
}
