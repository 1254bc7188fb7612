/* Making matters, and loading them with what their rules look at. */
#include "loop/matter_doing.h"

#include <math.h>
#include <stdlib.h>

#include "base/utf8.h"
#include "core/app.h"
#include "core/canon.h"
#include "core/ledger.h"
#include "core/region.h"
#include "db/bigram.h"
#include "land/object.h"

/* ---- small rules ---- */

str matter_number(struct arena *a, int64_t region, int64_t year, str kind, int64_t n)
{
	int64_t place = region % 1000000 == 0 ? region / 1000000
			: region % 1000 == 0  ? region / 1000
					      : region;
	return arena_printf(a, "%lld-%lld-" STR_FMT "-%06lld", (long long)place, (long long)year,
			    STR_ARG(kind), (long long)n);
}

str matter_search_text(struct arena *a, str no, str title, str text, str measures)
{
	struct buf b = BUF(a);
	const str parts[] = { no, title, text, measures };
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		buf_put(&b, parts[i]);
		buf_byte(&b, '\n');
	}
	return buf_str(&b);
}

struct wf_input matter_no_input(void)
{
	return (struct wf_input){ .due_day = INT64_MIN, .percent = INT64_MIN };
}

/* ---- loading ---- */

static enum relation role_of(str role)
{
	for (int r = 0; r < REL_COUNT; r++)
		if (str_eq(role, str_of(relation_name((enum relation)r))))
			return (enum relation)r;
	return REL_COUNT;
}

static struct wf_pending pending_of(const struct workflow *wf, str json)
{
	struct wf_pending p = { .act = -1, .due_ms = NO_DUE_MS };
	str act;
	if (!json.n || !canon_get_plain(json, "act", &act))
		return p;
	bool whole = canon_get_i64(json, "by", &p.by) && canon_get_i64(json, "org", &p.org) &&
		     canon_get_i64(json, "due", &p.due_ms) && canon_get_i64(json, "at", &p.at_ms);
	p.act = whole ? workflow_act(wf, act) : -1;
	if (!canon_get_i64(json, "to", &p.to))
		p.to = 0;
	return p;
}

static int by_time(const void *a, const void *b)
{
	const struct matter_standing_row *x = a, *y = b;
	int c = (x->since_ms > y->since_ms) - (x->since_ms < y->since_ms);
	c = c ? c : str_cmp(x->role, y->role);
	c = c ? c : (x->org > y->org) - (x->org < y->org);
	return c ? c : (x->person > y->person) - (x->person < y->person);
}

/* In the order in which they joined. There are few: sorting them here costs less than in the store. */
static void fill_parties(struct arena *a, struct matter *x, const struct matter_standing_rows *rows)
{
	if (rows->n > 1)
		qsort(rows->v, rows->n, sizeof *rows->v, by_time);
	struct wf_party *v = NEW_N(a, struct wf_party, rows->n + 1);
	int64_t *orgs = NEW_N(a, int64_t, rows->n + 1);
	for (size_t i = 0; i < rows->n; i++) {
		const struct matter_standing_row *p = &rows->v[i];
		v[i] = (struct wf_party){ role_of(p->role), p->org, p->person };
		orgs[i] = p->org;
		if (v[i].role == REL_VERIFIER) {
			x->m.verifier = p->person;
			x->m.verifier_org = p->org;
		}
	}
	x->m.parties = v;
	x->m.nparties = rows->n;
	x->access = (struct access_row){ x->row.region, x->row.sectors, x->row.secret, orgs, rows->n, x->row.handler_region };
}

static void fill(struct matter *x)
{
	const struct matter_load_row *r = &x->row;
	x->m = (struct wf_matter){
		.ver = r->ver,
		.state = workflow_state(x->wf, r->state),
		.prev = workflow_state(x->wf, r->prev_state),
		.lead_org = r->lead_org,
		.assigner_org = r->assigner_org,
		.assigner = r->assigner,
		.due_ms = r->due_ms,
		.held_due_ms = r->held_due_ms,
		.reporter = r->reporter,
		.reporter_org = r->reporter_org,
		.pending = pending_of(x->wf, r->pending),
		.extensions = r->extensions,
		.round = r->round,
		.progress = r->progress,
		.state_ms = r->state_ms,
		.closed_ms = r->closed_ms == DB_NONE ? 0 : r->closed_ms,
	};
}

