/* Catalogs: what law, standards and house rules say, as dated data with sources.
 *
 *   <family>/<edition>/META        key: value lines
 *   <family>/<edition>/<name>.tsv  tables; the first line names the columns, lines that begin with #
 *                                  and empty lines are left out, nothing is quoted
 *
 * A family may have two words ("workflow/task"). The files are built into the binary; a folder may add
 * to them and replace them by path. A catalog is immutable after loading and may be shared by threads. */
#ifndef BH_CORE_CATALOG_H
#define BH_CORE_CATALOG_H

#include "base/arena.h"
#include "base/err.h"

struct catalog_file {
	str path, bytes;
};

struct catalog;
/* `dir` NULL or "": the built-in files only. Nothing is parsed yet. */
err catalog_load(const char *dir, struct catalog **ret, struct fail *f) MUST_USE;
void catalog_free(struct catalog *c); /* accepts NULL */

/* Every file in bytewise order of the paths, but for those kept compressed, whose bytes.p is NULL. */
size_t catalog_count(const struct catalog *c);
struct catalog_file catalog_at(const struct catalog *c, size_t i);
/* All of them, unpacked: for checks. */
err catalog_files(const struct catalog *c, struct arena *a, struct catalog_file **ret, size_t *ret_n,
		  struct fail *f) MUST_USE;
/* The bytes of a file, unpacked into the arena where needed. ERR_NOT_FOUND with argument file. */
err catalog_text(const struct catalog *c, struct arena *a, str path, str *ret, struct fail *f) MUST_USE;
/* The same for callers that take an absent file as none; the null string when absent. */
str catalog_bytes(const struct catalog *c, str path);

/* A table, cut into cells. The cells point into the text. */
struct rows {
	str *columns;
	size_t ncolumns;
	str *cells;        /* row after row */
	int *lines;        /* where each row stands in its file, from 1 */
	size_t n;
};
/* ERR_BAD_FORMAT with file and line when a row has another number of cells than there are columns. */
err rows_read(struct arena *a, str path, str text, struct rows *ret, struct fail *f) MUST_USE;
size_t rows_column(const struct rows *r, str name);             /* SIZE_MAX when there is none */
str rows_cell(const struct rows *r, size_t row, size_t column); /* null string for column SIZE_MAX */
str rows_get(const struct rows *r, size_t row, str column);
/* "sector/2026/sectors", with or without ".tsv". */
err catalog_table(const struct catalog *c, struct arena *a, str path, struct rows *ret, struct fail *f) MUST_USE;

/* The value of "key: value" in the text of a META file; null string when absent. */
str meta_get(str meta, str key);
/* The edition of a family in force on a day (since 1970): of several the one that began last; of
 * equals the one named last. Null string when there is none. */
str catalog_edition(const struct catalog *c, str family, int64_t day);
/* Its table: catalog_current(c, a, S("sector"), day, S("terms"), &rows, f). */
err catalog_current(const struct catalog *c, struct arena *a, str family, int64_t day, str table,
		    struct rows *ret, struct fail *f) MUST_USE;

#endif
