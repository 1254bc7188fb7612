/* sqlgen OUT.h OUT.c MODULE.sql SCHEMA.sql…: checks the statements of one module against the real
 * schema and writes <module>_sql.h and <module>_sql.c.
 *
 *   -- name: matter_get :one            :one :many :each :exec :copy
 *   -- params: region i64, q str?       i64 f64 str blob ids; ? = may be absent
 *   -- row: id i64, title str           for :one, :many, :each
 *   SELECT … WHERE region = $region
 *     AND title = $q                    --? q        stands only when q is present
 *   ORDER BY id                         --! down     stands only when down is absent
 *   --scope m                           becomes the caller's scope on alias m, whose parties are a matter's
 *   --scope o.owner                     the same where a column names the only party
 *   … --@sqlite   … --@pg               stands only in that engine
 *   … IN ($ids)                         a parameter of type ids
 *   -- name: packet_copy :copy          many rows at once: INSERT INTO t (…) VALUES ($every, $parameter, $in, $order)
 *
 *   -- part: found                      lines that several statements share, with parameters of their own;
 *   -- params: …, @found, …             a statement takes the parameters
 *   --part found                        and the lines
 *
 * A statement that does not prepare fails the build, and so do SELECT *, OFFSET, LIKE, now() and random(). */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/vec.h"
#include "db/ddl.h"

enum mode { ONE, MANY, EACH, EXEC, COPY };

struct field {
	str name;
	char type; /* i f s b l */
	bool optional;
};
typedef VEC(struct field) fields;

enum piece_kind { TEXT, IF, UNLESS, SCOPE };
struct piece {
	enum piece_kind kind;
	str text; /* SCOPE: the alias */
	int arg;
	int engine; /* -1 both */
};

struct statement {
	str name;
	enum mode mode;
	fields params, row;
	VEC(struct piece) pieces;
	bool scoped;
	int line;
};

struct gen {
	struct arena *a;
	const char *path;
	int line;
	sqlite3 *db;
	VEC(struct statement *) statements, parts;
};

static void refuse(struct gen *g, int line, const char *why, str what) __attribute__((noreturn));
static void refuse(struct gen *g, int line, const char *why, str what)
{
	fprintf(stderr, "%s:%d: %s" STR_FMT "\n", g->path, line, why, STR_ARG(what));
	exit(1);
}

static str read_file(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");
	if (!f) {
		fprintf(stderr, "sqlgen: cannot read %s\n", path);
		exit(1);
	}
	struct buf b = BUF(a);
	char tmp[8192];
	size_t n;
	while ((n = fread(tmp, 1, sizeof tmp, f)) > 0)
		buf_put(&b, (str){ tmp, n });
	fclose(f);
	return buf_str(&b);
}

