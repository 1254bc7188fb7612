/* embed [--pack-over N] [--page] OUT.c OUT.bin OUT.d NAME SOURCE…
 *
 * Packs files into the binary: OUT.c is the table (see base/embed.h), OUT.bin the bytes it takes in
 * with .incbin, OUT.d what it was made from. A SOURCE is a folder, PATH=FILE for a single file, or
 * PREFIX/=FOLDER. A later file may not take an earlier one's path.
 * --pack-over N: files larger than N bytes are kept in their compressed form only.
 * --page: the folder may be missing; then a plain page says so at index.html. */
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/utf8.h"
#include "tool.h"

struct file {
	str path, bytes, gzip;
	size_t at, gzip_at;
};

struct embed {
	struct arena *a;
	struct tool_tree deps;
	VEC(struct file) files;
	size_t pack_over;
	bool page;
};

static const char missing_page[] =
	"<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>bihuan</title>\n"
	"<p>The page was not built. Run <code>make</code> in the project's folder.</p>\n"
	"<p lang=\"zh-CN\">页面尚未构建，请在项目目录运行 <code>make</code>。</p>\n</html>\n";

static const struct {
	const char *end, *type;
} types[] = {
	{ ".html", "text/html; charset=utf-8" },
	{ ".js", "text/javascript; charset=utf-8" },
	{ ".mjs", "text/javascript; charset=utf-8" },
	{ ".css", "text/css; charset=utf-8" },
	{ ".json", "application/json" },
	{ ".map", "application/json" },
	{ ".webmanifest", "application/manifest+json" },
	{ ".svg", "image/svg+xml" },
	{ ".png", "image/png" },
	{ ".jpg", "image/jpeg" },
	{ ".webp", "image/webp" },
	{ ".ico", "image/x-icon" },
	{ ".woff2", "font/woff2" },
	{ ".woff", "font/woff" },
	{ ".ttf", "font/ttf" },
	{ ".wasm", "application/wasm" },
	{ ".pbf", "application/x-protobuf" },
	{ ".tsv", "text/tab-separated-values; charset=utf-8" },
	{ ".sql", "application/sql" },
	{ ".txt", "text/plain; charset=utf-8" },
	{ ".md", "text/markdown; charset=utf-8" },
	{ ".xml", "application/xml" },
};

static const char *type_of(str path)
{
	for (size_t i = 0; i < COUNT_OF(types); i++)
		if (str_ends(path, str_of(types[i].end)))
			return types[i].type;
	return "application/octet-stream";
}

/* The null string when it would not be smaller. No time stamp and no name: the same input gives the
 * same bytes. */
static str gzip(struct arena *a, str in)
{
	z_stream z = { 0 };
	if (deflateInit2(&z, Z_BEST_COMPRESSION, Z_DEFLATED, 15 + 16, 9, Z_DEFAULT_STRATEGY) != Z_OK)
		tool_refuse(NULL, 0, "embed: zlib does not start");
	size_t cap = deflateBound(&z, in.n);
	char *out = arena_alloc(a, cap);
	z.next_in = (unsigned char *)(uintptr_t)in.p;
	z.avail_in = (unsigned)in.n;
	z.next_out = (unsigned char *)out;
	z.avail_out = (unsigned)cap;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		tool_refuse(NULL, 0, "embed: zlib does not finish");
	size_t n = z.total_out;
	deflateEnd(&z);
	return n < in.n ? (str){ out, n } : (str){ NULL, 0 };
}

static void add(struct embed *e, str path, const char *from, str bytes)
{
	if (!path.n || !utf8_valid(path) || path.p[0] == '/' || str_find(path, S("..")) >= 0)
		tool_refuse(from, 0, "cannot be embedded under this name");
	struct file f = { .path = path, .bytes = bytes };
	if (bytes.n)
		f.gzip = gzip(e->a, bytes);
	vec_push(e->a, &e->files, f);
}

