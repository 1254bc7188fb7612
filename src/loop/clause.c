#include "loop/clause.h"

#include <string.h>

enum { CLAUSE_BYTES = 40 };

bool clause_form_known(str form)
{
	return str_eq(form, S("article")) || str_eq(form, S("section")) || str_eq(form, S("part")) ||
	       str_eq(form, S("list"));
}

static bool made_of(str s, const char *more)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.p[i] >= '0' && s.p[i] <= '9') && (unsigned char)s.p[i] < 0x80 && !strchr(more, s.p[i]))
			return false;
	return true;
}

/* "4", "4.10", "A", "冶金"; "1", "4.1", "6-7", "b" */
static bool plain(str article, str item)
{
	return made_of(article, ".-?ABCDEFGH") && made_of(item, ".-?abcdefghijklmnopqrstuvwxyz");
}

static void range_of(str item, int64_t *ret_first, int64_t *ret_last)
{
	str first, rest = item, whole = S("");
	int64_t lo, hi;
	(void)!str_cut(&rest, '.', &whole);
	rest = whole;
	if (!str_cut(&rest, '-', &first) || !str_to_i64(first, &lo))
		return;
	if (str_is_null(rest))
		hi = lo;
	else if (!str_to_i64(rest, &hi) || hi < lo)
		return;
	*ret_first = lo;
	*ret_last = hi;
}

bool clause_parse(str text, str form, struct clause *ret)
{
	struct clause c = { .article = text, .item = S("") };
	ptrdiff_t open = str_find_char(text, '('), shut = str_find_char(text, ')');
	if (!text.n || text.n > CLAUSE_BYTES || (open < 0) != (shut < 0) || shut < open)
		return false;
	if (open >= 0) {
		c.article = str_sub(text, 0, (size_t)open);
		c.item = str_sub(text, (size_t)open + 1, (size_t)shut);
		if (!c.item.n || (size_t)shut + 1 != text.n)
			return false;
	} else if (str_eq(form, S("list"))) {
		c.article = S("");
		c.item = text;
	}
	if (!plain(c.article, c.item))
		return false;
	range_of(c.item, &c.first, &c.last);
	*ret = c;
	return true;
}

static bool unknown(str s)
{
	return str_find_char(s, '?') >= 0;
}

/* ---- in words ---- */

static str article_words(struct arena *a, str article, str form, bool zh)
{
	if (unknown(article))
		return zh ? S("条款未核") : S("clause not known");
	if (str_eq(form, S("part")))
		return arena_printf(a, zh ? "第" STR_FMT "部分" : "Part " STR_FMT, STR_ARG(article));
	if (str_eq(form, S("section")))
		return article;
	return arena_printf(a, zh ? "第" STR_FMT "条" : "Art. " STR_FMT, STR_ARG(article));
}

static str item_words(struct arena *a, str item, bool bare, bool zh)
{
	if (unknown(item))
		return zh ? S("（项次未核）") : S(" (item not known)");
	if (zh)
		return arena_printf(a, "第" STR_FMT "项", STR_ARG(item));
	return arena_printf(a, bare ? "item " STR_FMT : "(" STR_FMT ")", STR_ARG(item));
}

str clause_words(struct arena *a, const struct clause *c, str form, bool zh)
{
	if (!c->article.n)
		return item_words(a, c->item, true, zh);
	str article = article_words(a, c->article, form, zh);
	if (!c->item.n)
		return article;
	if (str_eq(form, S("section")) && !unknown(c->item))
		return arena_printf(a, STR_FMT " " STR_FMT ")", STR_ARG(article), STR_ARG(c->item));
	str item = item_words(a, c->item, false, zh);
	return arena_printf(a, STR_FMT STR_FMT, STR_ARG(article), STR_ARG(item));
}

/* ---- counting ---- */

static bool same_place(const struct clause *a, const struct clause *b)
{
	return !unknown(a->article) && !unknown(a->item) && str_eq(a->article, b->article) &&
	       (a->first ? a->first == b->first && a->last == b->last : str_eq(a->item, b->item));
}

int64_t clauses_count(const struct clause *v, size_t n)
{
	int64_t count = 0;
	for (size_t i = 0; i < n; i++) {
		bool seen = false;
		for (size_t k = 0; k < i && !seen; k++)
			seen = same_place(&v[k], &v[i]);
		if (!seen)
			count += v[i].first ? v[i].last - v[i].first + 1 : 1;
	}
	return count;
}
