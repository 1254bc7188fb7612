#include "loop/matter_view.h"

#include <stdio.h>

#include "base/vec.h"
#include "core/app.h"
#include "core/canon.h"
#include "core/i18n.h"
#include "core/ledger.h"
#include "core/sector.h"
#include "loop/matter_list_sql.h"

JSON_DEFINE(matter_org, MATTER_ORG)
JSON_DEFINE(matter_object, MATTER_OBJECT)
JSON_DEFINE(matter_item, MATTER_ITEM)
JSON_DEFINE(matter_list, MATTER_LIST)
JSON_DEFINE(matter_target, MATTER_TARGET)
JSON_DEFINE(matter_party_out, MATTER_PARTY)
JSON_DEFINE(matter_provenance, MATTER_PROVENANCE)
JSON_DEFINE(matter_file, MATTER_FILE)
JSON_DEFINE(matter_report, MATTER_REPORT)
JSON_DEFINE(matter_said, MATTER_SAID)
JSON_DEFINE(matter_field, MATTER_FIELD)
JSON_DEFINE(matter_why, MATTER_WHY)
JSON_DEFINE(matter_act_out, MATTER_ACT)
JSON_DEFINE(matter_rule, MATTER_RULE)
JSON_DEFINE(matter_waiting, MATTER_WAITING)
JSON_DEFINE(matter_who, MATTER_WHO)
JSON_DEFINE(matter_named, MATTER_NAMED)
JSON_DEFINE(matter_event, MATTER_EVENT)
JSON_DEFINE(matter_events_out, MATTER_EVENTS)
JSON_DEFINE(matter_out, MATTER_OUT)

/* ---- small conversions ---- */

static int64_t opt_ms(int64_t ms)
{
	return ms >= NO_DUE_MS ? JSON_NONE : ms;
}

static int64_t opt_id(int64_t id)
{
	return id ? id : JSON_NONE;
}

static str or_empty(str s)
{
	return s.p ? s : S("");
}

static str region_text(struct arena *a, int64_t region)
{
	return arena_printf(a, "%012lld", (long long)region);
}

/* ---- lists ---- */

/* The rows of one page with their parties and counts; each sorted by matter. */
struct page {
	struct ctx *cx;
	struct calendar calendar;
	struct matter_items_rows rows;
	struct matter_parties_rows parties;
	struct matter_counts_rows counts;
};

static err load_page(struct ctx *cx, const int64_t *ids, size_t n, struct page *ret)
{
	struct page p = { .cx = cx };
	struct db_ids list = { ids, n };
	struct db_scope scope = cx_scope(cx, S("matter.read"));
	TRY(loop_calendar(cx, &p.calendar));
	TRY(matter_items(cx->c, cx->a, &(struct matter_items_params){ list }, &scope, &p.rows));
	TRY(matter_parties(cx->c, cx->a, &(struct matter_parties_params){ list }, &p.parties));
	TRY(matter_counts(cx->c, cx->a, &(struct matter_counts_params){ list }, &p.counts));
	*ret = p;
	return ERR_OK;
}

static const struct matter_items_row *row_of(const struct page *p, int64_t id)
{
	size_t lo = 0, hi = p->rows.n;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (p->rows.v[mid].id < id)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < p->rows.n && p->rows.v[lo].id == id ? &p->rows.v[lo] : NULL;
}

static void orgs_of(const struct page *p, int64_t id, const char *role, struct matter_org **ret,
		    size_t *ret_n)
{
	size_t n = 0;
	struct matter_org *v = NULL;
	for (size_t i = 0; i < p->parties.n; i++) {
		const struct matter_parties_row *r = &p->parties.v[i];
		if (r->matter != id || !str_eq(r->role, str_of(role)))
			continue;
		if (!v)
			v = NEW_N(p->cx->a, struct matter_org, p->parties.n - i);
		v[n++] = (struct matter_org){ r->org, r->name, r->name_en };
	}
	*ret = v ? v : NEW(p->cx->a, struct matter_org);
	*ret_n = n;
}

