/* Editions of the standards that indices are computed by. */
#ifndef BH_SENSE_EDITION_H
#define BH_SENSE_EDITION_H

#include "core/catalog.h"

/* The folder of an edition, "aqi/hj633/2012", of the first word and what a person writes: "hj633-2012", "HJ 633-2012",
 * "hj633/2012"; marks, blanks and case do not count. NOT_FOUND, argument `known` lists what there is. */
err edition_named(const struct catalog *c, struct arena *a, const char *first, str name, str *ret, struct fail *f) MUST_USE;
/* That of a family ("aqi/hj633") in force on a day (since 1970); NOT_FOUND. */
err edition_on(const struct catalog *c, struct arena *a, str family, int64_t day, str *ret, struct fail *f) MUST_USE;
/* One of its tables, its META. */
err edition_table(const struct catalog *c, struct arena *a, str edition, const char *table, struct rows *ret,
		  struct fail *f) MUST_USE;
err edition_meta(const struct catalog *c, struct arena *a, str edition, str *ret, struct fail *f) MUST_USE;

#endif
