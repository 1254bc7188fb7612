#include "gateway/hj212/simulate.h"

#include <errno.h>
#include <math.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "gateway/hj212/answer.h"

enum { WINDOW_MAX = 64, OUT_ROOM = 24576, IN_ROOM = 2048, FAULT_IN = 50, LATE_MS = 7200000, EVENTS = 256, SETTLE_US = 5000000, BUCKETS = 4096, BURST = 16 };

struct device {
	int fd;
	uint32_t number;
	char *out;
	size_t nout, nin;
	char in[IN_ROOM];
	int64_t next_us, at_ms;
	uint64_t qn[WINDOW_MAX];
	int64_t sent_us[WINDOW_MAX];
	size_t waiting;
	bool writing, last_sent;
};
struct world {
	const struct simulation *how;
	struct simulated *r;
	struct hj212_crc crc;
	struct device *v;
	int epoll;
	uint64_t random, numbers;
	int64_t end_us, latency[BUCKETS];   /* of 100 us each */
};

static uint64_t draw(struct world *w, uint64_t n)
{
	w->random ^= w->random << 13;
	w->random ^= w->random >> 7;
	w->random ^= w->random << 17;
	return w->random % n;
}

/* ---- what is sent ---- */

static const char *const codes[] = { "w01018", "w21003", "w21011", "w01001", "w21001", "w01010", "w01009", "w01014", "w00000", "w01019",
				     "a34004", "a34002", "a21026", "a21004", "a21005", "a05024", "a01001", "a01002", "a01006", "a01007" };

static int put_values(struct world *w, const struct device *d, char *p, size_t room)
{
	double hour = (double)((d->at_ms + 8 * 3600000) % 86400000) / 3600000.0;
	int n = 0;
	for (int64_t i = 0; i < w->how->items && n >= 0 && (size_t)n < room; i++) {
		double value = (double)(10 + 7 * i) * (1 + 0.3 * sin((hour - 6) * 0.2618)) + (double)draw(w, 1000) / 500.0;
		n += snprintf(p + n, room - (size_t)n, ";%s-Rtd=%.3f,%s-Flag=N", codes[i], value, codes[i]);
	}
	return n;
}

/* One packet in the device's buffer. */
static void put_packet(struct world *w, struct device *d, bool ask, int fault)
{
	char seg[4096];
	struct arena *a = arena_new();
	int64_t at = fault == SIMULATE_LATE ? d->at_ms - LATE_MS : d->at_ms;
	str time = hj212_qn(a, at);
	uint64_t qn = UINT64_C(20000000000000000) + ++w->numbers;
	int n = snprintf(seg, sizeof seg, "QN=%llu;ST=32;CN=2011;PW=" STR_FMT ";MN=" STR_FMT "%06u;Flag=%d;CP=&&DataTime=%.14s", (unsigned long long)qn,
			 STR_ARG(w->how->password), STR_ARG(w->how->prefix), d->number, ask ? 5 : 4, time.p);
	n += put_values(w, d, seg + n, sizeof seg - (size_t)n - 3);
	n += snprintf(seg + n, sizeof seg - (size_t)n, "&&");
	arena_free(a);
	size_t k = hj212_write(&w->crc, (str){ seg, (size_t)n }, d->out + d->nout);
	char *p = d->out + d->nout;
	if (fault == SIMULATE_CRC)
		p[k - 6] = p[k - 6] == '0' ? '1' : '0';
	else if (fault == SIMULATE_JUNK)
		memset(p, 'x', 8);
	d->nout += fault == SIMULATE_HALF ? k / 2 : k;
	w->r->sent++;
	if (fault && fault != SIMULATE_LATE) {
		w->r->faulty++;
		return;
	}
	w->r->readings += w->how->items;
	if (!ask)
		return;
	w->r->expected++;
	d->qn[d->waiting] = qn;
	d->sent_us[d->waiting++] = clock_monotonic_us();
}

static int fault_now(struct world *w)
{
	int one = 1 << draw(w, 4);
	return (w->how->faults & one) && draw(w, FAULT_IN) == 0 ? one : 0;
}

static void advance(const struct world *w, struct device *d, int64_t now)
{
	if (w->how->rate <= 0) {
		d->at_ms += 1000;
		return;
	}
	d->next_us += (int64_t)(1e6 / w->how->rate);
	d->next_us = d->next_us < now - 1000000 ? now : d->next_us;
	d->at_ms += (int64_t)(1e3 / w->how->rate) < 1000 ? 1000 : (int64_t)(1e3 / w->how->rate);
}

static void watch(struct world *w, struct device *d, bool writing)
{
	struct epoll_event ev = { .events = (uint32_t)(EPOLLIN | (writing ? EPOLLOUT : 0)), .data.ptr = d };
	if (d->writing != writing && epoll_ctl(w->epoll, EPOLL_CTL_MOD, d->fd, &ev) == 0)
		d->writing = writing;
}

