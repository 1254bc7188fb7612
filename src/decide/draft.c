#include "decide/draft_parts.h"

#include "base/utf8.h"
#include "base/vec.h"
#include "core/app.h"
#include "core/grant.h"
#include "core/ledger.h"
#include "core/org.h"
#include "core/sector.h"
#include "decide/document_sql.h"
#include "loop/matter.h"

enum { TITLE_MAX = 120 };

/* ---- from what extraction says to what is kept ---- */

/* What extraction did not find is empty here, never absent. */
static str kept(str s, size_t max)
{
	return s.p ? utf8_cut(s, max) : S("");
}

static struct cue_text *cue_text_of(struct arena *a, str text, struct cue c)
{
	if (!text.n)
		return NULL;
	struct cue_text *t = NEW(a, struct cue_text);
	*t = (struct cue_text){ utf8_cut(text, 1000), (int64_t)c.start, (int64_t)c.end };
	return t;
}

static err units_of(struct ctx *cx, int64_t region, const struct unit_refs *u, struct cue_unit **ret, size_t *ret_n)
{
	struct cue_unit *v = NEW_N(cx->a, struct cue_unit, u->n + 1);
	for (size_t i = 0; i < u->n; i++) {
		int64_t org = 0;
		TRY(org_match(cx, region, u->v[i].name, &org));
		v[i] = (struct cue_unit){ utf8_cut(u->v[i].name, 100), org ? org : JSON_NONE, (int64_t)u->v[i].cue.start,
					  (int64_t)u->v[i].cue.end };
	}
	*ret = v;
	*ret_n = u->n;
	return ERR_OK;
}

static struct cue_deadline *deadline_of(struct arena *a, const struct directive *d)
{
	if (!d->has_deadline)
		return NULL;
	struct cue_deadline *c = NEW(a, struct cue_deadline);
	*c = (struct cue_deadline){ kept(d->deadline.text, 100), (int64_t)d->deadline.cue.start,
				    (int64_t)d->deadline.cue.end, d->deadline.has_due ? d->deadline.due_day : JSON_NONE,
				    kept(d->deadline.recurs, 40) };
	return c;
}

static void put_targets(struct arena *a, const struct targets *t, struct draft_fields *f)
{
	f->targets.n = t->n < 20 ? t->n : 20;
	f->targets.v = NEW_N(a, struct cue_target, f->targets.n + 1);
	for (size_t i = 0; i < f->targets.n; i++)
		f->targets.v[i] = (struct cue_target){ kept(t->v[i].text, 300), kept(t->v[i].indicator, 150),
						       kept(t->v[i].comparator, 8), t->v[i].value, kept(t->v[i].unit, 40),
						       (int64_t)t->v[i].cue.start, (int64_t)t->v[i].cue.end };
}

static void put_sectors(struct arena *a, const struct sector_refs *s, struct draft_fields *f)
{
	f->sectors.n = s->n < 12 ? s->n : 12;
	f->sectors.v = NEW_N(a, struct cue_sector, f->sectors.n + 1);
	for (size_t i = 0; i < f->sectors.n; i++)
		f->sectors.v[i] = (struct cue_sector){ s->v[i].sector->id, (int64_t)s->v[i].cue.start, (int64_t)s->v[i].cue.end };
}

static void put_reasons(struct arena *a, const struct directive *d, struct draft_fields *f)
{
	f->reasons.n = d->reasons.n < 50 ? d->reasons.n : 50;
	f->reasons.v = NEW_N(a, struct cue_reason, f->reasons.n + 1);
	for (size_t i = 0; i < f->reasons.n; i++) {
		struct cue c = d->reasons.v[i];
		bool inside = c.start >= d->start && c.end <= d->end;
		size_t from = inside ? utf8_offset(d->text, c.start - d->start) : 0;
		str why = inside ? utf8_cut(str_sub(d->text, from, d->text.n), c.end - c.start) : S("");
		f->reasons.v[i] = (struct cue_reason){ (int64_t)c.start, (int64_t)c.end, utf8_cut(why, 100) };
	}
}