static int64_t children_of(const struct page *p, int64_t id)
{
	for (size_t i = 0; i < p->counts.n; i++)
		if (p->counts.v[i].id == id)
			return p->counts.v[i].children;
	return 0;
}

static int64_t days_left(const struct page *p, const struct matter_items_row *r)
{
	return str_eq(r->phase, S("open")) ? deadline_days_left(&p->calendar, r->due_ms, p->cx->now_ms)
					   : JSON_NONE;
}

/* What a matter knows beyond a task. */
static void found_view(const struct page *p, const struct matter_items_row *r, struct matter_item *it)
{
	it->grade = r->grade;
	it->criterion = r->criterion;
	it->source = r->source;
	it->cause = r->cause;
	it->listed = r->listed;
	it->lat = r->lat;
	it->lon = r->lon;
	it->found_ms = r->found_ms ? r->found_ms : r->opened_ms;
	it->relapses = r->round - 1;
	it->visit = opt_id(r->visit);
	if (r->contractor) {
		it->contractor = NEW(p->cx->a, struct matter_org);
		*it->contractor = (struct matter_org){ r->contractor, or_empty(r->contractor_name), or_empty(r->contractor_name_en) };
	}
	if (!r->object)
		return;
	it->object = NEW(p->cx->a, struct matter_object);
	*it->object = (struct matter_object){ .id = r->object, .name = or_empty(r->object_name), .name_en = or_empty(r->object_name_en), .type = or_empty(r->object_type) };
}

static struct matter_item item_of(const struct page *p, const struct matter_items_row *r)
{
	const struct workflow *wf = loop_workflow(p->cx->app->loop, r->kind);
	bool open = str_eq(r->phase, S("open"));
	enum colour colour =
	    deadline_colour(&p->calendar, open, r->due_ms, p->cx->now_ms, wf ? wf->amber_days : 0);
	struct matter_item it = {
		.id = r->id,
		.region = region_text(p->cx->a, r->region),
		.region_name = or_empty(r->region_name),
		.no = r->no,
		.kind = r->kind,
		.title = r->title,
		.state = r->state,
		.phase = r->phase,
		.colour = str_of(colour_name(colour)),
		.due_ms = opt_ms(r->due_ms),
		.days_left = days_left(p, r),
		.sectors = sector_ids(p->cx->a, p->cx->app->sectors, r->sectors),
		.progress = r->progress,
		.parent = opt_id(r->parent),
		.document = opt_id(r->document),
		.opened_ms = r->opened_ms,
		.closed_ms = r->closed_ms,
		.ver = r->ver,
		.handler_region = region_text(p->cx->a, r->handler_region),
		.children = children_of(p, r->id),
	};
	found_view(p, r, &it);
	orgs_of(p, r->id, "lead", &it.lead.v, &it.lead.n);
	orgs_of(p, r->id, "co", &it.co.v, &it.co.n);
	return it;
}

err matter_items_view(struct ctx *cx, const int64_t *ids, size_t n, struct matter_item **ret, size_t *ret_n)
{
	struct matter_item *v = NEW_N(cx->a, struct matter_item, n + 1);
	struct page p;
	size_t kept = 0;
	if (n) {
		TRY(load_page(cx, ids, n, &p));
		for (size_t i = 0; i < n; i++) {
			const struct matter_items_row *r = row_of(&p, ids[i]);
			if (r)
				v[kept++] = item_of(&p, r);
		}
	}
	*ret = v;
	*ret_n = kept;
	return ERR_OK;
}

/* ---- acts ---- */

static const char *const type_names[] = { "text",  "date",   "percent", "org",   "orgs",
					  "files", "person", "select",  "number" };