static err get_within(struct ctx *cx, int64_t id, const struct db_scope *scope, struct matter *ret)
{
	struct matter x = { 0 };
	struct matter_standing_rows parties;
	TRY(matter_load(cx->c, cx->a, &(struct matter_load_params){ id }, scope, &x.row));
	TRY(matter_standing(cx->c, cx->a, &(struct matter_standing_params){ x.row.region, id }, &parties));
	TRY(loop_kind(cx, x.row.kind, &x.wf));
	fill(&x);
	fill_parties(cx->a, &x, &parties);
	TRY(doing_known(cx, &x));
	if (x.m.state < 0 || x.m.prev < 0)
		return FAIL(&cx->fail, CORRUPT, "/state", "err.state_unknown", "state",
			    arena_cstr(cx->a, x.row.state));
	*ret = x;
	return ERR_OK;
}

err matter_get_lean(struct ctx *cx, int64_t id, struct matter *ret)
{
	struct db_scope scope = cx_scope(cx, S("matter.read"));
	return get_within(cx, id, &scope, ret);
}

err matter_get_system(struct ctx *cx, int64_t id, struct matter *ret)
{
	static const struct db_scope_range everything = { 0, REGION_MAX, SECTORS_ALL, SECRET_MAX, 0 };
	struct db_scope scope = { 1, &everything };
	return cx->who ? ERR_INTERNAL : get_within(cx, id, &scope, ret);
}

err matter_count(struct ctx *cx, struct matter *x)
{
	struct matter_counts_rows counts;
	struct db_ids ids = { &x->row.id, 1 };
	TRY(matter_counts(cx->c, cx->a, &(struct matter_counts_params){ ids }, &counts));
	if (!counts.n)
		return ERR_NOT_FOUND;
	x->m.files = counts.v[0].files;
	x->m.reports = counts.v[0].reports;
	x->m.children = counts.v[0].children;
	x->m.open_children = counts.v[0].open_children;
	return ERR_OK;
}

err matter_get(struct ctx *cx, int64_t id, struct matter *ret)
{
	struct matter x;
	TRY(matter_get_lean(cx, id, &x));
	TRY(matter_count(cx, &x));
	*ret = x;
	return ERR_OK;
}

static bool may_on(const void *arg, const char *perm)
{
	const struct matter_actor *ma = arg;
	return cx_allowed(ma->cx, str_of(perm), &ma->x->access);
}

struct wf_actor matter_actor_of(const struct matter_actor *ma)
{
	const struct principal *p = ma->cx->who;
	return (struct wf_actor){ .account = p ? p->account : 0,
				  .org = p ? p->org : 0,
				  .person = p ? p->person : 0,
				  .system = !p,
				  .handles = handles(p, S("matter.act"), &ma->x->access, ma->cx->now_ms),
				  .may = may_on,
				  .arg = ma };
}

/* ---- progress of trees ---- */

err matter_roll_up(struct ctx *cx, int64_t region, int64_t id)
{
	for (int depth = 0; id && depth < MATTER_DEPTH_MAX; depth++) {
		struct matter_children_sum_row sum;
		struct matter_parent_of_row up;
		TRY(matter_children_sum(cx->c, cx->a, &(struct matter_children_sum_params){ id }, &sum));
		int64_t progress = sum.n ? sum.total / sum.n : 0;
		TRY(matter_set_progress(cx->c, &(struct matter_set_progress_params){ region, id, progress },
					NULL));
		TRY(matter_parent_of(cx->c, cx->a, &(struct matter_parent_of_params){ region, id }, &up));
		region = up.parent_region;
		id = up.parent;
	}
	return ERR_OK;
}

/* ---- making ---- */

static err check_orgs(struct ctx *cx, struct json_ids ids, const char *field)
{
	struct matter_orgs_known_rows known;
	if (!ids.n)
		return ERR_OK;
	if (ids.n > MATTER_ORGS_MAX)
		return FAIL(&cx->fail, BAD_FIELD, arena_printf(cx->a, "/%s", field).p, "err.too_many_items",
			    "max", "100");
	TRY(matter_orgs_known(cx->c, cx->a, &(struct matter_orgs_known_params){ { ids.v, ids.n } }, &known));
	for (size_t i = 0; i < ids.n; i++) {
		bool ok = false;
		for (size_t k = 0; k < known.n; k++)
			ok |= known.v[k].id == ids.v[i] && (known.v[k].valid_to_day == DB_NONE ||
							    known.v[k].valid_to_day >= china_day(cx->now_ms));
		if (!ok)
			return FAIL(&cx->fail, BAD_FIELD, arena_printf(cx->a, "/%s/%zu", field, i).p,
				    "err.org_unknown", "name",
				    arena_printf(cx->a, "%lld", (long long)ids.v[i]).p);
	}
	return ERR_OK;
}