static err fields_of(struct ctx *cx, int64_t region, const struct directive *d, struct draft_fields *ret)
{
	struct draft_fields f = { 0 };
	f.action = cue_text_of(cx->a, d->action, d->action_cue);
	f.object = cue_text_of(cx->a, d->object, d->object_cue);
	TRY(units_of(cx, region, &d->leads, &f.lead.v, &f.lead.n));
	TRY(units_of(cx, region, &d->cos, &f.co.v, &f.co.n));
	f.deadline = deadline_of(cx->a, d);
	put_sectors(cx->a, &d->sectors, &f);
	put_targets(cx->a, &d->targets, &f);
	put_reasons(cx->a, d, &f);
	*ret = f;
	return ERR_OK;
}

/* Byte offset of the first mark that ends a clause, at or behind `from`; the length when there is none. */
static size_t clause_end(str s, size_t from)
{
	for (size_t i = from; i < s.n;) {
		size_t at = i;
		uint32_t cp = utf8_next(s, &i);
		if (cp == 0xFF0C || cp == 0x3002 || cp == 0xFF1B || cp == 0x2014 || cp == ';')
			return at;
	}
	return s.n;
}

static str words_between(const struct directive *d, size_t start, size_t end)
{
	if (start < d->start || end > d->end || end <= start)
		return S("");
	size_t from = utf8_offset(d->text, start - d->start);
	return utf8_cut(str_sub(d->text, from, d->text.n), end - start);
}

/* What is to be done, in one clause: from the action to the end of its object; where that is too short to
 * say anything, what stands behind the deadline; else the sentence. */
static str title_of(struct arena *a, const struct directive *d)
{
	enum { TELLING = 6 };
	str s = words_between(d, d->action_cue.start, d->object.n ? d->object_cue.end : d->end);
	s = str_sub(s, 0, clause_end(s, 0));
	if (utf8_count(s) < TELLING && d->has_deadline) {
		s = words_between(d, d->deadline.cue.end, d->end);
		s = str_sub(s, 0, clause_end(s, 0));
	}
	if (utf8_count(s) < TELLING)
		s = d->text;
	return arena_str(a, utf8_cut(str_trim(s), TITLE_MAX));
}

static int64_t sector_bit(const struct ctx *cx, str id)
{
	const struct sector *found = sector_find(cx->app->sectors, id);
	return found ? (int64_t)1 << found->bit : 0;
}

int64_t draft_mask_of(const struct ctx *cx, const struct draft_fields *f)
{
	int64_t mask = 0;
	for (size_t i = 0; i < f->sectors.n; i++)
		mask |= sector_bit(cx, f->sectors.v[i].id);
	return mask;
}

static str fields_text(struct arena *a, const struct draft_fields *f)
{
	struct buf b = BUF(a);
	json_write(&b, draft_fields_json, f);
	return buf_str(&b);
}

err draft_insert_row(struct ctx *cx, int64_t region, int64_t document, size_t start, size_t end, str text, str title,
		  double confidence, bool edited, const struct draft_fields *f, int64_t *ret_id)
{
	int64_t id = new_id(cx), due = f->deadline ? f->deadline->due : JSON_NONE;
	TRY(draft_insert(cx->c, &(struct draft_insert_params){
		.region = region, .id = id, .document = document, .start_cp = (int64_t)start, .end_cp = (int64_t)end,
		.body = text, .state = S("draft"), .title = title, .sectors = draft_mask_of(cx, f),
		.due_day = due == JSON_NONE ? DB_NONE : due, .recurs = f->deadline ? f->deadline->recurs : S(""),
		.confidence = confidence, .fields = fields_text(cx->a, f), .edited = edited }, NULL));
	*ret_id = id;
	return ERR_OK;
}

err draft_keep(struct ctx *cx, int64_t region, int64_t document, const struct directive *d, int64_t *ret_sectors)
{
	struct draft_fields f;
	int64_t id;
	TRY(fields_of(cx, region, d, &f));
	TRY(draft_insert_row(cx, region, document, d->start, d->end, d->text, title_of(cx->a, d), d->confidence, false, &f, &id));
	*ret_sectors = draft_mask_of(cx, &f);
	return ERR_OK;
}

/* ---- reading back ---- */

#define OUT_OF(r, document_, f)                                                                    \
	(struct draft_out)                                                                         \
	{                                                                                          \
		.id = (r).id, .document = (document_), .start = (r).start_cp, .end = (r).end_cp, .text = (r).body, \
		.state = (r).state, .title = (r).title, .action = (f).action, .object = (f).object,        \
		.sectors = { (f).sectors.v, (f).sectors.n }, .lead = { (f).lead.v, (f).lead.n },           \
		.co = { (f).co.v, (f).co.n }, .deadline = (f).deadline, .targets = { (f).targets.v, (f).targets.n }, \
		.reasons = { (f).reasons.v, (f).reasons.n }, .confidence = (r).confidence,                 \
		.matter = (r).matter ? (r).matter : JSON_NONE, .matter_state = (r).matter_state,           \
		.edited = (r).edited, .ver = (r).ver                                                       \
	}

