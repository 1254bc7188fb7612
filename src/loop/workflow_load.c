/* Reading a workflow's tables. The form is checked here, the meaning in workflow_check.c. */
#include <stdio.h>

#include "base/utf8.h"
#include "base/vec.h"
#include "loop/workflow.h"

/* ---- a table of tab-separated rows under a header ---- */

enum { COLUMNS = 8 };

struct table {
	struct arena *a;
	struct fail *f;
	const char *file;
	str rest;
	int row;
	int64_t order[COLUMNS]; /* which wanted column stands at this place */
	size_t ncols;
	str cell[COLUMNS]; /* in the wanted order */
};

static err bad(struct fail *f, const char *file, int row, const char *key, str word)
{
	char r[16], w[FAIL_TEXT];
	snprintf(r, sizeof r, "%d", row);
	snprintf(w, sizeof w, STR_FMT, STR_ARG(utf8_cut(word, 40)));
	return FAIL(f, BAD_FORMAT, "", key, "file", file, "row", (const char *)r, "word", (const char *)w);
}

static err table_bad(const struct table *t, const char *key, str word)
{
	return bad(t->f, t->file, t->row, key, word);
}

/* The next line that is neither empty nor a comment. */
static bool table_line(struct table *t, str *ret)
{
	while (str_cut(&t->rest, '\n', ret)) {
		t->row++;
		if (str_ends(*ret, S("\r")))
			ret->n--;
		if (ret->n && ret->p[0] != '#')
			return true;
	}
	return false;
}

/* `wanted`: the columns, blank-separated, in the order the caller reads cell[]. */
static err table_open(struct table *t, struct arena *a, const char *file, str text, const char *wanted,
		      struct fail *f)
{
	*t = (struct table){ .a = a, .f = f, .file = file, .rest = text };
	str line, name, names[COLUMNS], w = str_of(wanted);
	size_t n = 0;
	while (n < COLUMNS && str_cut(&w, ' ', &name))
		names[n++] = name;
	if (!table_line(t, &line))
		return table_bad(t, "err.workflow.empty", str_of(file));
	uint64_t seen = 0;
	while (str_cut(&line, '\t', &name)) {
		size_t k = 0;
		while (k < n && !str_eq(names[k], name))
			k++;
		if (k == n || seen >> k & 1)
			return table_bad(t, "err.workflow.column", name);
		seen |= UINT64_C(1) << k;
		t->order[t->ncols++] = (int64_t)k;
	}
	for (size_t k = 0; k < n; k++)
		if (!(seen >> k & 1))
			return table_bad(t, "err.workflow.column", names[k]);
	return ERR_OK;
}

static err table_next(struct table *t, bool *ret)
{
	str line, cell;
	if (!table_line(t, &line)) {
		*ret = false;
		return ERR_OK;
	}
	size_t n = 0;
	while (str_cut(&line, '\t', &cell)) {
		if (n == t->ncols)
			return table_bad(t, "err.workflow.cells", cell);
		t->cell[t->order[n++]] = arena_str(t->a, str_trim(cell));
	}
	if (n != t->ncols)
		return table_bad(t, "err.workflow.cells", t->cell[0]);
	*ret = true;
	return ERR_OK;
}

static bool is_id(str s)
{
	if (!s.n || s.n > 40)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (!((s.p[i] >= 'a' && s.p[i] <= 'z') || (s.p[i] >= '0' && s.p[i] <= '9') || s.p[i] == '-'))
			return false;
	return true;
}

static bool next_word(str *rest, str *ret)
{
	while (str_cut(rest, ' ', ret))
		if (ret->n)
			return true;
	return false;
}

/* ---- names of the closed sets ---- */

