/* Exact arithmetic for risk values: a class that begins at 70 must not depend on how 0.1 is held in binary.
 * Values are fractions of integers; inputs are decimals with at most six places. */
#ifndef BH_NUM_RISK_H
#define BH_NUM_RISK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RISK_SCALE = 1000000, RISK_INPUT_MAX = 1000000000 };

/* n / d, d > 0, reduced. */
struct risk_value {
	unsigned __int128 n, d;
};
/* The decimal of at most six places that a double was written as; false when it is none, is negative or above
 * RISK_INPUT_MAX. The result is scaled by RISK_SCALE. */
bool risk_decimal(double v, int64_t *ret);
struct risk_value risk_of(int64_t scaled); /* scaled ≥ 0 */
/* False when the result cannot be held exactly; *ret is then untouched. */
bool risk_mul(struct risk_value a, struct risk_value b, struct risk_value *ret);
bool risk_div(struct risk_value a, struct risk_value b, struct risk_value *ret); /* b > 0 */
bool risk_add(struct risk_value a, struct risk_value b, struct risk_value *ret);
int risk_compare(struct risk_value a, struct risk_value b); /* < 0, 0, > 0; always exact */
double risk_double(struct risk_value v);
/* "85.6"; cut after six places, *ret_exact says whether that is all of it. out holds at least 48 bytes. */
size_t risk_text(struct risk_value v, char *out, size_t cap, bool *ret_exact);

/* Classes from the highest to the lowest: a value belongs to the first whose beginning it passes. */
struct risk_bound {
	bool open; /* has no beginning: takes what is left */
	struct risk_value from;
	bool here; /* a value equal to `from` belongs here; else to the class below */
};
size_t risk_class(struct risk_value v, const struct risk_bound *bounds, size_t n); /* n when none takes it */

#endif