err drafts_of(struct ctx *cx, int64_t region, int64_t document, struct draft_out **ret, size_t *ret_n)
{
	struct draft_list_rows rows;
	TRY(draft_list(cx->c, cx->a, &(struct draft_list_params){ region, document }, &rows));
	struct draft_out *v = NEW_N(cx->a, struct draft_out, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		struct draft_fields f;
		TRY(json_read(cx->a, rows.v[i].fields, draft_fields_json, &f, &cx->fail));
		v[i] = OUT_OF(rows.v[i], document, f);
	}
	*ret = v;
	*ret_n = rows.n;
	return ERR_OK;
}

err draft_hold(struct ctx *cx, int64_t id, str perm, struct held *ret)
{
	struct db_scope scope = cx_scope(cx, perm);
	err e = draft_get(cx->c, cx->a, &(struct draft_get_params){ id }, &scope, &ret->row);
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, NOT_FOUND, "", NULL);
	TRY(e);
	return json_read(cx->a, ret->row.fields, draft_fields_json, &ret->f, &cx->fail);
}

err draft_load(struct ctx *cx, int64_t id, struct draft_out *ret)
{
	struct held h;
	TRY(draft_hold(cx, id, S("document.read"), &h));
	*ret = OUT_OF(h.row, h.row.document, h.f);
	return ERR_OK;
}

/* ---- changes: each is an act ---- */

static err stale(struct ctx *cx, const struct held *h)
{
	return FAIL(&cx->fail, STALE, "/ver", "err.stale_draft", "ver", arena_printf(cx->a, "%ld", (long)h->row.ver).p, "state",
		    arena_cstr(cx->a, h->row.state));
}

err draft_must_be(struct ctx *cx, const struct held *h, int64_t ver, const char *state)
{
	if (h->row.ver != ver)
		return stale(cx, h);
	if (!str_eq(h->row.state, str_of(state)))
		return FAIL(&cx->fail, GUARD, "/state", "err.draft_state", "state", arena_cstr(cx->a, h->row.state));
	return ERR_OK;
}

err draft_write_back(struct ctx *cx, const struct held *h, int64_t matter)
{
	const struct draft_get_row *r = &h->row;
	int64_t changed, due = h->f.deadline ? h->f.deadline->due : JSON_NONE;
	TRY(draft_update(cx->c, &(struct draft_update_params){
		.region = r->region, .id = r->id, .ver = r->ver, .start_cp = r->start_cp, .end_cp = r->end_cp, .body = r->body,
		.state = r->state, .title = r->title, .sectors = draft_mask_of(cx, &h->f), .due_day = due == JSON_NONE ? DB_NONE : due,
		.recurs = h->f.deadline ? h->f.deadline->recurs : S(""),
		.fields = fields_text(cx->a, &h->f), .matter = matter, .edited = r->edited }, &changed));
	return changed ? ERR_OK : stale(cx, h);
}

static void canon_units(struct canon *c, const char *key, const struct cue_unit *v, size_t n)
{
	canon_list(c, key);
	for (size_t i = 0; i < n; i++) {
		canon_object(c, NULL);
		canon_str(c, "name", v[i].name);
		if (v[i].org != JSON_NONE)
			canon_id(c, "org", v[i].org);
		canon_close(c);
	}
	canon_close(c);
}

err draft_note(struct ctx *cx, const char *kind, const struct held *h, int64_t matter, str reason)
{
	struct canon c;
	canon_begin(&c, cx->a);
	canon_id(&c, "document", h->row.document);
	canon_i64(&c, "start", h->row.start_cp);
	canon_i64(&c, "end", h->row.end_cp);
	canon_str(&c, "title", h->row.title);
	canon_i64(&c, "ver", h->row.ver + 1);
	canon_units(&c, "lead", h->f.lead.v, h->f.lead.n);
	canon_units(&c, "co", h->f.co.v, h->f.co.n);
	if (h->f.deadline && h->f.deadline->due != JSON_NONE)
		canon_i64(&c, "due_day", h->f.deadline->due);
	if (matter)
		canon_id(&c, "matter", matter);
	if (reason.n)
		canon_str(&c, "reason", reason);
	return ledger_append(cx, h->row.region, kind, ledger_subject(cx, "draft", h->row.id), canon_end(&c), NULL);
}