static void fields_view(struct arena *a, const struct workflow *wf, const struct wf_act *act, struct matter_act_out *out)
{
	out->fields.v = NEW_N(a, struct matter_field, act->nfields + 1);
	for (size_t i = 0; i < act->nfields; i++) {
		const struct wf_field *fd = &act->fields[i];
		VEC(str) options = { 0 }, zh = { 0 }, en = { 0 };
		str rest = fd->options, one;
		vec_reserve(a, &options, 1);
		while (fd->options.n && str_cut(&rest, '|', &one)) {
			const struct wf_option *o = workflow_option(wf, fd->name, one);
			vec_push(a, &options, one);
			vec_push(a, &zh, o ? o->zh : one);
			vec_push(a, &en, o ? o->en : one);
		}
		out->fields.v[out->fields.n++] = (struct matter_field){ .name = fd->name,
									.type = str_of(type_names[fd->type]),
									.required = fd->required,
									.max = fd->max ? fd->max : JSON_NONE,
									.options = { options.v, options.n },
									.options_zh = { zh.v, zh.n },
									.options_en = { en.v, en.n },
									.label_zh = fd->zh,
									.label_en = fd->en };
	}
}

static str target_of(const struct matter *x, const struct wf_act *act)
{
	if (act->to == WF_SAME)
		return x->row.state;
	return act->to == WF_PREV ? x->row.prev_state : x->wf->states[act->to].id;
}

static struct matter_act_out act_view(struct ctx *cx, const struct matter *x, const struct wf_act *act, err e,
				      const struct fail *f)
{
	struct matter_act_out out = { .id = act->id,
				      .label_zh = act->zh,
				      .label_en = act->en,
				      .to = target_of(x, act),
				      .allowed = e == ERR_OK };
	fields_view(cx->a, x->wf, act, &out);
	if (e != ERR_OK) {
		out.why = NEW(cx->a, struct matter_why);
		out.why->key = str_of(f->key ? f->key : err_key(e));
		out.why->text = i18n_fail(cx->a, cx->lang, f);
	}
	return out;
}

err matter_acts_view(struct ctx *cx, const struct matter *x, struct matter_act_out **ret, size_t *ret_n)
{
	struct matter_actor ma = { cx, x };
	struct wf_actor who = matter_actor_of(&ma);
	struct matter_act_out *v = NEW_N(cx->a, struct matter_act_out, x->wf->nacts + 1);
	size_t n = 0;
	for (size_t i = 0; i < x->wf->nacts; i++) {
		struct fail f = { 0 };
		const struct wf_act *act = &x->wf->acts[i];
		if (!(act->from >> x->m.state & 1) || !workflow_applies(act, &x->m))
			continue;
		err e = workflow_try(x->wf, (int)i, &x->m, &who, NULL, cx->now_ms, &f);
		if (e != ERR_FORBIDDEN)
			v[n++] = act_view(cx, x, act, e, &f);
	}
	*ret = v;
	*ret_n = n;
	return ERR_OK;
}

/* ---- the timeline ---- */

static void label(const struct workflow *wf, str kind, str *ret_zh, str *ret_en)
{
	str name = str_starts(kind, S("matter.")) ? str_sub(kind, 7, kind.n) : S("");
	int act = workflow_act(wf, name);
	char key[96] = "";
	if (act >= 0) {
		*ret_zh = wf->acts[act].zh;
		*ret_en = wf->acts[act].en;
		return;
	}
	snprintf(key, sizeof key, "event." STR_FMT "." STR_FMT, STR_ARG(kind), STR_ARG(wf->kind)); /* a hazard is registered, a task assigned */
	if (!i18n_has(str_of(key)))
		snprintf(key, sizeof key, "event." STR_FMT, STR_ARG(kind));
	bool known = i18n_has(str_of(key));
	*ret_zh = known ? i18n_text(S("zh-CN"), str_of(key)) : kind;
	*ret_en = known ? i18n_text(S("en"), str_of(key)) : kind;
}

static str words_at(const struct matter_words_rows *words, int64_t seq)
{
	for (size_t i = 0; i < words->n; i++)
		if (words->v[i].seq == seq && str_find_char(words->v[i].act, '/') < 0)
			return words->v[i].body;
	return S("");
}

