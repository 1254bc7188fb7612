/* Loads the catalogs from the source tree, and the golden files of tests/golden/extract. Shared by the
 * unit tests and the quality benchmark. */
#ifndef BH_TESTS_EXTRACT_SUPPORT_H
#define BH_TESTS_EXTRACT_SUPPORT_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/vec.h"
#include "decide/extract.h"

static inline const char *support_root(void)
{
	const char *root = getenv("BIHUAN_SOURCE");
	return root ? root : ".";
}

/* The null string when the file cannot be read. */
static inline str support_slurp(struct arena *a, const char *path)
{
	FILE *f = fopen(path, "rb");
	if (!f)
		return (str){ NULL, 0 };
	struct buf b = BUF(a);
	size_t n;
	do {
		buf_reserve(&b, 65536);
		n = fread(b.p + b.n, 1, 65536, f);
		b.n += n;
	} while (n);
	fclose(f);
	return b.n ? buf_str(&b) : (str){ "", 0 };
}

static inline struct lexicon *support_lexicon(struct arena *a, struct fail *f)
{
	static const char *const names[] = { "sector/2026/sectors.tsv", "sector/2026/terms.tsv", "extract/2026/fold.tsv",
					     "extract/2026/directive.tsv", "extract/2026/unit.tsv", "extract/2026/time.tsv",
					     "extract/2026/measure.tsv", "extract/2026/clutter.tsv" };
	struct catalog_table *t = NEW_N(a, struct catalog_table, COUNT_OF(names));
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		t[i].path = str_of(names[i]);
		t[i].bytes = support_slurp(a, arena_printf(a, "%s/catalog/%s", support_root(), names[i]).p);
	}
	struct lexicon *lx;
	return lexicon_load(a, &(struct catalog_source){ t, COUNT_OF(names) }, &lx, f) == ERR_OK ? lx : NULL;
}

struct support_files {
	struct dirent **v;
	int n;
};

static inline int support_txt(const struct dirent *e)
{
	size_t n = strlen(e->d_name);
	return n > 4 && !strcmp(e->d_name + n - 4, ".txt");
}

static inline struct support_files support_list(struct arena *a, const char *dir)
{
	struct support_files f = { 0 };
	f.n = scandir(arena_printf(a, "%s/%s", support_root(), dir).p, &f.v, support_txt, alphasort);
	return f;
}

static inline void support_list_free(struct support_files *f)
{
	for (int i = 0; i < f->n; i++)
		free(f->v[i]);
	free(f->v);
}

#endif
