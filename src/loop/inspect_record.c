/* What a visit gives: answers, findings, the record, signatures, matters. */
#include <math.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "core/crypto.h"
#include "core/evidence.h"
#include "core/ledger.h"
#include "core/org.h"
#include "loop/inspect_parts.h"
#include "loop/matter.h"

static const char *const under_way[] = { "under-way", NULL };

static str or_empty(str s)
{
	return s.p ? s : S("");
}

/* ---- answers ---- */

static err check_value(struct ctx *cx, const struct visit *v, const struct visit_reply *in)
{
	struct checklist list;
	double number;
	TRY(inspect_list(cx, v, &list));
	const struct check_item *it = checklist_item(&list, in->item);
	if (!it)
		return FAIL(&cx->fail, BAD_FIELD, "/item", "err.inspect.no_item", "name",
			    arena_cstr(cx->a, in->item));
	bool ok =
	    str_eq(it->answer, S("number"))
		? str_to_f64(in->value, &number) && isfinite(number)
		: str_eq(in->value, S("yes")) || str_eq(in->value, S("no")) || str_eq(in->value, S("na"));
	return ok ? ERR_OK : FAIL(&cx->fail, BAD_FIELD, "/value", "err.inspect.value");
}

err visit_answer(struct ctx *cx, int64_t id, const struct visit_reply *in, bool *ret_wins)
{
	struct visit v;
	struct visit_at at;
	struct visit_answer_last_row last;
	struct canon c;
	TRY(inspect_own(cx, id, &v));
	TRY(inspect_state(cx, &v, under_way));
	TRY(inspect_at(cx, &in->at, &at));
	TRY(inspect_text(cx, in->note, 4000, "/note"));
	TRY(check_value(cx, &v, in));
	TRY(visit_answer_last(cx->c, cx->a, &(struct visit_answer_last_params){ v.row.region, id, in->item },
			      &last));
	TRY(visit_answer_insert(cx->c,
				&(struct visit_answer_insert_params){ v.row.region, new_id(cx), id, in->item,
								      in->value, or_empty(in->note),
								      or_empty(in->client_id), cx_account(cx),
								      at.ms, cx->now_ms, at.lat, at.lon },
				NULL));
	canon_begin(&c, cx->a);
	canon_str(&c, "item", in->item);
	canon_str(&c, "value", in->value);
	canon_i64(&c, "captured_ms", at.ms);
	if (in->note.n)
		canon_str(&c, "note", commitment(cx->a, v.row.salt, in->note));
	*ret_wins = at.ms >= last.captured_ms;
	return inspect_event(cx, &v, "visit.answer", &c);
}

/* ---- findings become matters ---- */

/* Photos of the finding are evidence of the matter too; one row more, the bytes are the same. */
static err hand_photos(struct ctx *cx, const struct visit *v, const struct visit_findings_row *f,
		       int64_t matter)
{
	struct visit_files_rows files;
	TRY(visit_files(cx->c, cx->a, &(struct visit_files_params){ v->row.id }, &files));
	for (size_t i = 0; i < files.n; i++) {
		const struct visit_files_row *p = &files.v[i];
		bool of_it = p->about.n && ((f->client_id.n && str_eq(p->about, f->client_id)) ||
					    (f->item.n && str_eq(p->about, f->item)));
		if (of_it && !p->matter)
			TRY(inspect_file_to_matter(cx, v->row.region, p, matter));
	}
	return ERR_OK;
}

err inspect_file_to_matter(struct ctx *cx, int64_t region, const struct visit_files_row *p, int64_t matter)
{
	int64_t file;
	TRY(evidence_add(cx,
			 &(struct evidence_new){ .region = region,
						 .subject = ledger_subject(cx, "matter", matter),
						 .hash = p->hash,
						 .name = p->name,
						 .type = arena_cstr(cx->a, p->type),
						 .size = p->size,
						 .captured_ms = p->captured_ms,
						 .lat = p->lat,
						 .lon = p->lon },
			 &file));
	return visit_files_matter(
	    cx->c, &(struct visit_files_matter_params){ p->account, p->client_id, matter }, NULL);
}

