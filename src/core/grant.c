/* The rule of access, and who may hand out what. Pure: rows and the time are given. */
#include "core/grant.h"

#include <stdlib.h>
#include <string.h>

#include "core/app.h"
#include "core/region.h"

/* ---- roles ---- */

/* What the three administrators must never be able to do, whatever the catalog says. */
static const struct {
	const char *role, *denied;
} separation[] = {
	{ "sysadmin", "matter. document. object. grant.write ledger." },
	{ "secadmin", "matter. document. object. org.write account.write ledger." },
	{ "auditadmin", "matter. document. object. *.write" },
};

static bool cut_word(str *list, str *ret)
{
	while (str_cut(list, ' ', ret))
		if (ret->n)
			return true;
	return false;
}

/* "matter." denies all that begin with it, "*.write" all that end with it. */
static bool denied(str rule, str perm)
{
	if (str_starts(rule, S("*")))
		return str_ends(perm, str_sub(rule, 1, rule.n));
	return str_ends(rule, S(".")) ? str_starts(perm, rule) : str_eq(perm, rule);
}

static bool role_separate(const struct role_table *t, const struct role_def *role)
{
	for (size_t i = 0; i < COUNT_OF(separation); i++) {
		if (!str_eq(role->id, str_of(separation[i].role)))
			continue;
		for (size_t k = 0; k < t->perms.n; k++) {
			str rules = str_of(separation[i].denied), rule;
			while ((role->perms >> t->perms.v[k].bit & 1) && cut_word(&rules, &rule))
				if (denied(rule, t->perms.v[k].id))
					return false;
		}
	}
	return true;
}

static err bad_row(struct arena *a, struct fail *f, const char *file, const struct rows *rows, size_t i)
{
	return FAIL(f, BAD_FORMAT, "", "err.catalog_value", "file", file, "line",
		    arena_printf(a, "%d", rows->lines[i]).p);
}

static err read_perms(struct arena *a, const struct rows *rows, struct role_table *t, struct fail *f)
{
	int64_t seen = 0;
	t->perms.v = NEW_N(a, struct perm_def, rows->n);
	for (size_t i = 0; i < rows->n; i++) {
		int64_t bit;
		struct perm_def p = { .id = rows_get(rows, i, S("id")), .en = rows_get(rows, i, S("en")),
				      .zh = rows_get(rows, i, S("zh")) };
		if (!str_to_i64(rows_get(rows, i, S("bit")), &bit) || bit < 0 || bit >= PERM_MAX || (seen >> bit & 1) || !p.id.n)
			return bad_row(a, f, "role/perms", rows, i);
		p.bit = (int)bit;
		seen |= INT64_C(1) << bit;
		t->perms.v[t->perms.n++] = p;
	}
	return ERR_OK;
}

static int role_index(const struct role_table *t, str id)
{
	for (size_t i = 0; t && i < t->roles.n; i++)
		if (str_eq(t->roles.v[i].id, id))
			return (int)i;
	return -1;
}

static err read_roles(struct arena *a, const struct rows *rows, struct role_table *t, struct fail *f)
{
	if (rows->n > PERM_MAX)
		return bad_row(a, f, "role/roles", rows, PERM_MAX);
	t->roles.v = NEW_N(a, struct role_def, rows->n);
	for (size_t i = 0; i < rows->n; i++) {
		struct role_def r = { .id = rows_get(rows, i, S("id")), .en = rows_get(rows, i, S("en")),
				      .zh = rows_get(rows, i, S("zh")) };
		str list = rows_get(rows, i, S("perms")), word;
		while (cut_word(&list, &word)) {
			int64_t mask = perm_mask(t, word);
			if (!mask)
				return bad_row(a, f, "role/roles", rows, i);
			r.perms |= mask;
		}
		if (!r.id.n || role_index(t, r.id) >= 0 || !role_separate(t, &r))
			return bad_row(a, f, "role/roles", rows, i);
		t->roles.v[t->roles.n++] = r;
	}
	return ERR_OK;
}

