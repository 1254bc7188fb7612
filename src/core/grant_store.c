/* Grants in the store: compiling an account's grants, giving and revoking as acts. */
#include "base/vec.h"
#include "core/app.h"
#include "core/grant.h"
#include "core/grant_sql.h"
#include "core/ledger.h"
#include "core/region.h"

#include <string.h>

enum { COUNTY = 1000000, HANDED_MAX = 16 };

/* One range for each predecessor that lies outside the grant's own range. */
static size_t add_predecessors(const struct region_moves *m, struct principal_grant *v, size_t n)
{
	struct principal_grant own = v[n - 1];
	for (size_t i = 0; m && i < m->n; i++) {
		if (m->v[i].to < own.lo || m->v[i].to > own.hi || (m->v[i].from >= own.lo && m->v[i].from <= own.hi))
			continue;
		v[n] = own;
		v[n].derived = true;
		region_range(m->v[i].from, &v[n].lo, &v[n].hi);
		n++;
	}
	return n;
}

typedef VEC(struct principal_grant) grants;

/* What was handed to a grant's range from counties it does not hold: few, and never more than HANDED_MAX ranges. */
static err add_handed(struct db_conn *c, struct arena *a, const struct principal_grant *own, grants *v)
{
	struct grant_handed_to_rows rows;
	size_t first = v->n;
	if (own->party)
		return ERR_OK;
	TRY(grant_handed_to(c, a, &(struct grant_handed_to_params){ own->lo, own->hi }, &rows));
	for (size_t i = 0; i < rows.n; i++) {
		struct principal_grant g = *own;
		g.derived = true;
		g.lo = rows.v[i].county * COUNTY;
		g.hi = g.lo + COUNTY - 1;
		g.via_lo = own->lo > 0 ? own->lo : 1;
		g.via_hi = own->hi;
		if (g.lo >= own->lo && g.hi <= own->hi)
			continue;
		if (v->n - first == HANDED_MAX)
			v->v[v->n - 1].hi = g.hi; /* the rest in one: the handler is looked at anyway */
		else
			vec_push(a, v, g);
	}
	return ERR_OK;
}

err grant_hand_over(struct ctx *cx, int64_t region, int64_t to)
{
	return grant_handed(cx->c, &(struct grant_handed_params){ to, region / COUNTY, cx->now_ms }, NULL);
}

err grant_load(struct db_conn *c, struct arena *a, const struct app *app, int64_t account, int64_t now_ms,
	       struct principal *p)
{
	struct grant_of_account_rows rows;
	TRY(grant_of_account(c, a, &(struct grant_of_account_params){ .account = account, .now_ms = now_ms }, &rows));
	size_t moves = app->moves ? app->moves->n : 0, n = 0;
	struct principal_grant *v = rows.n ? NEW_N(a, struct principal_grant, rows.n * (1 + moves)) : NULL;
	for (size_t i = 0; i < rows.n; i++) {
		const struct grant_of_account_row *r = &rows.v[i];
		const struct role_def *role = role_find(app->roles, r->role);
		if (!role)
			continue; /* a role that the catalog no longer has gives nothing */
		v[n++] = (struct principal_grant){
			.id = r->id, .role = role->id, .perms = role->perms, .lo = r->lo, .hi = r->hi, .sectors = r->sectors,
			.party = r->party, .secret = r->secret, .from_ms = r->valid_from_ms, .to_ms = r->valid_to_ms,
		};
		n = add_predecessors(app->moves, v, n);
	}
	grants all = { 0 };
	for (size_t i = 0; i < n; i++)
		vec_push(a, &all, v[i]);
	for (size_t i = 0; i < n; i++)
		TRY(add_handed(c, a, &v[i], &all));
	p->roles = app->roles;
	p->v = all.v;
	p->n = all.n;
	return ERR_OK;
}

/* Grants are kept in the log of the receiving account's organisation. */
static err home_of(struct ctx *cx, int64_t account, int64_t *ret_region)
{
	struct grant_account_row row;
	TRY(grant_account(cx->c, cx->a, &(struct grant_account_params){ .account = account }, &row));
	*ret_region = row.region == DB_NONE ? cx->app->home_region : row.region;
	return ERR_OK;
}

err grant_put(struct ctx *cx, const struct grant_new *g, str reason, int64_t *ret_id)
{
	int64_t id = new_id(cx), region;
	TRY(home_of(cx, g->account, &region));
	const struct grant_insert_params p = {
		.id = id, .account = g->account, .role = g->role, .lo = g->lo, .hi = g->hi, .sectors = g->sectors,
		.party = g->party, .secret = g->secret, .valid_from_ms = g->from_ms, .valid_to_ms = g->to_ms,
		.granted_by = cx_account(cx), .reason = reason,
	};
	TRY(grant_insert(cx->c, &p, NULL));
	struct canon c;
	canon_begin(&c, cx->a);
	canon_id(&c, "account", g->account);
	canon_str(&c, "role", g->role);
	canon_i64(&c, "lo", g->lo);
	canon_i64(&c, "hi", g->hi);
	canon_id(&c, "sectors", g->sectors); /* a mask of 63 bits: not a safe number */
	canon_id(&c, "party", g->party);
	canon_i64(&c, "secret", g->secret);
	canon_i64(&c, "from", g->from_ms);
	canon_i64(&c, "to", g->to_ms);
	canon_str(&c, "reason", reason);
	TRY(ledger_append(cx, region, "grant.create", ledger_subject(cx, "grant", id), canon_end(&c), NULL));
	if (ret_id)
		*ret_id = id;
	return ERR_OK;
}

err grant_revoke(struct ctx *cx, int64_t id, str reason)
{
	struct grant_get_row row;
	int64_t changed, region;
	TRY(grant_get(cx->c, cx->a, &(struct grant_get_params){ .id = id }, &row));
	TRY(home_of(cx, row.account, &region));
	TRY(grant_end(cx->c, &(struct grant_end_params){ .id = id, .now_ms = cx->now_ms }, &changed));
	if (!changed)
		return FAIL(&cx->fail, CONFLICT, "", "err.grant_ended");
	struct canon c;
	canon_begin(&c, cx->a);
	canon_id(&c, "account", row.account);
	canon_str(&c, "reason", reason);
	return ledger_append(cx, region, "grant.revoke", ledger_subject(cx, "grant", id), canon_end(&c), NULL);
}
