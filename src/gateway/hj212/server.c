/* Connections and batches: one thread, never blocked by a peer or by the store. */
#include "gateway/hj212/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gateway/hj212/server_parts.h"

enum {
	EVENTS = 512, BATCH_FULL = 4096, BATCHES_FLYING = 2,
	JUNK_MAX = 64 << 10, OUT_MAX = 64 << 10, TICK_US = 1000000, STOP_US = 10000000,
};

/* ---- connections ---- */

static void watch(struct hj212 *g, uint32_t slot, uint32_t events)
{
	struct hj212_conn *c = &g->conns[slot];
	struct epoll_event ev = { .events = events, .data.u64 = (uint64_t)c->gen << 32 | slot };
	if (c->events != events && epoll_ctl(g->epoll, EPOLL_CTL_MOD, c->fd, &ev) == 0)
		c->events = events;
}

static uint32_t wanted(const struct hj212_conn *c)
{
	return (c->paused ? 0 : (uint32_t)EPOLLIN) | (c->nout ? (uint32_t)EPOLLOUT : 0);
}

static void drop(struct hj212 *g, uint32_t slot, int64_t *counter)
{
	struct hj212_conn *c = &g->conns[slot];
	if (c->fd < 0)
		return;
	close(c->fd);
	free(c->in);
	free(c->out);
	if (c->live && c->live->slot == slot && c->live->gen == c->gen)
		c->live->gen = 0;
	uint32_t gen = c->gen + 1;
	*c = (struct hj212_conn){ .fd = -1, .gen = gen ? gen : 1 };
	vec_push(g->a, &g->free_slots, slot);
	g->stats.connections--;
	if (counter)
		++*counter;
}

static void name_peer(const struct sockaddr_storage *from, char out[static 48])
{
	const struct sockaddr_in *v4 = (const void *)from;
	const struct sockaddr_in6 *v6 = (const void *)from;
	out[0] = '\0';
	if (from->ss_family == AF_INET)
		inet_ntop(AF_INET, &v4->sin_addr, out, 48);
	else if (from->ss_family == AF_INET6)
		inet_ntop(AF_INET6, &v6->sin6_addr, out, 48);
	if (memcmp(out, "::ffff:", 7) == 0)
		memmove(out, out + 7, strlen(out + 7) + 1);
}

static uint32_t take_slot(struct hj212 *g)
{
	if (g->free_slots.n)
		return g->free_slots.v[--g->free_slots.n];
	uint32_t slot = g->nslots++;
	g->conns[slot] = (struct hj212_conn){ .fd = -1, .gen = 1 };
	return slot;
}

static void accept_all(struct hj212 *g)
{
	struct sockaddr_storage from;
	for (int i = 0; i < EVENTS; i++) {
		socklen_t n = sizeof from;
		int fd = accept4(g->listener, (struct sockaddr *)&from, &n, SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd < 0)
			return;
		if (g->stats.connections >= g->o.connections) {
			g->stats.refused++;
			close(fd);
			continue;
		}
		uint32_t slot = take_slot(g);
		struct hj212_conn *c = &g->conns[slot];
		c->fd = fd;
		c->opened_us = c->last_us = clock_monotonic_us();
		c->events = EPOLLIN;
		name_peer(&from, c->peer);
		struct epoll_event ev = { .events = EPOLLIN, .data.u64 = (uint64_t)c->gen << 32 | slot };
		g->stats.connections++;
		g->stats.accepted++;
		if (epoll_ctl(g->epoll, EPOLL_CTL_ADD, fd, &ev))
			drop(g, slot, NULL);
	}
}

/* ---- sending ---- */

static void put_out(struct hj212 *g, uint32_t slot, const char *p, size_t n)
{
	struct hj212_conn *c = &g->conns[slot];
	if (c->nout + n > OUT_MAX) {
		drop(g, slot, &g->stats.closed_slow); /* it asks and does not listen */
		return;
	}
	if (c->nout + n > c->out_cap) {
		size_t cap = c->out_cap ? c->out_cap * 2 : 256;
		while (cap < c->nout + n)
			cap *= 2;
		char *out = realloc(c->out, cap);
		if (!out)
			abort();
		c->out = out;
		c->out_cap = cap;
	}
	memcpy(c->out + c->nout, p, n);
	c->nout += n;
	if (!c->dirty) {
		c->dirty = true;
		vec_push(g->a, &g->touched, slot);
	}
}

