/* layercheck STAMP DEPFILE LAYERS SRC
 *
 * Holds the sources to src/LAYERS, which says what its lines mean: no include of a higher layer or of a
 * foreign private header, no library's header outside its home, no forbidden word. */
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "cscan.h"
#include "tool.h"

struct rule {
	const char *what;             /* header pattern, or word */
	VEC(const char *) where;      /* patterns of files */
};

struct check {
	struct arena *a;
	const char *rules_path;
	struct map layers;            /* module → its line as int * */
	int nlayers;
	VEC(struct rule) headers, words;
	VEC(const char *) privates, system;
	const char *path;             /* of the file at hand, as given */
	const char *name;             /* below src */
	str module;
};

static bool match(const char *pattern, str s, struct arena *a)
{
	return fnmatch(pattern, arena_cstr(a, s), 0) == 0;
}

static bool next_word(str *rest, str *ret)
{
	*rest = str_trim(*rest);
	if (!rest->n)
		return false;
	size_t n = 0;
	while (n < rest->n && rest->p[n] != ' ' && rest->p[n] != '\t')
		n++;
	*ret = str_sub(*rest, 0, n);
	*rest = str_sub(*rest, n, rest->n);
	return true;
}

static struct rule read_rule(struct check *c, int line, str words)
{
	struct rule r = { 0 };
	str w;
	if (!next_word(&words, &w))
		tool_refuse(c->rules_path, line, "what is missing");
	r.what = arena_cstr(c->a, w);
	while (next_word(&words, &w))
		vec_push(c->a, &r.where, arena_cstr(c->a, w));
	return r;
}

static void read_layer(struct check *c, int line, str words)
{
	int *n = NEW(c->a, int);
	*n = ++c->nlayers;
	str w;
	while (next_word(&words, &w)) {
		if (map_get(&c->layers, w))
			tool_refuse(c->rules_path, line, STR_FMT " stands in two layers", STR_ARG(w));
		map_put(&c->layers, w, n);
	}
}

static void read_line(struct check *c, int line, str row)
{
	str kind, w;
	if (!next_word(&row, &kind) || kind.p[0] == '#')
		return;
	if (str_eq(kind, S("layer")))
		read_layer(c, line, row);
	else if (str_eq(kind, S("header")))
		vec_push(c->a, &c->headers, read_rule(c, line, row));
	else if (str_eq(kind, S("word")))
		vec_push(c->a, &c->words, read_rule(c, line, row));
	else if (str_eq(kind, S("private")))
		while (next_word(&row, &w))
			vec_push(c->a, &c->privates, arena_cstr(c->a, w));
	else if (str_eq(kind, S("system")))
		while (next_word(&row, &w))
			vec_push(c->a, &c->system, arena_cstr(c->a, w));
	else
		tool_refuse(c->rules_path, line, "'" STR_FMT "' is none of layer, private, header, system, word",
			    STR_ARG(kind));
}

static void read_rules(struct check *c)
{
	str text = tool_read(c->a, c->rules_path), row;
	for (int line = 1; str_cut(&text, '\n', &row); line++)
		read_line(c, line, row);
}

/* "core/x.c" → core, "main.c" → main */
static str module_of(str path)
{
	ptrdiff_t slash = str_find_char(path, '/');
	if (slash < 0)
		slash = str_find_char(path, '.');
	return slash < 0 ? path : str_sub(path, 0, (size_t)slash);
}

static void check_include(const struct check *c, const struct c_token *t)
{
	str module = module_of(t->text);
	const int *own = map_get(&c->layers, c->module), *theirs = map_get(&c->layers, module);
	bool foreign = !str_eq(module, c->module);
	if (str_find_char(t->text, '/') < 0 || !str_find(t->text, S("../")))
		tool_fault(c->path, t->line, "include \"" STR_FMT "\" by its path below src", STR_ARG(t->text));
	else if (!theirs)
		tool_fault(c->path, t->line, STR_FMT " is in no layer of src/LAYERS", STR_ARG(module));
	else if (str_ends(t->text, S(".c")))
		tool_fault(c->path, t->line, STR_FMT " is no header", STR_ARG(t->text));
	else if (foreign && own && *theirs >= *own)
		tool_fault(c->path, t->line, STR_FMT " may not include " STR_FMT, STR_ARG(c->module), STR_ARG(t->text));
	for (size_t i = 0; i < c->privates.n && foreign; i++)
		if (match(c->privates.v[i], t->text, c->a))
			tool_fault(c->path, t->line, STR_FMT " is private to " STR_FMT, STR_ARG(t->text), STR_ARG(module));
}

static bool at_home(const struct check *c, const struct rule *r)
{
	for (size_t i = 0; i < r->where.n; i++)
		if (match(r->where.v[i], str_of(c->name), c->a))
			return true;
	return false;
}

static void check_library(const struct check *c, const struct c_token *t)
{
	for (size_t i = 0; i < c->system.n; i++)
		if (match(c->system.v[i], t->text, c->a))
			return;
	for (size_t i = 0; i < c->headers.n; i++) {
		const struct rule *r = &c->headers.v[i];
		if (!match(r->what, t->text, c->a))
			continue;
		if (!at_home(c, r))
			tool_fault(c->path, t->line, "<" STR_FMT "> may only be included by %s", STR_ARG(t->text),
				   r->where.n ? r->where.v[0] : "nobody");
		return;
	}
	tool_fault(c->path, t->line, "<" STR_FMT "> has no home in src/LAYERS", STR_ARG(t->text));
}

static void check_word(const struct check *c, const struct c_token *t)
{
	for (size_t i = 0; i < c->words.n; i++)
		if (str_eq(t->text, str_of(c->words.v[i].what)) && !at_home(c, &c->words.v[i]))
			tool_fault(c->path, t->line, STR_FMT " may not be used%s%s", STR_ARG(t->text),
				   c->words.v[i].where.n ? " outside " : "",
				   c->words.v[i].where.n ? c->words.v[i].where.v[0] : "");
}

static void check_file(struct check *c, const struct tool_file *f)
{
	c->name = f->name.p;
	c->path = arena_printf(c->a, "src/" STR_FMT, STR_ARG(f->name)).p;
	c->module = module_of(f->name);
	if (!map_get(&c->layers, c->module)) {
		tool_fault(c->path, 0, STR_FMT " is in no layer of src/LAYERS", STR_ARG(c->module));
		return;
	}
	struct cscan scan = CSCAN(tool_read(c->a, f->path));
	struct c_token t;
	while (cscan_next(&scan, &t)) {
		if (t.kind == C_INCLUDE)
			check_include(c, &t);
		else if (t.kind == C_INCLUDE_SYS)
			check_library(c, &t);
		else if (t.kind == C_WORD)
			check_word(c, &t);
	}
}

int main(int argc, char **argv)
{
	if (argc != 5)
		tool_refuse(NULL, 0, "usage: layercheck STAMP DEPFILE LAYERS SRC");
	struct check c = { .a = arena_new(), .rules_path = argv[3] };
	struct tool_tree tree = { 0 };
	c.layers = MAP(c.a);
	read_rules(&c);
	tool_walk(c.a, argv[4], &tree);
	for (size_t i = 0; i < tree.files.n; i++) {
		str name = tree.files.v[i].name;
		if (str_ends(name, S(".c")) || str_ends(name, S(".h")) || str_ends(name, S(".def")))
			check_file(&c, &tree.files.v[i]);
	}
	tool_done();
	tool_depfile(c.a, argv[2], argv[1], &tree);
	tool_write(argv[1], S("ok\n"));
	arena_free(c.a);
	return 0;
}
