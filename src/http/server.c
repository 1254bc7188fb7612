/* Starting, stopping, and the library's callbacks. */
#include "http/internal.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

/* ---- the library's callbacks ---- */

static void *on_uri(void *cls, const char *uri, struct MHD_Connection *conn)
{
	struct http *h = cls;
	struct arena *a = arena_new();
	struct exchange *x = NEW(a, struct exchange);
	x->h = h;
	x->conn = conn;
	x->a = x->rq.a = x->rq.cx.a = a;
	x->rq.x = x;
	x->rq.out = BUF(a);
	x->body = BUF(a);
	x->temp.fd = x->linger_fd = -1;
	x->start_us = clock_monotonic_us();
	str target = arena_str(a, str_of(uri));
	ptrdiff_t q = str_find_char(target, '?');
	x->path = str_sub(target, 0, q < 0 ? target.n : (size_t)q);
	if (q >= 0)
		x->rq.raw_query = str_sub(target, (size_t)q + 1, target.n);
	return x;
}

static struct seen *seen_of(struct MHD_Connection *conn)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(conn, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	return info ? info->socket_context : NULL;
}

static int socket_of(struct MHD_Connection *conn)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(conn, MHD_CONNECTION_INFO_CONNECTION_FD);
	return info ? info->connect_fd : -1;
}

/* Answers before the body has come; the ticker reads the rest from a second handle on the socket. */
static enum MHD_Result answer_early(struct exchange *x)
{
	x->close = true;
	x->linger_fd = fcntl(socket_of(x->conn), F_DUPFD_CLOEXEC, 3);
	return answer(x);
}

static enum MHD_Result on_head(struct exchange *x, const char *method, const char *version)
{
	struct http *h = x->h;
	x->phase = PHASE_BODY;
	x->counted = true;
	atomic_fetch_add(&h->in_flight, 1);
	settle(x, request_begin(x, method, version));
	if (x->result == ERR_OK && atomic_load(&h->stopping))
		settle(x, FAIL(&x->rq.cx.fail, BUSY, "", NULL));
	if (x->result != ERR_OK && x->has_body)
		return answer_early(x);
	struct seen *s = seen_of(x->conn);
	bool upload = x->rq.route && x->rq.route->kind == UPLOAD;
	if (s && x->has_body)
		seen_expect(s, upload ? h->o.max_upload : h->o.max_body);
	return MHD_YES;
}

static enum MHD_Result swallow(struct exchange *x, size_t n)
{
	x->swallowed += (int64_t)n;
	return x->swallowed <= SWALLOW_MAX ? MHD_YES : MHD_NO;
}

static enum MHD_Result on_body(struct exchange *x, const char *p, size_t n)
{
	struct http *h = x->h;
	if (x->result != ERR_OK || x->is_page)
		return swallow(x, n);
	if (x->rq.route->kind == UPLOAD) {
		temp_write(x, p, n);
		return MHD_YES;
	}
	if ((int64_t)(x->body.n + n) > h->o.max_body) {
		settle(x, request_too_large(x, h->o.max_body));
		return swallow(x, n);
	}
	buf_put(&x->body, (str){ p, n });
	return MHD_YES;
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *conn, const char *url, const char *method,
				  const char *version, const char *data, size_t *size, void **state)
{
	(void)cls;
	(void)url;
	struct exchange *x = *state;
	size_t n = *size;
	if (x->phase == PHASE_NEW)
		return on_head(x, method, version);
	if (x->phase == PHASE_BODY && n) {
		*size = 0;
		return on_body(x, data, n);
	}
	if (x->phase == PHASE_BODY) {
		struct seen *s = seen_of(conn);
		if (s)
			seen_content(s);
		return run_exchange(x);
	}
	return x->phase == PHASE_READY ? answer(x) : MHD_YES;
}

static void count_down(struct http *h)
{
	if (atomic_fetch_sub(&h->in_flight, 1) > 1 || !atomic_load(&h->stopping))
		return;
	pthread_mutex_lock(&h->drain_lock);
	pthread_cond_signal(&h->drained);
	pthread_mutex_unlock(&h->drain_lock);
}

static void on_completed(void *cls, struct MHD_Connection *conn, void **state, enum MHD_RequestTerminationCode why)
{
	(void)why;
	struct http *h = cls;
	struct exchange *x = *state;
	struct seen *s = seen_of(conn);
	if (s)
		seen_expect(s, 0);
	if (!x)
		return;
	*state = NULL;
	if (x->linger_fd >= 0)
		linger_add(h, x->linger_fd);
	bool counted = x->counted;
	exchange_free(x);
	if (counted)
		count_down(h);
}

static void on_connection(void *cls, struct MHD_Connection *conn, void **state,
			  enum MHD_ConnectionNotificationCode code)
{
	struct http *h = cls;
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		*state = seen_open(h, socket_of(conn));
	} else if (*state) {
		seen_close(h, *state);
		*state = NULL;
	}
}

