/* A paper's life: drafted, issued with a number, served, acknowledged, withdrawn. Each step is one event of the
 * matter's region, under the matter's subject; names of people stand in events as commitments only. */
#include "base/utf8.h"
#include "base/vec.h"
#include "core/app.h"
#include "core/canon.h"
#include "core/ledger.h"
#include "loop/notice_facts.h"
#include "loop/notice_step.h"

enum { SKEW_MS = 5 * 60 * 1000 };

/* ---- reading ---- */

bool notice_may(struct ctx *cx, const struct matter *x, const struct notice_template *t)
{
	str rest = t->perms, perm;
	while (rest.n && str_cut(&rest, ' ', &perm))
		if (cx_allowed(cx, perm, &x->access))
			return true;
	return false;
}

bool notice_is_addressee(struct ctx *cx, const struct notice *n)
{
	return n->row.addressee && cx_org(cx) == n->row.addressee;
}

static bool is_issuer(struct ctx *cx, const struct notice *n)
{
	return cx_org(cx) == n->row.org && notice_may(cx, &n->x, &n->t);
}

err notice_get(struct ctx *cx, int64_t id, struct notice *ret)
{
	TRY(notice_load(cx->c, cx->a, &(struct notice_load_params){ id }, &ret->row));
	TRY(matter_get(cx, ret->row.matter, &ret->x));
	TRY(notice_rules_edition(cx, ret->row.edition, &ret->rules));
	if (!notice_template_find(&ret->rules, ret->row.template, &ret->t))
		return FAIL(&cx->fail, CORRUPT, "", NULL);
	if (ret->row.version == 0 && !notice_may(cx, &ret->x, &ret->t))
		return FAIL(&cx->fail, NOT_FOUND, "", NULL);
	return ERR_OK;
}

static err refuse_stale(struct ctx *cx, const struct notice *n)
{
	return FAIL(&cx->fail, STALE, "/ver", "err.notice.stale", "ver",
		    arena_printf(cx->a, "%lld", (long long)n->row.ver).p, "state", arena_cstr(cx->a, n->row.state));
}

/* The paper in one of the states, for who issues it, in the version that the caller saw. */
err notice_take(struct ctx *cx, int64_t id, int64_t ver, const char *states, struct notice *ret)
{
	str rest = str_of(states), one;
	bool fits = false;
	TRY(notice_get(cx, id, ret));
	if (!is_issuer(cx, ret))
		return FAIL(&cx->fail, FORBIDDEN, "", "err.notice.who");
	if (ret->row.ver != ver)
		return refuse_stale(cx, ret);
	while (str_cut(&rest, ' ', &one))
		fits |= str_eq(one, ret->row.state);
	if (!fits)
		return FAIL(&cx->fail, GUARD, "", "err.notice.state", "state",
			    arena_printf(cx->a, "@notice.state." STR_FMT, STR_ARG(ret->row.state)).p);
	return ERR_OK;
}

err notice_changed(struct ctx *cx, const struct notice *n, int64_t changed)
{
	return changed == 1 ? ERR_OK : refuse_stale(cx, n);
}

/* ---- what was given ---- */

static const struct notice_value *value_of(const struct notice_draft *in, str name)
{
	for (size_t i = 0; i < in->nfields; i++)
		if (str_eq(in->fields[i].name, name))
			return &in->fields[i];
	return NULL;
}

/* Eleven digits that begin with 1 are somebody's mobile phone. */
bool notice_has_mobile(str s)
{
	for (size_t i = 0; i < s.n;) {
		size_t start = i;
		while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
			i++;
		if (i - start == 11 && s.p[start] == '1' && s.p[start + 1] >= '3')
			return true;
		i += i == start;
	}
	return false;
}

static err check_value(struct ctx *cx, const struct notice_given *g, str value, size_t i)
{
	int64_t day;
	const char *at = arena_printf(cx->a, "/fields/%zu/value", i).p;
	if (utf8_count(value) > (size_t)g->max)
		return FAIL(&cx->fail, BAD_FIELD, at, "err.too_long", "max", arena_printf(cx->a, "%lld", (long long)g->max).p);
	if (str_eq(g->field->type, S("date")) && value.n && !date_parse(value, &day))
		return FAIL(&cx->fail, BAD_FIELD, at, "err.bad_date");
	if (str_eq(g->field->name, S("contact")) && notice_has_mobile(value))
		return FAIL(&cx->fail, BAD_FIELD, at, "err.notice.mobile");
	return ERR_OK;
}