/* ["1","2"] of canonical text. */
static struct json_ids id_list(struct arena *a, str list)
{
	struct json_ids ids = { NEW_N(a, int64_t, list.n / 3 + 1), 0 };
	for (size_t i = 0; i < list.n; i++) {
		size_t start = i;
		while (i < list.n && list.p[i] >= '0' && list.p[i] <= '9')
			i++;
		if (i > start && str_to_i64(str_sub(list, start, i), &ids.v[ids.n]))
			ids.n++;
	}
	return ids;
}

static str plain(str data, const char *key)
{
	str s = { NULL, 0 };
	return canon_get_plain(data, key, &s) ? s : (str){ NULL, 0 };
}

static bool names_orgs(const struct wf_field *fd)
{
	return fd->type == FIELD_ORG || fd->type == FIELD_ORGS;
}

static const struct wf_act *act_of(const struct workflow *wf, str kind)
{
	int act = str_starts(kind, S("matter.")) ? workflow_act(wf, str_sub(kind, 7, kind.n)) : -1;
	return act >= 0 ? &wf->acts[act] : NULL;
}

/* What the fields of an act named stands in its event as ids; names are looked up for all events at once. */
static void named_ids(struct arena *a, const struct workflow *wf, struct matter_event *e)
{
	const struct wf_act *act = act_of(wf, e->kind);
	e->named.v = NEW_N(a, struct matter_named, (act ? act->nfields : 0) + 1);
	for (size_t i = 0; act && i < act->nfields; i++) {
		const struct wf_field *fd = &act->fields[i];
		struct json_ids ids = names_orgs(fd) ? id_list(a, canon_get(e->data, arena_cstr(a, fd->name))) : (struct json_ids){ 0 };
		if (!ids.n)
			continue;
		struct matter_named *to = &e->named.v[e->named.n++];
		*to = (struct matter_named){ .field = fd->name, .label_zh = fd->zh, .label_en = fd->en };
		to->orgs.v = NEW_N(a, struct matter_org, ids.n);
		for (; to->orgs.n < ids.n; to->orgs.n++)
			to->orgs.v[to->orgs.n] = (struct matter_org){ ids.v[to->orgs.n], S(""), S("") };
	}
}

#define EACH_NAMED(events, org)                                                                              \
	for (size_t i_ = 0; i_ < (events)->items.n; i_++)                                                    \
		for (size_t k_ = 0; k_ < (events)->items.v[i_].named.n; k_++)                                \
			for (struct matter_org *org = (events)->items.v[i_].named.v[k_].orgs.v,              \
					       *end_ = org + (events)->items.v[i_].named.v[k_].orgs.n;       \
			     org < end_; org++)

static err name_orgs(struct ctx *cx, const struct matter_events_out *events)
{
	VEC(int64_t) ids = { 0 };
	struct matter_orgs_named_rows rows;
	EACH_NAMED(events, org)
	vec_push(cx->a, &ids, org->org);
	if (!ids.n)
		return ERR_OK;
	TRY(matter_orgs_named(cx->c, cx->a, &(struct matter_orgs_named_params){ { ids.v, ids.n } }, &rows));
	EACH_NAMED(events, org)
	for (size_t i = 0; i < rows.n; i++)
		if (rows.v[i].id == org->org) {
			org->name = rows.v[i].name;
			org->name_en = rows.v[i].name_en;
		}
	return ERR_OK;
}

static struct matter_event event_view(struct ctx *cx, const struct workflow *wf,
				      const struct matter_words_rows *words,
				      const struct matter_events_row *r)
{
	str data = canon_get(r->body, "data");
	struct matter_event e = { .seq = r->seq,
				  .at_ms = r->at_ms,
				  .kind = r->kind,
				  .from = plain(data, "from"),
				  .to = plain(data, "to"),
				  .text = words_at(words, r->seq),
				  .data = data.n ? data : S("{}"),
				  .files = id_list(cx->a, canon_get(data, "files")),
				  .leaf = hex_encode(cx->a, r->leaf) };
	label(wf, r->kind, &e.label_zh, &e.label_en);
	named_ids(cx->a, wf, &e);
	e.actor = NEW(cx->a, struct matter_who);
	*e.actor =
	    (struct matter_who){ opt_id(r->actor), or_empty(r->person_name), or_empty(r->person_name_en) };
	if (r->org != DB_NONE && r->org && r->org_name.p) {
		e.org = NEW(cx->a, struct matter_who);
		*e.org = (struct matter_who){ r->org, r->org_name, or_empty(r->org_name_en) };
	}
	return e;
}

