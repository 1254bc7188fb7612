#include "loop/risk.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/buf.h"
#include "base/vec.h"

/* ---- reading ---- */

struct reader {
	struct arena *a;
	const struct catalog *c;
	struct fail *f;
	str dir;
};

static str cell(struct reader *r, const struct rows *rows, size_t i, const char *column)
{
	return arena_str(r->a, rows_get(rows, i, str_of(column)));
}

static int64_t scaled(const struct rows *rows, size_t i, const char *column)
{
	double d;
	int64_t v;
	return str_to_f64(rows_get(rows, i, str_of(column)), &d) && risk_decimal(d, &v) ? v : DB_NONE;
}

static int64_t whole(const struct rows *rows, size_t i, const char *column)
{
	int64_t v;
	return str_to_i64(rows_get(rows, i, str_of(column)), &v) ? v : 0;
}

static err table(struct reader *r, const char *name, struct rows *ret)
{
	str path = arena_printf(r->a, STR_FMT "%s.tsv", STR_ARG(r->dir), name);
	*ret = (struct rows){ 0 };
	return str_is_null(catalog_bytes(r->c, path)) ? ERR_OK : catalog_table(r->c, r->a, path, ret, r->f);
}

static err read_values(struct reader *r, struct risk_method *m)
{
	struct rows rows;
	TRY(table(r, "values", &rows));
	m->values = NEW_N(r->a, struct risk_factor_value, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		m->values[m->nvalues++] =
		    (struct risk_factor_value){ cell(r, &rows, i, "factor"),   scaled(&rows, i, "value"),
						cell(r, &rows, i, "zh"),       cell(r, &rows, i, "en"),
						cell(r, &rows, i, "source"),   cell(r, &rows, i, "clause"),
						cell(r, &rows, i, "certainty") };
	return ERR_OK;
}

static err read_levels(struct reader *r, struct risk_method *m)
{
	struct rows rows;
	TRY(table(r, "levels", &rows));
	m->levels = NEW_N(r->a, struct risk_level, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		m->levels[m->nlevels++] = (struct risk_level){
			cell(r, &rows, i, "id"),        cell(r, &rows, i, "colour"),
			cell(r, &rows, i, "zh"),        cell(r, &rows, i, "en"),
			cell(r, &rows, i, "source"),    cell(r, &rows, i, "clause"),
			cell(r, &rows, i, "certainty"), whole(&rows, i, "rank"),
			scaled(&rows, i, "from"),       str_eq(rows_get(&rows, i, S("at_from")), S("here"))
		};
	return ERR_OK;
}

static err read_cells(struct reader *r, struct risk_method *m)
{
	struct rows rows;
	TRY(table(r, "cells", &rows));
	m->cells = NEW_N(r->a, struct risk_cell, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		m->cells[m->ncells++] = (struct risk_cell){ whole(&rows, i, "l"), whole(&rows, i, "s"),
							    cell(r, &rows, i, "level") };
	return ERR_OK;
}

static err read_factors(struct reader *r, struct risk_method *m)
{
	struct rows alpha, beta;
	TRY(table(r, "alpha", &alpha));
	TRY(table(r, "beta", &beta));
	m->alpha = NEW_N(r->a, struct risk_alpha, alpha.n + 1);
	for (size_t i = 0; i < alpha.n; i++)
		m->alpha[m->nalpha++] =
		    (struct risk_alpha){ whole(&alpha, i, "from"), scaled(&alpha, i, "alpha"),
					 cell(r, &alpha, i, "zh"), cell(r, &alpha, i, "en") };
	m->beta = NEW_N(r->a, struct risk_beta, beta.n + 1);
	for (size_t i = 0; i < beta.n; i++)
		m->beta[m->nbeta++] =
		    (struct risk_beta){ cell(r, &beta, i, "id"),  cell(r, &beta, i, "zh"),
					cell(r, &beta, i, "en"),  cell(r, &beta, i, "certainty"),
					scaled(&beta, i, "beta"), scaled(&beta, i, "q") };
	return ERR_OK;
}

static void read_meta(struct reader *r, str meta, struct risk_method *m)
{
	m->method = arena_str(r->a, meta_get(meta, S("method")));
	m->edition = arena_str(r->a, meta_get(meta, S("edition")));
	m->title_zh = arena_str(r->a, meta_get(meta, S("title_zh")));
	m->title_en = arena_str(r->a, meta_get(meta, S("title_en")));
	m->source = arena_str(r->a, meta_get(meta, S("source")));
	m->certainty = arena_str(r->a, meta_get(meta, S("certainty")));
	m->note = arena_str(r->a, meta_get(meta, S("note")));
	m->source_zh = arena_str(r->a, meta_get(meta, S("source_zh")));
	m->note_zh = arena_str(r->a, meta_get(meta, S("note_zh")));
	m->from_day = m->to_day = DB_NONE;
	(void)!date_parse(meta_get(meta, S("in_force")), &m->from_day);
	(void)!date_parse(meta_get(meta, S("until")), &m->to_day);
}

err risk_tables_read(struct arena *a, const struct catalog *c, struct risk_tables **ret, struct fail *f)
{
	VEC(struct risk_method) v = { 0 };
	struct risk_tables *t = NEW(a, struct risk_tables);
	for (size_t i = 0; i < catalog_count(c); i++) {
		struct catalog_file file = catalog_at(c, i);
		struct risk_method m = { 0 };
		if (!str_starts(file.path, S("risk/")) || !str_ends(file.path, S("/META")))
			continue;
		struct reader r = { a, c, f, str_sub(file.path, 0, file.path.n - 4) };
		read_meta(&r, file.bytes, &m);
		TRY(read_values(&r, &m));
		TRY(read_levels(&r, &m));
		TRY(read_cells(&r, &m));
		TRY(read_factors(&r, &m));
		vec_push(a, &v, m);
	}
	*t = (struct risk_tables){ v.v, v.n };
	*ret = t;
	return ERR_OK;
}

const struct risk_method *risk_method_find(const struct risk_tables *t, str method, int64_t day)
{
	const struct risk_method *best = NULL;
	for (size_t i = 0; i < t->n; i++) {
		const struct risk_method *m = &t->v[i];
		bool on = m->from_day != DB_NONE && day >= m->from_day &&
			  (m->to_day == DB_NONE || day <= m->to_day);
		if (on && str_eq(m->method, method) && (!best || m->from_day >= best->from_day))
			best = m;
	}
	return best;
}

/* ---- computing ---- */

struct job {
	struct arena *a;
	const struct risk_method *m;
	const struct risk_input *in;
	struct risk_result *out;
	struct fail *f;
};

static str number_text(struct arena *a, struct risk_value v)
{
	char text[64];
	bool exact;
	size_t n = risk_text(v, text, sizeof text, &exact);
	return arena_printf(a, "%.*s%s", (int)n, text, exact ? "" : "…");
}

static void PRINTF_LIKE(2, 3) step(struct job *j, const char *fmt, ...);
static void step(struct job *j, const char *fmt, ...)
{
	char text[4000];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (j->out->nsteps < RISK_STEPS)
		j->out->steps[j->out->nsteps++] = arena_str(j->a, str_of(text));
}

static err refuse(struct job *j, const char *pointer, const char *key)
{
	return FAIL(j->f, BAD_FIELD, pointer, key);
}

static err inexact(struct job *j, const char *pointer)
{
	return refuse(j, pointer, "err.risk.digits");
}

static void class_of(struct job *j, struct risk_value v)
{
	struct risk_bound *bounds = NEW_N(j->a, struct risk_bound, j->m->nlevels + 1);
	for (size_t i = 0; i < j->m->nlevels; i++) {
		const struct risk_level *l = &j->m->levels[i];
		bounds[i].open = l->from == DB_NONE;
		bounds[i].here = l->here;
		if (!bounds[i].open)
			bounds[i].from = risk_of(l->from);
	}
	size_t at = risk_class(v, bounds, j->m->nlevels);
	j->out->value = v;
	j->out->has_value = true;
	j->out->level = at < j->m->nlevels ? &j->m->levels[at] : NULL;
}

/* The values a table offers: "0.1, 0.2, 0.5, …" */
static const char *offered(struct job *j, str factor)
{
	struct buf b = BUF(j->a);
	for (size_t i = 0; i < j->m->nvalues; i++) {
		if (!str_eq(j->m->values[i].factor, factor))
			continue;
		if (b.n)
			buf_put(&b, S(", "));
		buf_put(&b, number_text(j->a, risk_of(j->m->values[i].value)));
	}
	return buf_cstr(&b);
}

static err take(struct job *j, const char *name, double given, struct risk_value *ret)
{
	int64_t v;
	const char *pointer = arena_printf(j->a, "/%s", name).p;
	if (isnan(given))
		return refuse(j, pointer, "err.required");
	for (size_t i = 0; risk_decimal(given, &v) && i < j->m->nvalues; i++) {
		if (str_eq(j->m->values[i].factor, str_of(name)) && j->m->values[i].value == v) {
			*ret = risk_of(v);
			return ERR_OK;
		}
	}
	return FAIL(j->f, BAD_FIELD, pointer, "err.risk.value", "factor", name, "offered",
		    offered(j, str_of(name)));
}

static err grade_lec(struct job *j)
{
	struct risk_value l, e, c, d;
	TRY(take(j, "l", j->in->l, &l));
	TRY(take(j, "e", j->in->e, &e));
	TRY(take(j, "c", j->in->c, &c));
	if (!risk_mul(l, e, &d) || !risk_mul(d, c, &d))
		return inexact(j, "/l");
	class_of(j, d);
	step(j, "D = L × E × C = " STR_FMT " × " STR_FMT " × " STR_FMT " = " STR_FMT,
	     STR_ARG(number_text(j->a, l)), STR_ARG(number_text(j->a, e)), STR_ARG(number_text(j->a, c)),
	     STR_ARG(number_text(j->a, d)));
	return ERR_OK;
}

static err grade_ls(struct job *j)
{
	struct risk_value l, s, r;
	TRY(take(j, "l", j->in->l, &l));
	TRY(take(j, "s", j->in->s, &s));
	if (!risk_mul(l, s, &r))
		return inexact(j, "/l");
	j->out->value = r;
	j->out->has_value = true;
	for (size_t i = 0; i < j->m->ncells; i++) {
		const struct risk_cell *c = &j->m->cells[i];
		if (risk_compare(l, risk_of(c->l * RISK_SCALE)) ||
		    risk_compare(s, risk_of(c->s * RISK_SCALE)))
			continue;
		for (size_t k = 0; k < j->m->nlevels; k++)
			if (str_eq(j->m->levels[k].id, c->level))
				j->out->level = &j->m->levels[k];
	}
	step(j, "R = L × S = " STR_FMT " × " STR_FMT " = " STR_FMT, STR_ARG(number_text(j->a, l)),
	     STR_ARG(number_text(j->a, s)), STR_ARG(number_text(j->a, r)));
	return ERR_OK;
}

/* ---- GB 18218 ---- */

static err amount(struct job *j, size_t i, const char *field, double given, int64_t preset,
		  struct risk_value *ret)
{
	int64_t v = preset;
	const char *pointer = arena_printf(j->a, "/substances/%zu/%s", i, field).p;
	if (!isnan(given) && !risk_decimal(given, &v))
		return inexact(j, pointer);
	if (v == DB_NONE)
		return refuse(j, pointer, "err.required");
	*ret = risk_of(v);
	return ERR_OK;
}

static err beta_row(struct job *j, size_t i, const struct risk_beta **ret)
{
	str row = j->in->substances[i].row;
	*ret = NULL;
	for (size_t k = 0; k < j->m->nbeta; k++)
		if (str_eq(j->m->beta[k].id, row))
			*ret = &j->m->beta[k];
	if (!row.n || *ret)
		return ERR_OK;
	return FAIL(j->f, BAD_FIELD, arena_printf(j->a, "/substances/%zu/row", i).p, "err.risk.row", "row",
		    arena_cstr(j->a, row));
}

static err add_substance(struct job *j, size_t i, struct risk_value *sum, struct risk_value *weighted,
			 struct buf *s, struct buf *r)
{
	const struct risk_substance *x = &j->in->substances[i];
	const struct risk_beta *row;
	struct risk_value q, cap, beta, share, part;
	TRY(beta_row(j, i, &row));
	TRY(amount(j, i, "q", x->q, DB_NONE, &q));
	TRY(amount(j, i, "cap", x->cap, row ? row->q : DB_NONE, &cap));
	TRY(amount(j, i, "beta", x->beta, row ? row->beta : DB_NONE, &beta));
	const char *pointer = arena_printf(j->a, "/substances/%zu/cap", i).p;
	if (!cap.n)
		return refuse(j, pointer, "err.risk.zero");
	if (!risk_div(q, cap, &share) || !risk_add(*sum, share, sum) || !risk_mul(beta, share, &part) ||
	    !risk_add(*weighted, part, weighted))
		return inexact(j, pointer);
	str qt = number_text(j->a, q), ct = number_text(j->a, cap), bt = number_text(j->a, beta);
	buf_printf(s, "%s" STR_FMT "/" STR_FMT, i ? " + " : "", STR_ARG(qt), STR_ARG(ct));
	buf_printf(r, "%s" STR_FMT "×" STR_FMT "/" STR_FMT, i ? " + " : "", STR_ARG(bt), STR_ARG(qt),
		   STR_ARG(ct));
	return ERR_OK;
}

/* α is the row of the most persons that does not ask for more than there are. */
static err alpha_of(struct job *j, struct risk_value *ret)
{
	const struct risk_alpha *best = NULL;
	if (j->in->persons == DB_NONE)
		return refuse(j, "/persons", "err.required");
	for (size_t i = 0; i < j->m->nalpha; i++)
		if (j->in->persons >= j->m->alpha[i].from && (!best || j->m->alpha[i].from >= best->from))
			best = &j->m->alpha[i];
	if (!best)
		return refuse(j, "/persons", "err.required");
	*ret = risk_of(best->alpha);
	return ERR_OK;
}

static err grade_gb18218(struct job *j)
{
	struct risk_value weighted = { 0, 1 }, alpha, r;
	struct buf s = BUF(j->a), terms = BUF(j->a);
	j->out->sum = (struct risk_value){ 0, 1 };
	if (!j->in->nsubstances)
		return refuse(j, "/substances", "err.required");
	for (size_t i = 0; i < j->in->nsubstances; i++)
		TRY(add_substance(j, i, &j->out->sum, &weighted, &s, &terms));
	TRY(alpha_of(j, &alpha));
	j->out->installation = risk_compare(j->out->sum, (struct risk_value){ 1, 1 }) >= 0;
	step(j, "S = Σ q/Q = " STR_FMT " = " STR_FMT " %s 1", STR_ARG(buf_str(&s)),
	     STR_ARG(number_text(j->a, j->out->sum)), j->out->installation ? "≥" : "<");
	if (!j->out->installation)
		return ERR_OK;
	if (!risk_mul(alpha, weighted, &r))
		return inexact(j, "/persons");
	class_of(j, r);
	step(j, "R = α × Σ(β×q/Q) = " STR_FMT " × (" STR_FMT ") = " STR_FMT,
	     STR_ARG(number_text(j->a, alpha)), STR_ARG(buf_str(&terms)), STR_ARG(number_text(j->a, r)));
	return ERR_OK;
}

/* ---- the colour of an area: the gravest in it ---- */

static err grade_area(struct job *j)
{
	if (!j->in->ncolours)
		return refuse(j, "/colours", "err.required");
	for (size_t i = 0; i < j->in->ncolours; i++) {
		const struct risk_level *found = NULL;
		for (size_t k = 0; k < j->m->nlevels; k++)
			if (str_eq(j->m->levels[k].colour, j->in->colours[i]))
				found = &j->m->levels[k];
		if (!found)
			return refuse(j, arena_printf(j->a, "/colours/%zu", i).p, "err.risk.colour");
		if (!j->out->level || found->rank < j->out->level->rank)
			j->out->level = found;
	}
	step(j, "max = " STR_FMT, STR_ARG(j->out->level->colour));
	return ERR_OK;
}

err risk_grade(struct arena *a, const struct risk_method *m, const struct risk_input *in,
	       struct risk_result *ret, struct fail *f)
{
	static const struct {
		const char *method;
		err (*fn)(struct job *j);
	} methods[] = {
		{ "lec", grade_lec }, { "ls", grade_ls }, { "gb18218", grade_gb18218 }, { "area", grade_area }
	};
	struct risk_result r = { 0 };
	struct job j = { a, m, in, &r, f };
	for (size_t i = 0; i < COUNT_OF(methods); i++) {
		if (!str_eq(m->method, str_of(methods[i].method)))
			continue;
		TRY(methods[i].fn(&j));
		*ret = r;
		return ERR_OK;
	}
	return FAIL(f, NOT_FOUND, "", NULL);
}

str risk_colour_name(str colour, bool zh)
{
	static const struct {
		const char *id, *zh, *en;
	} names[] = { { "red", "红", "red" },
		      { "orange", "橙", "orange" },
		      { "yellow", "黄", "yellow" },
		      { "blue", "蓝", "blue" } };
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (str_eq(colour, str_of(names[i].id)))
			return str_of(zh ? names[i].zh : names[i].en);
	return S("");
}