static str finding_text(struct ctx *cx, const struct visit *v, const struct visit_findings_row *f)
{
	struct buf b = BUF(cx->a);
	buf_put(&b, f->body);
	if (f->spot.n)
		buf_printf(&b, "%s位置：" STR_FMT, b.n ? "\n" : "", STR_ARG(f->spot));
	if (f->clause.n)
		buf_printf(&b, "%s依据：" STR_FMT, b.n ? "\n" : "", STR_ARG(f->clause));
	if (f->fixed)
		buf_printf(&b, "%s检查现场已立即整改。", b.n ? "\n" : "");
	buf_printf(&b, "%s检查记录：" STR_FMT, b.n ? "\n" : "", STR_ARG(v->row.no));
	return buf_str(&b);
}

static err make_matter(struct ctx *cx, const struct visit *v, const struct visit_findings_row *f)
{
	int64_t id, found_ms = f->captured_ms < cx->now_ms ? f->captured_ms : cx->now_ms;
	struct inspect_objects_named_row o;
	TRY(inspect_object(cx, v->row.object, "/object", &o));
	int64_t lead[] = { v->row.unit };
	struct matter_new in = { .found = { .object = v->row.object,
					    .placed = !isnan(o.lat),
					    .lat = o.lat,
					    .lon = o.lon,
					    .source = v->row.source,
					    .cause = S(""),
					    .found_ms = found_ms,
					    .visit = v->row.id,
					    .criterion = f->criterion,
					    .attrs = S("{}") },
				 .region = v->row.region,
				 .kind = S("hazard"),
				 .title = f->title,
				 .text = finding_text(cx, v, f),
				 .sectors = v->row.sectors,
				 .secret = v->row.secret,
				 .lead = { lead, v->row.unit ? 1 : 0 },
				 .due_day = f->due_day == DB_NONE ? JSON_NONE : f->due_day,
				 .assigner_org = v->row.org };
	TRY(matter_create(cx, &in, &id));
	TRY(visit_finding_matter(cx->c, &(struct visit_finding_matter_params){ v->row.region, f->id, id },
				 NULL));
	return hand_photos(cx, v, f, id);
}

static err make_matters(struct ctx *cx, const struct visit *v, int64_t only)
{
	struct visit_findings_rows rows;
	TRY(visit_findings(cx->c, cx->a, &(struct visit_findings_params){ v->row.region, v->row.id }, &rows));
	for (size_t i = 0; i < rows.n; i++)
		if (!rows.v[i].matter && (!only || rows.v[i].id == only))
			TRY(make_matter(cx, v, &rows.v[i]));
	return ERR_OK;
}

/* ---- findings ---- */

static str clause_of(struct ctx *cx, const struct check_item *it, str criterion)
{
	const struct criterion *k =
	    criterion.n && cx->app->criteria ? criterion_find(cx->app->criteria, criterion) : NULL;
	if (k)
		return arena_printf(cx->a, STR_FMT " " STR_FMT, STR_ARG(k->title_zh), STR_ARG(k->clause_zh));
	return it ? it->basis_zh : S("");
}

static err check_finding(struct ctx *cx, const struct visit *v, const struct visit_found *in, int64_t day,
			 str *ret_criterion, str *ret_clause)
{
	struct checklist list;
	str criterion = or_empty(in->criterion);
	TRY(inspect_list(cx, v, &list));
	const struct check_item *it = in->item.n ? checklist_item(&list, in->item) : NULL;
	if (in->item.n && !it)
		return FAIL(&cx->fail, BAD_FIELD, "/item", "err.inspect.no_item", "name",
			    arena_cstr(cx->a, in->item));
	if (!criterion.n && it && it->major)
		criterion = it->criterion;
	if (in->criterion.n && cx->app->criteria)
		TRY(criteria_grade_check(cx->app->criteria, criterion, day, v->row.sectors, &cx->fail));
	if (!str_trim(in->title).n)
		return FAIL(&cx->fail, BAD_FIELD, "/title", "err.required");
	TRY(inspect_text(cx, in->title, MATTER_TITLE_MAX, "/title"));
	TRY(inspect_text(cx, in->text, 10000, "/text"));
	TRY(inspect_text(cx, in->spot, 500, "/spot"));
	*ret_criterion = criterion;
	*ret_clause = clause_of(cx, it, criterion);
	return ERR_OK;
}

