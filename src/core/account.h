/* Accounts: a login of a person in an organisation. */
#ifndef BH_CORE_ACCOUNT_H
#define BH_CORE_ACCOUNT_H

#include "core/login.h"
#include "db/ctx.h"

struct account_new {
	str login;
	int64_t person, org;
	str phc;               /* password_hash() */
	bool must_change;
};
/* An act of the organisation's region. ERR_CONFLICT when the login is taken. */
err account_put(struct ctx *cx, const struct account_new *n, int64_t *ret_id) MUST_USE;
err account_lock(struct ctx *cx, int64_t id, bool locked) MUST_USE;       /* ends its sessions */
/* A new hash; ends all sessions of the account. */
err account_set_password(struct ctx *cx, int64_t id, str phc, bool must_change) MUST_USE;
/* The person's name; "" for the system (0) and the unknown. */
err account_name(struct ctx *cx, int64_t account, str *ret) MUST_USE;
/* The words that are tried first, from the catalog; "" without one. */
str account_common_passwords(const struct app *app, struct arena *a);

#endif