static void flush_one(struct hj212 *g, uint32_t slot)
{
	struct hj212_conn *c = &g->conns[slot];
	size_t done = 0;
	c->dirty = false;
	while (c->fd >= 0 && done < c->nout) {
		ssize_t k = send(c->fd, c->out + done, c->nout - done, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0 && errno != EAGAIN) {
			drop(g, slot, NULL);
			return;
		}
		if (k <= 0)
			break;
		done += (size_t)k;
	}
	if (c->fd < 0)
		return;
	memmove(c->out, c->out + done, c->nout - done);
	c->nout -= done;
	if (!c->nout) { /* most connections are silent most of the time */
		free(c->out);
		c->out = NULL;
		c->out_cap = 0;
	}
	watch(g, slot, wanted(c));
}

void hj212_flush_all(struct hj212 *g)
{
	for (size_t i = 0; i < g->touched.n; i++)
		if (g->conns[g->touched.v[i]].dirty)
			flush_one(g, g->touched.v[i]);
	g->touched.n = 0;
}

bool hj212_send(struct hj212 *g, uint32_t slot, str segment, enum hj212_crc_policy crc)
{
	char framed[HJ212_RAW_MAX + 1];
	size_t n = hj212_seal(&g->crc, segment, crc, framed);
	if (n)
		put_out(g, slot, framed, n);
	return n > 0;
}

/* ---- batches ---- */

struct hj212_batch *hj212_new_batch(struct hj212 *g)
{
	struct hj212_batch *b = g->spare;
	if (b) {
		g->spare = b->next;
		arena_reset(b->a);
	} else {
		b = calloc(1, sizeof *b);
		if (!b)
			abort();
		b->a = arena_new();
	}
	*b = (struct hj212_batch){ .g = g, .a = b->a, .text = BUF(b->a) };
	return b;
}

/* From the writer's thread. */
static void batch_done(void *arg, err e)
{
	struct hj212_batch *b = arg;
	struct hj212 *g = b->g;
	uint64_t one = 1;
	b->result = e;
	pthread_mutex_lock(&g->done_lock);
	b->next = g->done;
	g->done = b;
	ssize_t k = write(g->wake, &one, sizeof one);
	(void)k;
	pthread_mutex_unlock(&g->done_lock);
}

static void submit(struct hj212 *g)
{
	struct hj212_batch *b = g->current;
	g->current = hj212_new_batch(g);
	g->flying++;
	g->stats.batches++;
	raw_flush(g->raw);
	if (b->packets.n)
		series_put_async(g->app->series, b->packets.v, b->packets.n, b, batch_done);
	else
		batch_done(b, ERR_OK);
}

/* So long may the current batch still wait for more. */
static int64_t gathering_us(struct hj212 *g)
{
	const struct hj212_batch *b = g->current;
	int64_t now = clock_monotonic_us(), n = (int64_t)(b->packets.n > b->acks.n ? b->packets.n : b->acks.n);
	return b->since_us + gather_us(&g->gather, n, b->senders, now) - now;
}

static void submit_if_due(struct hj212 *g, bool now)
{
	size_t n = g->current->packets.n + g->current->acks.n;
	if (!n || g->flying >= BATCHES_FLYING)
		return;
	if (now || n >= BATCH_FULL || (!g->flying && gathering_us(g) <= 0))
		submit(g);
}

static void acknowledge(struct hj212 *g, const struct hj212_batch *b)
{
	for (size_t i = 0; i < b->acks.n; i++) {
		const struct hj212_ack *k = &b->acks.v[i];
		struct hj212_conn *c = &g->conns[k->slot];
		if (c->fd < 0 || c->gen != k->gen)
			continue;
		g->stats.counts.acked++;
		k->live->counts.acked++;
		k->live->dirty = true;
		put_out(g, k->slot, b->text.p + k->offset, k->n);
	}
}

