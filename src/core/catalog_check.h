/* Proves the form of catalogs: every edition says what it is, since when it holds and where it comes from,
 * and every table is what its family's schema says. The meaning of rows is checked by who uses them.
 *
 * SCHEMA/<first word of the family>.tsv has the columns table, column, type, required, unique:
 *   type      text int int:LO..HI real real:LO..HI date bool (0 or 1) enum:a|b sector
 *             ref:TABLE/COLUMN of the same edition, ref:FAMILY/TABLE/COLUMN of any edition; refs:… a list
 *             parted by blanks
 *             template:TABLE/COLUMN a text whose fields {name} stand in that column (core/template.h)
 *   required  yes or no
 *   unique    yes, or a word: the columns of a table with the same word are unique together
 * Rows with a special meaning:
 *   META    KEY        TYPE REQUIRED   one more key of META
 *   FAMILY  exclusive  yes             one edition is in force at a time
 *   FAMILY  law        yes             every row states its source and clause
 *   TABLE   *          optional        an edition may do without the table
 *   TABLE   *          open            other columns may stand in it */
#ifndef BH_CORE_CATALOG_CHECK_H
#define BH_CORE_CATALOG_CHECK_H

#include "core/catalog.h"

/* Calls fault() with one line of English per fault, "sector/2026/terms.tsv:14: why", and returns how
 * many there were. files: by path in bytewise order, the schemas among them. */
size_t catalog_check(struct arena *a, const struct catalog_file *files, size_t n,
		     void (*fault)(void *arg, const char *line), void *arg);

#endif