static err check_text(struct ctx *cx, str s, size_t max, const char *pointer)
{
	if (utf8_count(s) <= max)
		return ERR_OK;
	return FAIL(&cx->fail, BAD_FIELD, pointer, "err.too_long", "max", arena_printf(cx->a, "%zu", max).p);
}

static err check_place(struct ctx *cx, const struct matter_found *f)
{
	if (!f->placed)
		return ERR_OK;
	if (!(f->lat >= -90 && f->lat <= 90))
		return FAIL(&cx->fail, BAD_FIELD, "/lat", "err.place");
	return f->lon >= -180 && f->lon <= 180 ? ERR_OK : FAIL(&cx->fail, BAD_FIELD, "/lon", "err.place");
}

static err check_word(struct ctx *cx, const char *table, str id, const char *pointer)
{
	if (!id.n || loop_known(cx->app->loop, table, id))
		return ERR_OK;
	return FAIL(&cx->fail, BAD_FIELD, pointer, "err.found_unknown", "name", arena_cstr(cx->a, id));
}

static err check_found(struct ctx *cx, const struct matter_found *f)
{
	struct json_ids contractor = { (int64_t[]){ f->contractor }, f->contractor ? 1 : 0 };
	TRY(check_place(cx, f));
	TRY(check_word(cx, "sources", f->source, "/source"));
	TRY(check_word(cx, "causes", f->cause, "/cause"));
	if (f->found_ms > cx->now_ms)
		return FAIL(&cx->fail, BAD_FIELD, "/found_ms", "err.found_later");
	if (f->attrs.n && !canon_valid(f->attrs))
		return FAIL(&cx->fail, BAD_FIELD, "/more", "err.bad_json");
	return check_orgs(cx, contractor, "contractor");
}

static err check_new(struct ctx *cx, const struct matter_new *in, enum recurrence *ret_recurs)
{
	if (!str_trim(in->title).n)
		return FAIL(&cx->fail, BAD_FIELD, "/title", "err.required");
	TRY(check_text(cx, in->title, MATTER_TITLE_MAX, "/title"));
	TRY(check_text(cx, in->text, MATTER_TEXT_MAX, "/text"));
	TRY(check_text(cx, in->measures, MATTER_TEXT_MAX, "/measures"));
	*ret_recurs = RECUR_NONE;
	if (in->recurs.n && !recurrence_parse(in->recurs, ret_recurs) && !in->draft)
		return FAIL(&cx->fail, BAD_FIELD, "/recurs", "err.recurs");
	if (in->due_day != JSON_NONE && (in->due_day < 0 || in->due_day > 2932896))
		return FAIL(&cx->fail, BAD_FIELD, "/due", "err.bad_date");
	TRY(check_found(cx, &in->found));
	TRY(check_orgs(cx, in->lead, "lead"));
	return check_orgs(cx, in->co, "co");
}

/* A parent is broken down by whoever leads, assigned or supervises it, while it is open. */
static err check_parent(struct ctx *cx, int64_t parent, int64_t *ret_region)
{
	struct matter x;
	*ret_region = 0;
	if (!parent)
		return ERR_OK;
	TRY(matter_get(cx, parent, &x));
	struct matter_actor ma = { cx, &x };
	struct wf_actor who = matter_actor_of(&ma);
	if (!x.wf->states[x.m.state].open)
		return FAIL(&cx->fail, GUARD, "/parent", "err.guard.parent_closed");
	if (!workflow_relates(&x.m, &who, REL_LEAD) && !workflow_relates(&x.m, &who, REL_ASSIGNER) &&
	    !who.may(who.arg, "matter.supervise"))
		return FAIL(&cx->fail, FORBIDDEN, "/parent", "err.act_who");
	*ret_region = x.row.region;
	return ERR_OK;
}

/* The rows of one new matter, ready to be written. */
struct fresh {
	const struct matter_new *in;
	const struct workflow *wf;
	int64_t id, region, parent_region, assigner_org, due_ms;
	enum recurrence recurs;
	str no;
};

