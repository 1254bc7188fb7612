/* Checking values of exchange rows. Of exchange*.c only. */
#ifndef BH_LOOP_EXCHANGE_CHECK_H
#define BH_LOOP_EXCHANGE_CHECK_H

#include "loop/exchange.h"

/* Checks a value by its field and puts it into the row in its one form; else notes what is wrong with the cell. */
void exchange_take_value(struct ctx *cx, const struct exchange_spec *s, struct exchange_in *in, struct exchange_row *row,
			 size_t field, str value, str cell);
/* What is obligatory is there. */
void exchange_check_row(struct ctx *cx, const struct exchange_spec *s, struct exchange_in *in, struct exchange_row *row);
/* One company, with a code, and a credit code that checks. */
err exchange_check_company(struct ctx *cx, const struct exchange_spec *s, struct exchange_in *in) MUST_USE;
/* "2026-11-02", "2026-11-02 08:30", "2026/11/2 8:30:00" as "YYYY-MM-DD" or "YYYY-MM-DD HH:MM:SS"; the instant in China. */
bool exchange_time(struct arena *a, str s, str *ret, int64_t *ret_ms) MUST_USE;

#endif