/* Exclusion holds both ways, whichever row names it. */
static err read_exclusions(struct arena *a, const struct rows *rows, struct role_table *t, struct fail *f)
{
	for (size_t i = 0; i < rows->n; i++) {
		str list = rows_get(rows, i, S("exclusive_with")), word;
		while (cut_word(&list, &word)) {
			int other = role_index(t, word);
			if (other < 0 || (size_t)other == i)
				return bad_row(a, f, "role/roles", rows, i);
			t->roles.v[i].exclusive |= INT64_C(1) << other;
			t->roles.v[other].exclusive |= INT64_C(1) << i;
		}
	}
	return ERR_OK;
}

err role_table_read(struct arena *a, str perms_tsv, str roles_tsv, struct role_table *ret, struct fail *f)
{
	struct role_table t = { 0 };
	struct rows perms, roles;
	TRY(rows_read(a, S("role/perms"), perms_tsv, &perms, f));
	TRY(rows_read(a, S("role/roles"), roles_tsv, &roles, f));
	TRY(read_perms(a, &perms, &t, f));
	TRY(read_roles(a, &roles, &t, f));
	TRY(read_exclusions(a, &roles, &t, f));
	*ret = t;
	return ERR_OK;
}

const struct role_def *role_find(const struct role_table *t, str id)
{
	int i = role_index(t, id);
	return i < 0 ? NULL : &t->roles.v[i];
}

int64_t perm_mask(const struct role_table *t, str perm)
{
	for (size_t i = 0; t && i < t->perms.n; i++)
		if (str_eq(t->perms.v[i].id, perm))
			return INT64_C(1) << t->perms.v[i].bit;
	return 0;
}

/* ---- the rule ---- */

static bool gives(const struct principal_grant *g, int64_t mask, int64_t now_ms)
{
	return (g->perms & mask) && now_ms >= g->from_ms && now_ms < g->to_ms;
}

static bool range_covers(const struct db_scope_range *r, const struct access_row *row)
{
	if (row->region < r->lo || row->region > r->hi || row->secret > r->secret)
		return false;
	if (r->sectors != SECTORS_ALL && !(r->sectors & row->sectors))
		return false;
	if (r->via_lo && (row->handler < r->via_lo || row->handler > r->via_hi))
		return false;
	if (!r->party)
		return true;
	for (size_t i = 0; i < row->nparties; i++)
		if (row->parties[i] == r->party)
			return true;
	return false;
}

static struct db_scope_range range_of(const struct principal_grant *g)
{
	return (struct db_scope_range){ .lo = g->lo, .hi = g->hi, .sectors = g->sectors, .secret = g->secret,
					.party = g->party, .via_lo = g->via_lo, .via_hi = g->via_hi };
}

static int64_t mask_of(const struct principal *p, str perm)
{
	return p && !p->must_change ? perm_mask(p->roles, perm) : 0;
}

bool allow(const struct principal *p, str perm, const struct access_row *row, int64_t now_ms)
{
	int64_t mask = mask_of(p, perm);
	for (size_t i = 0; mask && i < p->n; i++) {
		struct db_scope_range r = range_of(&p->v[i]);
		if (gives(&p->v[i], mask, now_ms) && range_covers(&r, row))
			return true;
	}
	return false;
}

bool handles(const struct principal *p, str perm, const struct access_row *row, int64_t now_ms)
{
	int64_t mask = mask_of(p, perm), lo, hi;
	if (!p || !row->handler || row->handler == row->region || !p->org_region)
		return false;
	region_range(row->handler, &lo, &hi);
	if (p->org_region < lo || p->org_region > hi)
		return false;
	const struct access_row there = { .region = row->handler, .sectors = row->sectors, .secret = row->secret };
	for (size_t i = 0; mask && i < p->n; i++) {
		struct db_scope_range r = range_of(&p->v[i]);
		if (!r.party && !r.via_lo && gives(&p->v[i], mask, now_ms) && range_covers(&r, &there))
			return true;
	}
	return false;
}