static const char *const relations[] = {
#define X(id, name) [REL_##id] = name,
	RELATIONS(X)
#undef X
};
static const char *const guards[] = {
#define X(id, name, code, key) [GUARD_##id] = name,
	GUARDS(X)
#undef X
};
static const char *const effects[] = {
#define X(id, name) [EFFECT_##id] = name,
	EFFECTS(X)
#undef X
};
static const char *const field_types[] = { "text",  "date",   "percent", "org",   "orgs",
					   "files", "person", "select",  "number" };

const char *relation_name(enum relation r)
{
	return relations[r];
}

static int find_name(const char *const *names, size_t n, str s)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(s, str_of(names[i])))
			return (int)i;
	return -1;
}
#define FIND(names, s) find_name((names), COUNT_OF(names), (s))

int workflow_state(const struct workflow *wf, str id)
{
	for (size_t i = 0; i < wf->nstates; i++)
		if (str_eq(wf->states[i].id, id))
			return (int)i;
	return -1;
}

int workflow_act(const struct workflow *wf, str id)
{
	for (size_t i = 0; i < wf->nacts; i++)
		if (str_eq(wf->acts[i].id, id))
			return (int)i;
	return -1;
}

const struct wf_option *workflow_option(const struct workflow *wf, str field, str id)
{
	for (size_t i = 0; i < wf->noptions; i++)
		if (str_eq(wf->options[i].field, field) && str_eq(wf->options[i].id, id))
			return &wf->options[i];
	return NULL;
}

/* ---- the files ---- */

static str meta_value(str meta, str name)
{
	str line;
	while (str_cut(&meta, '\n', &line)) {
		ptrdiff_t colon = str_find_char(line, ':');
		if (colon > 0 && str_eq(str_sub(line, 0, (size_t)colon), name))
			return str_trim(str_sub(line, (size_t)colon + 1, line.n));
	}
	return (str){ NULL, 0 };
}

static err load_meta(struct arena *a, str meta, struct workflow *wf, struct fail *f)
{
	struct {
		str name, *to;
	} want[] = { { S("kind"), &wf->kind },
		     { S("edition"), &wf->edition },
		     { S("title_zh"), &wf->zh },
		     { S("title_en"), &wf->en } };
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		str v = meta_value(meta, want[i].name);
		if (!v.n)
			return bad(f, "META", 1, "err.workflow.column", want[i].name);
		*want[i].to = arena_str(a, v);
	}
	return ERR_OK;
}

static err load_terms(struct arena *a, const struct wf_source *src, struct workflow *wf, struct fail *f)
{
	struct table t;
	bool more;
	VEC(struct wf_term) v = { 0 };
	TRY(table_open(&t, a, "deadlines.tsv", src->deadlines, "id zh en amount unit", f));
	wf->amber_days = -1;
	wf->day_end = 1440;
	for (;;) {
		TRY(table_next(&t, &more));
		if (!more)
			break;
		struct wf_term term = { .id = t.cell[0], .zh = t.cell[1], .en = t.cell[2] };
		if (!is_id(term.id))
			return table_bad(&t, "err.workflow.word", term.id);
		if (!str_to_i64(t.cell[3], &term.term.amount) || term.term.amount < 0 ||
		    term.term.amount > 10000)
			return table_bad(&t, "err.workflow.word", t.cell[3]);
		if (str_eq(term.id, S("amber")) && str_eq(t.cell[4], S("workday")))
			wf->amber_days = term.term.amount;
		else if (str_eq(term.id, S("day-end")) && str_eq(t.cell[4], S("minute")) &&
			 term.term.amount <= 1440)
			wf->day_end = term.term.amount;
		else if (term_unit_parse(t.cell[4], &term.term.unit))
			vec_push(a, &v, term);
		else
			return table_bad(&t, "err.workflow.word", t.cell[4]);
	}
	if (wf->amber_days < 0)
		return table_bad(&t, "err.workflow.word", S("amber"));
	wf->terms = v.v;
	wf->nterms = v.n;
	return ERR_OK;
}

