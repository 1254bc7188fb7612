/* From options to a gateway that listens, and to its end. */
#include <errno.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/catalog.h"
#include "gateway/hj212/server_parts.h"

enum { GATHER_MS_MAX = 2000 };

static err listen_fail(const struct hj212 *g, struct fail *f, const char *why)
{
	return FAIL(f, IO, "", "err.listen", "address", g->o.listen, "why", why);
}

static err split_address(struct arena *a, const char *listen, const char **ret_host, const char **ret_port)
{
	const char *colon = strrchr(listen, ':');
	if (!colon || !colon[1])
		return ERR_BAD_INPUT;
	str host = { listen, (size_t)(colon - listen) };
	if (host.n > 1 && host.p[0] == '[' && host.p[host.n - 1] == ']')
		host = str_sub(host, 1, host.n - 1);
	*ret_host = arena_cstr(a, host);
	*ret_port = colon + 1;
	return ERR_OK;
}

static err open_listener(struct hj212 *g, struct fail *f)
{
	const char *host, *port;
	struct addrinfo hints = { .ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV }, *ai;
	if (split_address(g->a, g->o.listen, &host, &port) != ERR_OK)
		return listen_fail(g, f, "HOST:PORT");
	int e = getaddrinfo(*host ? host : NULL, port, &hints, &ai), on = 1;
	if (e)
		return listen_fail(g, f, gai_strerror(e));
	g->listener = socket(ai->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	bool ok = g->listener >= 0 && setsockopt(g->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
		  bind(g->listener, ai->ai_addr, ai->ai_addrlen) == 0 && listen(g->listener, 4096) == 0;
	int why = errno;
	freeaddrinfo(ai);
	if (!ok)
		return listen_fail(g, f, strerror(why));
	struct sockaddr_storage at;
	socklen_t n = sizeof at;
	if (getsockname(g->listener, (struct sockaddr *)&at, &n) == 0)
		g->port = ntohs(at.ss_family == AF_INET ? ((struct sockaddr_in *)&at)->sin_port : ((struct sockaddr_in6 *)&at)->sin6_port);
	return ERR_OK;
}

static err open_poll(struct hj212 *g, struct fail *f)
{
	struct epoll_event l = { .events = EPOLLIN, .data.u64 = HJ212_LISTENER }, w = { .events = EPOLLIN, .data.u64 = HJ212_WAKE };
	g->epoll = epoll_create1(EPOLL_CLOEXEC);
	g->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (g->epoll < 0 || g->wake < 0 || epoll_ctl(g->epoll, EPOLL_CTL_ADD, g->listener, &l) || epoll_ctl(g->epoll, EPOLL_CTL_ADD, g->wake, &w))
		return listen_fail(g, f, strerror(errno));
	return ERR_OK;
}

static int64_t preset(int64_t v, int64_t otherwise)
{
	return v > 0 ? v : otherwise;
}

static err read_presets(struct hj212 *g, int64_t today, struct fail *f)
{
	str edition = catalog_edition(g->app->catalog, S("hj212"), today), meta;
	int64_t timeout = 10, retries = 3, late = 60;
	TRY(catalog_text(g->app->catalog, g->a, arena_printf(g->a, "hj212/" STR_FMT "/META", STR_ARG(edition)), &meta, f));
	if (!str_to_i64(meta_get(meta, S("over_time_s")), &timeout) || !str_to_i64(meta_get(meta, S("re_count")), &retries) ||
	    !str_to_i64(meta_get(meta, S("late_s")), &late))
		return FAIL(f, BAD_FORMAT, "", NULL);
	g->late_ms = late * 1000;
	g->o.timeout_s = preset(g->o.timeout_s, timeout);
	g->o.retries = preset(g->o.retries, retries);
	g->o.connections = preset(g->o.connections, 10000);
	g->o.frames_s = preset(g->o.frames_s, 5000);
	g->o.idle_s = preset(g->o.idle_s, 7200);
	g->o.partial_s = preset(g->o.partial_s, 60);
	g->o.gather_ms = g->o.gather_ms < 0 ? 100 : g->o.gather_ms > GATHER_MS_MAX ? GATHER_MS_MAX : g->o.gather_ms;
	gather_begin(&g->gather, g->o.gather_ms * 1000, clock_monotonic_us());
	g->o.keep_days = preset(g->o.keep_days, 30);
	return ERR_OK;
}

/* One descriptor a connection; what the system does not give is told by refused connections. */
static void raise_limit(const struct hj212 *g)
{
	struct rlimit r;
	rlim_t want = (rlim_t)g->o.connections + 2048;
	if (getrlimit(RLIMIT_NOFILE, &r) || r.rlim_cur >= want)
		return;
	r.rlim_cur = r.rlim_max < want ? r.rlim_max : want;
	(void)setrlimit(RLIMIT_NOFILE, &r);
}

static err prepare(struct hj212 *g, struct fail *f)
{
	int64_t today = china_day(clock_now_ms(g->app->clock));
	TRY(read_presets(g, today, f));
	TRY(hj212_dictionary_read(g->app->catalog, g->a, today, &g->dictionary, f));
	TRY(hj212_words_read(g->app->catalog, g->a, today, &g->words, f));
	g->dictionary.series = g->app->series;
	g->reader.words = g->words;
	g->reader.item = hj212_dictionary_item;
	g->reader.arg = &g->dictionary;
	g->conns = calloc((size_t)g->o.connections + 1, sizeof *g->conns);
	if (!g->conns)
		abort();
	raise_limit(g);
	TRY(raw_open(g->app->data_dir, &g->raw, f));
	TRY(hj212_keep_first(g, f));
	TRY(open_listener(g, f));
	return open_poll(g, f);
}

static err start_threads(struct hj212 *g, struct fail *f)
{
	g->keeping = true;
	if (pthread_create(&g->keeper, NULL, hj212_keep, g)) {
		g->keeping = false;
		return listen_fail(g, f, "threads");
	}
	if (pthread_create(&g->server, NULL, hj212_serve, g) == 0)
		return ERR_OK;
	pthread_mutex_lock(&g->lock);
	g->keeping = false;
	pthread_cond_signal(&g->keep);
	pthread_mutex_unlock(&g->lock);
	pthread_join(g->keeper, NULL);
	return listen_fail(g, f, "threads");
}

static void release(struct hj212 *g)
{
	for (struct hj212_batch *b = g->spare, *next; b; b = next) {
		next = b->next;
		arena_free(b->a);
		free(b);
	}
	if (g->current)
		arena_free(g->current->a);
	free(g->current);
	for (size_t i = 0; i < g->all.n; i++)
		for (struct hj212_sent *m = g->all.v[i]->commands, *next; m; m = next) {
			next = m->next;
			arena_free(m->a);
		}
	if (g->listener >= 0)
		close(g->listener);
	if (g->epoll >= 0)
		close(g->epoll);
	if (g->wake >= 0)
		close(g->wake);
	raw_close(g->raw);
	hj212_registry_free(g->registry);
	arena_free(g->unknown_a);
	arena_free(g->updates_a);
	arena_free(g->a);
	pthread_cond_destroy(&g->keep);
	pthread_mutex_destroy(&g->done_lock);
	pthread_mutex_destroy(&g->refreshing);
	pthread_mutex_destroy(&g->lock);
	free(g->conns);
	free(g);
}

static struct hj212 *new_gateway(const struct hj212_options *o)
{
	struct hj212 *g = calloc(1, sizeof *g);
	pthread_condattr_t attr;
	if (!g)
		abort();
	g->o = *o;
	g->app = o->app;
	g->a = arena_new();
	g->unknown_a = arena_new();
	g->updates_a = arena_new();
	g->updates_end = &g->updates;
	g->lives = MAP(g->a);
	g->listener = g->epoll = g->wake = -1;
	pthread_mutex_init(&g->lock, NULL);
	pthread_mutex_init(&g->done_lock, NULL);
	pthread_mutex_init(&g->refreshing, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&g->keep, &attr);
	pthread_condattr_destroy(&attr);
	hj212_crc_init(&g->crc);
	g->current = hj212_new_batch(g);
	return g;
}

err hj212_start(const struct hj212_options *o, struct hj212 **ret, struct fail *f)
{
	struct hj212 *g = new_gateway(o);
	err e = prepare(g, f);
	if (e == ERR_OK)
		e = start_threads(g, f);
	if (e != ERR_OK)
		release(g);
	else
		*ret = g;
	return e;
}

void hj212_stop(struct hj212 *g)
{
	uint64_t one = 1;
	if (!g)
		return;
	pthread_mutex_lock(&g->lock);
	g->stopping = true;
	pthread_mutex_unlock(&g->lock);
	ssize_t k = write(g->wake, &one, sizeof one);
	(void)k;
	pthread_join(g->server, NULL);
	pthread_mutex_lock(&g->lock);
	g->keeping = false;
	pthread_cond_signal(&g->keep);
	pthread_mutex_unlock(&g->lock);
	pthread_join(g->keeper, NULL);
	release(g);
}