static void add_folder(struct embed *e, str prefix, const char *dir)
{
	size_t before = e->deps.files.n;
	tool_walk(e->a, dir, &e->deps);
	for (size_t i = before; i < e->deps.files.n; i++) {
		const struct tool_file *tf = &e->deps.files.v[i];
		str path = arena_printf(e->a, STR_FMT STR_FMT, STR_ARG(prefix), STR_ARG(tf->name));
		add(e, path, tf->path, tool_read(e->a, tf->path));
	}
}

/* The nearest folder that exists changes when the missing one appears. */
static void add_missing(struct embed *e, const char *dir)
{
	char *up = arena_cstr(e->a, str_of(dir));
	while (!tool_is_dir(up)) {
		char *slash = strrchr(up, '/');
		if (!slash || slash == up) {
			up = arena_cstr(e->a, S("."));
			break;
		}
		*slash = 0;
	}
	vec_push(e->a, &e->deps.dirs, up);
	add(e, S("index.html"), dir, (str){ missing_page, sizeof missing_page - 1 });
}

static void add_source(struct embed *e, const char *source)
{
	const char *eq = strchr(source, '=');
	if (eq && eq > source && eq[-1] == '/') {
		add_folder(e, (str){ source, (size_t)(eq - source) }, eq + 1);
	} else if (eq) {
		vec_push(e->a, &e->deps.files, (struct tool_file){ eq + 1, str_of(eq + 1) });
		add(e, (str){ source, (size_t)(eq - source) }, eq + 1, tool_read(e->a, eq + 1));
	} else if (e->page && !tool_is_dir(source)) {
		add_missing(e, source);
	} else {
		add_folder(e, S(""), source);
	}
}

static int by_path(const void *x, const void *y)
{
	return str_cmp(((const struct file *)x)->path, ((const struct file *)y)->path);
}

static void sort_files(struct embed *e)
{
	if (e->files.n)
		qsort(e->files.v, e->files.n, sizeof *e->files.v, by_path);
	for (size_t i = 1; i < e->files.n; i++)
		if (str_eq(e->files.v[i - 1].path, e->files.v[i].path))
			tool_refuse(NULL, 0, "embed: " STR_FMT " comes from two sources",
				    STR_ARG(e->files.v[i].path));
}

static bool packed(const struct embed *e, const struct file *f)
{
	return e->pack_over && f->bytes.n > e->pack_over && f->gzip.p;
}

static size_t put_bytes(struct buf *b, str s)
{
	size_t at = b->n;
	buf_put(b, s);
	do
		buf_byte(b, 0);
	while (b->n % 16);
	return at;
}

static void write_bytes(struct embed *e, const char *path)
{
	struct buf b = BUF(e->a);
	buf_put(&b, S("embedded files\n\n"));
	for (size_t i = 0; i < e->files.n; i++) {
		struct file *f = &e->files.v[i];
		if (!packed(e, f))
			f->at = put_bytes(&b, f->bytes);
		if (f->gzip.p)
			f->gzip_at = put_bytes(&b, f->gzip);
	}
	tool_write(path, buf_str(&b));
}

static void put_etag(struct buf *b, str bytes)
{
	unsigned char hash[EVP_MAX_MD_SIZE];
	if (!EVP_Digest(bytes.p, bytes.n, hash, NULL, EVP_sha256(), NULL))
		tool_refuse(NULL, 0, "embed: no SHA-256");
	buf_put(b, S("\"\\\""));
	for (size_t i = 0; i < 16; i++)
		buf_printf(b, "%02x", hash[i]);
	buf_put(b, S("\\\"\""));
}

static void put_row(struct embed *e, struct buf *b, const char *name, const struct file *f)
{
	buf_put(b, S("\t{ { \""));
	tool_put_c(b, f->path);
	buf_printf(b, "\", %zu }, ", f->path.n);
	if (packed(e, f))
		buf_printf(b, "{ NULL, %zu }, ", f->bytes.n);
	else
		buf_printf(b, "{ %s_bytes + %zu, %zu }, ", name, f->at, f->bytes.n);
	if (f->gzip.p)
		buf_printf(b, "{ %s_bytes + %zu, %zu }, ", name, f->gzip_at, f->gzip.n);
	else
		buf_put(b, S("{ NULL, 0 }, "));
	buf_printf(b, "\"%s\", ", type_of(f->path));
	put_etag(b, f->bytes);
	buf_put(b, S(" },\n"));
}