/* Every field given is one of the template's, once. */
static err check_fields(struct ctx *cx, const struct notice_draft *in, const struct notice_given *given, size_t ngiven)
{
	for (size_t i = 0; i < in->nfields; i++) {
		size_t k = 0;
		while (k < ngiven && !str_eq(given[k].field->name, in->fields[i].name))
			k++;
		if (k == ngiven || value_of(in, in->fields[i].name) != &in->fields[i])
			return FAIL(&cx->fail, BAD_FIELD, arena_printf(cx->a, "/fields/%zu/name", i).p, "err.field_unknown", "name",
				    arena_cstr(cx->a, in->fields[i].name));
		TRY(check_value(cx, &given[k], str_trim(in->fields[i].value), i));
	}
	return ERR_OK;
}

static err take_addressee(struct ctx *cx, const struct notice_draft *in, struct notice *n)
{
	struct notice_org_row org;
	int64_t id = in->addressee != JSON_NONE ? in->addressee : str_eq(n->t.to, S("lead")) ? n->x.row.lead_org : 0;
	n->row.addressee = id;
	n->row.addressee_name = S("");
	if (!id && str_eq(n->t.to, S("lead")))
		return FAIL(&cx->fail, BAD_FIELD, "/addressee", "err.required");
	if (!id)
		return ERR_OK;
	err e = notice_org(cx->c, cx->a, &(struct notice_org_params){ id }, &org);
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, BAD_FIELD, "/addressee", "err.org_unknown", "name",
			    arena_printf(cx->a, "%lld", (long long)id).p);
	TRY(e);
	n->row.addressee_org = org.name;
	n->row.addressee_org_en = org.name_en;
	return ERR_OK;
}

/* A term or a day, not both; without either the template's term, else the matter's deadline. */
static err take_deadline(struct ctx *cx, const struct notice_draft *in, struct notice *n)
{
	const struct matter_load_row *m = &n->x.row;
	bool unit_known = str_eq(in->unit, S("workday")) || str_eq(in->unit, S("day"));
	if (in->days != JSON_NONE && in->due_day != JSON_NONE)
		return FAIL(&cx->fail, BAD_FIELD, "/days", "err.notice.term_or_day");
	if (in->unit.n && !unit_known)
		return FAIL(&cx->fail, BAD_FIELD, "/unit", "err.notice.unit");
	if (in->due_day != JSON_NONE && in->due_day < china_day(cx->now_ms))
		return FAIL(&cx->fail, BAD_FIELD, "/due", "err.notice.past");
	n->row.days = in->days != JSON_NONE ? in->days : DB_NONE;
	n->row.due_day = in->due_day != JSON_NONE ? in->due_day : DB_NONE;
	n->row.clock = n->t.clock;
	n->row.unit = in->unit.n ? in->unit : n->t.unit.n ? n->t.unit : S("workday");
	bool given = n->row.days != DB_NONE || n->row.due_day != DB_NONE;
	if (given && str_eq(n->t.deadline, S("none")))
		return FAIL(&cx->fail, BAD_FIELD, n->row.days != DB_NONE ? "/days" : "/due", "err.notice.no_term");
	if (given || str_eq(n->t.deadline, S("none")))
		return ERR_OK;
	if (n->t.days)
		n->row.days = n->t.days;
	else if (m->due_ms < NO_DUE_MS && m->due_ms > cx->now_ms)
		n->row.due_day = china_day(m->due_ms);
	else if (str_eq(n->t.deadline, S("required")))
		return FAIL(&cx->fail, BAD_FIELD, "/days", "err.notice.deadline");
	return ERR_OK;
}

