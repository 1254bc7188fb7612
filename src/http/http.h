/* The server: a table of routes, typed bodies and replies, problem+json, and nothing of the domain.
 * Only src/http includes microhttpd.h. */
#ifndef BH_HTTP_HTTP_H
#define BH_HTTP_HTTP_H

#include "base/json.h"
#include "db/ctx.h"

struct req;
struct exchange; /* of the server */
typedef err handler(struct req *rq);

enum route_kind {
	READ,    /* runs at once with a read snapshot in rq->cx.c */
	WRITE,   /* runs inside a write transaction in rq->cx.c; the answer leaves after the commit. May be
		  * run again after a serialisation failure, with an empty answer and a fresh rq->a; it
		  * must not change body and query, and must not act on anything but the store */
	SLOW,    /* runs on a worker thread without a connection (long work, files, password hashing) */
	UPLOAD,  /* as SLOW; the body was streamed to a temporary file: rq->upload */
	STREAM,  /* server-sent events, see http_publish; a handler may write the first ones to rq->out */
};

/* What is published is about something; who may read that may hear of it. */
struct http_about {
	const char *perm;          /* that reading it takes */
	int64_t region, sectors, secret, handler;
	const int64_t *parties;
	size_t nparties;
	bool afresh;                       /* it changed who may hear: everybody who listens is asked again first */
};

struct route {
	const char *method;      /* "GET", "POST", "PUT", "PATCH", "DELETE" */
	const char *path;        /* "/api/matters/{id}/acts" */
	handler *fn;
	enum route_kind kind;
	const char *perm;        /* permission id such as "matter.read"; "" any account; NULL public */
	json_type_fn *body;      /* NULL: no JSON body (an empty object is borne) */
	json_type_fn *reply;     /* NULL: not JSON, or an empty object */
	const char *summary;     /* one English line for the contract */
	json_type_fn *query;     /* NULL: no query; else a struct of optional fields */
	int64_t max_upload;      /* of an UPLOAD, when it is less than the server's; 0: that */
	handler *before;         /* of a WRITE: runs first, as SLOW does, and leaves what it prepared in
				  * rq->prepared, so that the writer is not kept with it. Not run when the answer
				  * to this idempotency key is known */
};

struct upload {
	const char *path;        /* temporary file, removed after the request */
	int64_t size;
	unsigned char sha256[32];
};

struct req {
	struct ctx cx;
	struct arena *a;         /* == cx.a; in WRITE handlers that of the attempt, the answer lives in it */
	const struct route *route;
	void *body;              /* struct of route->body */
	void *query;             /* struct of route->query */
	struct upload upload;
	str peer;                /* address of the client */
	str request_id;
	str raw_query, cookie, csrf_header;
	str body_text;           /* the body as it came, for idempotency; not of uploads */
	/* the answer */
	int status;              /* 0: 200 */
	struct buf out;
	const char *content_type;
	str disposition_name;    /* download under this name (UTF-8) */
	str set_cookie;
	const char *send_path;   /* send this file instead of out; removed after if send_unlink */
	bool send_unlink;
	str etag;                /* quoted; answered with 304 when the client has it */
	handler *after;          /* see rq_after */
	void *prepared;          /* of route->before; lives through the attempts */
	struct notice *notices;  /* see rq_publish */
	uint64_t asked_at;       /* noted by hooks.recall for hooks.authenticate; 0: it was not asked */
	struct exchange *x;
};

/* Path parameters: {id} as a positive id, or as text. ERR_NOT_FOUND when malformed. */
err rq_id(struct req *rq, const char *name, int64_t *ret) MUST_USE;
str rq_param(struct req *rq, const char *name);          /* null string when there is none */
str rq_header(struct req *rq, const char *name);         /* null string when absent */
/* In a WRITE handler: what subscribers are told once the transaction is durable (http_publish). Nothing
 * is told when the handler fails; an attempt that is repeated begins afresh. */
void rq_publish(struct req *rq, const char *event, const struct http_about *about, str data);
/* In a WRITE handler: leaves a costly answer to `fn`, which runs on a worker thread with a read snapshot in
 * cx.c once the transaction is durable, so that the writer need not wait for it. It is called at once
 * where the answer must be stored with the act (requests with an idempotency key). */
