#include "core/catalog.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/clock.h"
#include "base/embed.h"
#include "base/vec.h"
#include "sys/file.h"

EMBED_TABLE(catalog_file)

enum { MAX_FILE = 64 << 20, MAX_FILES = 4096, MAX_DEPTH = 4 };

struct entry {
	str path, bytes;
	str gzip;
	size_t size;
};

struct catalog {
	struct arena *a;
	VEC(struct entry) files; /* by path */
};

static const struct entry *find(const struct catalog *c, str path)
{
	size_t lo = 0, hi = c->files.n;
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int cmp = str_cmp(c->files.v[mid].path, path);
		if (cmp == 0)
			return &c->files.v[mid];
		if (cmp < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static int by_path(const void *x, const void *y)
{
	return str_cmp(((const struct entry *)x)->path, ((const struct entry *)y)->path);
}

static err put_file(struct catalog *c, const char *path, str name, struct fail *f)
{
	struct entry e = { .path = name };
	TRY(file_read(c->a, path, MAX_FILE, &e.bytes, f));
	e.size = e.bytes.n;
	struct entry *old = (struct entry *)(uintptr_t)find(c, name);
	if (old) {
		*old = e;
		return ERR_OK;
	}
	if (c->files.n == MAX_FILES)
		return FAIL(f, TOO_LARGE, "", NULL);
	vec_push(c->a, &c->files, e);
	qsort(c->files.v, c->files.n, sizeof *c->files.v, by_path);
	return ERR_OK;
}

static err put_folder(struct catalog *c, const char *dir, size_t root, int depth, struct fail *f)
{
	DIR *d = depth < MAX_DEPTH ? opendir(dir) : NULL;
	if (!d)
		return FAIL(f, NOT_FOUND, "", "err.catalog_folder", "path", dir);
	err e = ERR_OK;
	struct dirent *entry;
	while (e == ERR_OK && (entry = readdir(d))) {
		if (entry->d_name[0] == '.')
			continue;
		struct stat st;
		str path = arena_printf(c->a, "%s/%s", dir, entry->d_name);
		if (stat(path.p, &st))
			e = FAIL(f, IO, "", "err.file", "path", path.p, "detail", "stat");
		else if (S_ISDIR(st.st_mode))
			e = put_folder(c, path.p, root, depth + 1, f);
		else
			e = put_file(c, path.p, str_sub(path, root, path.n), f);
	}
	closedir(d);
	return e;
}

err catalog_load(const char *dir, struct catalog **ret, struct fail *f)
{
	struct arena *a = arena_new();
	struct catalog *c = NEW(a, struct catalog);
	c->a = a;
	vec_reserve(a, &c->files, catalog_file_count() + 1);
	for (size_t i = 0; i < catalog_file_count(); i++) {
		const struct embed_file *e = catalog_file_at(i);
		vec_push(a, &c->files, (struct entry){ e->path, e->bytes, e->gzip, e->bytes.n });
	}
	err e = dir && *dir ? put_folder(c, dir, strlen(dir) + 1, 0, f) : ERR_OK;
	if (e != ERR_OK) {
		arena_free(a);
		return e;
	}
	*ret = c;
	return ERR_OK;
}

void catalog_free(struct catalog *c)
{
	if (c)
		arena_free(c->a);
}

size_t catalog_count(const struct catalog *c)
{
	return c->files.n;
}

struct catalog_file catalog_at(const struct catalog *c, size_t i)
{
	const struct entry *e = &c->files.v[i];
	return (struct catalog_file){ e->path, e->bytes };
}

str catalog_bytes(const struct catalog *c, str path)
{
	const struct entry *e = find(c, path);
	return e ? e->bytes : (str){ NULL, 0 };
}

static bool unpack(struct arena *a, const struct entry *e, str *ret)
{
	z_stream z = { 0 };
	if (inflateInit2(&z, 15 + 16) != Z_OK)
		return false;
	char *out = arena_alloc(a, e->size + 1);
	z.next_in = (unsigned char *)(uintptr_t)e->gzip.p;
	z.avail_in = (unsigned)e->gzip.n;
	z.next_out = (unsigned char *)out;
	z.avail_out = (unsigned)e->size;
	bool ok = inflate(&z, Z_FINISH) == Z_STREAM_END && z.total_out == e->size;
	inflateEnd(&z);
	*ret = (str){ out, e->size };
	return ok;
}

err catalog_text(const struct catalog *c, struct arena *a, str path, str *ret, struct fail *f)
{
	const struct entry *e = find(c, path);
	if (!e)
		return FAIL(f, NOT_FOUND, "", "err.catalog_missing", "file", arena_cstr(a, path));
	if (e->bytes.p) {
		*ret = e->bytes;
		return ERR_OK;
	}
	str text;
	if (!unpack(a, e, &text))
		return FAIL(f, CORRUPT, "", NULL);
	*ret = text;
	return ERR_OK;
}

err catalog_files(const struct catalog *c, struct arena *a, struct catalog_file **ret, size_t *ret_n,
		  struct fail *f)
{
	struct catalog_file *v = NEW_N(a, struct catalog_file, c->files.n + 1);
	for (size_t i = 0; i < c->files.n; i++) {
		v[i].path = c->files.v[i].path;
		TRY(catalog_text(c, a, v[i].path, &v[i].bytes, f));
	}
	*ret = v;
	*ret_n = c->files.n;
	return ERR_OK;
}

err catalog_table(const struct catalog *c, struct arena *a, str path, struct rows *ret, struct fail *f)
{
	str text;
	if (!str_ends(path, S(".tsv")))
		path = arena_printf(a, STR_FMT ".tsv", STR_ARG(path));
	TRY(catalog_text(c, a, path, &text, f));
	return rows_read(a, path, text, ret, f);
}

/* Is this the META of an edition of the family? */
static bool edition_of(str path, str family, str *ret)
{
	if (!str_starts(path, family) || !str_ends(path, S("/META")) || path.n < family.n + 7)
		return false;
	if (path.p[family.n] != '/')
		return false;
	str edition = str_sub(path, family.n + 1, path.n - 5);
	*ret = edition;
	return str_find_char(edition, '/') < 0;
}

str catalog_edition(const struct catalog *c, str family, int64_t day)
{
	str best = { NULL, 0 }, edition;
	int64_t best_from = INT64_MIN;
	for (size_t i = 0; i < c->files.n; i++) {
		const struct entry *e = &c->files.v[i];
		int64_t from, until = INT64_MAX;
		if (!edition_of(e->path, family, &edition) || !date_parse(meta_get(e->bytes, S("in_force")), &from))
			continue;
		str end = meta_get(e->bytes, S("until"));
		if (end.n && !date_parse(end, &until))
			continue;
		if (from > day || until < day || from < best_from)
			continue;
		best = edition;
		best_from = from;
	}
	return best;
}

err catalog_current(const struct catalog *c, struct arena *a, str family, int64_t day, str table,
		    struct rows *ret, struct fail *f)
{
	str edition = catalog_edition(c, family, day);
	str path = arena_printf(a, STR_FMT "/" STR_FMT "/" STR_FMT ".tsv", STR_ARG(family),
				STR_ARG(edition.n ? edition : S("*")), STR_ARG(table));
	return catalog_table(c, a, path, ret, f);
}