static err load_roles(struct arena *a, const struct wf_source *src, struct workflow *wf, struct fail *f)
{
	struct table t;
	bool more;
	TRY(table_open(&t, a, "roles.tsv", src->roles, "id zh en", f));
	for (;;) {
		TRY(table_next(&t, &more));
		if (!more)
			return ERR_OK;
		int r = FIND(relations, t.cell[0]);
		if (r < 0)
			return table_bad(&t, "err.workflow.word", t.cell[0]);
		wf->roles[r] = (struct wf_role){ t.cell[1], t.cell[2] };
	}
}

static err parse_term(const struct table *t, const struct workflow *wf, str s, int *ret)
{
	*ret = WF_NONE;
	if (str_eq(s, S("none")) || !s.n)
		return ERR_OK;
	*ret = WF_DUE;
	if (str_eq(s, S("due")))
		return ERR_OK;
	for (size_t i = 0; i < wf->nterms; i++)
		if (str_eq(wf->terms[i].id, s)) {
			*ret = (int)i;
			return ERR_OK;
		}
	return table_bad(t, "err.workflow.word", s);
}

static err parse_state(const struct table *t, const struct workflow *wf, struct wf_state *s)
{
	*s = (struct wf_state){ .id = t->cell[0], .zh = t->cell[1], .en = t->cell[2], .row = t->row };
	str phase = t->cell[3], kind = t->cell[4], owners = t->cell[5], word;
	if (!is_id(s->id))
		return table_bad(t, "err.workflow.word", s->id);
	s->open = str_eq(phase, S("open"));
	if (!s->open && !str_eq(phase, S("closed")))
		return table_bad(t, "err.workflow.word", phase);
	s->initial = str_eq(kind, S("initial"));
	s->side = str_eq(kind, S("side"));
	s->done = str_eq(kind, S("done"));
	if (kind.n && !s->initial && !s->side && !s->done)
		return table_bad(t, "err.workflow.word", kind);
	while (next_word(&owners, &word)) {
		int r = FIND(relations, word);
		if (r < 0)
			return table_bad(t, "err.workflow.word", word);
		s->owners |= UINT64_C(1) << r;
	}
	if (s->open && !t->cell[6].n)
		return table_bad(t, "err.workflow.no_term", s->id);
	return parse_term(t, wf, t->cell[6], &s->term);
}

static err load_states(struct arena *a, const struct wf_source *src, struct workflow *wf, struct fail *f)
{
	struct table t;
	bool more;
	VEC(struct wf_state) v = { 0 };
	TRY(table_open(&t, a, "states.tsv", src->states, "id zh en phase kind owner deadline", f));
	wf->initial = -1;
	for (;;) {
		struct wf_state s;
		TRY(table_next(&t, &more));
		if (!more)
			break;
		TRY(parse_state(&t, wf, &s));
		if (workflow_state(wf, s.id) >= 0 || v.n == WF_STATES || (s.initial && wf->initial >= 0))
			return table_bad(&t, "err.workflow.twice", s.id);
		if (s.initial)
			wf->initial = (int)v.n;
		vec_push(a, &v, s);
		wf->states = v.v;
		wf->nstates = v.n;
	}
	if (wf->initial < 0)
		return table_bad(&t, "err.workflow.word", S("initial"));
	return ERR_OK;
}

static err parse_from(const struct table *t, const struct workflow *wf, str words, struct wf_act *act)
{
	str word;
	while (next_word(&words, &word)) {
		int s = workflow_state(wf, word);
		if (str_eq(word, S("*"))) {
			for (size_t i = 0; i < wf->nstates; i++)
				if (wf->states[i].open && !wf->states[i].side)
					act->from |= UINT64_C(1) << i;
		} else if (s >= 0) {
			act->from |= UINT64_C(1) << s;
		} else {
			return table_bad(t, "err.workflow.word", word);
		}
	}
	return act->from ? ERR_OK : table_bad(t, "err.workflow.word", act->id);
}