static err may_create(struct ctx *cx, const struct fresh *n)
{
	int64_t parties[] = { n->assigner_org, cx_org(cx) };
	struct access_row row = { n->region, n->in->sectors, n->in->secret, parties, 2 };
	if (cx->who && !cx_allowed(cx, S("matter.create"), &row))
		return FAIL(&cx->fail, FORBIDDEN, "/region", "err.create_here");
	return ERR_OK;
}

static err take_number(struct ctx *cx, struct fresh *n)
{
	int year, month, day;
	struct matter_next_no_row row;
	date_to_ymd(china_day(cx->now_ms), &year, &month, &day);
	TRY(matter_next_no(cx->c, cx->a, &(struct matter_next_no_params){ n->region, n->in->kind, year },
			   &row));
	n->no = matter_number(cx->a, n->region, year, n->in->kind, row.last);
	return ERR_OK;
}

static str or_empty(str s, str otherwise)
{
	return s.p ? s : otherwise;
}

static err insert_row(struct ctx *cx, const struct fresh *n)
{
	const struct matter_new *in = n->in;
	const struct wf_state *s = &n->wf->states[n->wf->initial];
	return matter_insert(cx->c,
			     &(struct matter_insert_params){ .region = n->region,
							     .id = n->id,
							     .no = n->no,
							     .kind = in->kind,
							     .state = s->id,
							     .phase = S("open"),
							     .title = str_trim(in->title),
							     .body = or_empty(in->text, S("")),
							     .measures = or_empty(in->measures, S("")),
							     .targets = or_empty(in->targets, S("[]")),
							     .attrs = or_empty(in->found.attrs, S("{}")),
							     .sectors = in->sectors,
							     .secret = in->secret,
							     .county = n->region / 1000000,
							     .handler_region = n->region,
							     .lead_org = in->lead.n ? in->lead.v[0] : 0,
							     .assigner_org = n->assigner_org,
							     .assigner = cx_account(cx),
							     .due_ms = n->due_ms,
							     .recurs = str_of(recurrence_name(n->recurs)),
							     .parent = in->parent,
							     .parent_region = n->parent_region,
							     .document = in->document,
							     .draft = in->draft,
							     .span_start = in->span_start,
							     .span_end = in->span_end,
							     .now_ms = cx->now_ms,
							     .object = in->found.object,
							     .lat = in->found.placed ? in->found.lat : nan(""),
							     .lon = in->found.placed ? in->found.lon : nan(""),
							     .source = in->found.source,
							     .found_ms = in->found.found_ms,
							     .cause = in->found.cause,
							     .contractor = in->found.contractor,
							     .visit = in->found.visit },
			     NULL);
}

static err insert_party(struct ctx *cx, const struct fresh *n, int64_t org, enum relation role)
{
	if (!org)
		return ERR_OK;
	return matter_party_insert(
	    cx->c,
	    &(struct matter_party_insert_params){ .region = n->region,
						  .matter = n->id,
						  .org = org,
						  .role = str_of(relation_name(role)),
						  .person = 0,
						  .basis = n->in->document ? S("document") : S("assigned"),
						  .since_ms = cx->now_ms,
						  .phase = S("open"),
						  .due_ms = n->due_ms },
	    NULL);
}

static err insert_parties(struct ctx *cx, const struct fresh *n)
{
	for (size_t i = 0; i < n->in->lead.n; i++)
		TRY(insert_party(cx, n, n->in->lead.v[i], REL_LEAD));
	for (size_t i = 0; i < n->in->co.n; i++)
		TRY(insert_party(cx, n, n->in->co.v[i], REL_CO));
	return insert_party(cx, n, n->assigner_org, REL_ASSIGNER);
}

static void canon_ids(struct canon *c, const char *key, struct json_ids ids)
{
	canon_list(c, key);
	for (size_t i = 0; i < ids.n; i++)
		canon_id(c, NULL, ids.v[i]);
	canon_close(c);
}

/* Places go in as ten-millionths of a degree: events know whole numbers only. */
static void found_data(struct canon *c, const struct matter_found *f)
{
	if (f->object)
		canon_id(c, "object", f->object);
	if (f->placed) {
		canon_i64(c, "lat_e7", llround(f->lat * 1e7));
		canon_i64(c, "lon_e7", llround(f->lon * 1e7));
	}
	if (f->source.n)
		canon_str(c, "source", f->source);
	if (f->cause.n)
		canon_str(c, "cause", f->cause);
	if (f->found_ms)
		canon_i64(c, "found", f->found_ms);
	if (f->contractor)
		canon_id(c, "contractor", f->contractor);
	if (f->visit)
		canon_id(c, "visit", f->visit);
	if (f->attrs.n)
		canon_raw(c, "attrs", f->attrs);
}