err rq_after(struct req *rq, handler *fn) MUST_USE;
/* In SLOW and UPLOAD handlers and in route->before: runs `fn` with a read snapshot in cx.c. */
err rq_snapshot(struct req *rq, handler *fn) MUST_USE;
err reply_json(struct req *rq, const void *value);       /* of route->reply */
err reply_created(struct req *rq, const void *value);    /* 201 */
err reply_text(struct req *rq, const char *content_type, str text);
err reply_download(struct req *rq, const char *content_type, str name, str bytes);
err reply_file(struct req *rq, const char *content_type, str name, const char *path, bool unlink_after);

/* What the server asks of the layers above. */
struct http_hooks {
	void *arg;
	/* The same as authenticate where the answer is known without the store; *ret_known says whether. Called
	 * before any snapshot is taken. NULL: nothing is kept. */
	err (*recall)(void *arg, struct req *rq, bool *ret_known);
	/* Finds who asks (cookie, CSRF) and fills rq->cx.who; cx.lang was read from ?lang= or
	 * Accept-Language. Called with a read connection in cx.c, cx.who must live in rq->a. Public
	 * routes get cx.who == NULL rather than an error. Called again at each heartbeat of a stream. */
	err (*authenticate)(void *arg, struct req *rq);
	/* May this principal use the route at all? (rows are checked by the handler's scope) */
	err (*authorize)(void *arg, struct req *rq);
	/* Localised text of a failure; `key` and its arguments, in rq->cx.lang. */
	str (*message)(void *arg, struct arena *a, str lang, const struct fail *f);
	/* Idempotent repetition: called inside WRITE transactions that carry a key. If a stored answer
	 * exists it fills rq->out/status and returns true in *ret_hit. store() keeps the answer. */
	err (*idem_find)(void *arg, struct req *rq, bool *ret_hit);
	err (*idem_store)(void *arg, struct req *rq);
};

/* May this subscriber hear of it? */
typedef bool stream_filter(const struct principal *who, const struct http_about *about);

struct http_options {
	const char *listen;             /* "127.0.0.1:8212", port 0 = any free port */
	const struct route *const *tables; /* NULL-ended list of tables, each ended by method == NULL */
	struct http_hooks hooks;
	const struct app *app;
	struct db *db;
	const struct clock *clock;
	const char *tmp_dir;            /* for uploads */
	const struct embed_file *(*embed)(str path); /* the page; NULL = none. see base/embed.h */
	int64_t max_body, max_upload;   /* bytes; 1 MiB and 64 MiB by default */
	int threads, workers;           /* 0 = by cores; at least one thread for 120 connections */
	int max_connections;            /* 0 = 960 */
	bool secure_cookies;            /* behind TLS: sends HSTS */
	const char *hosts;              /* "a.example,b.example": names accepted in Host besides loopback's
					 * when listening on loopback; elsewhere, when given, the only ones */
	const char *images_from;        /* "https://tiles.example:8443": the one origin besides ours that the page may
					 * load pictures from; NULL: none */
	stream_filter *filter;          /* NULL: everybody hears everything */
	int heartbeat_ms;               /* of streams; 0 = 15000 */
	int max_queue;                  /* SLOW and UPLOAD requests waiting for a worker; 0 = 64 */
};

struct http;
err http_start(const struct http_options *o, struct http **ret, struct fail *f) MUST_USE;
int http_port(const struct http *h);
void http_stop(struct http *h);         /* drains: answers what runs, refuses what is new */

/* Server-sent events: every subscriber whom the filter lets gets it; from any thread, never blocks on
 * a client. A subscriber that does not keep up is dropped and has to read afresh. */
void http_publish(struct http *h, const char *event, const struct http_about *about, str data);

/* OpenAPI 3.1 of the tables. */
void http_openapi(struct buf *b, const struct route *const *tables, const char *version);

/* Counters for /metrics. */
enum { HTTP_DURATIONS = 12 };
extern const int64_t http_duration_us[HTTP_DURATIONS - 1];
struct http_stats {
	int64_t requests, in_flight;
	int64_t by_class[6];     /* answers by the first digit of the status */
	int64_t duration_us_sum;
	int64_t by_duration[HTTP_DURATIONS]; /* answers within http_duration_us[i], not within the one before; the last: longer */
	int64_t subscribers, queued;
};
struct http_stats http_stats(const struct http *h);

#endif
