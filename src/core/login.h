/* The rules of logging in, pure: one-time codes, passwords, lock-out, throttling. */
#ifndef BH_CORE_LOGIN_H
#define BH_CORE_LOGIN_H

#include "base/buf.h"
#include "core/crypto.h"

/* ---- one-time codes: RFC 6238 with SHA-1, 30 s, six digits ---- */

enum { TOTP_STEP_MS = 30000, TOTP_SECRET_SIZE = 20 };

/* The code of a time step (ms / 30000), `digits` 6..8. */
uint32_t totp_code(str secret, int64_t step, int digits);
/* Accepts the step before, this one and the next, each at most once: steps up to last_step are used up.
 * *ret_step is what to keep. */
bool totp_check(str secret, str code, int64_t now_ms, int64_t last_step, int64_t *ret_step);
/* otpauth://totp/… for authenticator programs. */
str totp_uri(struct arena *a, str secret, str issuer, str login);

/* ---- passwords ---- */

/* A policy profile. `mlps3` follows what assessors of GB/T 22239 level 3 ask for; `asvs5` follows OWASP
 * ASVS 5.0, which forbids rules of composition. */
struct password_policy {
	const char *id;
	size_t min, max;       /* code points */
	int classes;           /* of capital, small, digit, other */
};
const struct password_policy *password_policy(str id);   /* "mlps3" when unknown */
/* `common` holds the words tried first, one a line, small letters; a password that is one of them, or
 * one with digits and signs behind it, is refused. */
err password_check(const struct password_policy *p, str common, str login, str password, const char *pointer,
		   struct fail *f) MUST_USE;
bool login_valid(str login);                             /* 2 to 64 of a–z 0–9 . _ - */

/* ---- lock-out and throttle ---- */

enum { LOCK_AFTER = 5, LOCK_MS = 15 * 60 * 1000 };
/* What a failed attempt does to an account's counters. */
struct lock_state {
	int64_t fails, until_ms;
};
struct lock_state lock_after_failure(struct lock_state s, int64_t now_ms);
int64_t lock_minutes(int64_t until_ms, int64_t now_ms);  /* rounded up; 0: not locked */

/* Counts failures by peer and by unknown login, in memory, a fixed size; safe from any thread. */
struct throttle;
enum throttle_kind { THROTTLE_PEER, THROTTLE_LOGIN };
struct throttle *throttle_new(void);
void throttle_free(struct throttle *t);
int64_t throttle_until(struct throttle *t, enum throttle_kind kind, str who, int64_t now_ms); /* 0: free */
void throttle_failed(struct throttle *t, enum throttle_kind kind, str who, int64_t now_ms);

#endif
