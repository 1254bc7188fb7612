/* Sectors: the fields that work is assigned in, one bit each; a mask of -1 means every sector. */
#ifndef BH_CORE_SECTOR_H
#define BH_CORE_SECTOR_H

#include "base/json.h"
#include "core/catalog.h"

struct sector {
	str id, en, zh;
	int bit;          /* 0..62 */
};

struct sector_table {
	struct sector *v; /* by bit */
	size_t n;
};

/* From the table "sectors" of the family "sector": bit id en zh. */
err sector_table_read(struct arena *a, const struct rows *rows, struct sector_table *ret, struct fail *f) MUST_USE;
const struct sector *sector_find(const struct sector_table *t, str id); /* NULL when unknown */
/* Ids to a mask; "all" is -1. ERR_BAD_FIELD at `pointer` for an unknown one. */
err sector_mask(const struct sector_table *t, const struct json_strs *ids, const char *pointer, int64_t *ret,
		struct fail *f) MUST_USE;
/* The ids of a mask, in the order of their bits; -1 gives "all". */
struct json_strs sector_ids(struct arena *a, const struct sector_table *t, int64_t mask);
/* Their names for a cell: "煤矿；危险化学品"; of -1, every sector, none. */
str sector_names(struct arena *a, const struct sector_table *t, int64_t mask, bool zh);

#endif
