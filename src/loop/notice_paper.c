/* From a template and the facts to a paper; and the paper as JSON, as it is kept and previewed. */
#include "base/vec.h"
#include "core/app.h"
#include "core/template.h"
#include "loop/notice_facts.h"
#include "loop/notice_view.h"

JSON_DEFINE(notice_value, NOTICE_VALUE)
JSON_DEFINE(notice_cell, NOTICE_CELL)
JSON_DEFINE(notice_block_out, NOTICE_BLOCK_OUT)
JSON_DEFINE(notice_paper_out, NOTICE_PAPER_OUT)

enum { BLOCKS_MAX = 2000, ROW_CELLS = 12 };

/* ---- filling ---- */

struct filling {
	struct facts *f;
	struct arena *a;
	VEC(struct paper_block) blocks;
	VEC(str) cells;      /* of the table that is being filled */
	size_t columns;
};

static str fill(struct filling *w, str text)
{
	return template_fill(w->a, text, facts_value, w->f);
}

/* Rows that follow each other are one table; one with another number of cells begins a new one. */
static void end_table(struct filling *w)
{
	if (!w->cells.n)
		return;
	vec_push(w->a, &w->blocks, ((struct paper_block){ .kind = PAPER_TABLE, .text = S(""), .cells = w->cells.v,
							  .rows = w->cells.n / w->columns, .columns = w->columns }));
	w->cells.v = NULL;
	w->cells.n = w->cells.cap = 0;
}

static void put_row(struct filling *w, str text)
{
	str cut[ROW_CELLS], rest = text;
	size_t n = 0;
	while (n < ROW_CELLS && str_cut(&rest, '|', &cut[n]))
		n++;
	if (n != w->columns)
		end_table(w);
	w->columns = n;
	for (size_t i = 0; i < n; i++)
		vec_push(w->a, &w->cells, fill(w, cut[i]));
}

static void put(struct filling *w, enum paper_kind kind, str text)
{
	end_table(w);
	vec_push(w->a, &w->blocks, ((struct paper_block){ .kind = kind, .text = text }));
}

/* A list: one line is a paragraph, several are numbered. */
static void put_items(struct filling *w, str text)
{
	str rest = text, line;
	int n = 0, lines = 0;
	for (str r = text, l; str_cut(&r, '\n', &l);)
		lines += str_trim(l).n > 0;
	while (str_cut(&rest, '\n', &line)) {
		line = str_trim(line);
		if (!line.n)
			continue;
		bool numbered = lines > 1 && !(line.p[0] >= '0' && line.p[0] <= '9');
		put(w, PAPER_BODY, numbered ? arena_printf(w->a, "%d. " STR_FMT, ++n, STR_ARG(line)) : line);
	}
}

static void put_block(struct filling *w, const struct notice_block *b)
{
	enum paper_kind kind;
	str text = w->f->zh ? b->zh : b->en;
	if (b->when.n && !facts_value(w->f, b->when).n)
		return;
	if (str_eq(b->kind, S("row")))
		put_row(w, text);
	else if (str_eq(b->kind, S("items")))
		put_items(w, fill(w, text));
	else if (paper_kind_parse(b->kind, &kind))
		put(w, kind, fill(w, text));
}

static str address_of(struct ctx *cx, int64_t matter)
{
	str base = cx->app->public_url;
	while (base.n && base.p[base.n - 1] == '/')
		base.n--;
	return arena_printf(cx->a, STR_FMT "/matters/%lld", STR_ARG(base), (long long)matter);
}

