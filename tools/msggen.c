/* msggen OUT.c MESSAGES.tsv
 *	checks the form of the messages and writes them as the table that core/i18n.h reads.
 * msggen --check STAMP DEPFILE MESSAGES.tsv GLOSSARY.tsv FOLDER…
 *	no message uses a word that the glossary replaces, and every key that the sources name has a
 *	row: string literals of C that begin with "err." or "cli.", t('page.…') in the page's sources.
 *
 * messages.tsv: key, en, zh-CN; empty lines and lines that begin with # are left out.
 * glossary.tsv: en, zh-CN, note, words not to be used instead (parted by |). */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/utf8.h"
#include "cscan.h"
#include "tool.h"

struct message {
	str key, en, zh;
	int line;
};

struct msggen {
	struct arena *a;
	const char *path;
	VEC(struct message) v;
	struct map by_key;
};

static bool is_key(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789._-", s.p[i]) || !s.p[i])
			return false;
	return s.n > 0 && s.p[0] != '.' && s.p[s.n - 1] != '.';
}

static void sort_strs(str *v, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k > 0 && str_cmp(v[k - 1], v[k]) > 0; k--) {
			str t = v[k];
			v[k] = v[k - 1];
			v[k - 1] = t;
		}
}

static bool is_name(str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!isalnum((unsigned char)s.p[i]) && s.p[i] != '_')
			return false;
	return s.n > 0;
}

enum { MAX_ARGS = 12 };

/* The names in braces, each once; false when the braces do not pair. {'x'} is literal text. A name that
 * ends with the language ({state_en}, {state_zh}) is an argument given in both: it counts without it. */
static bool args_of(str text, str lang, str names[static MAX_ARGS], size_t *ret_n)
{
	size_t n = 0;
	while (text.n) {
		ptrdiff_t open = str_find_char(text, '{'), close = str_find_char(text, '}');
		if (open < 0 && close < 0)
			break;
		if (open < 0 || close < open)
			return false;
		str name = str_sub(text, (size_t)open + 1, (size_t)close);
		bool literal = name.n > 2 && name.p[0] == '\'' && name.p[name.n - 1] == '\'';
		bool known = false;
		if (str_ends(name, lang))
			name.n -= lang.n;
		for (size_t i = 0; i < n; i++)
			known |= str_eq(names[i], name);
		if (!literal && (!is_name(name) || (!known && n == MAX_ARGS)))
			return false;
		if (!literal && !known)
			names[n++] = name;
		text = str_sub(text, (size_t)close + 1, text.n);
	}
	sort_strs(names, n);
	*ret_n = n;
	return true;
}

static void check_args(const struct msggen *g, const struct message *m)
{
	str en[MAX_ARGS], zh[MAX_ARGS];
	size_t n = 0, k = 0;
	if (!args_of(m->en, S("_en"), en, &n) || !args_of(m->zh, S("_zh"), zh, &k)) {
		tool_fault(g->path, m->line, STR_FMT ": braces must hold the name of an argument", STR_ARG(m->key));
		return;
	}
	for (size_t i = 0; i < n || i < k; i++) {
		int c = i >= n ? 1 : i >= k ? -1 : str_cmp(en[i], zh[i]);
		if (c == 0)
			continue;
		str only = c < 0 ? en[i] : zh[i];
		tool_fault(g->path, m->line, STR_FMT ": {" STR_FMT "} stands only in %s", STR_ARG(m->key),
			   STR_ARG(only), c < 0 ? "en" : "zh-CN");
		return;
	}
}

static void check_text(const struct msggen *g, const struct message *m, str text, const char *lang)
{
	const char *why = NULL;
	if (!text.n)
		why = "is missing";
	else if (!utf8_valid(text))
		why = "is not UTF-8";
	for (size_t i = 0; i < text.n && !why; i++)
		if ((unsigned char)text.p[i] < 32)
			why = "holds a control character";
	if (why)
		tool_fault(g->path, m->line, STR_FMT ": %s %s", STR_ARG(m->key), lang, why);
}

