#include "db/ddl.h"

#include "base/buf.h"

struct word {
	str from, to;
};

static const struct word sqlite_words[] = {
	{ S("DOUBLE PRECISION"), S("REAL") },
	{ S("BIGINT"), S("INTEGER") },
	{ { NULL, 0 }, { NULL, 0 } },
};
static const struct word pg_words[] = {
	{ S("BLOB"), S("BYTEA") },
	{ { NULL, 0 }, { NULL, 0 } },
};

static bool is_word(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
}

static const struct word *word_at(const struct word *words, str line, size_t i)
{
	if (i > 0 && is_word(line.p[i - 1]))
		return NULL;
	for (; words->from.p; words++) {
		str rest = str_sub(line, i, line.n);
		if (str_starts(rest, words->from) &&
		    (rest.n == words->from.n || !is_word(rest.p[words->from.n])))
			return words;
	}
	return NULL;
}

static void put_line(struct buf *out, enum db_engine engine, str line)
{
	const struct word *words = engine == DB_SQLITE ? sqlite_words : pg_words, *w;
	ptrdiff_t comment = str_find(line, S("--"));
	if (comment >= 0)
		line = str_sub(line, 0, (size_t)comment);
	if (str_eq(line, S(");")))
		line = engine == DB_SQLITE ? S(") STRICT;") : line;
	if (str_eq(line, S(") CLUSTERED;")))
		line = engine == DB_SQLITE ? S(") STRICT, WITHOUT ROWID;") : S(");");
	for (size_t i = 0; i < line.n;) {
		if ((w = word_at(words, line, i))) {
			buf_put(out, w->to);
			i += w->from.n;
		} else {
			buf_byte(out, line.p[i++]);
		}
	}
	buf_byte(out, '\n');
}

str ddl_for(struct arena *a, enum db_engine engine, str text)
{
	struct buf out = BUF(a);
	str line, other = engine == DB_SQLITE ? S("--@pg") : S("--@sqlite");
	while (str_cut(&text, '\n', &line))
		if (!str_ends(str_trim(line), other))
			put_line(&out, engine, line);
	return buf_str(&out);
}
