/* The catalog of papers, and the words that papers use for numbers, days and terms. */
#include "base/vec.h"
#include "core/app.h"
#include "core/catalog.h"
#include "core/template.h"
#include "loop/notice.h"

/* ---- reading ---- */

static err read_tables(struct ctx *cx, struct notice_rules *r)
{
	struct rows *const to[] = { &r->templates, &r->fields, &r->given, &r->blocks, &r->methods, &r->numbers };
	static const char *const names[] = { "templates", "fields", "given", "blocks", "methods", "numbers" };
	for (size_t i = 0; i < COUNT_OF(to); i++) {
		str path = arena_printf(cx->a, "notice/" STR_FMT "/%s", STR_ARG(r->edition), names[i]);
		TRY(catalog_table(cx->app->catalog, cx->a, path, to[i], &cx->fail));
	}
	return ERR_OK;
}

err notice_rules_edition(struct ctx *cx, str edition, struct notice_rules *ret)
{
	*ret = (struct notice_rules){ .a = cx->a, .edition = edition };
	return read_tables(cx, ret);
}

err notice_rules_read(struct ctx *cx, int64_t day, struct notice_rules *ret)
{
	str edition = catalog_edition(cx->app->catalog, S("notice"), day);
	if (str_is_null(edition))
		return FAIL(&cx->fail, NOT_FOUND, "", "err.catalog_none", "family", "notice");
	return notice_rules_edition(cx, edition, ret);
}

static bool yes(const struct rows *t, size_t i, const char *column)
{
	return str_eq(rows_get(t, i, str_of(column)), S("1"));
}

static str cell(const struct rows *t, size_t i, const char *column)
{
	str s = rows_get(t, i, str_of(column));
	return s.p ? s : S("");
}

static struct notice_template template_at(const struct rows *t, size_t i)
{
	struct notice_template out = {
		.id = cell(t, i, "id"), .zh = cell(t, i, "zh"), .en = cell(t, i, "en"), .number = cell(t, i, "number"),
		.to = cell(t, i, "to"), .perms = cell(t, i, "perms"), .acts = cell(t, i, "acts"),
		.serve_acts = cell(t, i, "serve_acts"), .clock = cell(t, i, "clock"), .deadline = cell(t, i, "deadline"), .unit = cell(t, i, "unit"),
		.basis_zh = cell(t, i, "basis_zh"), .basis_en = cell(t, i, "basis_en"), .source = cell(t, i, "source"),
		.source_zh = cell(t, i, "source_zh"),
		.certainty = cell(t, i, "certainty"), .ack = yes(t, i, "ack"), .red = yes(t, i, "red"),
	};
	if (!str_to_i64(cell(t, i, "days"), &out.days))
		out.days = 0;
	if (str_eq(out.clock, S("none")))
		out.clock = S("");
	return out;
}

bool notice_template_find(const struct notice_rules *r, str id, struct notice_template *ret)
{
	for (size_t i = 0; i < r->templates.n; i++) {
		if (!str_eq(cell(&r->templates, i, "id"), id))
			continue;
		*ret = template_at(&r->templates, i);
		return true;
	}
	return false;
}

size_t notice_templates(const struct notice_rules *r, struct notice_template **ret)
{
	*ret = NEW_N(r->a, struct notice_template, r->templates.n + 1);
	for (size_t i = 0; i < r->templates.n; i++)
		(*ret)[i] = template_at(&r->templates, i);
	return r->templates.n;
}

bool notice_field_find(const struct notice_rules *r, str name, struct notice_field *ret)
{
	const struct rows *t = &r->fields;
	for (size_t i = 0; i < t->n; i++) {
		if (!str_eq(cell(t, i, "name"), name))
			continue;
		*ret = (struct notice_field){ cell(t, i, "name"), cell(t, i, "from"), cell(t, i, "type"), cell(t, i, "zh"),
					      cell(t, i, "en") };
		return true;
	}
	return false;
}

size_t notice_given_of(const struct notice_rules *r, str template, struct notice_given **ret)
{
	VEC(struct notice_given) v = { 0 };
	const struct rows *t = &r->given;
	vec_reserve(r->a, &v, 1);
	for (size_t i = 0; i < t->n; i++) {
		if (!str_eq(cell(t, i, "template"), template))
			continue;
		struct notice_field *f = NEW(r->a, struct notice_field);
		struct notice_given g = { .field = f, .required = str_eq(cell(t, i, "required"), S("yes")),
					  .preset_zh = cell(t, i, "preset_zh"), .preset_en = cell(t, i, "preset_en") };
		if (!notice_field_find(r, cell(t, i, "field"), f) || !str_to_i64(cell(t, i, "max"), &g.max))
			continue;
		vec_push(r->a, &v, g);
	}
	*ret = v.v;
	return v.n;
}