bool principal_has(const struct principal *p, str perm, int64_t now_ms)
{
	int64_t mask = mask_of(p, perm);
	for (size_t i = 0; mask && i < p->n; i++)
		if (gives(&p->v[i], mask, now_ms))
			return true;
	return false;
}

bool scope_allows(const struct db_scope *scope, const struct access_row *row)
{
	for (size_t i = 0; i < scope->n; i++)
		if (range_covers(&scope->v[i], row))
			return true;
	return false;
}

static int compare(int64_t a, int64_t b)
{
	return a < b ? -1 : a > b;
}

static int by_kind_then_start(const void *x, const void *y)
{
	const struct db_scope_range *a = x, *b = y;
	int c = compare(a->party, b->party);
	c = c ? c : compare(a->via_lo, b->via_lo);
	c = c ? c : compare(a->via_hi, b->via_hi);
	c = c ? c : compare(a->secret, b->secret);
	c = c ? c : compare(a->sectors, b->sectors);
	return c ? c : compare(a->lo, b->lo);
}

/* Does a see all that b sees? */
static bool contains(const struct db_scope_range *a, const struct db_scope_range *b)
{
	bool sectors = a->sectors == SECTORS_ALL || (b->sectors != SECTORS_ALL && !(b->sectors & ~a->sectors));
	return a->lo <= b->lo && a->hi >= b->hi && a->secret >= b->secret && sectors &&
	       (a->party == 0 || a->party == b->party) &&
	       (a->via_lo == 0 || (b->via_lo >= a->via_lo && b->via_hi <= a->via_hi));
}

/* Joins ranges of one kind that overlap or touch; the number left. */
static size_t join(struct db_scope_range *v, size_t n)
{
	size_t out = 0;
	for (size_t i = 0; i < n; i++) {
		struct db_scope_range *last = out ? &v[out - 1] : NULL;
		bool same = last && last->party == v[i].party && last->secret == v[i].secret &&
			    last->sectors == v[i].sectors && last->via_lo == v[i].via_lo && last->via_hi == v[i].via_hi;
		if (same && v[i].lo <= last->hi + 1) {
			if (v[i].hi > last->hi)
				last->hi = v[i].hi;
		} else {
			v[out++] = v[i];
		}
	}
	return out;
}

static size_t drop_contained(struct db_scope_range *v, size_t n)
{
	size_t out = 0;
	for (size_t i = 0; i < n; i++) {
		bool covered = false;
		for (size_t k = 0; k < n && !covered; k++)
			covered = k != i && contains(&v[k], &v[i]) && !(contains(&v[i], &v[k]) && i < k);
		if (covered)
			v[i] = (struct db_scope_range){ .lo = 1, .hi = 0 }; /* sees nothing, contains nothing */
	}
	for (size_t i = 0; i < n; i++)
		if (v[i].lo <= v[i].hi)
			v[out++] = v[i];
	return out;
}

void scope_for(struct arena *a, const struct principal *p, str perm, int64_t now_ms, struct db_scope *ret)
{
	int64_t mask = mask_of(p, perm);
	size_t n = 0;
	struct db_scope_range *v = mask && p->n ? NEW_N(a, struct db_scope_range, p->n) : NULL;
	for (size_t i = 0; v && i < p->n; i++)
		if (gives(&p->v[i], mask, now_ms) && p->v[i].lo <= p->v[i].hi && p->v[i].sectors)
			v[n++] = range_of(&p->v[i]);
	if (n > 1) {
		qsort(v, n, sizeof *v, by_kind_then_start);
		n = drop_contained(v, join(v, n));
	}
	*ret = (struct db_scope){ .n = n, .v = v };
}

struct http_about access_about(const char *perm, const struct access_row *row)
{
	return (struct http_about){ perm, row->region, row->sectors, row->secret, row->handler, row->parties, row->nparties };
}

struct db_scope cx_scope(const struct ctx *cx, str perm)
{
	struct db_scope s;
	scope_for(cx->a, cx->who, perm, cx->now_ms, &s);
	return s;
}