/* What is obligatory and was not given takes its preset, with the dossier's values in it. */
static err take_fields(struct ctx *cx, const struct notice_draft *in, struct notice *n)
{
	struct notice_given *given;
	VEC(struct notice_value) v = { 0 };
	size_t count = notice_given_of(&n->rules, n->t.id, &given);
	TRY(check_fields(cx, in, given, count));
	n->row.fields = S("{\"fields\":[]}");
	for (size_t i = 0; i < count; i++) {
		const struct notice_value *typed = value_of(in, given[i].field->name);
		str preset = str_eq(n->row.lang, S("zh-CN")) ? given[i].preset_zh : given[i].preset_en;
		str value = typed ? str_trim(typed->value) : notice_preset(cx, n, preset);
		if (given[i].required && !value.n)
			return FAIL(&cx->fail, BAD_FIELD, "/fields", "err.field_required", "name",
				    arena_cstr(cx->a, str_starts(cx->lang, S("en")) ? given[i].field->en : given[i].field->zh));
		if (value.n)
			vec_push(cx->a, &v, ((struct notice_value){ given[i].field->name, value }));
	}
	const struct notice_value *to = value_of(in, S("to_unit"));
	if (!n->row.addressee && to)
		n->row.addressee_name = str_trim(to->value);
	n->row.fields = notice_values_write(cx->a, v.v, v.n);
	return ERR_OK;
}

static err fill_in(struct ctx *cx, const struct notice_draft *in, struct notice *n)
{
	if (!str_eq(in->lang, S("zh-CN")) && !str_eq(in->lang, S("en")))
		return FAIL(&cx->fail, BAD_FIELD, "/lang", "err.required");
	n->row.lang = in->lang;
	TRY(take_addressee(cx, in, n));
	TRY(take_deadline(cx, in, n));
	return take_fields(cx, in, n);
}

/* ---- events ---- */

void notice_note(struct canon *c, struct ctx *cx, const struct notice *n)
{
	canon_begin(c, cx->a);
	canon_id(c, "notice", n->row.id);
	canon_str(c, "template", n->row.template);
	if (n->row.number.n)
		canon_str(c, "number", n->row.number);
}

err notice_note_end(struct canon *c, struct ctx *cx, const struct notice *n, const char *kind)
{
	return ledger_append(cx, n->row.region, kind, ledger_subject(cx, "matter", n->row.matter), canon_end(c), NULL);
}

str notice_hash(struct ctx *cx, str text)
{
	unsigned char h[HASH_SIZE];
	hash_bytes(HASH_SHA256, text, h);
	return hex_encode(cx->a, (str){ (const char *)h, sizeof h });
}

/* ---- drafting ---- */

static err may_draft(struct ctx *cx, struct notice *n, str template)
{
	TRY(notice_rules_read(cx, china_day(cx->now_ms), &n->rules));
	if (!notice_template_find(&n->rules, template, &n->t))
		return FAIL(&cx->fail, BAD_FIELD, "/template", "err.notice.template", "name", arena_cstr(cx->a, template));
	if (!notice_may(cx, &n->x, &n->t))
		return FAIL(&cx->fail, FORBIDDEN, "", "err.notice.who");
	return cx_org(cx) ? ERR_OK : FAIL(&cx->fail, FORBIDDEN, "", "err.no_org");
}

static err insert(struct ctx *cx, const struct notice *n)
{
	const struct notice_load_row *r = &n->row;
	return notice_insert(cx->c, &(struct notice_insert_params){
		.region = r->region, .id = r->id, .matter = r->matter, .template = n->t.id, .edition = n->rules.edition,
		.lang = r->lang, .org = r->org, .addressee = r->addressee, .addressee_name = r->addressee_name,
		.fields = r->fields, .days = r->days, .unit = r->unit, .due_day = r->due_day, .clock = r->clock,
		.now_ms = cx->now_ms, .drafter = cx_account(cx) }, NULL);
}

err notice_make(struct ctx *cx, const struct notice_draft *in, int64_t *ret_id)
{
	struct notice n = { 0 };
	struct notice_org_row org;
	struct canon c;
	TRY(matter_get(cx, in->matter, &n.x));
	TRY(may_draft(cx, &n, in->template));
	TRY(notice_org(cx->c, cx->a, &(struct notice_org_params){ cx_org(cx) }, &org));
	n.row = (struct notice_load_row){ .region = n.x.row.region, .id = new_id(cx), .matter = in->matter, .template = n.t.id,
					  .edition = n.rules.edition, .org = org.id, .org_name = org.name,
					  .org_name_en = org.name_en, .org_region = org.region, .served_ms = DB_NONE, .issued_ms = DB_NONE };
	TRY(fill_in(cx, in, &n));
	notice_note(&c, cx, &n);
	canon_id(&c, "org", n.row.org);
	canon_str(&c, "lang", n.row.lang);
	TRY(notice_note_end(&c, cx, &n, "notice.draft"));
	TRY(insert(cx, &n));
	*ret_id = n.row.id;
	return ERR_OK;
}

