/* What the files of the server share. */
#ifndef BH_HTTP_INTERNAL_H
#define BH_HTTP_INTERNAL_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>

#include "base/log.h"
#include "base/embed.h"
#include "http/http.h"

enum {
	MAX_SEGMENTS = 12,
	MAX_QUERY = 64,              /* parameters */
	IDLE_S = 30,                 /* a client that neither sends nor takes anything */
	CONNECTION_BYTES = 16 << 10, /* of a request's head; the library clears them after each */
	PATIENCE_MS = 2 * 1000,      /* http_stop: for requests that still arrive */
	DRAIN_MS = 8 * 1000,         /* and then for those that run */
	SWALLOW_MAX = 256 << 20,     /* bytes of a refused body that are read and thrown away */
};

/* ---- routes ---- */

struct compiled {
	const struct route *route;
	str seg[MAX_SEGMENTS];       /* a parameter is "{name}" */
	size_t n;
};
struct router {
	struct arena *a;
	struct compiled *v;          /* fixed segments before parameters */
	size_t n;
};
struct match {
	const struct compiled *c;
	str value[MAX_SEGMENTS];     /* decoded segments of the path */
};
void router_init(struct router *r, const struct route *const *tables);
void router_done(struct router *r);
/* NULL c when nothing fits; then *ret_allow lists the methods of the path, or is empty. */
struct match router_find(const struct router *r, struct arena *a, str method, str path, str *ret_allow);

/* ---- one request and its answer ---- */

enum phase { PHASE_NEW, PHASE_BODY, PHASE_RUNNING, PHASE_READY, PHASE_ANSWERED };

struct temp_file {
	int fd;                      /* -1: none */
	char *path;
	int64_t size;
	void *hash;
	bool full;                   /* the disk is */
};

struct exchange {
	struct req rq;
	struct http *h;
	struct MHD_Connection *conn;
	struct arena *a;             /* the request: path, body, who */
	struct arena *attempt;       /* WRITE: reset before each try */
	enum phase phase;
	str method, path;
	struct match m;
	bool has_body, is_page, close, early, counted;
	bool known;                  /* the answer of an earlier request with this key */
	bool who_known;              /* without asking the store */
	int64_t content_length;      /* -1: not told */
	err result;                  /* with rq.cx.fail */
	err written;                 /* what came of the write */
	str allow;                   /* of 405 */
	struct buf body;
	int64_t swallowed;
	struct temp_file temp;
	int linger_fd;               /* -1, or a second handle on the socket, see tick.c */
	int64_t start_us;
	str db_message;              /* of a failure of the store, for the log */
	const struct embed_file *page;
	bool page_gzip;
	struct subscriber *sub;
	struct exchange *next;       /* in the workers' or the finisher's queue */
};

/* request.c: everything before the handler; a refusal is left in x->result and cx.fail. */
err request_begin(struct exchange *x, const char *method, const char *version) MUST_USE;
err request_ready(struct exchange *x) MUST_USE;     /* who asks, query, body; needs cx.c */
int64_t request_max_upload(const struct exchange *x);
err request_too_large(struct exchange *x, int64_t max);
str request_header(const struct exchange *x, const char *name);
bool decode_percent(struct arena *a, str s, bool plus, str *ret) MUST_USE;

/* guard.c */
err guard_check(struct exchange *x, const char *version) MUST_USE;

/* run.c */
enum MHD_Result run_exchange(struct exchange *x);
void run_slow(struct exchange *x);                  /* on a worker */
void finish_write(struct exchange *x);              /* on the finisher, with x->written */
void exchange_free(struct exchange *x);

/* answer.c */
enum MHD_Result answer(struct exchange *x);
/* Notes what a handler or hook returned; a code without detail gets its own message. */
void settle(struct exchange *x, err e);

/* page.c: looks up an embedded file; ERR_NOT_FOUND when there is none. */
err page_find(struct exchange *x) MUST_USE;

/* upload.c */
void temp_write(struct exchange *x, const char *p, size_t n);
err temp_finish(struct exchange *x) MUST_USE;
void temp_drop(struct exchange *x);

/* worker.c */
struct pool {
	pthread_mutex_t lock;
	pthread_cond_t work;
	struct exchange *head, **tail;
	_Atomic int queued;
	int max, n;
	bool stopping;
	pthread_t threads[16];
};
bool pool_start(struct pool *p, int workers, int max_queue);
bool pool_put(struct pool *p, struct exchange *x);  /* false: full */
void pool_stop(struct pool *p);                     /* after the queue has run dry */

/* finish.c: the outcome of writes, in the order they were committed. */
struct finisher {
	pthread_mutex_t lock;
	pthread_cond_t work;
	struct exchange *head, **tail;
	bool stopping, running;
	pthread_t thread;
};
bool finisher_start(struct finisher *f);
void finisher_put(struct finisher *f, struct exchange *x);
void finisher_stop(struct finisher *f);             /* after the queue has run dry */

/* stream.c */
struct streams {
	pthread_mutex_t lock;
	struct subscriber *first;
	_Atomic int n;
	bool closed;
	struct news *afresh, **afresh_end; /* told once everybody was asked again */
};
void streams_init(struct streams *s);
void streams_free(struct streams *s);
struct MHD_Response *stream_response(struct exchange *x);
void streams_beat(struct http *h);                  /* every heartbeat_ms, from the ticker */
void streams_tell_afresh(struct http *h);           /* from the ticker, woken by http_publish */
void streams_close(struct http *h);
void stream_leave(struct exchange *x);              /* before its exchange goes */

/* tick.c: one thread for what has to happen without a request. */
struct ticker {
	pthread_t thread;
	int wake;                    /* eventfd */
	pthread_mutex_t lock;
	struct lingering *lingering;
	struct seen *seen;
	_Atomic bool stopping;
	bool running;
};
bool ticker_start(struct http *h);
void ticker_stop(struct http *h);
void ticker_wake(struct http *h);
void linger_add(struct http *h, int fd);
/* An open connection; the ticker cuts it when what it expects does not come in time. */
struct seen *seen_open(struct http *h, int fd);
void seen_close(struct http *h, struct seen *s);
void seen_expect(struct seen *s, int64_t bytes);    /* a head (0), or a body of so many bytes */
void seen_content(struct seen *s);                  /* nothing is expected now */
void seen_cut(struct http *h, int64_t now);         /* those whose time is up at `now` */

struct http {
	struct http_options o;
	str csp;                     /* of the page */
	struct arena *a;
	struct router router;
	struct MHD_Daemon *daemon;
	struct pool pool;
	struct finisher finisher;
	struct streams streams;
	struct ticker ticker;
	int port;
	bool loopback;
	str listen_host;
	uint64_t id_seed;
	_Atomic uint64_t id_next;
	_Atomic bool stopping;
	_Atomic int64_t requests, in_flight, by_class[6], duration_us, by_duration[HTTP_DURATIONS];
	_Atomic int64_t running;     /* handed to a writer or worker */
	pthread_mutex_t drain_lock;
	pthread_cond_t drained;
};

#endif
