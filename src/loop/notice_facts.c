#include "loop/notice_facts.h"

#include "core/app.h"
#include "core/org.h"
#include "core/region.h"
#include "core/template.h"
#include "land/object.h"
#include "loop/criteria.h"

#define VALUES(F, O, L) L(notice_value, fields, REQ, .max = NOTICE_FIELDS_MAX)
JSON_STRUCT(notice_values, VALUES)
JSON_DEFINE(notice_values, VALUES)

err notice_values_read(struct ctx *cx, str json, struct notice_value **ret, size_t *ret_n)
{
	struct notice_values v;
	TRY(json_read(cx->a, json, notice_values_json, &v, &cx->fail));
	*ret = v.fields.v;
	*ret_n = v.fields.n;
	return ERR_OK;
}

str notice_values_write(struct arena *a, const struct notice_value *v, size_t n)
{
	struct buf b = BUF(a);
	struct notice_values all = { { NULL, n } };
	all.fields.v = NEW_N(a, struct notice_value, n + 1);
	for (size_t i = 0; i < n; i++)
		all.fields.v[i] = v[i];
	json_write(&b, notice_values_json, &all);
	return buf_str(&b);
}

/* ---- reading what is known ---- */

static str in_lang(bool zh, str name_zh, str name_en)
{
	str s = zh || !name_en.n ? name_zh : name_en;
	return s.p ? s : S("");
}

static err read_places(struct facts *f)
{
	struct region_name name;
	const struct matter_load_row *m = &f->n->x.row;
	TRY(region_path_name(f->cx->c, f->cx->a, m->region, f->cx->lang, &f->place));
	TRY(region_name_of(f->cx->c, f->cx->a, m->region, &name));
	f->region = in_lang(f->zh, name.name, name.name_en);
	return ERR_OK;
}

/* Who deals with it is named by the post, never by a person's own number. */
static err read_office(struct facts *f)
{
	struct ctx *cx = f->cx;
	struct notice_letters_row letters;
	struct notice_post_rows posts = { 0 };
	const struct notice_load_row *r = &f->n->row;
	err e = notice_letters(cx->c, cx->a, &(struct notice_letters_params){ r->org_region, r->org }, &letters);
	if (e != ERR_OK && e != ERR_NOT_FOUND)
		return e;
	f->contact = e == ERR_OK ? letters.contact : S("");
	if (cx->who && cx->who->org == r->org)
		TRY(notice_post(cx->c, cx->a, &(struct notice_post_params){ r->org, cx->who->person, china_day(cx->now_ms) }, &posts));
	f->post = posts.n ? in_lang(f->zh, posts.v[0].title, posts.v[0].title_en) : S("");
	return ERR_OK;
}

static void read_grade(struct facts *f)
{
	str grade = f->n->x.row.grade;
	f->grade = S("");
	if (str_eq(grade, S("major")))
		f->grade = f->zh ? S("重大事故隐患") : S("major accident hazard");
	else if (str_eq(grade, S("general")))
		f->grade = f->zh ? S("一般事故隐患") : S("general accident hazard");
}

/* "《标准》（文号，2023版）第4条第1项" */
static void read_clause(struct facts *f)
{
	str id = f->n->x.row.criterion;
	const struct criterion *k = f->cx->app->criteria && id.n ? criterion_find(f->cx->app->criteria, id) : NULL;
	if (!k)
		return;
	f->clause = f->zh ? arena_printf(f->cx->a, "《" STR_FMT "》（" STR_FMT "，" STR_FMT "版）" STR_FMT, STR_ARG(k->title_zh),
					 STR_ARG(k->number), STR_ARG(k->edition), STR_ARG(k->clause_zh))
			  : arena_printf(f->cx->a, STR_FMT " (" STR_FMT ", edition " STR_FMT "), " STR_FMT, STR_ARG(k->title_en),
					 STR_ARG(k->number), STR_ARG(k->edition), STR_ARG(k->clause_en));
	f->clause_text = in_lang(f->zh, k->zh, k->en);
}

static err read_object(struct facts *f)
{
	struct object o;
	int64_t id = f->n->x.row.object;
	if (!id)
		return ERR_OK;
	err e = object_load(f->cx, id, &o);
	if (e == ERR_OK)
		f->object = in_lang(f->zh, o.name, o.name_en);
	return e == ERR_NOT_FOUND ? ERR_OK : e;
}

