/* Reading a document and keeping it. The rules of drafts are in draft.c. */
#include "decide/document.h"

#include "base/utf8.h"
#include "core/app.h"
#include "core/catalog.h"
#include "core/crypto.h"
#include "core/grant.h"
#include "core/ledger.h"
#include "core/account.h"
#include "decide/document_sql.h"
#include "decide/draft.h"
#include "format/doctext.h"

JSON_DEFINE(cue_text, CUE_TEXT)
JSON_DEFINE(cue_sector, CUE_SECTOR)
JSON_DEFINE(cue_unit, CUE_UNIT)
JSON_DEFINE(cue_deadline, CUE_DEADLINE)
JSON_DEFINE(cue_target, CUE_TARGET)
JSON_DEFINE(cue_reason, CUE_REASON)
JSON_DEFINE(draft_fields, DRAFT_FIELDS)
JSON_DEFINE(draft_out, DRAFT_OUT)
JSON_DEFINE(span_out, SPAN_OUT)
JSON_DEFINE(note_out, NOTE_OUT)
JSON_DEFINE(origin_out, ORIGIN_OUT)
JSON_DEFINE(document_item, DOCUMENT_ITEM)
JSON_DEFINE(document_out, DOCUMENT_OUT)
JSON_DEFINE(unit_in, UNIT_IN)
JSON_DEFINE(draft_patch, DRAFT_PATCH)
JSON_DEFINE(document_patch, DOCUMENT_PATCH)

/* Lists kept as JSON text in one column are read and written through these wrappers. */
#define SPANS(F, O, L) L(span_out, items, REQ, .max = 1000000)
#define NOTES(F, O, L) L(note_out, items, REQ, .max = 1000000)
#define ORIGINS(F, O, L) L(origin_out, items, REQ, .max = 10000000)
JSON_STRUCT(spans, SPANS)
JSON_STRUCT(notes_kept, NOTES)
JSON_STRUCT(origins, ORIGINS)
JSON_DEFINE(spans, SPANS)
JSON_DEFINE(notes_kept, NOTES)
JSON_DEFINE(origins, ORIGINS)

static str written(struct arena *a, json_type_fn *t, const void *value)
{
	struct buf b = BUF(a);
	json_write(&b, t, value);
	return buf_str(&b);
}

static str origins_of(struct arena *a, const struct doc_text *doc)
{
	struct origins o = { 0 };
	o.items.n = doc->nsegments;
	o.items.v = NEW_N(a, struct origin_out, doc->nsegments + 1);
	for (size_t i = 0; i < doc->nsegments; i++) {
		const struct doc_segment *s = &doc->segments[i];
		o.items.v[i] = (struct origin_out){ .start = s->start, .at = s->at, .sub = s->sub,
						    .part = s->part < doc->nparts ? doc->parts[s->part] : S("") };
	}
	return written(a, origins_json, &o);
}

static str clutter_of(struct arena *a, const struct clutters *c)
{
	struct spans s = { 0 };
	s.items.n = c->n;
	s.items.v = NEW_N(a, struct span_out, c->n + 1);
	for (size_t i = 0; i < c->n; i++)
		s.items.v[i] = (struct span_out){ (int64_t)c->v[i].start, (int64_t)c->v[i].end };
	return written(a, spans_json, &s);
}

static struct json_strs names_of(struct arena *a, const struct unit_refs *u)
{
	struct json_strs s = { NEW_N(a, str, u->n + 1), u->n };
	for (size_t i = 0; i < u->n; i++)
		s.v[i] = u->v[i].name;
	return s;
}

static str notes_of(struct arena *a, const struct notes *n)
{
	struct notes_kept k = { 0 };
	k.items.n = n->n;
	k.items.v = NEW_N(a, struct note_out, n->n + 1);
	for (size_t i = 0; i < n->n; i++)
		k.items.v[i] = (struct note_out){ (int64_t)n->v[i].start, (int64_t)n->v[i].end,
						  names_of(a, &n->v[i].leads), names_of(a, &n->v[i].cos) };
	return written(a, notes_kept_json, &k);
}

static str title_of(const struct document_reading *rd, const struct doc_text *doc)
{
	if (rd->x.title.text.n)
		return rd->x.title.text;
	return doc->title.n ? doc->title : rd->name;
}

err document_read(struct ctx *cx, const struct document_upload *up, struct document_reading *ret)
{
	const struct doc_limits limits = doc_limits_default();
	struct document_reading rd = { .name = up->name, .size = (int64_t)up->bytes.n };
	struct doc_text doc;
	unsigned char hash[HASH_SIZE];
	TRY(doc_read(cx->a, up->name, up->bytes, &limits, &doc, &cx->fail));
	if (!str_trim(doc.text).n)
		return FAIL(&cx->fail, BAD_INPUT, "", "err.document_empty");
	TRY(extract(cx->a, cx->app->lexicon, doc.text, INT64_MIN, &rd.x));
	hash_bytes(HASH_SHA256, up->bytes, hash);
	rd.hash = hex_encode(cx->a, (str){ (char *)hash, sizeof hash });
	rd.format = str_of(doc_format_name(doc.format));
	rd.encoding = str_of(encoding_name(doc.encoding));
	rd.text = doc.text;
	rd.origins = origins_of(cx->a, &doc);
	rd.title = utf8_cut(title_of(&rd, &doc), 300);
	rd.has_issued = rd.x.has_date;
	rd.issued_day = rd.x.date_day;
	*ret = rd;
	return ERR_OK;
}