err notice_paper(struct ctx *cx, const struct notice *n, str number, int64_t day, struct paper *ret)
{
	struct facts f;
	struct notice_block *blocks;
	TRY(facts_load(cx, n, number, day, &f));
	struct filling w = { .f = &f, .a = cx->a };
	size_t count = notice_blocks_of(&n->rules, n->t.id, &blocks);
	for (size_t i = 0; i < count && w.blocks.n < BLOCKS_MAX; i++)
		put_block(&w, &blocks[i]);
	end_table(&w);
	*ret = (struct paper){ .zh = f.zh,
			       .title = f.zh ? n->t.zh : n->t.en,
			       .issuer = f.issuer,
			       .at_ms = china_day_start_ms(day),
			       .head = n->t.red ? f.issuer : S(""),
			       .draft = str_is_null(number),
			       .draft_word = f.zh ? S("草　稿") : S("DRAFT"),
			       .v = w.blocks.v,
			       .n = w.blocks.n,
			       .address = address_of(cx, n->row.matter),
			       .address_note = f.zh ? S("扫码查看办理情况") : S("Scan to open the matter") };
	return ERR_OK;
}

str notice_preset(struct ctx *cx, const struct notice *n, str text)
{
	struct facts f;
	if (!text.n || facts_load(cx, n, (str){ NULL, 0 }, china_day(cx->now_ms), &f) != ERR_OK)
		return S("");
	return template_fill(cx->a, text, facts_value, &f);
}

/* ---- JSON ---- */

void notice_paper_view(struct arena *a, const struct paper *p, struct notice_paper_out *ret)
{
	*ret = (struct notice_paper_out){ .lang = p->zh ? S("zh-CN") : S("en"), .title = p->title, .issuer = p->issuer,
					  .at_ms = p->at_ms, .head = p->head, .draft = p->draft, .address = p->address,
					  .address_note = p->address_note };
	ret->blocks.v = NEW_N(a, struct notice_block_out, p->n + 1);
	ret->blocks.n = p->n;
	for (size_t i = 0; i < p->n; i++) {
		const struct paper_block *b = &p->v[i];
		struct notice_block_out *o = &ret->blocks.v[i];
		*o = (struct notice_block_out){ .kind = str_of(paper_kind_name(b->kind)), .text = b->text,
						.columns = (int64_t)b->columns };
		o->cells.n = b->rows * b->columns;
		o->cells.v = NEW_N(a, struct notice_cell, o->cells.n + 1);
		for (size_t c = 0; c < o->cells.n; c++)
			o->cells.v[c].text = b->cells[c];
	}
}

str notice_paper_json(struct arena *a, const struct paper *p)
{
	struct notice_paper_out out;
	struct buf b = BUF(a);
	notice_paper_view(a, p, &out);
	json_write(&b, notice_paper_out_json, &out);
	return buf_str(&b);
}

err notice_paper_read(struct ctx *cx, str json, struct paper *ret)
{
	struct notice_paper_out in;
	TRY(json_read(cx->a, json, notice_paper_out_json, &in, &cx->fail));
	struct paper_block *v = NEW_N(cx->a, struct paper_block, in.blocks.n + 1);
	for (size_t i = 0; i < in.blocks.n; i++) {
		const struct notice_block_out *b = &in.blocks.v[i];
		size_t columns = b->columns > 0 ? (size_t)b->columns : 0;
		if (!paper_kind_parse(b->kind, &v[i].kind))
			return FAIL(&cx->fail, CORRUPT, "", NULL);
		v[i].text = b->text.p ? b->text : S("");
		str *cells = NEW_N(cx->a, str, b->cells.n + 1);
		for (size_t c = 0; c < b->cells.n; c++)
			cells[c] = b->cells.v[c].text.p ? b->cells.v[c].text : S("");
		v[i].cells = cells;
		v[i].columns = columns;
		v[i].rows = columns ? b->cells.n / columns : 0;
	}
	*ret = (struct paper){ .zh = str_eq(in.lang, S("zh-CN")), .title = in.title, .issuer = in.issuer, .at_ms = in.at_ms,
			       .head = in.head.p ? in.head : S(""), .draft = in.draft, .draft_word = S("DRAFT"), .v = v,
			       .n = in.blocks.n, .address = in.address.p ? in.address : S(""),
			       .address_note = in.address_note.p ? in.address_note : S("") };
	return ERR_OK;
}
