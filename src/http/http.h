/* The server: a table of routes, typed bodies and replies, problem+json, and nothing of the domain.
 * Only src/http includes microhttpd.h. */
#ifndef BH_HTTP_HTTP_H
#define BH_HTTP_HTTP_H

#include "base/json.h"
#include "db/ctx.h"

struct req;
typedef err handler(struct req *rq);

enum route_kind {
	READ,    /* runs at once with a read snapshot in rq->cx.c */
	WRITE,   /* runs inside a write transaction in rq->cx.c; the answer leaves after the commit */
	SLOW,    /* runs on a worker thread without a connection (long work, files, password hashing) */
	UPLOAD,  /* as SLOW; the body was streamed to a temporary file: rq->upload */
	STREAM,  /* server-sent events: the handler subscribes, see http_publish */
};

struct route {
	const char *method;      /* "GET", "POST", "PUT", "PATCH", "DELETE" */
	const char *path;        /* "/api/matters/{id}/acts" */
	handler *fn;
	enum route_kind kind;
	const char *perm;        /* permission id such as "matter.read"; "" any account; NULL public */
	json_type_fn *body;      /* NULL: no JSON body */
	json_type_fn *reply;     /* NULL: not JSON, or an empty object */
	const char *summary;     /* one English line for the contract */
	json_type_fn *query;     /* NULL: no query; else a struct of optional fields */
};

struct upload {
	const char *path;        /* temporary file, removed after the request */
	int64_t size;
	unsigned char sha256[32];
};

struct req {
	struct ctx cx;
	struct arena *a;         /* == cx.a */
	const struct route *route;
	void *body;              /* struct of route->body */
	void *query;             /* struct of route->query */
	struct upload upload;
	str peer;                /* address of the client */
	str request_id;
	str raw_query, cookie, csrf_header;
	/* the answer */
	int status;              /* 0: 200 */
	struct buf out;
	const char *content_type;
	str disposition_name;    /* download under this name (UTF-8) */
	str set_cookie;
	const char *send_path;   /* send this file instead of out; removed after if send_unlink */
	bool send_unlink;
	str etag;
	struct http_impl *impl;
};

/* Path parameters: {id} as a positive id, or as text. ERR_NOT_FOUND when malformed. */
err rq_id(struct req *rq, const char *name, int64_t *ret) MUST_USE;
str rq_param(struct req *rq, const char *name);
str rq_header(struct req *rq, const char *name);         /* null string when absent */
err reply_json(struct req *rq, const void *value);       /* of route->reply */
err reply_created(struct req *rq, const void *value);    /* 201 */
err reply_text(struct req *rq, const char *content_type, str text);
err reply_download(struct req *rq, const char *content_type, str name, str bytes);
err reply_file(struct req *rq, const char *content_type, str name, const char *path, bool unlink_after);

/* What the server asks of the layers above. */
struct http_hooks {
	void *arg;
	/* Finds who asks (cookie, CSRF) and fills rq->cx.who, cx.lang. Called with a read connection in
	 * cx.c. Public routes get cx.who == NULL rather than an error. */
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

struct http_options {
	const char *listen;             /* "127.0.0.1:8212", port 0 = any free port */
	const struct route *const *tables; /* NULL-ended list of tables, each ended by method == NULL */
	struct http_hooks hooks;
	const struct app *app;
	struct db *db;
	const struct clock *clock;
	const char *tmp_dir;            /* for uploads */
	const struct embed_file *(*embed)(str path); /* the page; NULL = none. see http/embed.h */
	int64_t max_body, max_upload;   /* bytes; 1 MiB and 64 MiB by default */
	int threads, workers;           /* 0 = by cores */
	int max_connections;            /* 0 = 1024 */
	bool secure_cookies;
};

struct http;
err http_start(const struct http_options *o, struct http **ret, struct fail *f) MUST_USE;
int http_port(const struct http *h);
void http_stop(struct http *h);         /* drains: answers what runs, refuses what is new */

/* Server-sent events: every subscriber whose scope allows (region, sectors) gets the line. */
void http_publish(struct http *h, const char *event, int64_t region, int64_t sectors, str data);
typedef bool stream_filter(const struct principal *who, int64_t region, int64_t sectors);

/* OpenAPI 3.1 of the tables. */
void http_openapi(struct buf *b, const struct route *const *tables, const char *version);

/* Counters for /metrics. */
struct http_stats { int64_t requests, in_flight, by_class[6]; int64_t duration_us_sum; };
struct http_stats http_stats(const struct http *h);

#endif