err notice_change(struct ctx *cx, int64_t id, int64_t ver, const struct notice_draft *in)
{
	struct notice n;
	struct canon c;
	int64_t changed;
	TRY(notice_take(cx, id, ver, "drafted issued served acknowledged", &n));
	TRY(fill_in(cx, in, &n));
	notice_note(&c, cx, &n);
	canon_str(&c, "fields", notice_hash(cx, n.row.fields));
	TRY(notice_note_end(&c, cx, &n, "notice.edit"));
	TRY(notice_edit(cx->c, &(struct notice_edit_params){
		.region = n.row.region, .id = id, .ver = ver, .lang = n.row.lang, .addressee = n.row.addressee,
		.addressee_name = n.row.addressee_name, .fields = n.row.fields, .days = n.row.days, .unit = n.row.unit,
		.due_day = n.row.due_day, .reason = n.row.reason }, &changed));
	return notice_changed(cx, &n, changed);
}

/* ---- serving ---- */

static err check_files(struct ctx *cx, const struct notice *n, struct json_ids files)
{
	struct notice_file_own_row row;
	for (size_t i = 0; i < files.n; i++) {
		struct notice_file_own_params p = { n->row.region, ledger_subject(cx, "notice", n->row.id), files.v[i] };
		err e = notice_file_own(cx->c, cx->a, &p, &row);
		if (e == ERR_NOT_FOUND)
			return FAIL(&cx->fail, BAD_FIELD, arena_printf(cx->a, "/files/%zu", i).p, "err.notice.file");
		TRY(e);
	}
	return ERR_OK;
}

static str files_json(struct ctx *cx, struct json_ids files)
{
	struct buf b = BUF(cx->a);
	buf_byte(&b, '[');
	for (size_t i = 0; i < files.n; i++)
		buf_printf(&b, "%s\"%lld\"", i ? "," : "", (long long)files.v[i]);
	buf_byte(&b, ']');
	return buf_str(&b);
}

static void note_files(struct canon *c, struct json_ids files)
{
	canon_list(c, "files");
	for (size_t i = 0; i < files.n; i++)
		canon_id(c, NULL, files.v[i]);
	canon_close(c);
}

static err check_service(struct ctx *cx, const struct notice *n, const struct notice_service *in)
{
	struct notice_method m;
	int64_t at = in->at_ms == JSON_NONE ? cx->now_ms : in->at_ms;
	if (!notice_method_find(&n->rules, in->method, &m))
		return FAIL(&cx->fail, BAD_FIELD, "/method", "err.notice.method", "name", arena_cstr(cx->a, in->method));
	if (at > cx->now_ms + SKEW_MS || at < china_day_start_ms(china_day(n->row.issued_ms)))
		return FAIL(&cx->fail, BAD_FIELD, "/at_ms", "err.notice.served_when");
	if (!str_trim(in->receiver).n && !in->refused)
		return FAIL(&cx->fail, BAD_FIELD, "/receiver", "err.required");
	if (m.evidence && !in->files.n)
		return FAIL(&cx->fail, BAD_FIELD, "/files", "err.notice.service_evidence");
	if ((m.witness || in->refused) && !str_trim(in->note).n)
		return FAIL(&cx->fail, BAD_FIELD, "/note", "err.notice.witness");
	return check_files(cx, n, in->files);
}

/* Where the workflow has an act for it, the matter's deadline becomes the ordered day; whoever may not do
 * that act, or not now, is told so and the paper is not served by half. */
static err move_matter(struct ctx *cx, const struct notice *n, int64_t served_ms)
{
	struct calendar calendar;
	struct matter after;
	struct wf_input in = matter_no_input();
	struct notice_load_row row = n->row;
	str act = notice_act_of(n->t.serve_acts, n->x.row.kind, 0);
	row.served_ms = served_ms;
	if (str_is_null(act) || workflow_act(n->x.wf, act) < 0)
		return ERR_OK;
	TRY(loop_calendar(cx, &calendar));
	int64_t due = notice_due(&calendar, &row);
	bool now = n->x.wf->acts[workflow_act(n->x.wf, act)].from >> n->x.m.state & 1;
	if (due == DB_NONE || !now)
		return ERR_OK;
	in.due_day = due;
	in.text = n->row.number;
	return matter_act(cx, n->row.matter, act, &in, &after);
}