static err parse_to(const struct table *t, const struct workflow *wf, str word, struct wf_act *act)
{
	if (str_eq(word, S("=")))
		act->to = WF_SAME;
	else if (str_eq(word, S("prev")))
		act->to = WF_PREV;
	else if ((act->to = workflow_state(wf, word)) < 0)
		return table_bad(t, "err.workflow.word", word);
	return ERR_OK;
}

static err parse_who(const struct table *t, str words, struct wf_act *act)
{
	str word;
	size_t n = 0;
	while (next_word(&words, &word)) {
		int r = FIND(relations, word);
		if (r >= 0)
			act->who |= UINT64_C(1) << r;
		else if (str_find_char(word, '.') > 0 && n + 1 < COUNT_OF(act->perms))
			act->perms[n++] = arena_cstr(t->a, word);
		else
			return table_bad(t, "err.workflow.word", word);
	}
	return act->who || n ? ERR_OK : table_bad(t, "err.workflow.word", act->id);
}

static err parse_guards(const struct table *t, str words, struct wf_act *act)
{
	str word;
	while (next_word(&words, &word)) {
		struct wf_guard g = { 0 };
		ptrdiff_t colon = str_find_char(word, ':');
		str name = colon < 0 ? word : str_sub(word, 0, (size_t)colon);
		int id = FIND(guards, name);
		bool wants_arg = id == GUARD_QUOTA || id == GUARD_TOTAL_DAYS || id == GUARD_NOTICE_ELAPSED;
		if (id < 0 || act->nguards == COUNT_OF(act->guards) || wants_arg != (colon >= 0))
			return table_bad(t, "err.workflow.word", word);
		if (wants_arg && !str_to_i64(str_sub(word, (size_t)colon + 1, word.n), &g.arg))
			return table_bad(t, "err.workflow.word", word);
		g.id = (enum guard)id;
		act->guards[act->nguards++] = g;
	}
	return ERR_OK;
}

static err parse_effects(const struct table *t, str words, struct wf_act *act)
{
	str word;
	while (next_word(&words, &word)) {
		int e = FIND(effects, word);
		if (e < 0)
			return table_bad(t, "err.workflow.word", word);
		act->effects |= UINT64_C(1) << e;
	}
	return ERR_OK;
}

static err load_acts(struct arena *a, const struct wf_source *src, struct workflow *wf, struct fail *f)
{
	struct table t;
	bool more;
	VEC(struct wf_act) v = { 0 };
	TRY(table_open(&t, a, "acts.tsv", src->acts, "id zh en from to who guards effects", f));
	for (;;) {
		TRY(table_next(&t, &more));
		if (!more)
			return ERR_OK;
		struct wf_act act = { .id = t.cell[0], .zh = t.cell[1], .en = t.cell[2], .row = t.row };
		if (!is_id(act.id))
			return table_bad(&t, "err.workflow.word", act.id);
		if (workflow_act(wf, act.id) >= 0 || v.n == 64)
			return table_bad(&t, "err.workflow.twice", act.id);
		TRY(parse_from(&t, wf, t.cell[3], &act));
		TRY(parse_to(&t, wf, t.cell[4], &act));
		TRY(parse_who(&t, t.cell[5], &act));
		TRY(parse_guards(&t, t.cell[6], &act));
		TRY(parse_effects(&t, t.cell[7], &act));
		vec_push(a, &v, act);
		wf->acts = v.v;
		wf->nacts = v.n;
	}
}

static err parse_field(const struct table *t, struct wf_field *fd)
{
	*fd = (struct wf_field){
		.name = t->cell[1], .options = t->cell[5], .zh = t->cell[6], .en = t->cell[7]
	};
	int type = FIND(field_types, t->cell[2]);
	if (type < 0)
		return table_bad(t, "err.workflow.word", t->cell[2]);
	fd->type = (enum field_type)type;
	fd->required = str_eq(t->cell[3], S("yes"));
	if (!fd->required && !str_eq(t->cell[3], S("no")))
		return table_bad(t, "err.workflow.word", t->cell[3]);
	if (t->cell[4].n && !str_to_i64(t->cell[4], &fd->max))
		return table_bad(t, "err.workflow.word", t->cell[4]);
	if ((fd->type == FIELD_SELECT) != (fd->options.n > 0))
		return table_bad(t, "err.workflow.word", fd->name);
	return is_id(fd->name) ? ERR_OK : table_bad(t, "err.workflow.word", fd->name);
}