static bool holds_word(str title, str word)
{
	for (size_t i = 0; i + word.n <= title.n; i++)
		if (str_eq_nocase(str_sub(title, i, i + word.n), word))
			return true;
	return false;
}

/* What a title calls itself, by the first word of the catalog that it holds; the clerk may correct it. */
static err kind_of(struct ctx *cx, str title, str *ret)
{
	struct rows words;
	str kind = S("other");
	TRY(catalog_current(cx->app->catalog, cx->a, S("extract"), china_day(cx->now_ms), S("kind"), &words, &cx->fail));
	for (size_t i = 0; i < words.n; i++)
		if (holds_word(title, rows_get(&words, i, S("word")))) {
			kind = rows_get(&words, i, S("kind"));
			break;
		}
	*ret = kind;
	return ERR_OK;
}

static err refuse_same(struct ctx *cx, int64_t region, str hash)
{
	struct document_same_row same;
	err e = document_same(cx->c, cx->a, &(struct document_same_params){ region, hash }, &same);
	if (e == ERR_NOT_FOUND)
		return ERR_OK;
	TRY(e);
	return FAIL(&cx->fail, CONFLICT, "", "err.document_known", "document",
		    arena_printf(cx->a, "%ld", (long)same.id).p);
}

static err add_drafts(struct ctx *cx, int64_t region, int64_t document, const struct document_reading *rd,
		      int64_t *ret_sectors)
{
	int64_t sectors = 0;
	for (size_t i = 0; i < rd->x.directives.n; i++) {
		int64_t mask;
		TRY(draft_keep(cx, region, document, &rd->x.directives.v[i], &mask));
		sectors |= mask;
	}
	*ret_sectors = sectors ? sectors : -1;
	return ERR_OK;
}

static err note_added(struct ctx *cx, int64_t region, int64_t id, const struct document_reading *rd)
{
	struct canon c;
	canon_begin(&c, cx->a);
	canon_str(&c, "hash", rd->hash);
	canon_str(&c, "title", rd->title);
	canon_str(&c, "format", rd->format);
	canon_i64(&c, "directives", (int64_t)rd->x.directives.n);
	return ledger_append(cx, region, "document.add", ledger_subject(cx, "document", id), canon_end(&c), NULL);
}

static str kept_text(str s)
{
	return s.p ? utf8_cut(s, 200) : S("");
}

err document_add(struct ctx *cx, int64_t region, const struct document_reading *rd, int64_t *ret_id)
{
	int64_t id = new_id(cx), sectors;
	str kind;
	TRY(kind_of(cx, rd->title, &kind));
	TRY(refuse_same(cx, region, rd->hash));
	TRY(add_drafts(cx, region, id, rd, &sectors));
	TRY(document_insert(cx->c, &(struct document_insert_params){
		.region = region, .id = id, .title = rd->title, .issuer = kept_text(rd->x.issuer.text), .number = kept_text(rd->x.number.text),
		.kind = kind, .issued_day = rd->has_issued ? rd->issued_day : DB_NONE, .name = rd->name,
		.format = rd->format, .encoding = rd->encoding, .hash = rd->hash, .size = rd->size,
		.chars = (int64_t)utf8_count(rd->text), .body = rd->text, .origins = rd->origins,
		.clutter = clutter_of(cx->a, &rd->x.clutter), .notes = notes_of(cx->a, &rd->x.notes), .sectors = sectors,
		.secret = 0, .org = cx_org(cx), .account = cx_account(cx), .uploaded_ms = cx->now_ms }, NULL));
	TRY(note_added(cx, region, id, rd));
	*ret_id = id;
	return ERR_OK;
}

/* ---- reading it back ---- */

static err counts_of(struct ctx *cx, const int64_t *ids, size_t n, struct document_counts_rows *ret)
{
	return document_counts(cx->c, cx->a, &(struct document_counts_params){ { ids, n }, cx->now_ms }, ret);
}

struct tally {
	int64_t directives, confirmed, discarded, open, overdue;
};

static struct tally tally_of(const struct document_counts_rows *rows, int64_t document)
{
	struct tally t = { 0 };
	for (size_t i = 0; i < rows->n; i++) {
		const struct document_counts_row *r = &rows->v[i];
		if (r->document != document)
			continue;
		t.directives += r->n;
		t.confirmed += str_eq(r->state, S("confirmed")) ? r->n : 0;
		t.discarded += str_eq(r->state, S("discarded")) ? r->n : 0;
		t.open += r->open;
		t.overdue += r->overdue;
	}
	return t;
}