err notice_serve(struct ctx *cx, const struct notice_service *in)
{
	struct notice n;
	struct canon c;
	unsigned char bytes[16];
	str salt = { (const char *)bytes, sizeof bytes };
	int64_t changed, at = in->at_ms == JSON_NONE ? cx->now_ms : in->at_ms;
	TRY(notice_take(cx, in->id, in->ver, "issued", &n));
	TRY(check_service(cx, &n, in));
	random_bytes(bytes, sizeof bytes);
	notice_note(&c, cx, &n);
	canon_str(&c, "method", in->method);
	canon_i64(&c, "served", at);
	canon_bool(&c, "refused", in->refused);
	canon_str(&c, "receiver", commitment(cx->a, salt, str_trim(in->receiver)));
	note_files(&c, in->files);
	TRY(notice_note_end(&c, cx, &n, "notice.serve"));
	TRY(notice_served(cx->c, &(struct notice_served_params){
		.region = n.row.region, .id = in->id, .ver = in->ver, .served_ms = at, .method = in->method,
		.receiver = str_trim(in->receiver), .refused = in->refused, .service_note = str_trim(in->note),
		.service_files = files_json(cx, in->files), .salt = salt, .server = cx_account(cx) }, &changed));
	TRY(notice_changed(cx, &n, changed));
	return move_matter(cx, &n, at);
}

/* The addressee says so from its own account; else the issuing unit records it, with evidence. */
err notice_acknowledge(struct ctx *cx, int64_t id, int64_t ver, str text, struct json_ids files)
{
	struct notice n;
	struct canon c;
	int64_t changed;
	TRY(notice_get(cx, id, &n));
	bool own = notice_is_addressee(cx, &n);
	if (!own && !is_issuer(cx, &n))
		return FAIL(&cx->fail, FORBIDDEN, "", "err.notice.ack_who");
	if (n.row.ver != ver)
		return refuse_stale(cx, &n);
	if (!str_eq(n.row.state, S("served")) && !(own && str_eq(n.row.state, S("issued"))))
		return FAIL(&cx->fail, GUARD, "", "err.notice.state", "state",
			    arena_printf(cx->a, "@notice.state." STR_FMT, STR_ARG(n.row.state)).p);
	if (!own && !files.n)
		return FAIL(&cx->fail, BAD_FIELD, "/files", "err.notice.ack_evidence");
	TRY(check_files(cx, &n, files));
	if (str_eq(n.row.state, S("issued"))) { /* whoever answers has received it */
		TRY(notice_served(cx->c, &(struct notice_served_params){
			.region = n.row.region, .id = id, .ver = ver++, .served_ms = cx->now_ms, .method = S("electronic"),
			.receiver = S(""), .service_note = S(""), .service_files = S("[]"), .salt = S(""),
			.server = cx_account(cx) }, &changed));
		TRY(notice_changed(cx, &n, changed));
	}
	notice_note(&c, cx, &n);
	canon_str(&c, "how", own ? S("account") : S("recorded"));
	note_files(&c, files);
	TRY(notice_note_end(&c, cx, &n, "notice.acknowledge"));
	TRY(notice_acknowledged(cx->c, &(struct notice_acknowledged_params){
		.region = n.row.region, .id = id, .ver = ver, .ack_ms = cx->now_ms, .ack_account = cx_account(cx),
		.ack_how = own ? S("account") : S("recorded"), .ack_text = text.p ? text : S(""),
		.ack_files = files_json(cx, files) }, &changed));
	return notice_changed(cx, &n, changed);
}

err notice_withdraw(struct ctx *cx, int64_t id, int64_t ver, str reason)
{
	struct notice n;
	struct canon c;
	int64_t changed;
	TRY(notice_take(cx, id, ver, "drafted issued served acknowledged", &n));
	notice_note(&c, cx, &n);
	canon_str(&c, "reason", notice_hash(cx, reason));
	TRY(notice_note_end(&c, cx, &n, "notice.withdraw"));
	TRY(notice_withdrawn(cx->c, &(struct notice_withdrawn_params){ n.row.region, id, ver, reason, cx->now_ms }, &changed));
	return notice_changed(cx, &n, changed);
}