/* An act's rows stand together, so that its fields are a slice of the table. */
static err load_fields(struct arena *a, const struct wf_source *src, struct workflow *wf, struct fail *f)
{
	struct table t;
	bool more;
	struct field_row {
		int act;
		struct wf_field field;
	};
	VEC(struct field_row) rows = { 0 };
	TRY(table_open(&t, a, "fields.tsv", src->fields, "act name type required max options zh en", f));
	for (;;) {
		TRY(table_next(&t, &more));
		if (!more)
			break;
		struct field_row r = { .act = workflow_act(wf, t.cell[0]) };
		if (r.act < 0)
			return table_bad(&t, "err.workflow.word", t.cell[0]);
		TRY(parse_field(&t, &r.field));
		for (size_t i = 0; i < rows.n; i++)
			if (rows.v[i].act == r.act && str_eq(rows.v[i].field.name, r.field.name))
				return table_bad(&t, "err.workflow.twice", r.field.name);
		vec_push(a, &rows, r);
	}
	struct wf_field *all = NEW_N(a, struct wf_field, rows.n + 1);
	struct wf_act *acts = NEW_N(a, struct wf_act, wf->nacts + 1);
	size_t n = 0;
	for (size_t i = 0; i < wf->nacts; i++) {
		acts[i] = wf->acts[i];
		acts[i].fields = all + n;
		for (size_t k = 0; k < rows.n; k++)
			if (rows.v[k].act == (int)i)
				all[n++] = rows.v[k].field;
		acts[i].nfields = (size_t)(all + n - acts[i].fields);
	}
	wf->acts = acts;
	return ERR_OK;
}

/* Every choice of a select has a name in both languages. */
static err check_choices(struct workflow *wf, struct fail *f)
{
	for (size_t i = 0; i < wf->nacts; i++)
		for (size_t k = 0; k < wf->acts[i].nfields; k++) {
			const struct wf_field *fd = &wf->acts[i].fields[k];
			str rest = fd->options, one;
			while (fd->options.n && str_cut(&rest, '|', &one)) {
				const struct wf_option *o = workflow_option(wf, fd->name, one);
				if (!o || !o->zh.n || !o->en.n)
					return bad(f, "options.tsv", 1, "err.workflow.word", one);
			}
		}
	return ERR_OK;
}

static err load_options(struct arena *a, const struct wf_source *src, struct workflow *wf, struct fail *f)
{
	struct table t;
	bool more;
	VEC(struct wf_option) v = { 0 };
	if (!str_is_null(src->options)) {
		TRY(table_open(&t, a, "options.tsv", src->options, "field id zh en", f));
		for (;;) {
			TRY(table_next(&t, &more));
			if (!more)
				break;
			vec_push(a, &v, ((struct wf_option){ t.cell[0], t.cell[1], t.cell[2], t.cell[3] }));
		}
	}
	wf->options = v.v;
	wf->noptions = v.n;
	return check_choices(wf, f);
}

err workflow_load(struct arena *a, const struct wf_source *src, struct workflow **ret, struct fail *f)
{
	struct workflow *wf = NEW(a, struct workflow);
	TRY(load_meta(a, src->meta, wf, f));
	TRY(load_terms(a, src, wf, f));
	TRY(load_roles(a, src, wf, f));
	TRY(load_states(a, src, wf, f));
	TRY(load_acts(a, src, wf, f));
	TRY(load_fields(a, src, wf, f));
	TRY(load_options(a, src, wf, f));
	*ret = wf;
	return ERR_OK;
}
