/* Sessions: 256 random bits in a cookie, their SHA-256 in the store. Idle for 30 minutes or after 12
 * hours a session is over. The hooks by which the server learns who asks. */
#ifndef BH_CORE_SESSION_H
#define BH_CORE_SESSION_H

#include "core/login.h"
#include "core/principal.h"
#include "http/http.h"

enum { SESSION_IDLE_MS = 30 * 60 * 1000, SESSION_MAX_MS = 12 * 3600 * 1000, SESSION_SEEN_MS = 60 * 1000 };

struct http_hooks session_hooks(struct app *app);
bool session_stream_filter(const struct principal *who, const struct http_about *about);

/* Begins a session and sets the cookie; within the caller's transaction. */
err session_begin(struct req *rq, int64_t account, str *ret_csrf) MUST_USE;
/* Ends the session of the request and begins another for the same account. */
err session_rotate(struct req *rq, str *ret_csrf) MUST_USE;
err session_end(struct req *rq) MUST_USE;
/* The account with its grants, as a request of it would have. ERR_NOT_FOUND. */
err session_principal(struct db_conn *c, struct arena *a, const struct app *app, int64_t account, int64_t now_ms,
		      struct principal *ret) MUST_USE;

/* A handler without a connection (SLOW) reads or writes: fn runs with rq->cx.c set, for writing inside a
 * transaction and perhaps twice. */
err session_read(struct req *rq, err (*fn)(struct req *rq, void *arg), void *arg) MUST_USE;
err session_write(struct req *rq, err (*fn)(struct req *rq, void *arg), void *arg) MUST_USE;

/* The value of a cookie in a Cookie header; the null string when absent. */
str cookie_value(str header, str name);

#endif
