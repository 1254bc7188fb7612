/* Where an item stands in its standard: "4(1)", "20", "5(4.1)", "1(6-7)"; "?" for what is not known. Pure;
 * also used by the build's check of catalogs. */
#ifndef BH_LOOP_CLAUSE_H
#define BH_LOOP_CLAUSE_H

#include "base/arena.h"

struct clause {
	str article;         /* "4"; "" for plain lists */
	str item;            /* "1", "4.1", "6-7", "?"; "" for a whole article */
	int64_t first, last; /* items of the first level that it covers; 0, 0 when not known or none */
};
/* False when it is not written as a clause. In a plain list ("20") the number is the item. */
bool clause_parse(str text, str form, struct clause *ret) MUST_USE;
bool clause_form_known(str form); /* article, section, part, list */
str clause_words(struct arena *a, const struct clause *c, str form, bool zh);
/* How many items of the first level these clauses name; one that is not known counts for itself. O(n²) */
int64_t clauses_count(const struct clause *v, size_t n);

#endif
