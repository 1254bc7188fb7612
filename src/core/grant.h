/* Access: region range × sector mask × permission × clearance × validity.
 * One rule, compiled twice: allow() here, and scope_for() for the WHERE clause that db composes. A
 * property test holds them equal. Without a valid grant there is nothing: unknown roles, permissions,
 * a NULL principal and errors deny. */
#ifndef BH_CORE_GRANT_H
#define BH_CORE_GRANT_H

#include "core/catalog.h"
#include "core/principal.h"
#include "db/ctx.h"
#include "http/http.h"

enum { SECTORS_ALL = -1, PERM_MAX = 63, SECRET_MAX = 3 };
/* Labels: 0 public, 1 internal, 2 important, 3 restricted. */

struct perm_def {
	str id;                /* "matter.read" */
	int bit;
	str en, zh;
};

struct role_def {
	str id, en, zh;
	int64_t perms;
	int64_t exclusive;     /* mask of roles (by index) that the same person must not hold too */
};

struct role_table {
	struct {
		struct perm_def *v;
		size_t n;
	} perms;
	struct {
		struct role_def *v;
		size_t n;
	} roles;
};

/* From catalog/role/<edition>: perms (id bit en zh) and roles (id en zh perms exclusive_with; lists
 * separated by blanks). Refuses unknown names, bits used twice, and administrators' roles that break the
 * separation of system, security and audit. Strings point into the texts. */
err role_table_read(struct arena *a, str perms_tsv, str roles_tsv, struct role_table *ret,
		    struct fail *f) MUST_USE;
const struct role_def *role_find(const struct role_table *t, str id);     /* NULL when unknown */
int64_t perm_mask(const struct role_table *t, str perm);                  /* 0 when unknown */

/* ---- the rule ---- */

struct access_row {
	int64_t region;
	int64_t sectors;            /* mask; rows without a sector are seen by grants for every sector only */
	int64_t secret;
	const int64_t *parties;     /* organisations that are parties of it */
	size_t nparties;
	int64_t handler;            /* of a matter: the territory that handles it; 0: none */
};

bool allow(const struct principal *p, str perm, const struct access_row *row, int64_t now_ms);
/* May `p` do this somewhere? Rows are checked by allow() or the scope. */
bool principal_has(const struct principal *p, str perm, int64_t now_ms);
/* What of the rows is visible under this permission; overlapping ranges are merged. */
void scope_for(struct arena *a, const struct principal *p, str perm, int64_t now_ms, struct db_scope *ret);
/* The C twin of the WHERE clause: the same answer as allow() for the scope's permission. */
bool scope_allows(const struct db_scope *scope, const struct access_row *row);

/* What the page is told of is about a row of access. */
struct http_about access_about(const char *perm, const struct access_row *row);

/* Shorthands for handlers. */
struct db_scope cx_scope(const struct ctx *cx, str perm);
bool cx_allowed(const struct ctx *cx, str perm, const struct access_row *row);
/* May this person do `perm` to things of a region that have no sector, label or parties (organisations,
 * posts, accounts)? Any sector mask will do; grants as a party will do for reading only. */
bool cx_in_region(const struct ctx *cx, str perm, int64_t region);
int64_t cx_account(const struct ctx *cx);      /* 0: the system */
int64_t cx_org(const struct ctx *cx);

/* ---- giving ---- */

struct grant_new {
	int64_t account, person;
	str role;
	int64_t lo, hi, sectors, party, secret;
	int64_t from_ms, to_ms;
};
/* May the principal hand this out? Grantor ⊇ grantee in region, sectors, clearance and time, and in
 * permissions unless the grantor is a security administrator; nobody grants to themself; system,
 * security and audit administrators are three people. `held`: the roles valid for the receiving person. */
err grant_check(const struct principal *by, const struct role_table *t, const struct grant_new *g,
		const str *held, size_t nheld, int64_t now_ms, struct fail *f) MUST_USE;

/* May `p` do this to the row because the territory of his own organisation handles it? */
bool handles(const struct principal *p, str perm, const struct access_row *row, int64_t now_ms);
/* A matter's territory is handled by another one from now on: opens that matter, and it alone, to whoever may act there. */
err grant_hand_over(struct ctx *cx, int64_t region, int64_t to) MUST_USE;

/* The compiled grants of an account. Adds a range for each predecessor of a re-coded region, and for the matters that
 * were handed to the grant's range from elsewhere. */
err grant_load(struct db_conn *c, struct arena *a, const struct app *app, int64_t account, int64_t now_ms,
	       struct principal *p) MUST_USE;
/* Records a grant inside the caller's transaction, unchecked: for the first administrators and the demo. */
err grant_put(struct ctx *cx, const struct grant_new *g, str reason, int64_t *ret_id) MUST_USE;
err grant_revoke(struct ctx *cx, int64_t id, str reason) MUST_USE;


#endif
