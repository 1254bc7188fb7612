/* Routes: /api/risk. */
#include <math.h>

#include "core/views.h"
#include "loop/risk.h"
#include "loop/routes.h"

/* ---- forms ---- */

#define RISK_VALUE(F, O, L)                                                                                  \
	F(STR, factor, REQ)                                                                                  \
	F(F64, value, REQ)                                                                                   \
	F(STR, zh, REQ)                                                                                      \
	F(STR, en, REQ)                                                                                      \
	F(STR, clause, REQ)                                                                                  \
	F(STR, certainty, REQ)
JSON_STRUCT(risk_value_out, RISK_VALUE)
JSON_DEFINE(risk_value_out, RISK_VALUE)

#define RISK_LEVEL(F, O, L)                                                                                  \
	F(STR, id, REQ)                                                                                      \
	F(I64, rank, REQ)                                                                                    \
	F(F64, from, NUL)                                                                                    \
	F(BOOL, from_included, REQ)                                                                          \
	F(ENUM, colour, REQ, .options = "red|orange|yellow|blue")                                            \
	F(STR, zh, REQ)                                                                                      \
	F(STR, en, REQ)                                                                                      \
	F(STR, clause, REQ)                                                                                  \
	F(STR, certainty, REQ)
JSON_STRUCT(risk_level_out, RISK_LEVEL)
JSON_DEFINE(risk_level_out, RISK_LEVEL)

#define RISK_CELL(F, O, L)                                                                                   \
	F(I64, l, REQ)                                                                                       \
	F(I64, s, REQ)                                                                                       \
	F(STR, level, REQ)
JSON_STRUCT(risk_cell_out, RISK_CELL)
JSON_DEFINE(risk_cell_out, RISK_CELL)

#define RISK_ALPHA(F, O, L)                                                                                  \
	F(I64, from, REQ)                                                                                    \
	F(F64, alpha, REQ)                                                                                   \
	F(STR, zh, REQ)                                                                                      \
	F(STR, en, REQ)
JSON_STRUCT(risk_alpha_out, RISK_ALPHA)
JSON_DEFINE(risk_alpha_out, RISK_ALPHA)

#define RISK_BETA(F, O, L)                                                                                   \
	F(STR, id, REQ)                                                                                      \
	F(F64, beta, REQ)                                                                                    \
	F(F64, q, NUL)                                                                                       \
	F(STR, zh, REQ)                                                                                      \
	F(STR, en, REQ)                                                                                      \
	F(STR, certainty, REQ)
JSON_STRUCT(risk_beta_out, RISK_BETA)
JSON_DEFINE(risk_beta_out, RISK_BETA)

#define RISK_METHOD(F, O, L)                                                                                 \
	F(ENUM, id, REQ, .options = "lec|ls|gb18218|area")                                                   \
	F(STR, edition, REQ)                                                                                 \
	F(STR, zh, REQ)                                                                                      \
	F(STR, en, REQ)                                                                                      \
	F(DATE, from, NUL)                                                                                   \
	F(DATE, to, NUL)                                                                                     \
	F(STR, source, REQ, .max = 2000)                                                                     \
	F(STR, source_zh, REQ, .max = 2000)                                                                  \
	F(STR, certainty, REQ)                                                                               \
	F(STR, note, OPT, .max = 2000)                                                                       \
	F(STR, note_zh, OPT, .max = 2000)                                                                    \
	L(risk_value_out, values, REQ)                                                                       \
	L(risk_level_out, levels, REQ)                                                                       \
	L(risk_cell_out, cells, REQ)                                                                         \
	L(risk_alpha_out, alpha, REQ)                                                                        \
	L(risk_beta_out, beta, REQ)
JSON_STRUCT(risk_method_out, RISK_METHOD)
JSON_DEFINE(risk_method_out, RISK_METHOD)

#define RISK_METHODS(F, O, L) L(risk_method_out, items, REQ)
JSON_STRUCT(risk_methods_out, RISK_METHODS)
JSON_DEFINE(risk_methods_out, RISK_METHODS)

static double plain(int64_t scaled)
{
	return scaled == DB_NONE ? NAN : (double)scaled / RISK_SCALE;
}