/* What was not stored is not acknowledged: the device sends it again. */
static void finish_batches(struct hj212 *g)
{
	pthread_mutex_lock(&g->done_lock);
	struct hj212_batch *b = g->done;
	g->done = NULL;
	pthread_mutex_unlock(&g->done_lock);
	for (struct hj212_batch *next; b; b = next) {
		next = b->next;
		if (b->result == ERR_OK)
			acknowledge(g, b);
		else
			g->stats.failed_batches++;
		g->flying--;
		b->next = g->spare;
		g->spare = b;
	}
	hj212_flush_all(g);
}

/* ---- reading ---- */

static void keep_rest(struct hj212 *g, uint32_t slot, const char *p, size_t n)
{
	struct hj212_conn *c = &g->conns[slot];
	if (!n) {
		free(c->in);
		c->in = NULL;
		c->nin = 0;
		return;
	}
	char *in = n == c->nin ? c->in : realloc(c->in, n);
	if (!in)
		abort();
	memmove(in, p, n);
	if (!c->nin)
		c->half_us = c->last_us;
	c->in = in;
	c->nin = n;
}

/* Every packet in `in`; returns how many bytes are done with. */
static size_t take_packets(struct hj212 *g, uint32_t slot, str in, int64_t now_ms)
{
	struct hj212_conn *c = &g->conns[slot];
	size_t done = 0;
	for (;;) {
		struct hj212_frame f;
		enum hj212_found found;
		size_t k = hj212_next(&g->crc, str_sub(in, done, in.n), false, &f, &found);
		if (found == HJ212_MORE)
			return done;
		done += k;
		if (found == HJ212_FRAME) {
			hj212_take(g, slot, &f, now_ms);
			c->frames++;
			c->half_us = c->last_us;
		} else {
			g->stats.junk_bytes += (int64_t)k;
			c->junk += (int64_t)k;
		}
	}
}

static void limit_rate(struct hj212 *g, uint32_t slot)
{
	struct hj212_conn *c = &g->conns[slot];
	int64_t second = c->last_us / 1000000;
	if (second != c->second) {
		c->second = second;
		c->frames = 0;
	}
	if (c->frames < g->o.frames_s)
		return;
	c->paused = true;
	g->stats.paused++;
	watch(g, slot, wanted(c));
}