static void add_row(struct msggen *g, str row, int line)
{
	struct message *m = NEW(g->a, struct message);
	m->line = line;
	str more;
	bool ok = str_cut(&row, '\t', &m->key) && str_cut(&row, '\t', &m->en) && str_cut(&row, '\t', &m->zh);
	if (!is_key(m->key))
		tool_fault(g->path, line, "'" STR_FMT "' is not a key (a-z 0-9 . _ -)", STR_ARG(m->key));
	else if (!ok || str_cut(&row, '\t', &more))
		tool_fault(g->path, line, STR_FMT ": a row has three columns: key, en, zh-CN", STR_ARG(m->key));
	else if (map_get(&g->by_key, m->key))
		tool_fault(g->path, line, STR_FMT " stands twice, first in line %d", STR_ARG(m->key),
			   ((struct message *)map_get(&g->by_key, m->key))->line);
	else {
		check_text(g, m, m->en, "en");
		check_text(g, m, m->zh, "zh-CN");
		check_args(g, m);
		map_put(&g->by_key, m->key, m);
		vec_push(g->a, &g->v, *m);
	}
}

static void read_messages(struct msggen *g)
{
	str text = tool_read(g->a, g->path), row;
	for (int line = 1; str_cut(&text, '\n', &row); line++) {
		if (line == 1 && !str_eq(row, S("key\ten\tzh-CN")))
			tool_refuse(g->path, 1, "the first line must be: key, en, zh-CN, parted by tabs");
		if (line > 1 && row.n && row.p[0] != '#')
			add_row(g, row, line);
	}
}

/* Latin words are whole words, whatever their case; others may stand anywhere. */
static bool holds_word(str text, str word)
{
	bool latin = true;
	for (size_t i = 0; i < word.n; i++)
		latin &= (unsigned char)word.p[i] < 128;
	for (size_t i = 0; i + word.n <= text.n; i++) {
		str at = str_sub(text, i, i + word.n);
		if (!latin && str_eq(at, word))
			return true;
		bool left = i == 0 || !isalpha((unsigned char)text.p[i - 1]);
		bool right = i + word.n == text.n || !isalpha((unsigned char)text.p[i + word.n]);
		if (latin && left && right && str_eq_nocase(at, word))
			return true;
	}
	return false;
}

static void check_words(const struct msggen *g, str instead, str en, str zh)
{
	str word;
	while (str_cut(&instead, '|', &word)) {
		for (size_t i = 0; i < g->v.n && word.n; i++) {
			const struct message *m = &g->v.v[i];
			bool in_en = holds_word(m->en, word);
			if (in_en || holds_word(m->zh, word))
				tool_fault(g->path, m->line, STR_FMT ": say " STR_FMT ", not " STR_FMT, STR_ARG(m->key),
					   STR_ARG(in_en ? en : zh), STR_ARG(word));
		}
	}
}

static void check_glossary(struct msggen *g, const char *path)
{
	str text = tool_read(g->a, path), row;
	for (int line = 1; str_cut(&text, '\n', &row); line++) {
		str en, zh, note, instead, more;
		if (!row.n || row.p[0] == '#' || line == 1)
			continue;
		if (!str_cut(&row, '\t', &en) || !str_cut(&row, '\t', &zh) || !str_cut(&row, '\t', &note) ||
		    !str_cut(&row, '\t', &instead) || str_cut(&row, '\t', &more) || !en.n || !zh.n) {
			tool_fault(path, line, "a row has four columns: en, zh-CN, note, words not to be used instead");
			continue;
		}
		check_words(g, instead, en, zh);
	}
}

static int by_key(const void *x, const void *y)
{
	return str_cmp(((const struct message *)x)->key, ((const struct message *)y)->key);
}

static void put_str(struct buf *b, str s, const char *end)
{
	buf_put(b, S("{ \""));
	tool_put_c(b, s);
	buf_printf(b, "\", %zu }%s", s.n, end);
}