static struct risk_level_out level_view(const struct risk_level *l)
{
	return (struct risk_level_out){ l->id, l->rank, plain(l->from), l->here,     l->colour,
					l->zh, l->en,   l->clause,      l->certainty };
}

static void tables_view(struct arena *a, const struct risk_method *m, struct risk_method_out *out)
{
	out->values.v = NEW_N(a, struct risk_value_out, m->nvalues + 1);
	out->levels.v = NEW_N(a, struct risk_level_out, m->nlevels + 1);
	out->cells.v = NEW_N(a, struct risk_cell_out, m->ncells + 1);
	out->alpha.v = NEW_N(a, struct risk_alpha_out, m->nalpha + 1);
	out->beta.v = NEW_N(a, struct risk_beta_out, m->nbeta + 1);
	for (size_t i = 0; i < m->nvalues; i++)
		out->values.v[out->values.n++] =
		    (struct risk_value_out){ m->values[i].factor, plain(m->values[i].value),
					     m->values[i].zh,     m->values[i].en,
					     m->values[i].clause, m->values[i].certainty };
	for (size_t i = 0; i < m->nlevels; i++)
		out->levels.v[out->levels.n++] = level_view(&m->levels[i]);
	for (size_t i = 0; i < m->ncells; i++)
		out->cells.v[out->cells.n++] =
		    (struct risk_cell_out){ m->cells[i].l, m->cells[i].s, m->cells[i].level };
	for (size_t i = 0; i < m->nalpha; i++)
		out->alpha.v[out->alpha.n++] =
		    (struct risk_alpha_out){ m->alpha[i].from, plain(m->alpha[i].alpha), m->alpha[i].zh,
					     m->alpha[i].en };
	for (size_t i = 0; i < m->nbeta; i++)
		out->beta.v[out->beta.n++] =
		    (struct risk_beta_out){ m->beta[i].id, plain(m->beta[i].beta), plain(m->beta[i].q),
					    m->beta[i].zh, m->beta[i].en,          m->beta[i].certainty };
}

static struct risk_method_out method_view(struct arena *a, const struct risk_method *m)
{
	struct risk_method_out out = { .id = m->method,
				       .edition = m->edition,
				       .zh = m->title_zh,
				       .en = m->title_en,
				       .from = m->from_day == DB_NONE ? JSON_NONE : m->from_day,
				       .to = m->to_day == DB_NONE ? JSON_NONE : m->to_day,
				       .source = m->source,
				       .source_zh = m->source_zh,
				       .certainty = m->certainty,
				       .note = view_str(m->note),
				       .note_zh = view_str(m->note_zh) };
	tables_view(a, m, &out);
	return out;
}

static err methods(struct req *rq)
{
	const struct risk_tables *t = rq->cx.app->risk;
	struct risk_methods_out out = { .items = { NEW_N(rq->a, struct risk_method_out, t->n + 1), t->n } };
	for (size_t i = 0; i < t->n; i++)
		out.items.v[i] = method_view(rq->a, &t->v[i]);
	return reply_json(rq, &out);
}

/* ---- grading ---- */

#define RISK_SUBSTANCE(F, O, L)                                                                              \
	F(STR, name, OPT)                                                                                    \
	F(STR, row, OPT, .max = 60)                                                                          \
	F(F64, q, REQ, .min = 0, .max = 1e9)                                                                 \
	F(F64, cap, OPT, .min = 0, .max = 1e9)                                                               \
	F(F64, beta, OPT, .min = 0, .max = 1000)
JSON_STRUCT(risk_substance_in, RISK_SUBSTANCE)
JSON_DEFINE(risk_substance_in, RISK_SUBSTANCE)

#define RISK_IN(F, O, L)                                                                                     \
	F(DATE, day, OPT)                                                                                    \
	F(F64, l, OPT, .min = 0, .max = 1000)                                                                \
	F(F64, e, OPT, .min = 0, .max = 1000)                                                                \
	F(F64, c, OPT, .min = 0, .max = 1000)                                                                \
	F(F64, s, OPT, .min = 0, .max = 1000)                                                                \
	F(I64, persons, OPT, .max = 10000000)                                                                \
	L(risk_substance_in, substances, OPT, .max = RISK_SUBSTANCES)                                        \
	F(STRS, colours, OPT, .max = 10000)