/* We decode by ourselves, after splitting. */
static size_t keep_escapes(void *cls, struct MHD_Connection *conn, char *s)
{
	(void)cls;
	(void)conn;
	return strlen(s);
}

PRINTF_LIKE(2, 0) static void on_log(void *cls, const char *fmt, va_list ap)
{
	(void)cls;
	char text[256];
	vsnprintf(text, sizeof text, fmt, ap);
	str line = str_trim(str_of(text));
	text[line.n] = 0;
	LOG(DEBUG, "http library", "says", text);
}

/* ---- starting ---- */

/* libmicrohttpd 0.9.75 takes at most 128 events at once and, when there were exactly that many, waits
 * for further ones with the full timeout before it looks at the first: up to 30 s. A thread with
 * fewer sockets than that never gets there. */
enum { PER_THREAD = 120 };

static err listen_fail(struct fail *f, const char *where, const char *why)
{
	return FAIL(f, IO, "", "err.listen", "address", where, "why", why);
}

static bool split_address(struct arena *a, const char *listen, const char **ret_host, const char **ret_port)
{
	str s = str_of(listen);
	size_t colon = s.n;
	while (colon > 0 && s.p[colon - 1] != ':')
		colon--;
	if (colon == 0)
		return false;
	str host = str_sub(s, 0, colon - 1);
	if (host.n >= 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
		host = str_sub(host, 1, host.n - 1);
	*ret_host = arena_cstr(a, host);
	*ret_port = arena_cstr(a, str_sub(s, colon, s.n));
	return host.n > 0;
}

static bool is_loopback(const struct sockaddr *sa)
{
	if (sa->sa_family == AF_INET)
		return ntohl(((const struct sockaddr_in *)(const void *)sa)->sin_addr.s_addr) >> 24 == 127;
	const struct in6_addr *six = &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr;
	return IN6_IS_ADDR_LOOPBACK(six);
}

static int bind_socket(const struct addrinfo *ai)
{
	int one = 1;
	int fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, ai->ai_addr, ai->ai_addrlen) == 0 && listen(fd, 1024) == 0)
		return fd;
	int e = errno;
	close(fd);
	errno = e;
	return -1;
}

static int port_of(int fd)
{
	struct sockaddr_storage ss;
	socklen_t n = sizeof ss;
	if (getsockname(fd, (struct sockaddr *)&ss, &n) != 0)
		return 0;
	return ntohs(ss.ss_family == AF_INET ? ((struct sockaddr_in *)&ss)->sin_port :
					       ((struct sockaddr_in6 *)&ss)->sin6_port);
}

static err open_socket(struct http *h, int *ret_fd, struct fail *f)
{
	const char *host, *port;
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE }, *ai;
	if (!split_address(h->a, h->o.listen, &host, &port))
		return listen_fail(f, h->o.listen, "HOST:PORT");
	int e = getaddrinfo(host, port, &hints, &ai);
	if (e != 0)
		return listen_fail(f, h->o.listen, gai_strerror(e));
	int fd = bind_socket(ai);
	h->loopback = is_loopback(ai->ai_addr);
	h->listen_host = str_of(host);
	freeaddrinfo(ai);
	if (fd < 0)
		return listen_fail(f, h->o.listen, strerror(errno));
	h->port = port_of(fd);
	*ret_fd = fd;
	return ERR_OK;
}

static int or_default(int v, int by_default)
{
	return v > 0 ? v : by_default;
}

static void set_defaults(struct http_options *o)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	int n = cores < 1 ? 1 : cores > 4 ? 4 : (int)cores;
	o->threads = or_default(o->threads, n);
	o->workers = or_default(o->workers, n < 2 ? 2 : n);
	o->max_connections = or_default(o->max_connections, 960);
	int least = (o->max_connections + PER_THREAD - 1) / PER_THREAD;
	if (o->threads < least)
		o->threads = least;
	o->heartbeat_ms = or_default(o->heartbeat_ms, 15000);
	o->max_queue = or_default(o->max_queue, 64);
	o->max_body = o->max_body > 0 ? o->max_body : 1 << 20;
	o->max_upload = o->max_upload > 0 ? o->max_upload : 64 << 20;
}

static struct MHD_Daemon *start_daemon(struct http *h, int fd)
{
	unsigned threads = (unsigned)h->o.threads;
	struct MHD_OptionItem pool[] = {
		{ MHD_OPTION_THREAD_POOL_SIZE, (intptr_t)threads, NULL },
		{ MHD_OPTION_END, 0, NULL },
	};
	return MHD_start_daemon(
		MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG | MHD_USE_TURBO, 0, NULL,
		NULL, on_request, h, MHD_OPTION_EXTERNAL_LOGGER, on_log, NULL, MHD_OPTION_LISTEN_SOCKET, fd,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)h->o.max_connections, MHD_OPTION_CONNECTION_TIMEOUT,
		(unsigned)IDLE_S, MHD_OPTION_NOTIFY_COMPLETED, on_completed, h, MHD_OPTION_NOTIFY_CONNECTION,
		on_connection, h, MHD_OPTION_URI_LOG_CALLBACK, on_uri, h, MHD_OPTION_UNESCAPE_CALLBACK, keep_escapes,
		NULL, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY, threads > 1 ? pool : pool + 1, MHD_OPTION_END);
}