static err events_view(struct ctx *cx, const struct matter *x, const struct matter_words_rows *words,
		       int64_t after, int64_t max, struct matter_events_out *ret)
{
	struct matter_events_rows rows;
	struct matter_events_params p = { x->row.region, ledger_subject(cx, "matter", x->row.id), after,
					  max };
	TRY(matter_events(cx->c, cx->a, &p, &rows));
	*ret = (struct matter_events_out){ 0 };
	ret->items.v = NEW_N(cx->a, struct matter_event, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		struct matter_event *e = &ret->items.v[ret->items.n++];
		*e = event_view(cx, x->wf, words, &rows.v[i]);
		TRY(matter_said_view(cx, x->wf, words, e));
	}
	if ((int64_t)rows.n == max)
		ret->next = arena_printf(cx->a, "%lld", (long long)rows.v[rows.n - 1].seq);
	return name_orgs(cx, ret);
}

err matter_timeline(struct ctx *cx, const struct matter *x, int64_t after, int64_t max,
		    struct matter_events_out *ret)
{
	struct matter_words_rows words;
	TRY(matter_words(cx->c, cx->a, &(struct matter_words_params){ x->row.region, x->row.id }, &words));
	return events_view(cx, x, &words, after, max, ret);
}

/* ---- the dossier ---- */

#define TARGETS(F, O, L) L(matter_target, items, REQ)
JSON_STRUCT(matter_targets, TARGETS)
JSON_DEFINE(matter_targets, TARGETS)

static void targets_view(struct ctx *cx, str json, struct matter_out *out)
{
	struct matter_targets t;
	struct fail ignored = { 0 };
	out->targets.v = NEW(cx->a, struct matter_target);
	if (json_read(cx->a, arena_printf(cx->a, "{\"items\":" STR_FMT "}", STR_ARG(json)),
		      matter_targets_json, &t, &ignored) != ERR_OK)
		return;
	if (t.items.n) {
		out->targets.v = t.items.v;
		out->targets.n = t.items.n;
	}
}

static err parties_view(struct ctx *cx, const struct matter *x, struct matter_out *out)
{
	struct matter_parties_rows rows;
	struct db_ids ids = { &x->row.id, 1 };
	TRY(matter_parties(cx->c, cx->a, &(struct matter_parties_params){ ids }, &rows));
	out->parties.v = NEW_N(cx->a, struct matter_party_out, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		const struct matter_parties_row *p = &rows.v[i];
		int act = workflow_act(x->wf, p->basis); /* the act that brought them in; else assigned or document */
		out->parties.v[out->parties.n++] =
		    (struct matter_party_out){ p->role,           p->org,         p->name, p->name_en,
					       opt_id(p->person), p->person_name, p->basis, act < 0 ? S("") : x->wf->acts[act].zh,
					       act < 0 ? S("") : x->wf->acts[act].en };
	}
	return ERR_OK;
}

static str party_names(struct ctx *cx, const struct matter *x, const struct matter_out *out, enum relation r,
		       bool zh)
{
	struct buf b = BUF(cx->a);
	for (size_t i = 0; i < out->parties.n; i++) {
		const struct matter_party_out *p = &out->parties.v[i];
		if (!str_eq(p->role, str_of(relation_name(r))))
			continue;
		if (b.n)
			buf_put(&b, zh ? S("、") : S(", "));
		buf_put(&b, zh ? p->name : p->name_en);
	}
	if (!b.n)
		buf_put(&b, zh ? x->wf->roles[r].zh : x->wf->roles[r].en);
	return buf_str(&b);
}

static struct matter_rule *rule_view(struct arena *a, const struct deadline_rule *r)
{
	if (!r)
		return NULL;
	struct matter_rule *out = NEW(a, struct matter_rule);
	*out = (struct matter_rule){ r->id, r->zh, r->en, r->clause, r->clause_en, r->source, r->source_zh, r->certainty };
	return out;
}