#define COUNTS(t)                                                                                  \
	.directives = (t).directives, .confirmed = (t).confirmed, .discarded = (t).discarded,      \
	.to_decide = (t).directives - (t).confirmed - (t).discarded, .open = (t).open, .overdue = (t).overdue

#define COLUMNS(cx, r)                                                                             \
	.id = (r).id, .title = (r).title, .issuer = (r).issuer,                                    \
	.date = (r).issued_day == DB_NONE ? JSON_NONE : (r).issued_day, .number = (r).number,      \
	.kind = (r).kind, .region = arena_printf((cx)->a, "%012ld", (long)(r).region), .name = (r).name, \
	.format = (r).format, .encoding = (r).encoding, .chars = (r).chars,                        \
	.uploaded_ms = (r).uploaded_ms, .ver = (r).ver

static err kept(struct ctx *cx, json_type_fn *t, str text, void *ret)
{
	return json_read(cx->a, text, t, ret, &cx->fail);
}

err document_load(struct ctx *cx, int64_t id, struct document_out *ret)
{
	struct document_get_row r;
	struct document_counts_rows counts;
	struct db_scope scope = cx_scope(cx, S("document.read"));
	struct spans clutter;
	struct notes_kept notes;
	struct origins origins;
	struct draft_out *drafts;
	size_t ndrafts;
	err e = document_get(cx->c, cx->a, &(struct document_get_params){ id }, &scope, &r);
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, NOT_FOUND, "", NULL);
	TRY(e);
	TRY(counts_of(cx, &id, 1, &counts));
	TRY(kept(cx, spans_json, r.clutter, &clutter));
	TRY(kept(cx, notes_kept_json, r.notes, &notes));
	TRY(kept(cx, origins_json, r.origins, &origins));
	TRY(drafts_of(cx, r.region, id, &drafts, &ndrafts));
	struct tally t = tally_of(&counts, id);
	struct document_out out = { COLUMNS(cx, r), COUNTS(t), .text = r.body, .hash = r.hash, .size = r.size };
	out.clutter.v = clutter.items.v;
	out.clutter.n = clutter.items.n;
	out.notes.v = notes.items.v;
	out.notes.n = notes.items.n;
	out.origins.v = origins.items.v;
	out.origins.n = origins.items.n;
	out.drafts.v = drafts;
	out.drafts.n = ndrafts;
	TRY(account_name(cx, r.account, &out.uploaded_by));
	*ret = out;
	return ERR_OK;
}

err document_change(struct ctx *cx, int64_t id, const struct document_patch *in)
{
	struct document_get_row r;
	struct db_scope scope = cx_scope(cx, S("document.write"));
	struct canon c;
	int64_t changed;
	err e = document_get(cx->c, cx->a, &(struct document_get_params){ id }, &scope, &r);
	if (e == ERR_NOT_FOUND)
		return FAIL(&cx->fail, NOT_FOUND, "", NULL);
	TRY(e);
	TRY(document_update(cx->c, &(struct document_update_params){
		.region = r.region, .id = id, .ver = in->ver, .title = in->title, .issuer = in->issuer, .number = in->number,
		.kind = in->kind, .issued_day = in->date == JSON_NONE ? DB_NONE : in->date }, &changed));
	if (!changed)
		return FAIL(&cx->fail, STALE, "/ver", "err.stale", "ver", arena_printf(cx->a, "%ld", (long)r.ver).p);
	canon_begin(&c, cx->a);
	canon_i64(&c, "ver", r.ver + 1);
	if (in->title.p)
		canon_str(&c, "title", in->title);
	if (in->issuer.p)
		canon_str(&c, "issuer", in->issuer);
	if (in->number.p)
		canon_str(&c, "number", in->number);
	if (in->kind.p)
		canon_str(&c, "kind", in->kind);
	if (in->date != JSON_NONE)
		canon_i64(&c, "issued_day", in->date);
	return ledger_append(cx, r.region, "document.change", ledger_subject(cx, "document", id), canon_end(&c), NULL);
}

err document_page(struct ctx *cx, str q, int64_t before_ms, int64_t before_id, int64_t max, struct document_item **ret,
		  size_t *ret_n)
{
	struct document_list_rows rows;
	struct document_counts_rows counts;
	struct db_scope scope = cx_scope(cx, S("document.read"));
	TRY(document_list(cx->c, cx->a, &(struct document_list_params){ q, before_ms, before_id, max }, &scope, &rows));
	struct document_item *items = NEW_N(cx->a, struct document_item, rows.n + 1);
	int64_t *ids = NEW_N(cx->a, int64_t, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		ids[i] = rows.v[i].id;
	TRY(counts_of(cx, ids, rows.n, &counts));
	for (size_t i = 0; i < rows.n; i++) {
		struct tally t = tally_of(&counts, ids[i]);
		items[i] = (struct document_item){ COLUMNS(cx, rows.v[i]), COUNTS(t) };
		TRY(account_name(cx, rows.v[i].account, &items[i].uploaded_by));
	}
	*ret = items;
	*ret_n = rows.n;
	return ERR_OK;
}