static void write_table(struct msggen *g, const char *out)
{
	struct buf b = BUF(g->a);
	buf_put(&b, S("/* Written by tools/msggen. */\n#include \"core/i18n.h\"\n\n"
		      "static const struct message messages[] = {\n"));
	if (g->v.n)
		qsort(g->v.v, g->v.n, sizeof *g->v.v, by_key);
	for (size_t i = 0; i < g->v.n; i++) {
		buf_put(&b, S("\t{ "));
		put_str(&b, g->v.v[i].key, ", ");
		put_str(&b, g->v.v[i].en, ", ");
		put_str(&b, g->v.v[i].zh, " },\n");
	}
	buf_printf(&b, "\t{ { NULL, 0 }, { NULL, 0 }, { NULL, 0 } },\n};\n\n"
		       "const struct message *message_at(size_t i)\n{\n"
		       "\treturn i < %zu ? &messages[i] : NULL;\n}\n\n"
		       "size_t message_count(void)\n{\n\treturn %zu;\n}\n",
		   g->v.n, g->v.n);
	tool_write(out, buf_str(&b));
}

static void check_used(const struct msggen *g, const char *file, int line, str key)
{
	if (is_key(key) && !map_get(&g->by_key, key))
		tool_fault(file, line, STR_FMT " has no row in messages.tsv", STR_ARG(key));
}

static void check_c(const struct msggen *g, const char *file)
{
	struct cscan c = CSCAN(tool_read(g->a, file));
	struct c_token t;
	while (cscan_next(&c, &t))
		if (t.kind == C_STRING && (str_starts(t.text, S("err.")) || str_starts(t.text, S("cli."))))
			check_used(g, file, t.line, t.text);
}

/* t('page.…') with any quotes, wherever it stands; a key with ${…} in it is no key. */
static void check_page(const struct msggen *g, const char *file)
{
	str text = tool_read(g->a, file);
	int line = 1;
	for (size_t i = 0; i + 8 < text.n; i++) {
		line += text.p[i] == '\n';
		bool call = text.p[i] == 't' && text.p[i + 1] == '(' && strchr("'\"`", text.p[i + 2]);
		if (!call || (i && (isalnum((unsigned char)text.p[i - 1]) || text.p[i - 1] == '_')))
			continue;
		str rest = str_sub(text, i + 3, text.n), key;
		if (str_cut(&rest, text.p[i + 2], &key) && str_starts(key, S("page.")))
			check_used(g, file, line, key);
	}
}

static void check_folders(struct msggen *g, char **dirs, const char *stamp, const char *depfile)
{
	struct tool_tree t = { 0 };
	for (int i = 0; dirs[i]; i++)
		if (tool_is_dir(dirs[i]))
			tool_walk(g->a, dirs[i], &t);
	for (size_t i = 0; i < t.files.n; i++) {
		const char *path = t.files.v[i].path;
		str p = str_of(path);
		if (str_ends(p, S(".c")) || str_ends(p, S(".h")) || str_ends(p, S(".def")))
			check_c(g, path);
		else if (str_ends(p, S(".vue")) || (str_ends(p, S(".ts")) && !str_ends(p, S(".test.ts"))))
			check_page(g, path);
	}
	tool_done();
	tool_depfile(g->a, depfile, stamp, &t);
	tool_write(stamp, S("ok\n"));
}

int main(int argc, char **argv)
{
	bool check = argc > 1 && !strcmp(argv[1], "--check");
	if (argc < (check ? 6 : 3))
		tool_refuse(NULL, 0, "usage: msggen OUT.c MESSAGES.tsv\n"
				     "       msggen --check STAMP DEPFILE MESSAGES.tsv GLOSSARY.tsv FOLDER…");
	struct msggen g = { .a = arena_new(), .path = argv[check ? 4 : 2] };
	g.by_key = MAP(g.a);
	read_messages(&g);
	if (check) {
		check_glossary(&g, argv[5]);
		check_folders(&g, argv + 6, argv[2], argv[3]);
	} else {
		tool_done();
		write_table(&g, argv[1]);
	}
	arena_free(g.a);
	return 0;
}
