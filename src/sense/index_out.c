#include "sense/index_out.h"

JSON_DEFINE(index_part_out, INDEX_PART_OUT)
JSON_DEFINE(index_row_out, INDEX_ROW_OUT)
JSON_DEFINE(index_edition_out, INDEX_EDITION_OUT)
JSON_DEFINE(index_out, INDEX_OUT)

struct json_strs index_words(struct arena *a, const char *list)
{
	struct json_strs out = { 0 };
	str rest = str_of(list), word;
	size_t n = 1;
	for (size_t i = 0; i < rest.n; i++)
		n += rest.p[i] == ',';
	out.v = NEW_N(a, str, n);
	while (str_cut(&rest, ',', &word))
		out.v[out.n++] = word;
	return out;
}

static struct json_strs copy_all(struct arena *a, const str *v, size_t n)
{
	struct json_strs out = { NEW_N(a, str, n + 1), n };
	for (size_t i = 0; i < n; i++)
		out.v[i] = arena_str(a, v[i]);
	return out;
}

/* The row's texts die with it: everything is copied. */
err index_gather(void *arg, const struct index_result *r)
{
	struct index_gathered *g = arg;
	struct arena *a = g->a;
	struct index_row_out row = { .row = r->row, .name = arena_str(a, str_sub(r->name, 0, 200)), .edition = arena_str(a, r->edition),
				     .values = copy_all(a, r->values, g->width), .reason = arena_str(a, r->reason),
				     .missing = copy_all(a, r->missing.v, r->missing.n) };
	row.parts.v = NEW_N(a, struct index_part_out, r->parts.n + 1);
	for (; row.parts.n < r->parts.n; row.parts.n++) {
		const struct index_part *p = &r->parts.v[row.parts.n];
		row.parts.v[row.parts.n] = (struct index_part_out){
			arena_str(a, p->item), arena_str(a, p->zh), arena_str(a, p->en), arena_str(a, p->unit), arena_str(a, p->value),
			arena_str(a, p->used), arena_str(a, p->rule), arena_str(a, p->grade), arena_str(a, p->source), arena_str(a, p->certainty),
		};
	}
	vec_push(a, &g->rows, row);
	return ERR_OK;
}

err index_edition_view(const struct catalog *c, struct arena *a, str edition, struct index_edition_out *ret, struct fail *f)
{
	str meta;
	TRY(edition_meta(c, a, edition, &meta, f));
	*ret = (struct index_edition_out){
		.id = edition, .title_zh = meta_get(meta, S("title_zh")), .title_en = meta_get(meta, S("title_en")), .source = meta_get(meta, S("source")),
		.in_force = meta_get(meta, S("in_force")), .until = meta_get(meta, S("until")), .status = meta_get(meta, S("status")),
		.certainty = meta_get(meta, S("certainty")), .note = meta_get(meta, S("note")),
	};
	return ERR_OK;
}

err index_answer(struct index_job *j, const struct index_gathered *g, struct index_out *ret)
{
	struct index_out out = { .kind = j->kind->id, .columns = index_words(j->a, j->kind->gives) };
	out.editions.v = NEW_N(j->a, struct index_edition_out, j->editions.n + 1);
	for (; out.editions.n < j->editions.n; out.editions.n++)
		TRY(index_edition_view(j->cat, j->a, j->editions.v[out.editions.n], &out.editions.v[out.editions.n], j->f));
	out.rows.v = g->rows.v;
	out.rows.n = g->rows.n;
	*ret = out;
	return ERR_OK;
}
