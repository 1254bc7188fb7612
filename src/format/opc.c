#include "format/opc.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/vec.h"
#include "format/xml.h"

struct rels_ctx {
	struct arena *a;
	str folder; /* of the source part, with its closing slash */
	struct opc_rels rels;
	size_t max;
};

static void ignore_end(void *ctx UNUSED, struct xml *x UNUSED, str name UNUSED)
{
}

/* Drops the last folder of a path under construction ("a/b/" becomes "a/"). */
static void up(struct buf *b)
{
	if (b->n)
		b->n--;
	while (b->n && b->p[b->n - 1] != '/')
		b->n--;
}

static const char *resolve(struct arena *a, str folder, str target)
{
	struct buf b = BUF(a);
	str piece;
	if (!str_starts(target, S("/")))
		buf_put(&b, folder);
	while (str_cut(&target, '/', &piece)) {
		if (str_eq(piece, S("..")))
			up(&b);
		else if (piece.n && !str_eq(piece, S("."))) {
			buf_put(&b, piece);
			if (target.p)
				buf_byte(&b, '/');
		}
	}
	return buf_cstr(&b);
}

static str last_word(str type)
{
	ptrdiff_t slash;
	while ((slash = str_find_char(type, '/')) >= 0)
		type = str_sub(type, (size_t)slash + 1, type.n);
	return type;
}

static void rels_start(void *ctx, struct xml *x, str name, const char *const *attrs)
{
	struct rels_ctx *c = ctx;
	(void)x;
	str target = xml_attr(attrs, "Target");
	if (!str_eq(name, S("Relationship")) || str_is_null(target) || c->rels.n >= c->max)
		return;
	if (str_eq(xml_attr(attrs, "TargetMode"), S("External")))
		return;
	vec_push(c->a, &c->rels,
		 (struct opc_rel){ .id = arena_str(c->a, xml_attr(attrs, "Id")),
				   .type = arena_str(c->a, last_word(xml_attr(attrs, "Type"))),
				   .part = resolve(c->a, c->folder, target) });
}

err opc_rels(struct arena *a, struct package *p, const char *part, struct opc_rels *ret, struct fail *f)
{
	static const struct xml_events events = { rels_start, ignore_end, NULL };
	const char *slash = strrchr(part, '/');
	size_t folder = slash ? (size_t)(slash - part) + 1 : 0;
	struct rels_ctx c = { .a = a, .folder = { part, folder }, .max = package_limits(p)->max_entries };
	str path = arena_printf(a, "%.*s_rels/%s.rels", (int)folder, part, part + folder);
	if (package_has(p, path.p))
		TRY(xml_part(p, path.p, &events, &c, f));
	*ret = c.rels;
	return ERR_OK;
}

const char *opc_rel_by_type(const struct opc_rels *rels, const char *type)
{
	for (size_t i = 0; i < rels->n; i++)
		if (str_eq(rels->v[i].type, str_of(type)))
			return rels->v[i].part;
	return NULL;
}

struct types_ctx {
	str part; /* with its leading slash */
	enum opc_kind kind;
};

static bool contains(str s, const char *word)
{
	return str_find(s, str_of(word)) >= 0;
}

static void types_start(void *ctx, struct xml *x UNUSED, str name, const char *const *attrs)
{
	struct types_ctx *c = ctx;
	str type = xml_attr(attrs, "ContentType");
	if (!str_eq(name, S("Override")) || !str_eq_nocase(xml_attr(attrs, "PartName"), c->part))
		return;
	if (contains(type, "wordprocessingml") || contains(type, "ms-word"))
		c->kind = OPC_WORD;
	else if (contains(type, "spreadsheetml") || contains(type, "ms-excel"))
		c->kind = OPC_SHEET;
	else if (contains(type, "presentationml") || contains(type, "ms-powerpoint"))
		c->kind = OPC_SLIDES;
}

static err content_type(struct arena *a, struct package *p, const char *part, enum opc_kind *ret,
			struct fail *f)
{
	static const struct xml_events events = { types_start, ignore_end, NULL };
	struct types_ctx c = { .part = arena_printf(a, "/%s", part), .kind = *ret };
	if (package_has(p, "[Content_Types].xml"))
		TRY(xml_part(p, "[Content_Types].xml", &events, &c, f));
	*ret = c.kind;
	return ERR_OK;
}

static enum opc_kind kind_by_name(const char *part)
{
	if (strncmp(part, "word/", 5) == 0)
		return OPC_WORD;
	if (strncmp(part, "xl/", 3) == 0)
		return OPC_SHEET;
	return strncmp(part, "ppt/", 4) == 0 ? OPC_SLIDES : OPC_UNKNOWN;
}

err opc_main(struct arena *a, struct package *p, const char **ret_part, enum opc_kind *ret_kind,
	     struct fail *f)
{
	static const char *const usual[] = { "word/document.xml", "xl/workbook.xml" };
	struct opc_rels rels;
	TRY(opc_rels(a, p, "", &rels, f));
	const char *part = opc_rel_by_type(&rels, "officeDocument");
	for (size_t i = 0; !part && i < COUNT_OF(usual); i++)
		part = package_has(p, usual[i]) ? usual[i] : NULL;
	if (!part) {
		*ret_part = NULL;
		*ret_kind = package_has(p, "OFD.xml") ? OPC_OFD : OPC_UNKNOWN;
		return ERR_OK;
	}
	enum opc_kind kind = kind_by_name(part);
	TRY(content_type(a, p, part, &kind, f));
	*ret_part = part;
	*ret_kind = kind;
	return ERR_OK;
}