static void put_functions(struct buf *b, const char *name, size_t n)
{
	buf_printf(b,
		   "size_t %s_count(void)\n{\n\treturn %zu;\n}\n\n"
		   "const struct embed_file *%s_at(size_t i)\n{\n\treturn i < %zu ? &files[i] : NULL;\n}\n\n",
		   name, n, name, n);
	buf_printf(b,
		   "const struct embed_file *%s(str path)\n{\n\tsize_t lo = 0, hi = %zu;\n"
		   "\twhile (lo < hi) {\n\t\tsize_t mid = lo + (hi - lo) / 2;\n"
		   "\t\tint c = str_cmp(files[mid].path, path);\n\t\tif (c == 0)\n\t\t\treturn &files[mid];\n"
		   "\t\tif (c < 0)\n\t\t\tlo = mid + 1;\n\t\telse\n\t\t\thi = mid;\n\t}\n\treturn NULL;\n}\n",
		   name, n);
}

static void write_table(struct embed *e, const char *path, const char *bin, const char *name)
{
	struct buf b = BUF(e->a);
	buf_put(&b, S("/* Written by tools/embed. */\n#include \"base/embed.h\"\n\n"));
	buf_printf(&b, "EMBED_TABLE(%s)\n\n__asm__(\".pushsection .rodata,\\\"a\\\",%%progbits\\n\"\n"
		       "\t\".balign 16\\n\"\n\t\".local %s_bytes\\n\"\n\t\"%s_bytes:\\n\"\n\t\".incbin \\\"",
		   name, name, name);
	tool_put_c(&b, str_of(bin));
	buf_printf(&b, "\\\"\\n\"\n\t\".popsection\\n\");\nextern const char %s_bytes[] "
		       "__attribute__((visibility(\"hidden\")));\n\n",
		   name);
	buf_put(&b, S("static const struct embed_file files[] = {\n"));
	for (size_t i = 0; i < e->files.n; i++)
		put_row(e, &b, name, &e->files.v[i]);
	buf_put(&b, S("\t{ { NULL, 0 }, { NULL, 0 }, { NULL, 0 }, NULL, NULL },\n};\n\n"));
	put_functions(&b, name, e->files.n);
	tool_write(path, buf_str(&b));
}

static void check_name(const char *name)
{
	for (const char *p = name; *p; p++)
		if (!(*p == '_' || (*p >= 'a' && *p <= 'z') || (p > name && *p >= '0' && *p <= '9')))
			tool_refuse(NULL, 0, "embed: %s is not a name for a table", name);
}

int main(int argc, char **argv)
{
	struct embed e = { .a = arena_new() };
	int i = 1;
	for (; i < argc && argv[i][0] == '-'; i++) {
		int64_t n;
		if (!strcmp(argv[i], "--page"))
			e.page = true;
		else if (!strcmp(argv[i], "--pack-over") && ++i < argc && str_to_i64(str_of(argv[i]), &n) && n > 0)
			e.pack_over = (size_t)n;
		else
			tool_refuse(NULL, 0, "embed: unknown option %s", argv[i < argc ? i : argc - 1]);
	}
	if (argc - i < 5)
		tool_refuse(NULL, 0, "usage: embed [--pack-over N] [--page] OUT.c OUT.bin OUT.d NAME SOURCE…");
	const char *out = argv[i], *bin = argv[i + 1], *depfile = argv[i + 2], *name = argv[i + 3];
	check_name(name);
	for (i += 4; i < argc; i++)
		add_source(&e, argv[i]);
	sort_files(&e);
	write_bytes(&e, bin);
	char *absolute = realpath(bin, NULL);
	if (!absolute)
		tool_refuse(bin, 0, "is gone");
	write_table(&e, out, absolute, name);
	tool_depfile(e.a, depfile, out, &e.deps);
	free(absolute);
	arena_free(e.a);
	return 0;
}