static str create_data(struct ctx *cx, const struct fresh *n)
{
	struct canon c;
	const struct matter_new *in = n->in;
	canon_begin(&c, cx->a);
	canon_i64(&c, "ver", 1);
	canon_str(&c, "state", n->wf->states[n->wf->initial].id);
	canon_str(&c, "to", n->wf->states[n->wf->initial].id);
	canon_str(&c, "kind", in->kind);
	canon_str(&c, "no", n->no);
	canon_str(&c, "title", str_trim(in->title));
	canon_i64(&c, "due", n->due_ms);
	canon_id(&c, "sectors", in->sectors);
	canon_id(&c, "assigner", n->assigner_org);
	canon_ids(&c, "lead", in->lead);
	canon_ids(&c, "co", in->co);
	if (in->document) {
		canon_id(&c, "document", in->document);
		canon_i64(&c, "start", in->span_start);
		canon_i64(&c, "end", in->span_end);
	}
	if (in->parent)
		canon_id(&c, "parent", in->parent);
	found_data(&c, &in->found);
	return canon_end(&c);
}

static err index_text(struct ctx *cx, const struct fresh *n)
{
	str text = matter_search_text(cx->a, n->no, n->in->title, n->in->text, n->in->measures);
	bool pg = db_conn_engine(cx->c) == DB_PG;
	return matter_text_put(
	    cx->c,
	    &(struct matter_text_put_params){ .id = n->id,
					      .region = n->region,
					      .body = text,
					      .vector = pg ? bigram_vector_pg(cx->a, text) : S("") },
	    NULL);
}

/* What is not said is the object's: its region, sectors, place, and its owner leads. */
static err take_object(struct ctx *cx, struct matter_new *in)
{
	struct object o;
	int64_t lo, hi;
	if (!in->found.object)
		return ERR_OK;
	err e = cx->who ? object_get(cx, in->found.object, &o) : object_load(cx, in->found.object, &o);
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, BAD_FIELD, "/object", "err.object_unknown");
	TRY(e);
	if (in->region)
		region_range(in->region, &lo, &hi);
	if (in->region && (o.region < lo || o.region > hi))
		return FAIL(&cx->fail, BAD_FIELD, "/region", "err.object_elsewhere");
	in->region = o.region;
	in->sectors = in->sectors ? in->sectors : o.sectors;
	if (!in->lead.n && o.owner) {
		in->lead = (struct json_ids){ NEW(cx->a, int64_t), 1 };
		in->lead.v[0] = o.owner;
	}
	if (!in->found.placed && !isnan(o.lat)) {
		in->found.placed = true;
		in->found.lat = o.lat;
		in->found.lon = o.lon;
	}
	return ERR_OK;
}

err matter_create(struct ctx *cx, const struct matter_new *given, int64_t *ret_id)
{
	struct matter_new own = *given, *in = &own;
	struct fresh n = { .in = in, .id = new_id(cx) };
	int64_t seq;
	TRY(take_object(cx, in));
	TRY(loop_kind(cx, in->kind, &n.wf));
	TRY(check_new(cx, in, &n.recurs));
	TRY(check_parent(cx, in->parent, &n.parent_region));
	n.region = in->region ? in->region : cx->who ? cx->who->org_region : 0;
	n.assigner_org = in->assigner_org ? in->assigner_org : cx_org(cx);
	n.due_ms = in->due_day == JSON_NONE ? NO_DUE_MS : due_instant(in->due_day, n.wf->day_end);
	if (n.region <= 0)
		return FAIL(&cx->fail, BAD_FIELD, "/region", "err.required");
	if (given->found.placed)
		TRY(place_check(cx, n.region, in->found.lat, in->found.lon, "/lat"));
	TRY(may_create(cx, &n));
	TRY(take_number(cx, &n));
	TRY(insert_row(cx, &n));
	TRY(insert_parties(cx, &n));
	TRY(index_text(cx, &n));
	TRY(ledger_append(cx, n.region, "matter.create", ledger_subject(cx, "matter", n.id),
			  create_data(cx, &n), &seq));
	TRY(matter_roll_up(cx, n.parent_region, in->parent));
	*ret_id = n.id;
	return ERR_OK;
}