/* The document's text between two code points; refuses what lies outside or is empty. */
err draft_body_between(struct ctx *cx, int64_t document, size_t start, size_t end, struct document_get_row *ret_doc, str *ret)
{
	struct db_scope scope = cx_scope(cx, S("document.write"));
	err e = document_get(cx->c, cx->a, &(struct document_get_params){ document }, &scope, ret_doc);
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, NOT_FOUND, "", NULL);
	TRY(e);
	if (start >= end || end > (size_t)ret_doc->chars || end - start > 5000)
		return FAIL(&cx->fail, BAD_FIELD, "/end", "err.span");
	size_t from = utf8_offset(ret_doc->body, start);
	*ret = utf8_cut(str_sub(ret_doc->body, from, ret_doc->body.n), end - start);
	return ERR_OK;
}

/* What extraction reads out of a stretch alone, with offsets of the document. A stretch that is no
 * directive by the rules still becomes a draft: the person says so. */
err draft_read_stretch(struct ctx *cx, const struct document_get_row *doc, size_t start, str text, struct draft_fields *ret_f,
			str *ret_title)
{
	struct extraction x;
	struct draft_fields f = { 0 };
	int64_t day = doc->issued_day == DB_NONE ? INT64_MIN : doc->issued_day;
	TRY(extract(cx->a, cx->app->lexicon, text, day, &x));
	*ret_title = utf8_cut(str_trim(text), TITLE_MAX);
	if (x.directives.n) {
		struct directive *d = &x.directives.v[0];
		*ret_title = title_of(cx->a, d);
		TRY(fields_of(cx, doc->region, d, &f));
	}
#define SHIFT(c)                                                                                   \
	do {                                                                                       \
		if ((c)->start != JSON_NONE) {                                                     \
			(c)->start += (int64_t)start;                                              \
			(c)->end += (int64_t)start;                                                \
		}                                                                                  \
	} while (0)
#define SHIFT_ALL(list)                                                                            \
	for (size_t i_ = 0; i_ < f.list.n; i_++)                                                   \
	SHIFT(&f.list.v[i_])
	if (f.action)
		SHIFT(f.action);
	if (f.object)
		SHIFT(f.object);
	if (f.deadline)
		SHIFT(f.deadline);
	SHIFT_ALL(sectors);
	SHIFT_ALL(lead);
	SHIFT_ALL(co);
	SHIFT_ALL(targets);
	SHIFT_ALL(reasons);
	*ret_f = f;
	return ERR_OK;
}

err draft_add(struct ctx *cx, int64_t document, size_t start, size_t end, int64_t *ret_id)
{
	struct document_get_row doc;
	struct held h = { 0 };
	str text, title;
	TRY(draft_body_between(cx, document, start, end, &doc, &text));
	TRY(draft_read_stretch(cx, &doc, start, text, &h.f, &title));
	TRY(draft_insert_row(cx, doc.region, document, start, end, text, title, 1.0, true, &h.f, ret_id));
	h.row = (struct draft_get_row){ .region = doc.region, .id = *ret_id, .document = document, .title = title,
					.start_cp = (int64_t)start, .end_cp = (int64_t)end };
	return draft_note(cx, "draft.add", &h, 0, S(""));
}

static void take_units(struct arena *a, const struct unit_in *in, size_t n, struct cue_unit **ret, size_t *ret_n)
{
	*ret = NEW_N(a, struct cue_unit, n + 1);
	*ret_n = n;
	for (size_t i = 0; i < n; i++)
		(*ret)[i] = (struct cue_unit){ in[i].name, in[i].org, in[i].start, in[i].end };
}

/* Names without an organisation are matched; ids must exist where the caller may see them. */
static err resolve_units(struct ctx *cx, int64_t region, struct cue_unit *v, size_t n, const char *pointer)
{
	for (size_t i = 0; i < n; i++) {
		int64_t org = 0;
		const char *at = arena_printf(cx->a, "%s/%zu", pointer, i).p;
		if (v[i].org == JSON_NONE) {
			TRY(org_match(cx, region, v[i].name, &org));
			v[i].org = org ? org : JSON_NONE;
		} else if (!org_exists(cx, v[i].org)) {
			return FAIL(&cx->fail, BAD_FIELD, at, "err.org_unknown", "name", arena_cstr(cx->a, v[i].name));
		}
	}
	return ERR_OK;
}

