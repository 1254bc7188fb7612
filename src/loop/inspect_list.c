/* A visit's checklist and what was answered: the same rules as on the page. */
#include <math.h>
#include <string.h>

#include "loop/inspect_parts.h"

#define VISIT_ITEMS(F, O, L) F(STRS, items, REQ, .max = CHECKLIST_MAX)
JSON_STRUCT(visit_items, VISIT_ITEMS)
JSON_DEFINE(visit_items, VISIT_ITEMS)

str inspect_items_text(struct arena *a, struct json_strs items)
{
	struct buf b = BUF(a);
	struct visit_items t = { items };
	json_write(&b, visit_items_json, &t);
	return buf_str(&b);
}

/* Of a follow-up: only these items, whatever others would have said about showing them. */
static void cut(struct arena *a, struct checklist *l, const struct json_strs *items)
{
	struct check_item *v = NEW_N(a, struct check_item, items->n + 1);
	size_t n = 0;
	for (size_t i = 0; i < l->n; i++)
		for (size_t k = 0; k < items->n; k++)
			if (str_eq(l->v[i].id, items->v[k])) {
				v[n] = l->v[i];
				v[n].cond = NULL;
				v[n++].show_if = S("");
				break;
			}
	l->v = v;
	l->n = n;
}

err inspect_list(struct ctx *cx, const struct visit *v, struct checklist *ret)
{
	struct checklist l = { .type = v->row.checklist, .day = v->row.checklist_day, .editions = S("") };
	struct visit_items only;
	if (cx->app->checklists)
		TRY(checklist_assemble(cx->a, cx->app->checklists, v->row.checklist, v->row.sectors,
				       v->row.checklist_day, &l));
	TRY(json_read(cx->a, v->row.items, visit_items_json, &only, &cx->fail));
	if (only.items.n)
		cut(cx->a, &l, &only.items);
	*ret = l;
	return ERR_OK;
}

/* Rows come by item and time of capture: the last of an item's rows counts. */
static void pick_last(struct arena *a, struct inspect_given *g)
{
	g->last = NEW_N(a, const struct visit_answers_row *, g->answers.n + 1);
	for (size_t i = 0; i < g->answers.n; i++)
		if (i + 1 == g->answers.n || !str_eq(g->answers.v[i].item, g->answers.v[i + 1].item))
			g->last[g->nlast++] = &g->answers.v[i];
}

err inspect_given(struct ctx *cx, const struct visit *v, struct inspect_given *ret)
{
	struct inspect_given g = { 0 };
	TRY(inspect_list(cx, v, &g.list));
	TRY(visit_answers(cx->c, cx->a, &(struct visit_answers_params){ v->row.region, v->row.id },
			  &g.answers));
	TRY(visit_findings(cx->c, cx->a, &(struct visit_findings_params){ v->row.region, v->row.id },
			   &g.findings));
	TRY(visit_files(cx->c, cx->a, &(struct visit_files_params){ v->row.id }, &g.files));
	pick_last(cx->a, &g);
	*ret = g;
	return ERR_OK;
}

static bool about_item(const struct inspect_given *g, str about, str item)
{
	if (str_eq(about, item))
		return true;
	for (size_t i = 0; i < g->answers.n; i++)
		if (str_eq(g->answers.v[i].client_id, about) && str_eq(g->answers.v[i].item, item))
			return true;
	for (size_t i = 0; i < g->findings.n; i++)
		if (str_eq(g->findings.v[i].client_id, about) && str_eq(g->findings.v[i].item, item))
			return true;
	return false;
}

size_t inspect_photos(const struct inspect_given *g, str item)
{
	size_t n = 0;
	for (size_t i = 0; i < g->files.n; i++)
		n += g->files.v[i].about.n && about_item(g, g->files.v[i].about, item);
	return n;
}

static struct check_answer answer_of(const struct inspect_given *g, const struct visit_answers_row *r)
{
	const struct check_item *it = checklist_item(&g->list, r->item);
	struct check_answer a = {
		.item = r->item, .choice = S(""), .number = nan(""), .photos = inspect_photos(g, r->item)
	};
	if (!it || !str_eq(it->answer, S("number")))
		a.choice = r->value;
	else if (!str_to_f64(r->value, &a.number))
		a.number = nan("");
	return a;
}

/* Answers to items that are skipped by what was said later stay in the record but do not count. */
err inspect_look(struct ctx *cx, const struct inspect_given *g, bool complete, struct check_result *ret)
{
	struct check_answer *v = NEW_N(cx->a, struct check_answer, g->nlast + 1),
			    *shown = NEW_N(cx->a, struct check_answer, g->nlast + 1);
	size_t n = 0;
	for (size_t i = 0; i < g->nlast; i++)
		v[i] = answer_of(g, g->last[i]);
	for (size_t i = 0; i < g->nlast; i++) {
		const struct check_item *it = checklist_item(&g->list, v[i].item);
		if (it && checklist_shown(&g->list, v, g->nlast, it))
			shown[n++] = v[i];
	}
	return checklist_look(cx->a, &g->list, shown, n, complete, ret, &cx->fail);
}