static err put_finding(struct ctx *cx, const struct visit *v, const struct visit_found *in,
		       const struct visit_at *at, str criterion, str clause, bool late, int64_t *ret_id)
{
	int64_t id = new_id(cx);
	struct canon c;
	TRY(visit_finding_insert(cx->c,
				 &(struct visit_finding_insert_params){ .region = v->row.region,
									.id = id,
									.visit = v->row.id,
									.client_id = or_empty(in->client_id),
									.item = or_empty(in->item),
									.criterion = criterion,
									.clause = clause,
									.title = str_trim(in->title),
									.body = or_empty(in->text),
									.spot = or_empty(in->spot),
									.fixed = in->fixed,
									.due_day = in->due_day,
									.late = late,
									.account = cx_account(cx),
									.captured_ms = at->ms,
									.now_ms = cx->now_ms,
									.lat = at->lat,
									.lon = at->lon },
				 NULL));
	canon_begin(&c, cx->a);
	canon_id(&c, "finding", id);
	canon_str(&c, "item", or_empty(in->item));
	canon_str(&c, "criterion", criterion);
	canon_str(&c, "title", commitment(cx->a, v->row.salt, str_trim(in->title)));
	canon_i64(&c, "captured_ms", at->ms);
	canon_bool(&c, "late", late);
	*ret_id = id;
	return inspect_event(cx, v, "visit.finding", &c);
}

err visit_find(struct ctx *cx, int64_t id, const struct visit_found *in, int64_t *ret_finding)
{
	struct visit v;
	struct visit_at at;
	str criterion, clause;
	int64_t finding;
	TRY(inspect_own(cx, id, &v));
	TRY(inspect_state(
	    cx, &v, (const char *const[]){ "under-way", "recorded", "signed", "refused", "closed", NULL }));
	TRY(inspect_at(cx, &in->at, &at));
	TRY(check_finding(cx, &v, in, china_day(at.ms), &criterion, &clause));
	bool late = !str_eq(v.row.state, S("under-way"));
	TRY(put_finding(cx, &v, in, &at, criterion, clause, late, &finding));
	if (in->now || (late && str_eq(v.row.state, S("closed"))))
		TRY(make_matters(cx, &v, finding));
	*ret_finding = finding;
	return ERR_OK;
}

/* ---- the record ---- */

/* Photos come by a way of their own and may be later than the record: this refusal is worth trying again. */
static err check_photos(struct ctx *cx, const struct inspect_given *g, const struct check_result *r)
{
	for (size_t i = 0; i < r->nfindings; i++)
		if (r->findings[i].item->photo && !inspect_photos(g, r->findings[i].item->id))
			return FAIL(&cx->fail, GUARD, "/answers", INSPECT_PHOTO_MISSING, "name",
				    arena_cstr(cx->a, r->findings[i].item->zh));
	return ERR_OK;
}

static const struct visit_answers_row *last_of(const struct inspect_given *g, str item)
{
	for (size_t i = 0; i < g->nlast; i++)
		if (str_eq(g->last[i]->item, item))
			return g->last[i];
	return NULL;
}

static bool has_finding(const struct inspect_given *g, str item)
{
	for (size_t i = 0; i < g->findings.n; i++)
		if (str_eq(g->findings.v[i].item, item))
			return true;
	return false;
}