static void release(struct http *h)
{
	router_done(&h->router);
	streams_free(&h->streams);
	pthread_mutex_destroy(&h->drain_lock);
	pthread_cond_destroy(&h->drained);
	arena_free(h->a); /* h lives in it */
}

static err start_parts(struct http *h, struct fail *f)
{
	int fd = -1;
	TRY(open_socket(h, &fd, f));
	bool ok = pool_start(&h->pool, h->o.workers, h->o.max_queue);
	ok = finisher_start(&h->finisher) && ok;
	ok = ticker_start(h) && ok;
	if (ok)
		h->daemon = start_daemon(h, fd);
	if (h->daemon)
		return ERR_OK;
	close(fd);
	pool_stop(&h->pool);
	finisher_stop(&h->finisher);
	ticker_stop(h);
	return FAIL(f, IO, "", "err.listen", "address", h->o.listen, "why", "threads");
}

/* A base map's pictures are fetched as pictures and by the map's own requests. */
static str page_policy(struct arena *a, const char *images_from)
{
	const char *from = images_from ? images_from : "", *space = images_from ? " " : "";
	return arena_printf(a, "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
			       "img-src 'self' data: blob:%s%s; connect-src 'self'%s%s; object-src 'none'; base-uri 'none'; "
			       "frame-ancestors 'none'; form-action 'self'", space, from, space, from);
}

err http_start(const struct http_options *o, struct http **ret, struct fail *f)
{
	struct arena *a = arena_new();
	struct http *h = NEW(a, struct http);
	h->a = a;
	h->o = *o;
	set_defaults(&h->o);
	h->csp = page_policy(a, o->images_from);
	router_init(&h->router, o->tables);
	streams_init(&h->streams);
	pthread_mutex_init(&h->drain_lock, NULL);
	pthread_cond_init(&h->drained, NULL);
	err e = getrandom(&h->id_seed, sizeof h->id_seed, 0) == (ssize_t)sizeof h->id_seed ?
			start_parts(h, f) : FAIL(f, IO, "", NULL);
	if (e != ERR_OK) {
		release(h);
		return e;
	}
	*ret = h;
	return ERR_OK;
}

int http_port(const struct http *h)
{
	return h->port;
}

/* ---- stopping ---- */

static bool wait_idle(struct http *h, int ms)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += ms / 1000;
	int e = 0;
	pthread_mutex_lock(&h->drain_lock);
	while (atomic_load(&h->in_flight) > 0 && e == 0)
		e = pthread_cond_timedwait(&h->drained, &h->drain_lock, &until);
	pthread_mutex_unlock(&h->drain_lock);
	return e == 0;
}

static bool wait_drained(struct http *h)
{
	bool idle = wait_idle(h, PATIENCE_MS);
	if (!idle) {
		seen_cut(h, INT64_MAX); /* whoever has not sent a whole request by now */
		idle = wait_idle(h, DRAIN_MS);
	}
	while (idle && atomic_load(&h->running) > 0)
		sched_yield(); /* whoever answered last is on the way out of its last call */
	return atomic_load(&h->running) == 0;
}

void http_stop(struct http *h)
{
	if (!h)
		return;
	atomic_store(&h->stopping, true);
	int fd = MHD_quiesce_daemon(h->daemon);
	streams_close(h);
	if (!wait_drained(h)) {
		/* Somebody still holds a suspended request: taking the server away would pull the ground from
		 * under them. The process is about to end anyway. */
		LOG(WARN, "requests still running, the server is left as it is");
		return;
	}
	MHD_stop_daemon(h->daemon);
	pool_stop(&h->pool);
	finisher_stop(&h->finisher);
	ticker_stop(h);
	if (fd >= 0)
		close(fd);
	release(h);
}

struct http_stats http_stats(const struct http *h)
{
	struct http_stats s = {
		.requests = atomic_load(&h->requests),
		.in_flight = atomic_load(&h->in_flight),
		.duration_us_sum = atomic_load(&h->duration_us),
		.subscribers = atomic_load(&h->streams.n),
		.queued = atomic_load(&h->pool.queued),
	};
	for (size_t i = 0; i < COUNT_OF(s.by_duration); i++)
		s.by_duration[i] = atomic_load(&h->by_duration[i]);
	for (size_t i = 0; i < COUNT_OF(s.by_class); i++)
		s.by_class[i] = atomic_load(&h->by_class[i]);
	return s;
}