bool cx_allowed(const struct ctx *cx, str perm, const struct access_row *row)
{
	return allow(cx->who, perm, row, cx->now_ms);
}

bool cx_in_region(const struct ctx *cx, str perm, int64_t region)
{
	int64_t mask = mask_of(cx->who, perm);
	bool reading = str_ends(perm, S(".read"));
	for (size_t i = 0; mask && i < cx->who->n; i++) {
		const struct principal_grant *g = &cx->who->v[i];
		if (gives(g, mask, cx->now_ms) && region >= g->lo && region <= g->hi && (reading || !g->party) && !g->via_lo)
			return true;
	}
	return false;
}

int64_t cx_account(const struct ctx *cx)
{
	return cx->who ? cx->who->account : 0;
}

int64_t cx_org(const struct ctx *cx)
{
	return cx->who ? cx->who->org : 0;
}

/* ---- giving ---- */

/* Does the grantor's grant reach at least as far as the new one? */
static bool reaches(const struct principal_grant *g, const struct grant_new *n)
{
	struct db_scope_range have = range_of(g), want = { .lo = n->lo, .hi = n->hi, .sectors = n->sectors, .secret = n->secret,
							   .party = n->party };
	return contains(&have, &want) && g->from_ms <= n->from_ms && g->to_ms >= n->to_ms;
}

static bool may_give(const struct principal *by, const struct role_table *t, const struct role_def *role,
		     const struct grant_new *g, int64_t now_ms)
{
	int64_t giving = perm_mask(t, S("grant.write")), have = 0;
	bool can = false, security = false;
	for (size_t i = 0; i < by->n; i++) {
		const struct principal_grant *own = &by->v[i];
		if (now_ms < own->from_ms || now_ms >= own->to_ms || !reaches(own, g))
			continue;
		have |= own->perms;
		if (own->perms & giving) {
			can = true;
			security |= str_eq(own->role, S("secadmin"));
		}
	}
	return can && (security || !(role->perms & ~have));
}

static const char *cstr(const str s, char *buf, size_t n)
{
	size_t k = s.n < n - 1 ? s.n : n - 1;
	memcpy(buf, s.p, k);
	buf[k] = '\0';
	return buf;
}

static err check_exclusive(const struct role_table *t, const struct role_def *role, const str *held, size_t nheld,
			   struct fail *f)
{
	char name[64];
	for (size_t i = 0; i < nheld; i++) {
		int k = role_index(t, held[i]);
		if (k >= 0 && (role->exclusive >> k & 1))
			return FAIL(f, SEPARATION, "/role", "err.role_exclusive", "role", cstr(held[i], name, sizeof name));
	}
	return ERR_OK;
}

err grant_check(const struct principal *by, const struct role_table *t, const struct grant_new *g, const str *held,
		size_t nheld, int64_t now_ms, struct fail *f)
{
	char name[64];
	const struct role_def *role = role_find(t, g->role);
	if (!role)
		return FAIL(f, BAD_FIELD, "/role", "err.unknown_role", "role", cstr(g->role, name, sizeof name));
	if (g->lo > g->hi || g->lo < 0)
		return FAIL(f, BAD_FIELD, "/region", NULL);
	if (g->sectors == 0)
		return FAIL(f, BAD_FIELD, "/sectors", NULL);
	if (g->secret < 0 || g->secret > SECRET_MAX)
		return FAIL(f, BAD_FIELD, "/secret", NULL);
	if (g->from_ms >= g->to_ms || g->to_ms <= now_ms)
		return FAIL(f, BAD_FIELD, "/valid_to", NULL);
	if (!by || by->must_change)
		return FAIL(f, FORBIDDEN, "", NULL);
	if (g->account == by->account || g->person == by->person)
		return FAIL(f, SEPARATION, "/account", "err.grant_self");
	if (!may_give(by, t, role, g, now_ms))
		return FAIL(f, FORBIDDEN, "", "err.grant_beyond");
	return check_exclusive(t, role, held, nheld, f);
}