size_t notice_blocks_of(const struct notice_rules *r, str template, struct notice_block **ret)
{
	VEC(struct notice_block) v = { 0 };
	const struct rows *t = &r->blocks;
	vec_reserve(r->a, &v, 1);
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(cell(t, i, "template"), template))
			vec_push(r->a, &v, ((struct notice_block){ cell(t, i, "kind"), cell(t, i, "when"), cell(t, i, "zh"),
								   cell(t, i, "en") }));
	*ret = v.v;
	return v.n;
}

static struct notice_method method_at(const struct rows *t, size_t i)
{
	return (struct notice_method){ cell(t, i, "id"), cell(t, i, "zh"), cell(t, i, "en"), yes(t, i, "evidence"),
				       yes(t, i, "witness") };
}

bool notice_method_find(const struct notice_rules *r, str id, struct notice_method *ret)
{
	for (size_t i = 0; i < r->methods.n; i++) {
		if (!str_eq(cell(&r->methods, i, "id"), id))
			continue;
		*ret = method_at(&r->methods, i);
		return true;
	}
	return false;
}

size_t notice_methods(const struct notice_rules *r, struct notice_method **ret)
{
	*ret = NEW_N(r->a, struct notice_method, r->methods.n + 1);
	for (size_t i = 0; i < r->methods.n; i++)
		(*ret)[i] = method_at(&r->methods, i);
	return r->methods.n;
}

str notice_act_of(str acts, str kind, size_t i)
{
	str word;
	while (acts.n && str_cut(&acts, ' ', &word)) {
		ptrdiff_t colon = str_find_char(word, ':');
		if (colon < 0 || !str_eq(str_sub(word, 0, (size_t)colon), kind))
			continue;
		if (i-- == 0)
			return str_sub(word, (size_t)colon + 1, word.n);
	}
	return (str){ NULL, 0 };
}

/* ---- words ---- */

struct number_parts {
	str letters, year, n;
};

static str number_part(void *arg, str name)
{
	const struct number_parts *p = arg;
	if (str_eq(name, S("letters")))
		return p->letters;
	return str_eq(name, S("year")) ? p->year : str_eq(name, S("n")) ? p->n : S("");
}

str notice_number_text(struct arena *a, const struct notice_rules *r, str series, str letters, int64_t year, int64_t n)
{
	struct number_parts p = { letters, arena_printf(a, "%lld", (long long)year), arena_printf(a, "%lld", (long long)n) };
	for (size_t i = 0; i < r->numbers.n; i++)
		if (str_eq(cell(&r->numbers, i, "id"), series))
			return template_fill(a, cell(&r->numbers, i, "pattern"), number_part, &p);
	return S("");
}

str notice_date(struct arena *a, bool zh, int64_t day)
{
	static const char *const months[] = { "January", "February", "March",	  "April",   "May",	 "June",
					      "July",	 "August",   "September", "October", "November", "December" };
	int y, m, d;
	date_to_ymd(day, &y, &m, &d);
	return zh ? arena_printf(a, "%d年%d月%d日", y, m, d) : arena_printf(a, "%d %s %d", d, months[m - 1], y);
}

str notice_deadline_words(struct arena *a, bool zh, int64_t days, str unit, int64_t due_day, str clock)
{
	bool work = str_eq(unit, S("workday")), service = str_eq(clock, S("service"));
	if (days == DB_NONE && due_day == DB_NONE)
		return S("");
	if (days == DB_NONE) {
		str day = notice_date(a, zh, due_day);
		return arena_printf(a, zh ? "于" STR_FMT "前" : "by " STR_FMT, STR_ARG(day));
	}
	if (zh)
		return arena_printf(a, "%s%lld%s内", service ? "自收到本文书之日起" : "自本文书成文之日起", (long long)days,
				    work ? "个工作日" : "日");
	return arena_printf(a, "within %lld %s%s of %s", (long long)days, work ? "working day" : "day", days == 1 ? "" : "s",
			    service ? "receipt of this paper" : "the date of this paper");
}

int64_t notice_due(const struct calendar *c, const struct notice_load_row *n)
{
	int64_t from = str_eq(n->clock, S("service")) ? n->served_ms : n->issued_ms;
	if (n->days == DB_NONE)
		return n->due_day;
	if (from == DB_NONE)
		return DB_NONE;
	return str_eq(n->unit, S("workday")) ? calendar_add(c, china_day(from), n->days) : china_day(from) + n->days;
}
