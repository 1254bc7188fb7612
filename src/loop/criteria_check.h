/* What the form of tables cannot say about criteria, checklists and risk tables. Pure; run by the build
 * (tools/catgen) and by "bihuan catalog check". The form itself is checked by core/catalog_check.h. */
#ifndef BH_LOOP_CRITERIA_CHECK_H
#define BH_LOOP_CRITERIA_CHECK_H

#include "core/catalog.h"

/* Calls fault() with one line of English per fault and returns how many there were. files: as of
 * catalog_check(). */
size_t criteria_check(struct arena *a, const struct catalog_file *files, size_t n,
		      void (*fault)(void *arg, const char *line), void *arg);

#endif
