/* Opening a data directory: everything that serve, demo, verify and the others need, in one struct. */
#ifndef BH_CLI_OPEN_H
#define BH_CLI_OPEN_H

#include "cli/cli.h"
#include "core/app.h"
#include "core/grant.h"
#include "core/id_keep.h"
#include "core/region.h"
#include "core/sector.h"
#include "decide/extract.h"

struct house {
	struct app app;
	struct clock clock;
	struct id_gen ids;
	struct id_keep keep;
	struct role_table roles;
	struct sector_table sectors;
	struct region_moves moves;
	struct duty_rules *duty;
	int steps_applied; /* by house_open */
	bool in_past;      /* the demo city: each call is made at a time of its own, and so are its ids */
	struct id_gen past;
	int64_t calls;
	struct arena *a;   /* lives as long as the house */
};

enum open_how {
	OPEN_NEW,      /* an empty directory becomes a store */
	OPEN_EXISTING, /* and is brought up to date */
	OPEN_AS_IS,    /* as it is: backup, verify, doctor */
	OPEN_CATALOGS, /* no store at all */
};

err house_open(struct cli *cli, enum open_how how, struct house **ret) MUST_USE;
void house_close(struct house *h); /* accepts NULL */

/* The compiled catalogs of extraction: built in, or from `dir` where that holds files of the same name. */
err open_lexicon(struct arena *a, str dir, struct lexicon **ret, struct fail *f) MUST_USE;

/* A call by the system itself, with a read or write connection given. */
struct ctx house_ctx(struct house *h, struct arena *a, struct db_conn *c, int64_t now_ms);

#endif
