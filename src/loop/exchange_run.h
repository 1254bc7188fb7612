/* An import from its bytes to its report: what the route and the command share. */
#ifndef BH_LOOP_EXCHANGE_RUN_H
#define BH_LOOP_EXCHANGE_RUN_H

#include "loop/exchange.h"

struct exchange_run {
	str spec, table;         /* table: of CSV */
	str name, credit_code;   /* of the company, when the file says nothing */
	int64_t region, org;
	bool matters, check;
};
/* Without a connection: takes its own. What is wrong with the file is in ret->in->errors, and nothing was kept
 * then. `cx` gives arena, application, who asks, time and language. */
err exchange_run(struct ctx *cx, const struct exchange_run *how, str bytes, struct exchange_import *ret) MUST_USE;

#endif