/* Which row set the matter's own deadline. */
static struct matter_rule *due_rule_view(struct ctx *cx, const struct matter *x)
{
	str id;
	if (!canon_get_plain(x->row.attrs, "due_rule", &id))
		return NULL;
	return rule_view(cx->a, deadline_rule_by_id(loop_deadlines(cx->app->loop), id));
}

static void waiting_view(struct ctx *cx, const struct matter *x, const struct calendar *cal,
			 struct matter_out *out)
{
	const struct wf_state *s = &x->wf->states[x->m.state];
	const struct deadline_rule *rule;
	int64_t until = matter_until_ms(cx, cal, x, out->object ? out->object->type : S(""), &rule);
	out->waiting.v = NEW_N(cx->a, struct matter_waiting, REL_COUNT);
	for (int r = 0; r < REL_COUNT; r++)
		if (s->owners >> r & 1)
			out->waiting.v[out->waiting.n++] =
			    (struct matter_waiting){ str_of(relation_name((enum relation)r)),
						     party_names(cx, x, out, (enum relation)r, true),
						     party_names(cx, x, out, (enum relation)r, false),
						     x->row.state_ms,
						     opt_ms(until),
						     rule_view(cx->a, rule) };
}

static void reports_view(struct ctx *cx, const struct matter_words_rows *words, struct matter_out *out)
{
	out->reports.v = NEW_N(cx->a, struct matter_report, words->n + 1);
	for (size_t i = 0; i < words->n; i++) {
		const struct matter_words_row *w = &words->v[i];
		if (w->progress)
			out->reports.v[out->reports.n++] = (struct matter_report){ w->period,
										   w->percent,
										   w->body,
										   w->at_ms,
										   or_empty(w->org_name),
										   or_empty(w->person_name),
										   or_empty(w->org_name_en),
										   or_empty(w->person_name_en) };
	}
}

/* The act that a file was handed in with, if there was one. */
static int64_t act_of_file(const struct matter_out *out, int64_t id)
{
	for (size_t i = 0; i < out->timeline.n; i++)
		for (size_t k = 0; k < out->timeline.v[i].files.n; k++)
			if (out->timeline.v[i].files.v[k] == id)
				return out->timeline.v[i].seq;
	return JSON_NONE;
}

static err files_view(struct ctx *cx, const struct matter *x, struct matter_out *out)
{
	struct matter_files_rows rows;
	struct matter_files_params p = { x->row.region, ledger_subject(cx, "matter", x->row.id) };
	TRY(matter_files(cx->c, cx->a, &p, &rows));
	out->files.v = NEW_N(cx->a, struct matter_file, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		const struct matter_files_row *r = &rows.v[i];
		out->files.v[out->files.n++] =
		    (struct matter_file){ .id = r->id,
					  .hash = r->hash,
					  .name = r->name,
					  .type = r->type,
					  .size = r->size,
					  .captured_ms = r->captured_ms,
					  .received_ms = r->received_ms,
					  .by = or_empty(r->person_name),
					  .by_en = or_empty(r->person_name_en),
					  .act_seq = act_of_file(out, r->id),
					  .marks = { NEW(cx->a, struct matter_mark), 0 } };
	}
	return ERR_OK;
}

/* Marks of files stand first and in the files' order. */
static err marks_view(struct ctx *cx, const struct matter *x, struct matter_out *out)
{
	struct mark_list all;
	TRY(marks_of(cx, x, &all));
	out->marks.v = all.v;
	out->marks.n = all.n;
	for (size_t i = 0, k = 0; i < out->files.n; i++) {
		struct matter_file *f = &out->files.v[i];
		f->marks.v = all.v + k;
		for (; k < all.n && all.v[k].file == f->id; k++)
			f->marks.n++;
	}
	return ERR_OK;
}

