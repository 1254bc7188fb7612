/* What was said with an act beyond its words: the fields of its form, named and in both languages. What was chosen stands in
 * the event; what was written stands beside the act's words, a row a field, so that a later plan hides no earlier one. */
#include "core/app.h"
#include "core/canon.h"
#include "core/region.h"
#include "loop/criteria.h"
#include "loop/matter_sql.h"
#include "loop/matter_view.h"

str matter_said_act(struct arena *a, str act, str field)
{
	return arena_printf(a, STR_FMT "/" STR_FMT, STR_ARG(act), STR_ARG(field));
}

static str plain(struct arena *a, str object, str key)
{
	str s = S("");
	return canon_get_plain(object, arena_cstr(a, key), &s) ? s : S("");
}

static str written(struct arena *a, const struct matter_words_rows *words, int64_t seq, const struct wf_act *act, str field)
{
	str of = matter_said_act(a, act->id, field);
	for (size_t i = 0; i < words->n; i++)
		if (words->v[i].seq == seq && str_eq(words->v[i].act, of))
			return words->v[i].body;
	return S("");
}

static void same(struct matter_said *s, str value)
{
	s->zh = s->en = value;
}

static void say_clause(struct ctx *cx, str id, struct matter_said *s)
{
	const struct criterion *k = id.n ? criterion_find(cx->app->criteria, id) : NULL;
	if (!k) {
		same(s, id); /* of a catalog that is no longer there */
		return;
	}
	s->zh = arena_printf(cx->a, STR_FMT " " STR_FMT "：" STR_FMT, STR_ARG(k->number), STR_ARG(k->clause_zh), STR_ARG(k->zh));
	s->en = arena_printf(cx->a, STR_FMT " " STR_FMT ": " STR_FMT, STR_ARG(k->number), STR_ARG(k->clause_en), STR_ARG(k->en));
}

static err say_region(struct ctx *cx, str code, struct matter_said *s)
{
	struct region_name name;
	int64_t region;
	if (!str_to_i64(code, &region))
		return ERR_OK;
	TRY(region_name_of(cx->c, cx->a, region, &name));
	s->zh = name.name;
	s->en = name.name_en.n ? name.name_en : name.name;
	return ERR_OK;
}

/* Fields with a meaning of their own stand in the event under it. */
static err say_text(struct ctx *cx, const struct matter_words_rows *words, const struct matter_event *e, const struct wf_act *act,
		    struct matter_said *s)
{
	const struct loop_word *cause;
	if (str_eq(s->field, S("criterion"))) {
		say_clause(cx, plain(cx->a, e->data, s->field), s);
	} else if (str_eq(s->field, S("cause"))) {
		cause = loop_known(cx->app->loop, "causes", plain(cx->a, e->data, s->field));
		s->zh = cause ? cause->zh : S("");
		s->en = cause ? cause->en : S("");
	} else if (str_eq(s->field, S("region"))) {
		return say_region(cx, plain(cx->a, e->data, S("handler")), s);
	} else if (!str_eq(s->field, S("into"))) { /* an id: the matter says where it went */
		same(s, written(cx->a, words, e->seq, act, s->field));
	}
	return ERR_OK;
}

static err say(struct ctx *cx, const struct workflow *wf, const struct matter_words_rows *words, const struct matter_event *e,
	       const struct wf_act *act, const struct wf_field *fd, struct matter_said *s)
{
	const struct wf_option *o;
	int64_t day;
	if (fd->type == FIELD_TEXT && !str_eq(fd->name, S("text")) && !str_eq(fd->name, S("period")))
		return say_text(cx, words, e, act, s);
	if (fd->type == FIELD_DATE && canon_get_i64(e->data, "due_day", &day)) {
		char *text = arena_alloc(cx->a, 11);
		date_format(day, text);
		same(s, str_of(text));
	} else if (fd->type == FIELD_SELECT) {
		str id = plain(cx->a, canon_get(e->data, "more"), fd->name);
		o = workflow_option(wf, fd->name, id);
		s->zh = o ? o->zh : id;
		s->en = o ? o->en : id;
	} else if (fd->type == FIELD_NUMBER) {
		same(s, plain(cx->a, canon_get(e->data, "more"), fd->name));
	}
	return ERR_OK;
}

err matter_said_view(struct ctx *cx, const struct workflow *wf, const struct matter_words_rows *words, struct matter_event *e)
{
	int at = str_starts(e->kind, S("matter.")) ? workflow_act(wf, str_sub(e->kind, 7, e->kind.n)) : -1;
	const struct wf_act *act = at < 0 ? NULL : &wf->acts[at];
	e->said.v = NEW_N(cx->a, struct matter_said, (act ? act->nfields : 0) + 1);
	for (size_t i = 0; act && i < act->nfields; i++) {
		const struct wf_field *fd = &act->fields[i];
		struct matter_said s = { fd->name, fd->zh, fd->en, S(""), S("") };
		TRY(say(cx, wf, words, e, act, fd, &s));
		if (s.zh.n)
			e->said.v[e->said.n++] = s;
	}
	return ERR_OK;
}