/* An answer that is a finding has one, written or not. */
static err write_findings(struct ctx *cx, const struct visit *v, const struct inspect_given *g,
			  const struct check_result *r)
{
	for (size_t i = 0; i < r->nfindings; i++) {
		const struct check_item *it = r->findings[i].item;
		const struct visit_answers_row *a = last_of(g, it->id);
		struct visit_at at = { a ? a->captured_ms : cx->now_ms, nan(""), nan("") };
		int64_t id;
		if (has_finding(g, it->id))
			continue;
		str criterion = it->major ? it->criterion : S("");
		str title = arena_printf(cx->a, "不符合：" STR_FMT, STR_ARG(it->zh));
		if (utf8_count(title) > MATTER_TITLE_MAX)
			title = utf8_cut(title, MATTER_TITLE_MAX);
		TRY(put_finding(cx, v,
				&(struct visit_found){ .client_id = a ? a->client_id : S(""),
						       .item = it->id,
						       .title = title,
						       .text = a ? a->note : S(""),
						       .due_day = DB_NONE },
				&at, criterion, clause_of(cx, it, criterion), false, &id));
	}
	return ERR_OK;
}

static void canon_at(struct canon *c, const struct visit *v, const struct visit_words *in, int64_t ended_ms)
{
	canon_id(c, "visit", v->row.id);
	canon_str(c, "no", v->row.no);
	canon_id(c, "object", v->row.object);
	canon_id(c, "unit", v->row.unit);
	canon_i64(c, "started_ms", v->row.started_ms);
	canon_i64(c, "ended_ms", ended_ms);
	canon_str(c, "place", v->row.place);
	canon_str(c, "content", in->content);
	canon_str(c, "problems", or_empty(in->problems));
	canon_str(c, "handling", or_empty(in->handling));
}

/* What both sides sign: the record as one canonical text. */
static err record_text(struct ctx *cx, const struct visit *v, const struct visit_words *in, int64_t ended_ms,
		       str *ret)
{
	struct inspect_given g;
	struct canon c;
	TRY(inspect_given(cx, v, &g));
	canon_begin(&c, cx->a);
	canon_at(&c, v, in, ended_ms);
	canon_list(&c, "answers");
	for (size_t i = 0; i < g.nlast; i++) {
		canon_object(&c, NULL);
		canon_str(&c, "item", g.last[i]->item);
		canon_str(&c, "value", g.last[i]->value);
		canon_str(&c, "note", g.last[i]->note);
		canon_close(&c);
	}
	canon_close(&c);
	canon_list(&c, "findings");
	for (size_t i = 0; i < g.findings.n; i++) {
		canon_object(&c, NULL);
		canon_str(&c, "title", g.findings.v[i].title);
		canon_str(&c, "item", g.findings.v[i].item);
		canon_str(&c, "clause", g.findings.v[i].clause);
		canon_close(&c);
	}
	canon_close(&c);
	*ret = canon_end(&c);
	return str_is_null(*ret) ? FAIL(&cx->fail, BAD_FIELD, "/content", "err.bad_json") : ERR_OK;
}

static err check_words(struct ctx *cx, const struct visit *v, const struct visit_words *in,
		       int64_t *ret_ended)
{
	struct visit_at end = { in->ended_ms, nan(""), nan("") };
	TRY(inspect_at(cx, &end, &end));
	if (end.ms < v->row.started_ms)
		return FAIL(&cx->fail, BAD_FIELD, "/ended_ms", "err.inspect.ended_before");
	if (!str_trim(in->content).n)
		return FAIL(&cx->fail, BAD_FIELD, "/content", "err.required");
	TRY(inspect_text(cx, in->content, INSPECT_TEXT_MAX, "/content"));
	TRY(inspect_text(cx, in->problems, INSPECT_TEXT_MAX, "/problems"));
	TRY(inspect_text(cx, in->handling, INSPECT_TEXT_MAX, "/handling"));
	*ret_ended = end.ms;
	return ERR_OK;
}