static void drop(struct world *w, struct device *d)
{
	if (d->fd < 0)
		return;
	close(d->fd);
	d->fd = -1;
	w->r->closed++;
}

static void flush(struct world *w, struct device *d)
{
	size_t done = 0;
	while (d->fd >= 0 && done < d->nout) {
		ssize_t k = send(d->fd, d->out + done, d->nout - done, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (k < 0 && errno == EAGAIN)
			break;
		if (k <= 0)
			return drop(w, d);
		done += (size_t)k;
	}
	memmove(d->out, d->out + done, d->nout - done);
	d->nout -= done;
	if (d->fd >= 0)
		watch(w, d, d->nout > 0 || (w->how->silent && !d->last_sent));
}

/* As much as the window, the clock and the buffer allow. */
static void go_on(struct world *w, struct device *d)
{
	int64_t now = clock_monotonic_us();
	for (int i = 0; i < BURST && d->fd >= 0 && d->nout + HJ212_RAW_MAX < OUT_ROOM; i++) {
		bool over = now >= w->end_us, last = over && w->how->silent && !d->last_sent;
		if ((over && !last) || d->last_sent || (!w->how->silent && d->waiting >= (size_t)w->how->window) || (!last && now < d->next_us))
			break;
		d->last_sent = last;
		put_packet(w, d, !w->how->silent || last, last ? 0 : fault_now(w));
		advance(w, d, now);
	}
	flush(w, d);
}

/* ---- what is heard ---- */

static void note_answer(struct world *w, struct device *d, uint64_t qn)
{
	for (size_t i = 0; i < d->waiting; i++)
		if (d->qn[i] == qn) {
			int64_t bucket = (clock_monotonic_us() - d->sent_us[i]) / 100;
			w->latency[bucket < BUCKETS ? bucket : BUCKETS - 1]++;
			w->r->acknowledged++;
			d->waiting--;
			memmove(&d->qn[i], &d->qn[i + 1], (d->waiting - i) * sizeof d->qn[0]);
			memmove(&d->sent_us[i], &d->sent_us[i + 1], (d->waiting - i) * sizeof d->sent_us[0]);
			return;
		}
	w->r->unasked++;
}

static void say(struct world *w, struct device *d, const struct hj212_head *h, const char *st, const char *cn, const char *cp)
{
	char seg[512];
	if (d->nout + HJ212_RAW_MAX >= OUT_ROOM)
		return;
	int n = snprintf(seg, sizeof seg, "QN=" STR_FMT ";ST=%s;CN=%s;PW=" STR_FMT ";MN=" STR_FMT ";Flag=4;CP=&&%s&&", STR_ARG(h->qn), st, cn, STR_ARG(h->pw),
			 STR_ARG(h->mn), cp);
	d->nout += hj212_write(&w->crc, (str){ seg, (size_t)n }, d->out + d->nout);
}

static void obey(struct world *w, struct device *d, const struct hj212_head *h)
{
	char time[40];
	struct arena *a = arena_new();
	snprintf(time, sizeof time, "SystemTime=%.14s", hj212_qn(a, d->at_ms).p);
	arena_free(a);
	w->r->commands++;
	say(w, d, h, "91", "9011", "QnRtn=1");
	if (str_eq(h->cn, S("1011")))
		say(w, d, h, "32", "1011", time);
	else if (str_eq(h->cn, S("1061")))
		say(w, d, h, "32", "1061", "RtdInterval=60");
	else if (str_eq(h->cn, S("1063")))
		say(w, d, h, "32", "1063", "MinInterval=10");
	say(w, d, h, "91", "9012", "ExeRtn=1");
}

static void hear(struct world *w, struct device *d)
{
	ssize_t k = recv(d->fd, d->in + d->nin, IN_ROOM - d->nin, MSG_DONTWAIT);
	size_t done = 0;
	if (k < 0 && errno == EAGAIN)
		return;
	if (k <= 0)
		return drop(w, d);
	d->nin += (size_t)k;
	for (;;) {
		struct hj212_frame f;
		struct hj212_head h;
		enum hj212_found found;
		int64_t qn;
		done += hj212_next(&w->crc, (str){ d->in + done, d->nin - done }, false, &f, &found);
		if (found == HJ212_MORE)
			break;
		if (found != HJ212_FRAME || !hj212_head(f.segment, &h))
			continue;
		if (!str_eq(h.cn, S("9014")) && !str_eq(h.cn, S("9013")))
			obey(w, d, &h);
		else if (str_to_i64(h.qn, &qn))
			note_answer(w, d, (uint64_t)qn);
	}
	memmove(d->in, d->in + done, d->nin - done);
	d->nin -= done;
	if (d->nin == IN_ROOM)
		d->nin = 0;
	go_on(w, d);
}

/* ---- the run ---- */

static err connect_all(struct world *w, struct fail *f)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *ai;
	int e = getaddrinfo(w->how->host, w->how->port, &hints, &ai);
	if (e)
		return FAIL(f, BAD_INPUT, "to", "err.listen", "address", w->how->host, "why", gai_strerror(e));
	int64_t now_ms = (int64_t)time(NULL) * 1000;
	for (int64_t i = 0; i < w->how->devices; i++) {
		struct device *d = &w->v[i];
		d->fd = socket(ai->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
		d->number = (uint32_t)i + 1;
		d->at_ms = w->how->rate > 0 ? now_ms : now_ms - 12 * 3600000;
		d->next_us = w->how->rate > 0 ? clock_monotonic_us() + (int64_t)draw(w, (uint64_t)(1e6 / w->how->rate) + 1) : 0;
		struct epoll_event ev = { .events = EPOLLIN, .data.ptr = d };
		if (d->fd < 0 || connect(d->fd, ai->ai_addr, ai->ai_addrlen) || epoll_ctl(w->epoll, EPOLL_CTL_ADD, d->fd, &ev)) {
			w->r->failed++;
			if (d->fd >= 0)
				close(d->fd);
			d->fd = -1;
			continue;
		}
		d->out = malloc(OUT_ROOM);
		if (!d->out)
			abort();
		w->r->connected++;
	}
	freeaddrinfo(ai);
	return ERR_OK;
}

static bool waits(const struct world *w)
{
	for (int64_t i = 0; i < w->how->devices; i++)
		if (w->v[i].fd >= 0 && (w->v[i].waiting || (w->how->silent && !w->v[i].last_sent)))
			return true;
	return false;
}

static void run(struct world *w)
{
	struct epoll_event ev[EVENTS];
	int64_t start = clock_monotonic_us(), swept = 0;
	w->end_us = start + (int64_t)(w->how->seconds * 1e6);
	for (int64_t i = 0; i < w->how->devices; i++)
		go_on(w, &w->v[i]);
	for (;;) {
		int n = epoll_wait(w->epoll, ev, EVENTS, 5);
		int64_t now = clock_monotonic_us();
		for (int i = 0; i < n; i++) {
			struct device *d = ev[i].data.ptr;
			if (d->fd >= 0 && ev[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
				hear(w, d);
			if (d->fd >= 0 && ev[i].events & EPOLLOUT)
				go_on(w, d);
		}
		if (now - swept > 5000) {
			for (int64_t i = 0; i < w->how->devices; i++)
				if (w->v[i].fd >= 0)
					go_on(w, &w->v[i]);
			swept = now;
			if (now >= w->end_us && (!waits(w) || now > w->end_us + SETTLE_US * 4))
				break;
		}
	}
	w->r->seconds = (double)(clock_monotonic_us() - start) / 1e6;
}

static int64_t percentile(const struct world *w, double p)
{
	int64_t all = 0, sum = 0;
	for (int i = 0; i < BUCKETS; i++)
		all += w->latency[i];
	for (int i = 0; i < BUCKETS; i++) {
		sum += w->latency[i];
		if (all && (double)sum >= p * (double)all)
			return (i + 1) * INT64_C(100);
	}
	return 0;
}

static void raise_limit(int64_t devices)
{
	struct rlimit r;
	if (getrlimit(RLIMIT_NOFILE, &r) == 0 && r.rlim_cur < (rlim_t)devices + 64) {
		r.rlim_cur = r.rlim_max < (rlim_t)devices + 64 ? r.rlim_max : (rlim_t)devices + 64;
		(void)setrlimit(RLIMIT_NOFILE, &r);
	}
}

err simulate(const struct simulation *how, struct simulated *ret, struct fail *f)
{
	struct world *w = calloc(1, sizeof *w);
	struct simulated r = { 0 };
	if (!w || !(w->v = calloc((size_t)how->devices, sizeof *w->v)))
		abort();
	w->how = how;
	w->r = &r;
	w->random = how->seed * 2654435761u + 88172645463325252u;
	w->numbers = how->seed * 1000000000u;
	hj212_crc_init(&w->crc);
	raise_limit(how->devices);
	w->epoll = epoll_create1(EPOLL_CLOEXEC);
	err e = w->epoll < 0 ? FAIL(f, IO, "", NULL) : connect_all(w, f);
	if (e == ERR_OK)
		run(w);
	r.latency_us_p50 = percentile(w, 0.5);
	r.latency_us_p99 = percentile(w, 0.99);
	for (int64_t i = 0; i < how->devices; i++) {
		if (w->v[i].out && w->v[i].fd >= 0)
			close(w->v[i].fd);
		free(w->v[i].out);
	}
	if (w->epoll >= 0)
		close(w->epoll);
	free(w->v);
	free(w);
	*ret = r;
	return e;
}