err facts_load(struct ctx *cx, const struct notice *n, str number, int64_t day, struct facts *ret)
{
	const struct notice_load_row *r = &n->row;
	struct calendar calendar;
	struct facts f = { .cx = cx, .n = n, .zh = str_eq(r->lang, S("zh-CN")), .number = number, .day = day };
	struct notice_value *given;
	TRY(notice_values_read(cx, r->fields, &given, &f.ngiven));
	f.given = given;
	f.issuer = in_lang(f.zh, r->org_name, r->org_name_en);
	f.unit = r->addressee ? in_lang(f.zh, r->addressee_org, r->addressee_org_en) : r->addressee_name;
	f.object = f.clause = f.clause_text = S("");
	TRY(loop_calendar(cx, &calendar));
	f.due_day = notice_due(&calendar, r);
	TRY(read_places(&f));
	TRY(read_office(&f));
	read_grade(&f);
	read_clause(&f);
	TRY(read_object(&f));
	*ret = f;
	ret->basis = template_fill(cx->a, f.zh ? n->t.basis_zh : n->t.basis_en, facts_value, ret);
	return ERR_OK;
}

/* ---- values ---- */

static str given_value(const struct facts *f, str name)
{
	for (size_t i = 0; i < f->ngiven; i++)
		if (str_eq(f->given[i].name, name))
			return str_trim(f->given[i].value);
	return S("");
}

static str day_words(const struct facts *f, int64_t day)
{
	return day == DB_NONE ? S("") : notice_date(f->cx->a, f->zh, day);
}

static str overdue_words(const struct facts *f)
{
	int64_t due = f->n->x.row.due_ms, late = due < NO_DUE_MS ? f->day - china_day(due) : 0;
	if (late <= 0)
		return S("");
	return arena_printf(f->cx->a, f->zh ? "已逾期%lld天" : "overdue by %lld days", (long long)late);
}

static str matter_value(const struct facts *f, str name)
{
	const struct matter *x = &f->n->x;
	const struct matter_load_row *m = &x->row;
	if (str_eq(name, S("matter_no")))
		return m->no;
	if (str_eq(name, S("hazard")))
		return m->title;
	if (str_eq(name, S("detail")))
		return str_eq(m->body, m->title) ? S("") : m->body;
	if (str_eq(name, S("measures")))
		return m->measures;
	if (str_eq(name, S("place")))
		return f->place;
	if (str_eq(name, S("region")))
		return f->region;
	if (str_eq(name, S("found_date")))
		return day_words(f, china_day(m->found_ms ? m->found_ms : m->opened_ms));
	if (str_eq(name, S("due_date")))
		return m->due_ms < NO_DUE_MS ? day_words(f, china_day(m->due_ms)) : S("");
	if (str_eq(name, S("overdue")))
		return overdue_words(f);
	if (str_eq(name, S("state")))
		return f->zh ? x->wf->states[x->m.state].zh : x->wf->states[x->m.state].en;
	return S("");
}

static str paper_value(const struct facts *f, str name)
{
	const struct notice_load_row *r = &f->n->row;
	const struct {
		str name, value;
	} plain[] = {
		{ S("number"), f->number.p ? f->number : f->zh ? S("（待编号）") : S("(number to be given)") },
		{ S("issuer"), f->issuer }, { S("unit"), f->unit }, { S("contact"), f->contact }, { S("post"), f->post },
		{ S("basis"), f->basis }, { S("object"), f->object }, { S("grade"), f->grade },
		{ S("clause"), f->clause }, { S("clause_text"), f->clause_text },
	};
	for (size_t i = 0; i < COUNT_OF(plain); i++)
		if (str_eq(name, plain[i].name))
			return plain[i].value.p ? plain[i].value : S("");
	if (str_eq(name, S("date")))
		return day_words(f, f->day);
	if (str_eq(name, S("deadline")))
		return notice_deadline_words(f->cx->a, f->zh, r->days, r->unit, r->due_day, r->clock);
	if (str_eq(name, S("deadline_date")))
		return day_words(f, f->due_day);
	return matter_value(f, name);
}

/* What the dossier knows comes before what was typed; a day that was typed is put into words. */
str facts_value(void *arg, str name)
{
	const struct facts *f = arg;
	struct notice_field field;
	int64_t day;
	str typed = given_value(f, name), known = paper_value(f, name);
	if (known.n || !typed.n)
		return known;
	bool date = notice_field_find(&f->n->rules, name, &field) && str_eq(field.type, S("date"));
	return date && date_parse(typed, &day) ? day_words(f, day) : typed;
}
