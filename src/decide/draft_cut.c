/* Drafts that become tasks, are cut in two or joined. */
#include "base/utf8.h"
#include "core/ledger.h"
#include "decide/draft_parts.h"
#include "loop/matter.h"

/* ---- confirming ---- */

/* Each organisation once: a lead that also co-operates stays a lead. */
static void add_org(struct arena *a, struct json_ids *list, int64_t org, const struct json_ids *but)
{
	for (size_t i = 0; i < list->n; i++)
		if (list->v[i] == org)
			return;
	for (size_t i = 0; but && i < but->n; i++)
		if (but->v[i] == org)
			return;
	list->v = arena_grow(a, list->v, list->n * sizeof *list->v, (list->n + 1) * sizeof *list->v);
	list->v[list->n++] = org;
}

static err orgs_of(struct ctx *cx, const struct held *h, struct json_ids *ret_lead, struct json_ids *ret_co)
{
	struct json_ids lead = { 0 }, co = { 0 };
	for (size_t i = 0; i < h->f.lead.n; i++) {
		if (h->f.lead.v[i].org == JSON_NONE)
			return FAIL(&cx->fail, GUARD, arena_printf(cx->a, "/lead/%zu", i).p, "err.lead_unknown", "name",
				    arena_cstr(cx->a, h->f.lead.v[i].name));
		add_org(cx->a, &lead, h->f.lead.v[i].org, NULL);
	}
	if (!lead.n)
		return FAIL(&cx->fail, GUARD, "/lead", "err.lead_missing");
	for (size_t i = 0; i < h->f.co.n; i++)
		if (h->f.co.v[i].org != JSON_NONE)
			add_org(cx->a, &co, h->f.co.v[i].org, &lead);
	*ret_lead = lead;
	*ret_co = co;
	return ERR_OK;
}

static str targets_text(struct arena *a, const struct draft_fields *f)
{
	struct buf b = BUF(a);
	json_write_list(&b, cue_target_json, f->targets.v, f->targets.n);
	return buf_str(&b);
}

err draft_confirm(struct ctx *cx, int64_t id, int64_t ver, int64_t *ret_matter)
{
	struct held h;
	struct json_ids lead, co;
	int64_t matter;
	TRY(draft_hold(cx, id, S("document.write"), &h));
	TRY(draft_must_be(cx, &h, ver, "draft"));
	TRY(orgs_of(cx, &h, &lead, &co));
	int64_t due = h.f.deadline ? h.f.deadline->due : JSON_NONE;
	TRY(matter_create(cx, &(struct matter_new){
		.kind = S("task"), .region = h.row.region, .title = h.row.title, .text = h.row.body,
		.sectors = draft_mask_of(cx, &h.f), .lead = lead, .co = co, .due_day = due,
		.recurs = h.f.deadline ? h.f.deadline->recurs : S(""), .targets = targets_text(cx->a, &h.f),
		.document = h.row.document, .draft = id, .span_start = h.row.start_cp, .span_end = h.row.end_cp }, &matter));
	h.row.state = S("confirmed");
	TRY(draft_write_back(cx, &h, matter));
	TRY(draft_note(cx, "draft.confirm", &h, matter, S("")));
	*ret_matter = matter;
	return ERR_OK;
}

/* ---- split and merge: what a stretch says is read anew ---- */

static err reread(struct ctx *cx, struct held *h, size_t start, size_t end)
{
	struct document_get_row doc;
	TRY(draft_body_between(cx, h->row.document, start, end, &doc, &h->row.body));
	TRY(draft_read_stretch(cx, &doc, start, h->row.body, &h->f, &h->row.title));
	h->row.start_cp = (int64_t)start;
	h->row.end_cp = (int64_t)end;
	h->row.edited = 1;
	return ERR_OK;
}

/* A note in brackets often stands behind the stretch: what the words themselves do not say about units,
 * deadline and sectors is taken from what was known before. */
static void inherit(struct draft_fields *f, const struct draft_fields *from)
{
	if (!f->lead.n && !f->co.n) {
		f->lead.v = from->lead.v;
		f->lead.n = from->lead.n;
		f->co.v = from->co.v;
		f->co.n = from->co.n;
	}
	if (!f->deadline)
		f->deadline = from->deadline;
	if (!f->sectors.n) {
		f->sectors.v = from->sectors.v;
		f->sectors.n = from->sectors.n;
	}
}

static err add_second(struct ctx *cx, const struct held *first, const struct draft_fields *whole, size_t at, size_t end,
		      int64_t *ret_id)
{
	struct held h = *first;
	TRY(reread(cx, &h, at, end));
	inherit(&h.f, whole);
	TRY(draft_insert_row(cx, h.row.region, h.row.document, at, end, h.row.body, h.row.title, h.row.confidence, true, &h.f, ret_id));
	h.row.id = *ret_id;
	h.row.ver = 0;
	return draft_note(cx, "draft.add", &h, 0, S(""));
}

err draft_split(struct ctx *cx, int64_t id, int64_t ver, size_t at, int64_t *ret_second)
{
	struct held h;
	TRY(draft_hold(cx, id, S("document.write"), &h));
	TRY(draft_must_be(cx, &h, ver, "draft"));
	size_t start = (size_t)h.row.start_cp, end = (size_t)h.row.end_cp;
	if (at <= start || at >= end)
		return FAIL(&cx->fail, BAD_FIELD, "/at", "err.span");
	struct draft_fields whole = h.f;
	TRY(reread(cx, &h, start, at));
	inherit(&h.f, &whole);
	TRY(draft_write_back(cx, &h, 0));
	TRY(draft_note(cx, "draft.split", &h, 0, S("")));
	return add_second(cx, &h, &whole, at, end, ret_second);
}

err draft_merge(struct ctx *cx, int64_t id, int64_t ver, int64_t *ret_kept)
{
	struct held h, above;
	struct draft_above_row up;
	TRY(draft_hold(cx, id, S("document.write"), &h));
	TRY(draft_must_be(cx, &h, ver, "draft"));
	err e = draft_above(cx->c, cx->a, &(struct draft_above_params){ h.row.region, h.row.document, h.row.start_cp, id }, &up);
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, GUARD, "", "err.nothing_above");
	TRY(e);
	TRY(draft_hold(cx, up.id, S("document.write"), &above));
	struct draft_fields known = above.f;
	size_t end = (size_t)(h.row.end_cp > above.row.end_cp ? h.row.end_cp : above.row.end_cp);
	TRY(reread(cx, &above, (size_t)above.row.start_cp, end));
	inherit(&above.f, &known);
	inherit(&above.f, &h.f);
	TRY(draft_write_back(cx, &above, 0));
	TRY(draft_delete(cx->c, &(struct draft_delete_params){ h.row.region, id, ver }, NULL));
	TRY(draft_note(cx, "draft.merge", &above, 0, S("")));
	*ret_kept = up.id;
	return ERR_OK;
}