JSON_STRUCT(risk_in, RISK_IN)
JSON_DEFINE(risk_in, RISK_IN)

#define RISK_STEP(F, O, L) F(STR, text, REQ, .max = 4000)
JSON_STRUCT(risk_step, RISK_STEP)
JSON_DEFINE(risk_step, RISK_STEP)

#define RISK_OUT(F, O, L)                                                                                    \
	F(STR, method, REQ)                                                                                  \
	F(STR, edition, REQ)                                                                                 \
	F(F64, value, NUL)                                                                                   \
	F(STR, value_text, OPT)                                                                              \
	F(F64, sum, NUL)                                                                                     \
	F(BOOL, installation, REQ)                                                                           \
	O(risk_level_out, level, NUL)                                                                        \
	F(STR, colour, NUL)                                                                                  \
	F(STR, colour_zh, OPT)                                                                               \
	F(STR, colour_en, OPT)                                                                               \
	L(risk_step, steps, REQ)                                                                             \
	F(STR, source, REQ, .max = 2000)                                                                     \
	F(STR, source_zh, REQ, .max = 2000)                                                                  \
	F(STR, certainty, REQ)
JSON_STRUCT(risk_out, RISK_OUT)
JSON_DEFINE(risk_out, RISK_OUT)

static struct risk_input input_of(struct arena *a, const struct risk_in *in)
{
	struct risk_substance *v = NEW_N(a, struct risk_substance, in->substances.n + 1);
	for (size_t i = 0; i < in->substances.n; i++) {
		const struct risk_substance_in *x = &in->substances.v[i];
		v[i] = (struct risk_substance){ view_str(x->name), view_str(x->row), x->q, x->cap, x->beta };
	}
	return (struct risk_input){ in->l,
				    in->e,
				    in->c,
				    in->s,
				    in->persons == JSON_NONE ? DB_NONE : in->persons,
				    v,
				    in->substances.n,
				    in->colours.v,
				    in->colours.n };
}

static str value_text(struct arena *a, const struct risk_result *r)
{
	char text[64];
	bool exact;
	if (!r->has_value)
		return S("");
	size_t n = risk_text(r->value, text, sizeof text, &exact);
	return arena_printf(a, "%.*s%s", (int)n, text, exact ? "" : "…");
}

static err answer(struct req *rq, const struct risk_method *m, const struct risk_result *r)
{
	struct risk_level_out level;
	struct risk_out out = { .method = m->method,
				.edition = m->edition,
				.value = r->has_value ? risk_double(r->value) : NAN,
				.value_text = value_text(rq->a, r),
				.sum = r->sum.d ? risk_double(r->sum) : NAN,
				.installation = r->installation,
				.source = m->source,
				.source_zh = m->source_zh,
				.certainty = m->certainty };
	if (r->level) {
		level = level_view(r->level);
		out.level = &level;
		out.colour = r->level->colour;
		out.colour_zh = risk_colour_name(out.colour, true);
		out.colour_en = risk_colour_name(out.colour, false);
	}
	out.steps.v = NEW_N(rq->a, struct risk_step, RISK_STEPS);
	for (size_t i = 0; i < r->nsteps; i++)
		out.steps.v[out.steps.n++].text = r->steps[i];
	return reply_json(rq, &out);
}

static err grade(struct req *rq)
{
	struct ctx *cx = &rq->cx;
	const struct risk_in *in = rq->body;
	int64_t day = in->day == JSON_NONE ? china_day(cx->now_ms) : in->day;
	const struct risk_method *m = risk_method_find(cx->app->risk, rq_param(rq, "method"), day);
	struct risk_input input = input_of(rq->a, in);
	struct risk_result r;
	if (!m)
		return FAIL(&cx->fail, NOT_FOUND, "", "err.risk.method");
	TRY(risk_grade(rq->a, m, &input, &r, &cx->fail));
	return answer(rq, m, &r);
}

const struct route risk_routes[] = {
	{ "GET", "/api/risk/methods", methods, READ, "", NULL, risk_methods_out_json,
	  "Methods of risk grading with their tables", NULL },
	{ "POST", "/api/risk/{method}", grade, READ, "", risk_in_json, risk_out_json,
	  "Grade a risk; nothing is stored", NULL },
	{ 0 },
};
