/* Surface water by an edition of its standard (catalog/water): class by the worst item, main pollution items, proportions of a
 * river's sections (地表水环境质量评价办法, 环办〔2011〕22号). */
#ifndef BH_SENSE_SURFACE_WATER_H
#define BH_SENSE_SURFACE_WATER_H

#include "num/water.h"
#include "sense/edition.h"

enum water_kind { WATER_RIVER, WATER_LAKE };
enum { WATER_ITEMS_MAX = 48 };

struct water_row {
	str id, zh, en, unit;
	bool river, lake;         /* where its limits hold */
	bool counts;              /* decides the class; else it is shown beside it */
	bool heavy;               /* cyanide and metals stand first among main items */
	struct water_item item;
};
struct water_edition {
	str id, standard;
	struct water_row v[WATER_ITEMS_MAX];
	size_t n;
	str names[WATER_WORSE + 1];  /* "I" … "劣V" by class */
};
err water_edition_read(const struct catalog *c, struct arena *a, str edition, struct water_edition *ret, struct fail *f) MUST_USE;
/* By id or either name; kind chooses among rows of the same name. SIZE_MAX: none. */
size_t water_find(const struct water_edition *e, str name, enum water_kind kind);

/* "0.05", "<0.05", "0.05L" (below detection: half of it); false for no value ("", "-", "--", "*", "NA", "未检出" …).
 * *ret_bad: it is neither a value nor a word for none. */
bool water_value(str s, struct decimal *ret, bool *ret_bad) MUST_USE;

struct water_values {
	struct decimal v[WATER_ITEMS_MAX]; /* by place in the edition */
	bool has[WATER_ITEMS_MAX];
};
struct water_result {
	int class;                    /* WATER_NONE: nothing that counts was measured */
	uint64_t worst;               /* bit i: row i has the worst class; empty for class I */
	int of[WATER_ITEMS_MAX];
	size_t main[3], nmain;        /* 主要污染指标, when worse than III; worst class, then excess over III */
	double excess[3];
};
struct water_result water_assess(const struct water_edition *e, enum water_kind kind, const struct water_values *in);

#endif