/* The matter itself or the nearest of its ancestors that a sentence stands behind. */
static err find_source(struct ctx *cx, const struct matter *x, struct matter_source_row *ret, int64_t *ret_region)
{
	int64_t region = x->row.region, id = x->row.id;
	for (int depth = 0; id && depth < MATTER_DEPTH_MAX; depth++) {
		TRY(matter_source(cx->c, cx->a, &(struct matter_source_params){ region, id }, ret));
		if (ret->document)
			break;
		id = ret->parent;
		region = id ? ret->parent_region : region;
	}
	*ret_region = region;
	return ERR_OK;
}

static err provenance_view(struct ctx *cx, const struct matter *x, struct matter_out *out)
{
	struct matter_origin_row o;
	struct matter_source_row r;
	int64_t region;
	TRY(find_source(cx, x, &r, &region));
	if (!r.document)
		return ERR_OK;
	TRY(matter_origin(cx->c, cx->a, &(struct matter_origin_params){ region, r.document, r.draft }, &o));
	out->provenance = NEW(cx->a, struct matter_provenance);
	*out->provenance = (struct matter_provenance){ r.document, or_empty(o.document_title), opt_id(r.draft), r.span_start,
						       r.span_end, o.sentence.p ? o.sentence : r.body };
	return ERR_OK;
}

static err children_view(struct ctx *cx, const struct matter *x, struct matter_out *out)
{
	struct walk_parent_rows keys;
	struct db_scope scope = cx_scope(cx, S("matter.read"));
	struct walk_parent_params p = { .parent = x->row.id,
					.from_ms = DB_NONE,
					.to_ms = DB_NONE,
					.lo = DB_NONE,
					.hi = DB_NONE,
					.sectors = DB_NONE,
					.object = DB_NONE,
					.contractor = DB_NONE,
					.max = 500 };
	TRY(walk_parent(cx->c, cx->a, &p, &scope, &keys));
	int64_t *ids = NEW_N(cx->a, int64_t, keys.n + 1);
	for (size_t i = 0; i < keys.n; i++)
		ids[i] = keys.v[i].id;
	return matter_items_view(cx, ids, keys.n, &out->children.v, &out->children.n);
}

static void head_from_item(struct matter_out *out, const struct matter_item *it)
{
#define COPY_F(kind, name, ...) out->name = it->name;
#define COPY_L(sub, name, ...)                                                                               \
	out->name.v = it->name.v;                                                                            \
	out->name.n = it->name.n;
	MATTER_HEAD(COPY_F, COPY_F, COPY_L)
#undef COPY_F
#undef COPY_L
}

err matter_view(struct ctx *cx, int64_t id, struct matter_out *ret)
{
	struct matter x;
	struct matter_item *item;
	struct calendar cal;
	struct matter_words_rows words;
	struct matter_events_out events;
	size_t n;
	struct matter_out *out = NEW(cx->a, struct matter_out);
	TRY(matter_get(cx, id, &x));
	TRY(matter_items_view(cx, &id, 1, &item, &n));
	if (!n)
		return ERR_NOT_FOUND;
	head_from_item(out, item);
	TRY(loop_calendar(cx, &cal));
	TRY(matter_words(cx->c, cx->a, &(struct matter_words_params){ x.row.region, id }, &words));
	out->text = x.row.body;
	out->measures = x.row.measures;
	out->recurs = x.row.recurs;
	out->round = x.row.round;
	out->attrs = x.row.attrs;
	out->extensions = x.row.extensions;
	out->deadline = due_rule_view(cx, &x);
	targets_view(cx, x.row.targets, out);
	TRY(parties_view(cx, &x, out));
	waiting_view(cx, &x, &cal, out);
	reports_view(cx, &words, out);
	TRY(provenance_view(cx, &x, out));
	TRY(children_view(cx, &x, out));
	TRY(matter_acts_view(cx, &x, &out->acts.v, &out->acts.n));
	TRY(events_view(cx, &x, &words, -1, 1000, &events));
	out->timeline.v = events.items.v;
	out->timeline.n = events.items.n;
	TRY(files_view(cx, &x, out));
	TRY(marks_view(cx, &x, out));
	*ret = *out;
	return ERR_OK;
}