static bool is_ident(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* ---- reading ---- */

static struct field parse_field(struct gen *g, str item)
{
	static const struct {
		str name;
		char type;
	} types[] = { { S("i64"), 'i' }, { S("f64"), 'f' }, { S("str"), 's' }, { S("blob"), 'b' }, { S("ids"), 'l' } };
	struct field f = { 0 };
	ptrdiff_t space = str_find_char(item, ' ');
	if (space < 0)
		refuse(g, g->line, "a field needs a name and a type: ", item);
	f.name = str_trim(str_sub(item, 0, (size_t)space));
	str type = str_trim(str_sub(item, (size_t)space, item.n));
	if (str_ends(type, S("?"))) {
		f.optional = true;
		type.n--;
	}
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (str_eq(type, types[i].name))
			f.type = types[i].type;
	if (!f.type)
		refuse(g, g->line, "unknown type: ", type);
	return f;
}

static const struct statement *part_named(struct gen *g, str name)
{
	for (size_t i = 0; i < g->parts.n; i++)
		if (str_eq(g->parts.v[i]->name, name))
			return g->parts.v[i];
	refuse(g, g->line, "unknown part: ", name);
}

static void take_fields(struct gen *g, const fields *from, fields *out)
{
	for (size_t i = 0; i < from->n; i++)
		vec_push(g->a, out, from->v[i]);
}

static void parse_fields(struct gen *g, str list, fields *out)
{
	str item;
	while (str_cut(&list, ',', &item)) {
		item = str_trim(item);
		if (str_starts(item, S("@")))
			take_fields(g, &part_named(g, str_sub(item, 1, item.n))->params, out);
		else if (item.n)
			vec_push(g->a, out, parse_field(g, item));
	}
}

static enum mode parse_mode(struct gen *g, str word)
{
	static const str names[] = { S(":one"), S(":many"), S(":each"), S(":exec"), S(":copy") };
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (str_eq(word, names[i]))
			return (enum mode)i;
	refuse(g, g->line, "expected :one, :many, :each, :exec or :copy, not ", word);
}

static struct statement *begin_statement(struct gen *g, str rest)
{
	struct statement *s = NEW(g->a, struct statement);
	ptrdiff_t colon = str_find_char(rest, ':');
	if (colon < 0)
		refuse(g, g->line, "a name needs a kind: ", rest);
	s->name = str_trim(str_sub(rest, 0, (size_t)colon));
	s->mode = parse_mode(g, str_trim(str_sub(rest, (size_t)colon, rest.n)));
	s->line = g->line;
	vec_push(g->a, &g->statements, s);
	return s;
}

static struct statement *begin_part(struct gen *g, str name)
{
	struct statement *s = NEW(g->a, struct statement);
	s->name = str_trim(name);
	s->line = g->line;
	vec_push(g->a, &g->parts, s);
	return s;
}

static int param_index(const struct statement *s, str name)
{
	for (size_t i = 0; i < s->params.n; i++)
		if (str_eq(s->params.v[i].name, name))
			return (int)i;
	return -1;
}

/* The optional parameter that a mark is about. */
static int mark_param(struct gen *g, const struct statement *s, str mark)
{
	str name = str_trim(str_sub(mark, 1, mark.n));
	int i = param_index(s, name);
	if (i < 0 || !s->params.v[i].optional)
		refuse(g, g->line, "", arena_printf(g->a, "--%.1s needs an optional parameter: " STR_FMT, mark.p, STR_ARG(name)));
	return i;
}

static void add_part(struct gen *g, struct statement *s, const struct statement *part)
{
	for (size_t i = 0; i < part->pieces.n; i++) {
		struct piece p = part->pieces.v[i];
		if (p.arg >= 0)
			p.arg = param_index(s, part->params.v[p.arg].name);
		if (p.arg < 0 && (p.kind == IF || p.kind == UNLESS))
			refuse(g, g->line, "the parameters of a part are taken with @", part->name);
		vec_push(g->a, &s->pieces, p);
	}
}

static void add_line(struct gen *g, struct statement *s, str line)
{
	struct piece p = { .kind = TEXT, .engine = -1, .arg = -1 };
	str t = str_trim(line);
	if (str_starts(t, S("--part "))) {
		add_part(g, s, part_named(g, str_trim(str_sub(t, 7, t.n))));
		return;
	}
	if (str_starts(t, S("--scope "))) {
		p.kind = SCOPE;
		p.text = str_trim(str_sub(t, 8, t.n));
		s->scoped = true;
		vec_push(g->a, &s->pieces, p);
		return;
	}
	ptrdiff_t at = str_find(line, S("--"));
	str mark = at >= 0 ? str_trim(str_sub(line, (size_t)at + 2, line.n)) : S("");
	p.text = str_trim(at >= 0 ? str_sub(line, 0, (size_t)at) : line);
	if (str_starts(mark, S("@sqlite")))
		p.engine = DB_SQLITE, mark = str_trim(str_sub(mark, 7, mark.n));
	else if (str_starts(mark, S("@pg")))
		p.engine = DB_PG, mark = str_trim(str_sub(mark, 3, mark.n));
	if (str_starts(mark, S("--")))
		mark = str_trim(str_sub(mark, 2, mark.n));
	if (str_starts(mark, S("?")) || str_starts(mark, S("!"))) {
		p.kind = mark.p[0] == '?' ? IF : UNLESS;
		p.arg = mark_param(g, s, mark);
	}
	if (p.text.n)
		vec_push(g->a, &s->pieces, p);
}

static void parse(struct gen *g, str text)
{
	struct statement *s = NULL;
	str line;
	while (str_cut(&text, '\n', &line)) {
		g->line++;
		str t = str_trim(line);
		if (str_starts(t, S("-- name:")))
			s = begin_statement(g, str_sub(t, 8, t.n));
		else if (str_starts(t, S("-- part:")))
			s = begin_part(g, str_sub(t, 8, t.n));
		else if (s && str_starts(t, S("-- params:")))
			parse_fields(g, str_sub(t, 10, t.n), &s->params);
		else if (s && str_starts(t, S("-- row:")))
			parse_fields(g, str_sub(t, 7, t.n), &s->row);
		else if (str_starts(t, S("-- ")) || str_eq(t, S("--")) || !t.n)
			continue;
		else if (s)
			add_line(g, s, line);
		else
			refuse(g, g->line, "text before the first name: ", t);
	}
}

/* ---- the engines' texts ---- */

/* $name becomes ?n or $n; a list of ids becomes what the engine can unfold. */
static void put_param(struct gen *g, const struct statement *s, struct buf *out, enum db_engine e, str name)
{
	int i = param_index(s, name);
	if (i < 0)
		refuse(g, s->line, "unknown parameter $", name);
	if (s->params.v[i].type == 'l')
		buf_printf(out, e == DB_PG ? "SELECT unnest($%d::bigint[])" : "SELECT value FROM json_each(?%d)", i + 1);
	else
		buf_printf(out, e == DB_PG ? "$%d" : "?%d", i + 1);
}

static void put_text(struct gen *g, const struct statement *s, struct buf *out, enum db_engine e, str text)
{
	for (size_t i = 0; i < text.n;) {
		if (text.p[i] == '$' && i + 1 < text.n && is_ident(text.p[i + 1])) {
			size_t start = ++i;
			while (i < text.n && is_ident(text.p[i]))
				i++;
			put_param(g, s, out, e, str_sub(text, start, i));
		} else {
			buf_byte(out, text.p[i++]);
		}
	}
	buf_byte(out, ' ');
}

/* What a scope comes to, for preparing: "m" or "o.owner". */
static void put_scope(struct buf *out, str place)
{
	str rest = place, m;
	(void)str_cut(&rest, '.', &m);
	buf_printf(out, "AND (" STR_FMT ".region BETWEEN 1 AND 2 AND (" STR_FMT ".sectors & 1) <> 0 AND " STR_FMT ".secret <= 1",
		   STR_ARG(m), STR_ARG(m), STR_ARG(m));
	if (m.n < place.n)
		buf_printf(out, " AND " STR_FMT " = 1", STR_ARG(place));
	buf_put(out, S(") "));
}

static str assemble(struct gen *g, const struct statement *s, enum db_engine e, bool with_optional)
{
	struct buf out = BUF(g->a);
	for (size_t i = 0; i < s->pieces.n; i++) {
		const struct piece *p = &s->pieces.v[i];
		if (p->engine >= 0 && p->engine != (int)e)
			continue;
		if (p->kind == SCOPE)
			put_scope(&out, p->text);
		else if (p->kind == TEXT || (p->kind == IF) == with_optional)
			put_text(g, s, &out, e, p->text);
	}
	return buf_str(&out);
}

/* ---- many rows at once ---- */

static bool has_rows(const struct statement *s)
{
	return s->mode != EXEC && s->mode != COPY;
}

/* What PostgreSQL takes for an INSERT of all parameters in their order. */
static str copy_text(struct gen *g, const struct statement *s)
{
	str insert = assemble(g, s, DB_PG, true), head = S("INSERT INTO "), mid = S(" VALUES (");
	ptrdiff_t at = str_find(insert, mid);
	struct buf want = BUF(g->a);
	for (size_t i = 0; i < s->params.n; i++)
		buf_printf(&want, "%s$%zu", i ? ", " : "", i + 1);
	buf_byte(&want, ')');
	str all = at < 0 ? S("") : str_trim(str_sub(insert, (size_t)at + mid.n, insert.n));
	if (str_ends(all, S(";")))
		all = str_trim(str_sub(all, 0, all.n - 1));
	if (s->scoped || !s->params.n || !str_starts(insert, head) || !str_eq(all, buf_str(&want)))
		refuse(g, s->line, ":copy is INSERT INTO table (columns) VALUES (all parameters in their order); ", s->name);
	str what = str_sub(insert, head.n, (size_t)at);
	return arena_printf(g->a, "COPY " STR_FMT " FROM STDIN (FORMAT binary)", STR_ARG(what));
}

/* ---- checks ---- */

static void lint(struct gen *g, const struct statement *s, str sql)
{
	static const struct {
		const char *word, *why;
	} banned[] = { { "SELECT *", "SELECT * hides what is read" },
		       { " OFFSET ", "paging is by key, not OFFSET" },
		       { " LIKE ", "LIKE is not for exact work" },
		       { "NOW(", "time is given, not taken" },
		       { "RANDOM(", "no random() in statements" },
		       { "CURRENT_TIMESTAMP", "time is given, not taken" } };
	struct buf upper = BUF(g->a);
	for (size_t i = 0; i < sql.n; i++)
		buf_byte(&upper, sql.p[i] >= 'a' && sql.p[i] <= 'z' ? (char)(sql.p[i] - 32) : sql.p[i]);
	for (size_t i = 0; i < COUNT_OF(banned); i++)
		if (str_find(buf_str(&upper), str_of(banned[i].word)) >= 0)
			refuse(g, s->line, "", arena_printf(g->a, STR_FMT ": %s", STR_ARG(s->name), banned[i].why));
}

static void prepare(struct gen *g, const struct statement *s, bool with_optional)
{
	str sql = assemble(g, s, DB_SQLITE, with_optional);
	sqlite3_stmt *st = NULL;
	lint(g, s, sql);
	if (sqlite3_prepare_v2(g->db, sql.p, (int)sql.n, &st, NULL) != SQLITE_OK)
		refuse(g, s->line, "", arena_printf(g->a, STR_FMT ": %s", STR_ARG(s->name), sqlite3_errmsg(g->db)));
	if (!st)
		refuse(g, s->line, "empty statement ", s->name);
	if (has_rows(s) && sqlite3_column_count(st) != (int)s->row.n)
		refuse(g, s->line, "", arena_printf(g->a, STR_FMT ": the statement gives %d columns, the row names %zu",
						    STR_ARG(s->name), sqlite3_column_count(st), s->row.n));
	if (!has_rows(s) && s->row.n)
		refuse(g, s->line, ":exec and :copy have no row: ", s->name);
	sqlite3_finalize(st);
}

static void load_schema(struct gen *g, int n, char **paths)
{
	sqlite3_open(":memory:", &g->db);
	for (int i = 0; i < n; i++) {
		str sql = ddl_for(g->a, DB_SQLITE, read_file(g->a, paths[i]));
		char *text = arena_cstr(g->a, sql), *hit, *message = NULL;
		while ((hit = strstr(text, "tokenize='bigram'"))) /* the server's own tokenizer is not needed here */
			memcpy(hit, "tokenize='ascii' ", 17);
		if (sqlite3_exec(g->db, text, NULL, NULL, &message) != SQLITE_OK) {
			fprintf(stderr, "%s: %s\n", paths[i], message);
			exit(1);
		}
	}
}

/* ---- writing ---- */

static const char *c_type(char type)
{
	switch (type) {
	case 'i':
		return "int64_t ";
	case 'f':
		return "double ";
	case 'l':
		return "struct db_ids ";
	default:
		return "str ";
	}
}

static void put_struct(struct buf *h, str name, const char *suffix, const fields *fs)
{
	buf_printf(h, "struct " STR_FMT "_%s {\n", STR_ARG(name), suffix);
	for (size_t i = 0; i < fs->n; i++)
		buf_printf(h, "\t%s" STR_FMT ";%s\n", c_type(fs->v[i].type), STR_ARG(fs->v[i].name),
			   fs->v[i].optional ? " /* may be absent */" : "");
	buf_put(h, S("};\n"));
}

static void put_signature(struct buf *b, const struct statement *s)
{
	buf_printf(b, "err " STR_FMT "(struct db_conn *c", STR_ARG(s->name));
	if (s->mode == ONE || s->mode == MANY)
		buf_put(b, S(", struct arena *a"));
	if (s->params.n)
		buf_printf(b, ", const struct " STR_FMT "_params *p", STR_ARG(s->name));
	if (s->mode == COPY)
		buf_put(b, S(", size_t n"));
	if (s->scoped)
		buf_put(b, S(", const struct db_scope *scope"));
	if (s->mode == ONE)
		buf_printf(b, ", struct " STR_FMT "_row *ret", STR_ARG(s->name));
	if (s->mode == MANY)
		buf_printf(b, ", struct " STR_FMT "_rows *ret", STR_ARG(s->name));
	if (s->mode == EACH)
		buf_printf(b, ", err (*fn)(void *arg, const struct " STR_FMT "_row *row), void *arg", STR_ARG(s->name));
	if (s->mode == EXEC)
		buf_put(b, S(", int64_t *ret_changed"));
	buf_byte(b, ')');
}

static void put_header(struct gen *g, struct buf *h, const char *module)
{
	buf_printf(h, "/* Written by sqlgen from %s.sql. */\n#ifndef BH_SQL_%s_H\n#define BH_SQL_%s_H\n\n", module, module, module);
	buf_put(h, S("#include \"db/db.h\"\n\n"));
	for (size_t i = 0; i < g->statements.n; i++) {
		struct statement *s = g->statements.v[i];
		if (s->params.n)
			put_struct(h, s->name, "params", &s->params);
		if (has_rows(s))
			put_struct(h, s->name, "row", &s->row);
		if (s->mode == MANY)
			buf_printf(h, "struct " STR_FMT "_rows {\n\tstruct " STR_FMT "_row *v;\n\tsize_t n;\n};\n",
				   STR_ARG(s->name), STR_ARG(s->name));
		put_signature(h, s);
		buf_put(h, S(" MUST_USE;\n\n"));
	}
	buf_printf(h, "extern const struct db_query *const %s_queries[]; /* all of them, ended by NULL */\n\n#endif\n", module);
}

static void put_c_string(struct buf *c, str text)
{
	buf_byte(c, '"');
	for (size_t i = 0; i < text.n; i++) {
		if (text.p[i] == '"' || text.p[i] == '\\')
			buf_byte(c, '\\');
		if (text.p[i] == '?' && i + 1 < text.n && text.p[i + 1] == '?')
			buf_byte(c, '\\');
		buf_byte(c, text.p[i]);
	}
	buf_byte(c, '"');
}

/* Writes what was gathered as one fragment; neighbouring lines that always stand are one. */
static void put_frag(struct buf *c, const char *kind, struct buf *text, int arg)
{
	if (!text->n)
		return;
	buf_printf(c, "\t{ %s, ", kind);
	put_c_string(c, buf_str(text));
	buf_printf(c, ", %d },\n", arg);
	text->n = 0;
}

static void put_frags(struct gen *g, struct buf *c, const struct statement *s, enum db_engine e)
{
	static const char *const kinds[] = { "DB_FRAG_TEXT", "DB_FRAG_IF", "DB_FRAG_UNLESS", "DB_FRAG_SCOPE" };
	buf_printf(c, "static const struct db_frag " STR_FMT "_%s[] = {\n", STR_ARG(s->name), e == DB_PG ? "pg" : "sqlite");
	struct buf text = BUF(g->a);
	for (size_t i = 0; i < s->pieces.n; i++) {
		const struct piece *p = &s->pieces.v[i];
		if (p->engine >= 0 && p->engine != (int)e)
			continue;
		if (p->kind != TEXT)
			put_frag(c, kinds[TEXT], &text, -1);
		if (p->kind == SCOPE)
			buf_put(&text, p->text);
		else
			put_text(g, s, &text, e, p->text);
		if (p->kind != TEXT)
			put_frag(c, kinds[p->kind], &text, p->arg);
	}
	put_frag(c, kinds[TEXT], &text, -1);
	buf_put(c, S("\t{ DB_FRAG_TEXT, NULL, 0 },\n};\n"));
}

static void put_query(struct gen *g, struct buf *c, const struct statement *s)
{
	put_frags(g, c, s, DB_SQLITE);
	put_frags(g, c, s, DB_PG);
	buf_printf(c, "static const struct db_query " STR_FMT "_query = {\n\t.name = \"" STR_FMT "\",\n\t.frags = { "
		   STR_FMT "_sqlite, " STR_FMT "_pg },\n\t.types = \"", STR_ARG(s->name), STR_ARG(s->name), STR_ARG(s->name),
		   STR_ARG(s->name));
	for (size_t i = 0; i < s->params.n; i++)
		buf_byte(c, s->params.v[i].type);
	buf_put(c, S("\",\n\t.cols = \""));
	for (size_t i = 0; i < s->row.n; i++)
		buf_byte(c, s->row.v[i].type);
	buf_printf(c, "\",\n\t.stream = %s,\n\t.fixed = true,\n", s->mode == EACH ? "true" : "false");
	if (s->mode == COPY)
		buf_printf(c, "\t.copy = \"" STR_FMT "\",\n", STR_ARG(copy_text(g, s)));
	buf_put(c, S("};\n\n"));
}

static const char *maker(struct field f)
{
	switch (f.type) {
	case 'i':
		return f.optional ? "db_opt_i64" : "db_i64";
	case 'f':
		return f.optional ? "db_opt_f64" : "db_f64";
	case 's':
		return f.optional ? "db_opt_text" : "db_text";
	case 'l':
		return "db_id_list";
	default:
		return f.optional ? "db_opt_blob" : "db_blob";
	}
}

static void put_values(struct buf *c, const struct statement *s)
{
	if (!s->params.n)
		return;
	buf_put(c, S("\tconst struct db_val vals[] = {\n"));
	for (size_t i = 0; i < s->params.n; i++)
		buf_printf(c, "\t\t%s(p->" STR_FMT "),\n", maker(s->params.v[i]), STR_ARG(s->params.v[i].name));
	buf_put(c, S("\t};\n"));
}

static void put_reader(struct buf *c, const struct statement *s)
{
	bool copies = s->mode != EACH;
	buf_printf(c, "static void " STR_FMT "_read(struct db_cursor *cur, %sstruct " STR_FMT "_row *row)\n{\n",
		   STR_ARG(s->name), copies ? "struct arena *a, " : "", STR_ARG(s->name));
	if (copies)
		buf_put(c, S("\t(void)a;\n"));
	for (size_t i = 0; i < s->row.n; i++) {
		struct field f = s->row.v[i];
		buf_printf(c, "\trow->" STR_FMT " = ", STR_ARG(f.name));
		if (f.optional)
			buf_printf(c, "db_col_null(cur, %zu) ? %s : ", i,
				   f.type == 'i' ? "DB_NONE" : f.type == 'f' ? "__builtin_nan(\"\")" : "(str){ NULL, 0 }");
		if (f.type == 'i')
			buf_printf(c, "db_col_i64(cur, %zu);\n", i);
		else if (f.type == 'f')
			buf_printf(c, "db_col_f64(cur, %zu);\n", i);
		else
			buf_printf(c, copies ? "arena_str(a, db_col_str(cur, %zu));\n" : "db_col_str(cur, %zu);\n", i);
	}
	buf_put(c, S("}\n\n"));
}

static void put_copy(struct buf *c, const struct statement *s)
{
	buf_printf(c, "static void " STR_FMT "_vals(const void *rows, size_t i, struct db_val *to)\n{\n\tconst struct " STR_FMT
		   "_params *p = (const struct " STR_FMT "_params *)rows + i;\n", STR_ARG(s->name), STR_ARG(s->name), STR_ARG(s->name));
	for (size_t i = 0; i < s->params.n; i++)
		buf_printf(c, "\tto[%zu] = %s(p->" STR_FMT ");\n", i, maker(s->params.v[i]), STR_ARG(s->params.v[i].name));
	buf_put(c, S("}\n\n"));
	put_signature(c, s);
	buf_printf(c, "\n{\n\treturn db_copy(c, &" STR_FMT "_query, " STR_FMT "_vals, p, n);\n}\n\n", STR_ARG(s->name), STR_ARG(s->name));
}

static void put_body(struct buf *c, const struct statement *s)
{
	const char *vals = s->params.n ? "vals" : "NULL", *scope = s->scoped ? "scope" : "NULL";
	put_signature(c, s);
	buf_put(c, S("\n{\n"));
	put_values(c, s);
	if (s->mode == EXEC) {
		buf_printf(c, "\treturn db_exec(c, &" STR_FMT "_query, %s, %s, ret_changed);\n}\n\n", STR_ARG(s->name), vals, scope);
		return;
	}
	buf_put(c, S("\tstruct db_cursor *cur;\n\tbool more = false;\n"));
	if (s->mode == MANY)
		buf_printf(c, "\tVEC(struct " STR_FMT "_row) rows = { 0 };\n", STR_ARG(s->name));
	if (s->mode != ONE)
		buf_printf(c, "\tstruct " STR_FMT "_row row;\n", STR_ARG(s->name));
	buf_printf(c, "\tTRY(db_query(c, &" STR_FMT "_query, %s, %s, &cur));\n", STR_ARG(s->name), vals, scope);
	if (s->mode == ONE) {
		buf_printf(c, "\terr e = db_step(cur, &more);\n\tif (e == ERR_OK && more)\n\t\t" STR_FMT "_read(cur, a, ret);\n"
			      "\tdb_done(cur);\n\treturn e != ERR_OK ? e : more ? ERR_OK : ERR_NOT_FOUND;\n}\n\n", STR_ARG(s->name));
		return;
	}
	buf_put(c, S("\terr e;\n\twhile ((e = db_step(cur, &more)) == ERR_OK && more) {\n"));
	if (s->mode == MANY)
		buf_printf(c, "\t\t" STR_FMT "_read(cur, a, &row);\n\t\tvec_push(a, &rows, row);\n", STR_ARG(s->name));
	else
		buf_printf(c, "\t\t" STR_FMT "_read(cur, &row);\n\t\tif ((e = fn(arg, &row)) != ERR_OK)\n\t\t\tbreak;\n", STR_ARG(s->name));
	buf_put(c, S("\t}\n\tdb_done(cur);\n"));
	if (s->mode == MANY)
		buf_put(c, S("\tif (e == ERR_OK) {\n\t\tret->v = rows.v;\n\t\tret->n = rows.n;\n\t}\n"));
	buf_put(c, S("\treturn e;\n}\n\n"));
}

/* The module's folder under src: "loop" of …/src/loop/matter.sql. */
static const char *folder(struct gen *g)
{
	str path = str_of(g->path), part, last = S("."), prev = S(".");
	while (str_cut(&path, '/', &part)) {
		prev = last;
		last = part;
	}
	return arena_cstr(g->a, prev);
}

static void put_source(struct gen *g, struct buf *c, const char *module)
{
	buf_printf(c, "/* Written by sqlgen from %s.sql. */\n#include \"%s/%s_sql.h\"\n\n#include \"base/vec.h\"\n\n", module,
		   folder(g), module);
	for (size_t i = 0; i < g->statements.n; i++) {
		struct statement *s = g->statements.v[i];
		put_query(g, c, s);
		if (has_rows(s))
			put_reader(c, s);
		if (s->mode == COPY)
			put_copy(c, s);
		else
			put_body(c, s);
	}
	buf_printf(c, "const struct db_query *const %s_queries[] = {\n", module);
	for (size_t i = 0; i < g->statements.n; i++)
		buf_printf(c, "\t&" STR_FMT "_query,\n", STR_ARG(g->statements.v[i]->name));
	buf_put(c, S("\tNULL,\n};\n"));
}

static void write_file(const char *path, str text)
{
	FILE *f = fopen(path, "wb");
	if (!f || fwrite(text.p, 1, text.n, f) != text.n || fclose(f)) {
		fprintf(stderr, "sqlgen: cannot write %s\n", path);
		exit(1);
	}
}

int main(int argc, char **argv)
{
	if (argc < 5) {
		fputs("usage: sqlgen OUT.h OUT.c MODULE.sql SCHEMA.sql…\n", stderr);
		return 2;
	}
	struct gen g = { .a = arena_new(), .path = argv[3] };
	const char *slash = strrchr(argv[3], '/');
	str module = str_of(slash ? slash + 1 : argv[3]);
	module.n -= 4;
	load_schema(&g, argc - 4, argv + 4);
	parse(&g, read_file(g.a, argv[3]));
	for (size_t i = 0; i < g.statements.n; i++) {
		prepare(&g, g.statements.v[i], false);
		prepare(&g, g.statements.v[i], true);
		lint(&g, g.statements.v[i], assemble(&g, g.statements.v[i], DB_PG, true));
	}
	struct buf h = BUF(g.a), c = BUF(g.a);
	put_header(&g, &h, arena_cstr(g.a, module));
	put_source(&g, &c, arena_cstr(g.a, module));
	write_file(argv[1], buf_str(&h));
	write_file(argv[2], buf_str(&c));
	sqlite3_close(g.db);
	arena_free(g.a);
	return 0;
}
