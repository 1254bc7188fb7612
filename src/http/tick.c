/* One thread for what has to happen without a request: heartbeats, connections whose head or body
 * does not come, and sockets of refused uploads that still have to be read from. */
#include "http/internal.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SWEEP_MS = 2000, LINGER_MS = 10 * 1000, LINGER_COUNT = 64 };

/* Closing a socket with unread bytes resets the connection, and the client loses the answer that
 * told it why. So the bytes of a refused upload are read and thrown away for a while. */
struct lingering {
	struct lingering *next;
	int fd;
	int64_t until_us, got;
};

struct seen {
	struct seen *next, **link;
	int fd;
	_Atomic int64_t deadline_us; /* 0: none */
};

struct seen *seen_open(struct http *h, int fd)
{
	struct seen *s = calloc(1, sizeof *s);
	if (!s)
		abort();
	s->fd = fd;
	seen_expect(s, 0);
	struct ticker *t = &h->ticker;
	pthread_mutex_lock(&t->lock);
	s->next = t->seen;
	s->link = &t->seen;
	if (s->next)
		s->next->link = &s->next;
	t->seen = s;
	pthread_mutex_unlock(&t->lock);
	return s;
}

void seen_close(struct http *h, struct seen *s)
{
	pthread_mutex_lock(&h->ticker.lock);
	*s->link = s->next;
	if (s->next)
		s->next->link = s->link;
	pthread_mutex_unlock(&h->ticker.lock);
	free(s);
}

/* A head within IDLE_S; a body at no less than 8 KiB a second on top. */
void seen_expect(struct seen *s, int64_t bytes)
{
	int64_t us = (int64_t)IDLE_S * 1000000 + bytes * 1000000 / 8192;
	atomic_store(&s->deadline_us, clock_monotonic_us() + us);
}

void seen_content(struct seen *s)
{
	atomic_store(&s->deadline_us, 0);
}

void seen_cut(struct http *h, int64_t now)
{
	struct ticker *t = &h->ticker;
	pthread_mutex_lock(&t->lock);
	for (struct seen *s = t->seen; s; s = s->next) {
		int64_t deadline = atomic_load(&s->deadline_us);
		if (deadline && deadline < now)
			shutdown(s->fd, SHUT_RDWR);
	}
	pthread_mutex_unlock(&t->lock);
}

void ticker_wake(struct http *h)
{
	eventfd_write(h->ticker.wake, 1);
}

void linger_add(struct http *h, int fd)
{
	struct ticker *t = &h->ticker;
	struct lingering *l = calloc(1, sizeof *l);
	int n = 0;
	shutdown(fd, SHUT_WR); /* the answer is out: the client may know that it is whole */
	pthread_mutex_lock(&t->lock);
	for (struct lingering *other = t->lingering; other; other = other->next)
		n++;
	bool room = l && n < LINGER_COUNT && !atomic_load(&t->stopping);
	if (room) {
		*l = (struct lingering){ t->lingering, fd, clock_monotonic_us() + LINGER_MS * 1000, 0 };
		t->lingering = l;
	}
	pthread_mutex_unlock(&t->lock);
	if (room) {
		eventfd_write(t->wake, 1);
		return;
	}
	free(l);
	close(fd);
}

/* False when nothing more is to be had from it. */
static bool drain(struct lingering *l)
{
	char waste[16384];
	for (int i = 0; i < 64; i++) {
		ssize_t n = recv(l->fd, waste, sizeof waste, MSG_DONTWAIT);
		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			return false;
		if (n < 0)
			break;
		l->got += n;
	}
	return l->got < SWALLOW_MAX && clock_monotonic_us() < l->until_us;
}

static void drain_all(struct ticker *t, bool last)
{
	pthread_mutex_lock(&t->lock);
	for (struct lingering **at = &t->lingering, *l; (l = *at);) {
		if (!last && drain(l)) {
			at = &l->next;
			continue;
		}
		*at = l->next;
		close(l->fd);
		free(l);
	}
	pthread_mutex_unlock(&t->lock);
}

static nfds_t collect(struct ticker *t, struct pollfd *fds)
{
	nfds_t n = 0;
	fds[n++] = (struct pollfd){ .fd = t->wake, .events = POLLIN };
	pthread_mutex_lock(&t->lock);
	for (struct lingering *l = t->lingering; l && n <= LINGER_COUNT; l = l->next)
		fds[n++] = (struct pollfd){ .fd = l->fd, .events = POLLIN };
	pthread_mutex_unlock(&t->lock);
	return n;
}

static void *run(void *arg)
{
	struct http *h = arg;
	struct ticker *t = &h->ticker;
	int64_t beat = (int64_t)h->o.heartbeat_ms * 1000, next = clock_monotonic_us() + beat;
	while (!atomic_load(&t->stopping)) {
		struct pollfd fds[LINGER_COUNT + 1];
		nfds_t n = collect(t, fds);
		int64_t wait = (next - clock_monotonic_us()) / 1000 + 1;
		poll(fds, n, (int)(wait < 0 ? 0 : wait < SWEEP_MS ? wait : SWEEP_MS));
		eventfd_t ignored;
		if (fds[0].revents)
			eventfd_read(t->wake, &ignored);
		drain_all(t, false);
		streams_tell_afresh(h);
		seen_cut(h, clock_monotonic_us());
		if (clock_monotonic_us() >= next) {
			streams_beat(h);
			next = clock_monotonic_us() + beat;
		}
	}
	drain_all(t, true);
	return NULL;
}

bool ticker_start(struct http *h)
{
	struct ticker *t = &h->ticker;
	pthread_mutex_init(&t->lock, NULL);
	t->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	t->running = t->wake >= 0 && pthread_create(&t->thread, NULL, run, h) == 0;
	return t->running;
}

void ticker_stop(struct http *h)
{
	struct ticker *t = &h->ticker;
	atomic_store(&t->stopping, true);
	if (t->running) {
		eventfd_write(t->wake, 1);
		pthread_join(t->thread, NULL);
	}
	if (t->wake >= 0)
		close(t->wake);
	pthread_mutex_destroy(&t->lock);
}