static void read_one(struct hj212 *g, uint32_t slot, int64_t now_ms)
{
	struct hj212_conn *c = &g->conns[slot];
	size_t had = c->nin;
	if (had)
		memcpy(g->buffer, c->in, had);
	ssize_t k = recv(c->fd, g->buffer + had, HJ212_READ, MSG_DONTWAIT);
	if (k < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (k <= 0) {
		drop(g, slot, NULL);
		return;
	}
	c->last_us = clock_monotonic_us();
	size_t n = had + (size_t)k, done = take_packets(g, slot, (str){ g->buffer, n }, now_ms);
	keep_rest(g, slot, g->buffer + done, n - done);
	if (c->junk > JUNK_MAX)
		drop(g, slot, &g->stats.closed_junk);
	else
		limit_rate(g, slot);
}

/* ---- time ---- */

static void tick(struct hj212 *g, int64_t now)
{
	int64_t idle = g->o.idle_s * 1000000, partial = g->o.partial_s * 1000000;
	g->last_tick_us = now;
	for (uint32_t i = 0; i < g->nslots; i++) {
		struct hj212_conn *c = &g->conns[i];
		if (c->fd < 0)
			continue;
		if (c->paused && now / 1000000 != c->second) {
			c->paused = false;
			watch(g, i, wanted(c));
		}
		if (now - c->last_us > idle)
			drop(g, i, &g->stats.closed_idle);
		else if ((c->nin && now - c->half_us > partial) || (!c->good && now - c->opened_us > partial && !c->live && !c->frames))
			drop(g, i, &g->stats.closed_partial);
	}
}

/* ---- the loop ---- */

static void on_event(struct hj212 *g, const struct epoll_event *ev, int64_t now_ms)
{
	uint32_t slot = (uint32_t)ev->data.u64, gen = (uint32_t)(ev->data.u64 >> 32);
	uint64_t count;
	if (ev->data.u64 == HJ212_LISTENER) {
		accept_all(g);
	} else if (ev->data.u64 == HJ212_WAKE) {
		ssize_t k = read(g->wake, &count, sizeof count);
		(void)k;
	} else if (slot < g->nslots && g->conns[slot].fd >= 0 && g->conns[slot].gen == gen) {
		if (ev->events & EPOLLOUT)
			flush_one(g, slot);
		if (g->conns[slot].gen == gen && g->conns[slot].fd >= 0 && (ev->events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
			read_one(g, slot, now_ms);
	}
}

static bool woken(const struct hj212 *g, int ms)
{
	struct pollfd p = { .fd = g->wake, .events = POLLIN };
	return poll(&p, 1, ms) > 0;
}

static int wait_for(struct hj212 *g, struct epoll_event *ev)
{
	bool full = g->flying >= BATCHES_FLYING && g->current->packets.n >= BATCH_FULL;
	bool gathering = !g->flying && (g->current->packets.n || g->current->acks.n);
	int64_t us = gathering ? gathering_us(g) : 200000;
	if (!full)
		return epoll_wait(g->epoll, ev, EVENTS, us > 0 ? (int)((us + 999) / 1000) : 0);
	/* The store is behind: peers wait in their sockets. */
	if (!woken(g, 200))
		return 0;
	ev[0] = (struct epoll_event){ .events = EPOLLIN, .data.u64 = HJ212_WAKE };
	return 1;
}

static void round_of(struct hj212 *g, const struct epoll_event *ev, int n)
{
	int64_t now = clock_monotonic_us(), now_ms = clock_now_ms(g->app->clock);
	for (int i = 0; i < n; i++)
		on_event(g, &ev[i], now_ms);
	finish_batches(g);
	submit_if_due(g, false);
	if (now - g->last_tick_us > TICK_US / 4)
		tick(g, now);
}

/* No new packets; what was taken is stored and acknowledged. */
static void wind_up(struct hj212 *g)
{
	int64_t until = clock_monotonic_us() + STOP_US;
	submit_if_due(g, true);
	while ((g->flying || g->current->packets.n) && clock_monotonic_us() < until) {
		pthread_mutex_unlock(&g->lock);
		(void)woken(g, 20);
		pthread_mutex_lock(&g->lock);
		finish_batches(g);
		submit_if_due(g, true);
	}
	for (uint32_t i = 0; i < g->nslots; i++)
		drop(g, i, NULL);
	raw_flush(g->raw);
}

void *hj212_serve(void *arg)
{
	struct hj212 *g = arg;
	struct epoll_event ev[EVENTS];
	pthread_mutex_lock(&g->lock);
	while (!g->stopping) {
		pthread_mutex_unlock(&g->lock);
		int n = wait_for(g, ev);
		pthread_mutex_lock(&g->lock);
		round_of(g, ev, n);
	}
	wind_up(g);
	pthread_mutex_unlock(&g->lock);
	return NULL;
}

/* ---- what others may know ---- */

int hj212_port(const struct hj212 *g)
{
	return g->port;
}

struct raw *hj212_raw(struct hj212 *g)
{
	return g->raw;
}

void hj212_wake(struct hj212 *g)
{
	pthread_mutex_lock(&g->lock);
	g->asked = true;
	pthread_cond_signal(&g->keep);
	pthread_mutex_unlock(&g->lock);
}

struct hj212_stats hj212_stats(struct hj212 *g)
{
	pthread_mutex_lock(&g->lock);
	struct hj212_stats s = g->stats;
	s.devices = (int64_t)g->all.n;
	pthread_mutex_unlock(&g->lock);
	return s;
}

struct hj212_now hj212_now(struct hj212 *g, str mn)
{
	struct hj212_now out = { 0 };
	pthread_mutex_lock(&g->lock);
	const struct hj212_live *l = map_get(&g->lives, mn);
	if (l) {
		const struct hj212_conn *c = &g->conns[l->slot];
		out.known = true;
		out.online = l->gen && c->fd >= 0 && c->gen == l->gen;
		if (out.online)
			memcpy(out.peer, c->peer, sizeof c->peer);
		out.hour = l->last_ms / 3600000;
		out.last_ms = l->last_ms;
		out.offset_ms = l->offset_ms;
		out.counts = l->counts;
	}
	pthread_mutex_unlock(&g->lock);
	return out;
}
