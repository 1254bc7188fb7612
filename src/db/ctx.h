/* What every call carries: memory, a connection, the time, who asks, and where a failure is noted. */
#ifndef BH_DB_CTX_H
#define BH_DB_CTX_H

#include "base/clock.h"
#include "db/db.h"

struct principal; /* core/grant.h */
struct app;       /* core/app.h */

struct ctx {
	struct arena *a;
	struct db_conn *c;
	const struct app *app;
	const struct principal *who; /* NULL: nobody is logged in */
	int64_t now_ms;
	str lang;                    /* "zh-CN" or "en" */
	str idem;                    /* idempotency key or the null string */
	struct fail fail;
};

#endif
