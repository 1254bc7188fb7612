#include "sense/edition.h"

#include "base/buf.h"

/* Letters and digits in lower case: what people mean alike when they write a number of a standard. */
static str plain(struct arena *a, str s)
{
	struct buf b = BUF(a);
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80)
			buf_byte(&b, c);
	}
	return buf_str(&b);
}

/* "aqi/hj633/2012/META" → "aqi/hj633/2012" when it is one of `first`. */
static bool edition_at(const struct catalog *c, size_t i, str first, str *ret)
{
	str path = catalog_at(c, i).path;
	if (!str_starts(path, first) || path.n <= first.n || path.p[first.n] != '/' || !str_ends(path, S("/META")))
		return false;
	*ret = str_sub(path, 0, path.n - S("/META").n);
	return true;
}

err edition_named(const struct catalog *c, struct arena *a, const char *first, str name, str *ret, struct fail *f)
{
	str word = str_of(first), wanted = plain(a, name), dir;
	struct buf known = BUF(a);
	for (size_t i = 0; i < catalog_count(c); i++) {
		if (!edition_at(c, i, word, &dir))
			continue;
		str rest = str_sub(dir, word.n + 1, dir.n);
		if (wanted.n && str_eq(plain(a, rest), wanted)) {
			*ret = arena_str(a, dir);
			return ERR_OK;
		}
		if (known.n)
			buf_put(&known, S(", "));
		for (size_t k = 0; k < rest.n; k++)
			buf_byte(&known, rest.p[k] == '/' ? '-' : rest.p[k]);
	}
	return FAIL(f, NOT_FOUND, "/edition", "err.edition_unknown", "name", arena_cstr(a, name), "known", buf_cstr(&known));
}

err edition_on(const struct catalog *c, struct arena *a, str family, int64_t day, str *ret, struct fail *f)
{
	str edition = catalog_edition(c, family, day);
	if (str_is_null(edition))
		return FAIL(f, NOT_FOUND, "/edition", "err.edition_none", "family", arena_cstr(a, family));
	*ret = arena_printf(a, STR_FMT "/" STR_FMT, STR_ARG(family), STR_ARG(edition));
	return ERR_OK;
}

err edition_table(const struct catalog *c, struct arena *a, str edition, const char *table, struct rows *ret, struct fail *f)
{
	return catalog_table(c, a, arena_printf(a, STR_FMT "/%s", STR_ARG(edition), table), ret, f);
}

err edition_meta(const struct catalog *c, struct arena *a, str edition, str *ret, struct fail *f)
{
	return catalog_text(c, a, arena_printf(a, STR_FMT "/META", STR_ARG(edition)), ret, f);
}