static err take_sectors(struct ctx *cx, const struct json_strs *ids, struct draft_fields *f)
{
	f->sectors.v = NEW_N(cx->a, struct cue_sector, ids->n + 1);
	f->sectors.n = ids->n;
	for (size_t i = 0; i < ids->n; i++) {
		if (!sector_bit(cx, ids->v[i]))
			return FAIL(&cx->fail, BAD_FIELD, arena_printf(cx->a, "/sectors/%zu", i).p, "err.unknown_sector", "sector",
				    arena_cstr(cx->a, ids->v[i]));
		f->sectors.v[i] = (struct cue_sector){ ids->v[i], JSON_NONE, JSON_NONE };
	}
	return ERR_OK;
}

static void take_deadline(struct ctx *cx, const struct draft_patch *in, struct draft_fields *f)
{
	if (in->clear_due && !in->recurs.n) {
		f->deadline = NULL;
		return;
	}
	if (in->due == JSON_NONE && !in->recurs.p)
		return;
	struct cue_deadline *d = NEW(cx->a, struct cue_deadline);
	*d = f->deadline ? *f->deadline : (struct cue_deadline){ S(""), JSON_NONE, JSON_NONE, JSON_NONE, S("") };
	if (in->due != JSON_NONE || in->clear_due)
		d->due = in->due;
	if (in->recurs.p)
		d->recurs = in->recurs;
	f->deadline = d;
}

static err take_span(struct ctx *cx, const struct draft_patch *in, struct held *h)
{
	struct document_get_row doc;
	int64_t start = in->start == JSON_NONE ? h->row.start_cp : in->start;
	int64_t end = in->end == JSON_NONE ? h->row.end_cp : in->end;
	if (start == h->row.start_cp && end == h->row.end_cp)
		return ERR_OK;
	TRY(draft_body_between(cx, h->row.document, (size_t)start, (size_t)end, &doc, &h->row.body));
	h->row.start_cp = start;
	h->row.end_cp = end;
	return ERR_OK;
}

err draft_change(struct ctx *cx, int64_t id, const struct draft_patch *in)
{
	struct held h;
	TRY(draft_hold(cx, id, S("document.write"), &h));
	TRY(draft_must_be(cx, &h, in->ver, "draft"));
	TRY(take_span(cx, in, &h));
	if (in->title.p)
		h.row.title = in->title;
	if (in->sectors.v)
		TRY(take_sectors(cx, &in->sectors, &h.f));
	if (in->lead.v)
		take_units(cx->a, in->lead.v, in->lead.n, &h.f.lead.v, &h.f.lead.n);
	if (in->co.v)
		take_units(cx->a, in->co.v, in->co.n, &h.f.co.v, &h.f.co.n);
	TRY(resolve_units(cx, h.row.region, h.f.lead.v, h.f.lead.n, "/lead"));
	TRY(resolve_units(cx, h.row.region, h.f.co.v, h.f.co.n, "/co"));
	if (in->targets.v) {
		h.f.targets.v = in->targets.v;
		h.f.targets.n = in->targets.n;
	}
	take_deadline(cx, in, &h.f);
	h.row.edited = 1;
	TRY(draft_write_back(cx, &h, 0));
	return draft_note(cx, "draft.change", &h, 0, S(""));
}

static err set_state(struct ctx *cx, int64_t id, int64_t ver, const char *from, const char *to, const char *kind, str reason)
{
	struct held h;
	TRY(draft_hold(cx, id, S("document.write"), &h));
	TRY(draft_must_be(cx, &h, ver, from));
	h.row.state = str_of(to);
	TRY(draft_write_back(cx, &h, 0));
	return draft_note(cx, kind, &h, 0, reason);
}

err draft_discard(struct ctx *cx, int64_t id, int64_t ver, str reason)
{
	return set_state(cx, id, ver, "draft", "discarded", "draft.discard", reason);
}

err draft_restore(struct ctx *cx, int64_t id, int64_t ver)
{
	return set_state(cx, id, ver, "discarded", "draft", "draft.restore", S(""));
}
