#include "loop/inspect_view.h"

#include <math.h>

#include "core/org.h"
#include "core/region.h"
#include "loop/inspect_parts.h"

JSON_DEFINE(inspect_person, INSPECT_PERSON)
JSON_DEFINE(inspect_object_out, INSPECT_OBJECT)
JSON_DEFINE(plan_draw_item, PLAN_DRAW_ITEM)
JSON_DEFINE(visit_item, VISIT_ITEM)
JSON_DEFINE(visit_check_item, VISIT_CHECK_ITEM)
JSON_DEFINE(visit_checklist, VISIT_CHECKLIST)
JSON_DEFINE(visit_answer_out, VISIT_ANSWER)
JSON_DEFINE(visit_finding_out, VISIT_FINDING)
JSON_DEFINE(visit_sign_out, VISIT_SIGN)
JSON_DEFINE(visit_note_out, VISIT_NOTE)
JSON_DEFINE(visit_file_out, VISIT_FILE)
JSON_DEFINE(visit_progress, VISIT_PROGRESS)
JSON_DEFINE(visit_out, VISIT_OUT)

/* ---- names ---- */

err inspect_objects_view(struct ctx *cx, const int64_t *ids, size_t n, struct inspect_object_out **ret,
			 size_t *ret_n)
{
	struct inspect_objects_named_rows rows;
	TRY(inspect_objects_named(cx->c, cx->a, &(struct inspect_objects_named_params){ { ids, n } }, &rows));
	struct inspect_object_out *v = NEW_N(cx->a, struct inspect_object_out, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		const struct inspect_objects_named_row *r = &rows.v[i];
		v[i] = (struct inspect_object_out){ .id = r->id,
						    .type = r->type,
						    .no = r->no,
						    .name = r->name,
						    .name_en = r->name_en,
						    .risk = r->risk,
						    .owner = none_if_zero(r->owner),
						    .owner_name = view_str(r->owner_name),
						    .owner_name_en = view_str(r->owner_name_en),
						    .region = r->region,
						    .region_name = view_str(r->region_name),
						    .lat = r->lat,
						    .lon = r->lon };
	}
	*ret = v;
	*ret_n = rows.n;
	return ERR_OK;
}

