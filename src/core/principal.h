/* Who asks: an account with its grants, compiled. Made by core/session for a request, or by tests. */
#ifndef BH_CORE_PRINCIPAL_H
#define BH_CORE_PRINCIPAL_H

#include "core/crypto.h"

/* One grant, with its role's permissions as a mask; re-coded regions give further ones. */
struct principal_grant {
	int64_t id;
	str role;
	int64_t perms;                /* bits of role_table */
	int64_t lo, hi;               /* regions, inclusive */
	int64_t sectors;              /* mask; -1 = every sector */
	int64_t party;                /* 0, or: only rows this organisation is a party of */
	int64_t via_lo, via_hi;       /* 0, or: only matters that were handed to a territory in this range */
	int64_t secret;               /* highest label readable */
	int64_t from_ms, to_ms;       /* valid from, and until just before */
	bool derived;                 /* made from a re-coded region or a matter handed over: not shown, not counted */
};

struct principal {
	int64_t account, person, org;
	int64_t org_region;           /* 0 without an organisation */
	str login, name, name_en, lang;
	bool must_change;             /* may do nothing but change the password */
	bool otp_on;
	int64_t at_ms;                /* when the grants were read */
	str csrf;
	unsigned char session[HASH_SIZE]; /* SHA-256 of the cookie */
	const struct role_table *roles;
	size_t n;
	const struct principal_grant *v;
};

#endif