static err check_clean(struct ctx *cx, const struct visit_words *in, size_t findings)
{
	if (findings && in->clean)
		return FAIL(&cx->fail, BAD_FIELD, "/clean", "err.inspect.not_clean", "n",
			    arena_printf(cx->a, "%zu", findings).p);
	if (!findings && !in->clean)
		return FAIL(&cx->fail, BAD_FIELD, "/clean", "err.inspect.say_clean");
	return ERR_OK;
}

static err settle_findings(struct ctx *cx, const struct visit *v, const struct visit_words *in,
			   bool *ret_clean)
{
	struct inspect_given g;
	struct check_result r;
	TRY(inspect_given(cx, v, &g));
	TRY(inspect_look(cx, &g, false, &r));
	TRY(check_photos(cx, &g, &r));
	TRY(inspect_look(cx, &g, true, &r));
	TRY(write_findings(cx, v, &g, &r));
	struct visit_findings_rows all;
	TRY(visit_findings(cx->c, cx->a, &(struct visit_findings_params){ v->row.region, v->row.id }, &all));
	*ret_clean = !all.n;
	return check_clean(cx, in, all.n);
}

err visit_record(struct ctx *cx, int64_t id, int64_t ver, const struct visit_words *in)
{
	struct visit v;
	struct canon c;
	int64_t ended = 0, changed;
	bool clean;
	str text;
	unsigned char hash[HASH_SIZE];
	TRY(inspect_own(cx, id, &v));
	TRY(inspect_state(cx, &v, under_way));
	if (ver && ver != v.row.ver)
		return inspect_stale(cx, v.row.ver, v.row.state);
	TRY(check_words(cx, &v, in, &ended));
	TRY(settle_findings(cx, &v, in, &clean));
	TRY(record_text(cx, &v, in, ended, &text));
	hash_bytes(HASH_SHA256, text, hash);
	str hex = hex_encode(cx->a, (str){ (const char *)hash, sizeof hash });
	TRY(visit_set_record(cx->c,
			     &(struct visit_set_record_params){
				 v.row.region, id, v.row.ver, ended, in->content, or_empty(in->problems),
				 or_empty(in->handling), clean, hex, cx->now_ms },
			     &changed));
	if (changed != 1)
		return inspect_stale(cx, v.row.ver + 1, S("recorded"));
	canon_begin(&c, cx->a);
	canon_str(&c, "state", S("recorded"));
	canon_str(&c, "record", hex);
	canon_bool(&c, "clean", clean);
	canon_i64(&c, "ended_ms", ended);
	canon_id(&c, "object", v.row.object);
	return inspect_event(cx, &v, "visit.record", &c);
}

/* ---- closing ---- */

err visit_close(struct ctx *cx, int64_t id, int64_t ver)
{
	struct visit v;
	struct canon c;
	int64_t changed;
	TRY(visit_get(cx, id, &v));
	if (!visit_is_inspector(cx, &v) && !cx_allowed(cx, S("inspect.plan"), &v.access))
		return FAIL(&cx->fail, FORBIDDEN, "", "err.inspect.not_yours");
	TRY(inspect_state(cx, &v, (const char *const[]){ "signed", "refused", NULL }));
	if (ver && ver != v.row.ver)
		return inspect_stale(cx, v.row.ver, v.row.state);
	TRY(make_matters(cx, &v, 0));
	TRY(visit_set_state(
	    cx->c, &(struct visit_set_state_params){ v.row.region, id, v.row.ver, S("closed"), cx->now_ms },
	    &changed));
	if (changed != 1)
		return inspect_stale(cx, v.row.ver + 1, S("closed"));
	TRY(visit_inspectors_done(cx->c, &(struct visit_inspectors_done_params){ v.row.region, id }, NULL));
	canon_begin(&c, cx->a);
	canon_str(&c, "state", S("closed"));
	canon_str(&c, "record", v.row.record_hash);
	return inspect_event(cx, &v, "visit.close", &c);
}