const struct inspect_object_out *inspect_object_in(const struct inspect_object_out *v, size_t n, int64_t id)
{
	size_t lo = 0, hi = n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		if (v[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < n && v[lo].id == id ? &v[lo] : NULL;
}

err inspect_people_view(struct ctx *cx, const int64_t *accounts, size_t n, struct inspect_person **ret,
			size_t *ret_n)
{
	struct inspect_accounts_rows rows;
	TRY(inspect_accounts(cx->c, cx->a, &(struct inspect_accounts_params){ { accounts, n } }, &rows));
	struct inspect_person *v = NEW_N(cx->a, struct inspect_person, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		v[i] = (struct inspect_person){ .account = rows.v[i].id,
						.person = none_if_zero(rows.v[i].person),
						.name = view_str(rows.v[i].name),
						.org = none_if_zero(rows.v[i].org),
						.org_name = view_str(rows.v[i].org_name),
						.name_en = view_str(rows.v[i].name_en),
						.org_name_en = view_str(rows.v[i].org_name_en) };
	*ret = v;
	*ret_n = rows.n;
	return ERR_OK;
}

static err org_name_of(struct ctx *cx, int64_t org, str *ret)
{
	struct org_brief o;
	*ret = S("");
	if (!org)
		return ERR_OK;
	err e = org_brief(cx, org, &o);
	if (e == ERR_OK)
		*ret = o.name;
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

/* ---- the checklist ---- */

static struct visit_check_item item_of(const struct check_item *it)
{
	return (struct visit_check_item){ .id = it->id,
					  .group_zh = view_str(it->group_zh),
					  .group_en = view_str(it->group_en),
					  .zh = it->zh,
					  .en = it->en,
					  .answer = it->answer,
					  .unit = view_str(it->unit),
					  .lo = it->lo,
					  .hi = it->hi,
					  .finding = view_str(it->finding),
					  .major = it->major,
					  .photo = it->photo,
					  .criterion = view_str(it->criterion),
					  .basis_zh = view_str(it->basis_zh),
					  .basis_en = view_str(it->basis_en),
					  .certainty = view_str(it->certainty),
					  .weight = it->weight,
					  .show_if = view_str(it->show_if) };
}

static str key_of(struct ctx *cx, const struct visit *v)
{
	char day[11];
	date_format(v->row.checklist_day, day);
	bool cut = !str_eq(v->row.items, S("{\"items\":[]}"));
	return cut ? arena_printf(cx->a, STR_FMT "@%s/%lld", STR_ARG(v->row.checklist), day,
				  (long long)v->row.id)
		   : arena_printf(cx->a, STR_FMT "@%s/s%llx", STR_ARG(v->row.checklist), day,
				  (unsigned long long)v->row.sectors);
}

err visit_checklist_view(struct ctx *cx, const struct visit *v, struct visit_checklist *ret)
{
	struct checklist l;
	TRY(inspect_list(cx, v, &l));
	struct visit_checklist out = { .key = key_of(cx, v),
				       .type = v->row.checklist,
				       .day = v->row.checklist_day,
				       .editions = view_str(l.editions) };
	out.items.v = NEW_N(cx->a, struct visit_check_item, l.n + 1);
	for (size_t i = 0; i < l.n; i++)
		out.items.v[out.items.n++] = item_of(&l.v[i]);
	*ret = out;
	return ERR_OK;
}

/* ---- a visit ---- */

static void view_answers(struct arena *a, const struct inspect_given *g, struct visit_out *out)
{
	out->answers.v = NEW_N(a, struct visit_answer_out, g->answers.n + 1);
	for (size_t i = 0, k = 0; i < g->answers.n; i++) {
		const struct visit_answers_row *r = &g->answers.v[i];
		bool counts = k < g->nlast && g->last[k] == r;
		k += counts;
		out->answers.v[out->answers.n++] =
		    (struct visit_answer_out){ r->item,        r->value,       r->note,
					       r->client_id,   r->account,     view_str(r->name),
					       r->captured_ms, r->received_ms, counts };
	}
}

static void view_findings(struct arena *a, const struct visit_findings_rows *f, struct visit_out *out)
{
	out->findings.v = NEW_N(a, struct visit_finding_out, f->n + 1);
	for (size_t i = 0; i < f->n; i++) {
		const struct visit_findings_row *r = &f->v[i];
		out->findings.v[out->findings.n++] =
		    (struct visit_finding_out){ .id = r->id,
						.client_id = r->client_id,
						.item = r->item,
						.criterion = r->criterion,
						.clause = r->clause,
						.title = r->title,
						.text = r->body,
						.spot = r->spot,
						.fixed = r->fixed,
						.late = r->late,
						.due = r->due_day,
						.matter = none_if_zero(r->matter),
						.matter_no = r->matter_no,
						.matter_state = r->matter_state,
						.captured_ms = r->captured_ms,
						.received_ms = r->received_ms,
						.lat = r->lat,
						.lon = r->lon };
	}
}

static void view_files(struct arena *a, const struct visit_files_rows *f, struct visit_out *out)
{
	out->files.v = NEW_N(a, struct visit_file_out, f->n + 1);
	for (size_t i = 0; i < f->n; i++) {
		const struct visit_files_row *r = &f->v[i];
		out->files.v[out->files.n++] =
		    (struct visit_file_out){ r->client_id, r->about,       none_if_zero(r->file),
					     r->hash,      r->name,        r->type,
					     r->size,      r->captured_ms, r->received_ms };
	}
}

static err view_signs(struct ctx *cx, const struct visit *v, struct visit_out *out)
{
	struct visit_signs_rows s;
	struct visit_notes_rows n;
	TRY(visit_signs(cx->c, cx->a, &(struct visit_signs_params){ v->row.region, v->row.id }, &s));
	TRY(visit_notes(cx->c, cx->a, &(struct visit_notes_params){ v->row.region, v->row.id }, &n));
	out->signs.v = NEW_N(cx->a, struct visit_sign_out, s.n + 1);
	for (size_t i = 0; i < s.n; i++)
		out->signs.v[out->signs.n++] =
		    (struct visit_sign_out){ s.v[i].side,        s.v[i].outcome, s.v[i].own,     s.v[i].name,
					     s.v[i].title,       s.v[i].reason,  s.v[i].witness, s.v[i].file,
					     s.v[i].captured_ms, s.v[i].at_ms };
	out->notes.v = NEW_N(cx->a, struct visit_note_out, n.n + 1);
	for (size_t i = 0; i < n.n; i++)
		out->notes.v[out->notes.n++] =
		    (struct visit_note_out){ n.v[i].body, view_str(n.v[i].name), n.v[i].at_ms };
	return ERR_OK;
}

static err view_inspectors(struct ctx *cx, const struct visit *v, struct visit_out *out)
{
	out->inspectors.v = NEW_N(cx->a, struct inspect_person, v->inspectors.n + 1);
	for (size_t i = 0; i < v->inspectors.n; i++) {
		const struct visit_inspectors_row *r = &v->inspectors.v[i];
		out->inspectors.v[out->inspectors.n++] = (struct inspect_person){
			r->account,           none_if_zero(r->person), view_str(r->name),
			none_if_zero(r->org), view_str(r->org_name),   r->account == v->row.lead,
			view_str(r->name_en), view_str(r->org_name_en)
		};
	}
	TRY(org_name_of(cx, v->row.unit, &out->unit_name));
	return org_name_of(cx, v->row.org, &out->org_name);
}

/* Metres between the place where the visit was begun and the object's, on a sphere. */
static double distance_m(double lat1, double lon1, double lat2, double lon2)
{
	const double rad = M_PI / 180, r = 6371008.8;
	double a = pow(sin((lat2 - lat1) * rad / 2), 2) +
		   cos(lat1 * rad) * cos(lat2 * rad) * pow(sin((lon2 - lon1) * rad / 2), 2);
	return round(2 * r * asin(sqrt(fmin(a, 1))));
}

static void view_may(struct ctx *cx, const struct visit *v, struct visit_out *out)
{
	static const struct {
		const char *act, *states;
		bool inspector, unit, plan;
	} acts[] = {
		{ "start", "planned", true, false, false },
		{ "cancel", "planned", false, false, true },
		{ "answer", "under-way", true, false, false },
		{ "finding", "under-way recorded signed refused closed", true, false, false },
		{ "record", "under-way", true, false, false },
		{ "sign", "recorded", true, true, false },
		{ "refuse", "recorded", true, false, false },
		{ "close", "signed refused", true, false, true },
		{ "note", "under-way recorded signed refused closed", true, true, true },
		{ "follow-up", "recorded signed refused closed", true, false, true },
	};
	bool own = visit_is_inspector(cx, v), unit = v->row.unit && v->row.unit == cx_org(cx),
	     plan = cx_allowed(cx, S("inspect.plan"), &v->access);
	out->may.v = NEW_N(cx->a, str, COUNT_OF(acts));
	for (size_t i = 0; i < COUNT_OF(acts); i++)
		if (str_find(str_of(acts[i].states), v->row.state) >= 0 &&
		    ((acts[i].inspector && own) || (acts[i].unit && unit) || (acts[i].plan && plan)))
			out->may.v[out->may.n++] = str_of(acts[i].act);
}

static err view_progress(struct ctx *cx, const struct inspect_given *g, struct visit_out *out)
{
	struct check_result r;
	TRY(inspect_look(cx, g, false, &r));
	out->progress = NEW(cx->a, struct visit_progress);
	*out->progress = (struct visit_progress){ (int64_t)r.shown, (int64_t)r.answered, (int64_t)r.nfindings,
						  r.score, r.score_max };
	return ERR_OK;
}

static struct visit_out head_of(struct ctx *cx, const struct visit *v)
{
	const struct visit_load_row *r = &v->row;
	return (struct visit_out){ .id = r->id,
				   .no = r->no,
				   .state = r->state,
				   .plan = none_if_zero(r->plan),
				   .source = r->source,
				   .unannounced = r->unannounced,
				   .planned = r->planned_day,
				   .started_ms = r->started_ms,
				   .clean = r->clean < 0 ? JSON_NONE : r->clean,
				   .ver = r->ver,
				   .client_id = r->client_id.n ? r->client_id : (str){ 0 },
				   .draw = none_if_zero(r->draw),
				   .follows = none_if_zero(r->follows),
				   .unit = none_if_zero(r->unit),
				   .org = none_if_zero(r->org),
				   .ended_ms = r->ended_ms,
				   .lat = r->lat,
				   .lon = r->lon,
				   .distance_m = nan(""),
				   .place = r->place,
				   .content = r->content,
				   .problems = r->problems,
				   .handling = r->handling,
				   .record_hash = r->record_hash,
				   .created_ms = r->created_ms,
				   .recorded_ms = r->recorded_ms,
				   .closed_ms = r->closed_ms,
				   .checklist_key = key_of(cx, v) };
}

static err view_object(struct ctx *cx, const struct visit *v, struct visit_out *out)
{
	struct inspect_object_out *o;
	size_t n;
	TRY(inspect_objects_view(cx, &v->row.object, 1, &o, &n));
	out->object = n ? o : NULL;
	if (n && !isnan(o->lat) && !isnan(v->row.lat))
		out->distance_m = distance_m(v->row.lat, v->row.lon, o->lat, o->lon);
	return ERR_OK;
}

err visit_view(struct ctx *cx, int64_t id, bool whole, struct visit_out *ret)
{
	struct visit v;
	struct inspect_given g;
	TRY(visit_get(cx, id, &v));
	TRY(inspect_given(cx, &v, &g));
	struct visit_out out = head_of(cx, &v);
	TRY(view_object(cx, &v, &out));
	TRY(view_inspectors(cx, &v, &out));
	view_answers(cx->a, &g, &out);
	view_findings(cx->a, &g.findings, &out);
	view_files(cx->a, &g.files, &out);
	TRY(view_signs(cx, &v, &out));
	TRY(view_progress(cx, &g, &out));
	view_may(cx, &v, &out);
	if (whole) {
		out.checklist = NEW(cx->a, struct visit_checklist);
		TRY(visit_checklist_view(cx, &v, out.checklist));
	}
	*ret = out;
	return ERR_OK;
}
