/* Devices that speak HJ 212, cheaply: what they send is laid out once, so that the machine measures the gateway and not them.
 *
 *   devices stream PORT CONNECTIONS DEVICES PACKETS    as fast as the gateway takes them; only each device's last packet asks
 *                                                      for an acknowledgement, which says that all before it are stored
 *   devices ack PORT CONNECTIONS SECONDS               a packet a connection at a time, the next when it is acknowledged
 *   devices pace PORT CONNECTIONS RATE SECONDS         as many devices, each a packet of now a second, each acknowledged
 *
 * Devices are called BENCH000000 and so on. Prints one JSON object. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "gateway/hj212/frame.h"

enum { ITEMS = 10, SHAPES = 40, STEP_S = 5, OUT = 64 << 10, EVENTS = 256, IN = 4096 };

static const char *const codes[ITEMS] = { "a34004", "a34002", "a21026", "a21004", "a21005", "a05024", "w01018", "w21003", "w21011", "w01001" };

/* A packet whose number, name, flag and time are written over before it is sent. */
struct shape {
	char segment[HJ212_SEGMENT_MAX];
	size_t n, qn, mn, flag, time;
	int readings;
};
struct conn {
	int fd;
	uint32_t first, devices, next, step;  /* its devices; the next one to speak, and its packet */
	char *out;
	size_t n, sent, nin;
	char in[IN];
	int64_t asked, answered;
	bool more;                            /* there is more to send than what lies in `out` */
};
struct world {
	struct hj212_crc crc;
	struct shape shapes[SHAPES];
	struct conn *v;
	uint32_t conns, steps;
	int64_t packets, readings, answered, numbers, step_s;
	time_t newest;
	int epoll;
};

static double now_s(clockid_t of)
{
	struct timespec t;
	clock_gettime(of, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* 40 % real time with flags, 50 % minutes with extremes, 10 % hours with amounts: what stations send. */
static void shape(struct shape *s, int i)
{
	static const char *const cn[] = { "2011", "2051", "2061" };
	int kind = i % 10 < 4 ? 0 : i % 10 < 9 ? 1 : 2, n = 0;
	unsigned x = (unsigned)i * 2654435761u + 7;
	char *p = s->segment;
	size_t room = sizeof s->segment;
#define PUT(...) n += snprintf(p + n, room - (size_t)n, __VA_ARGS__)
	PUT("QN=");
	s->qn = (size_t)n;
	PUT("%017d;ST=22;CN=%s;PW=123456;MN=", 0, cn[kind]);
	s->mn = (size_t)n;
	PUT("BENCH000000;Flag=");
	s->flag = (size_t)n;
	PUT("4;CP=&&DataTime=");
	s->time = (size_t)n;
	PUT("%014d", 0);
	for (int c = 0; c < ITEMS; c++) {
		x = x * 1664525u + 1013904223u;
		unsigned a = (x >> 8) % 200, b = (x >> 16) % 1000;
		if (kind == 0)
			PUT(";%s-Rtd=%u.%03u,%s-Flag=N", codes[c], a, b, codes[c]);
		else
			PUT(";%s-%s=%u.%u,%s-Min=%u.%03u,%s-Avg=%u.%03u,%s-Max=%u.%03u,%s-Flag=N", codes[c], kind == 2 ? "Cou" : "ZsAvg", a * 3, b % 10, codes[c], a,
			    b % 500, codes[c], a + 1, b, codes[c], a + 2, b, codes[c]);
	}
	PUT("&&");
#undef PUT
	s->n = (size_t)n;
	s->readings = kind == 0 ? ITEMS : ITEMS * 4;
}

static void digits(char *p, int n, uint64_t v)
{
	while (n--) {
		p[n] = (char)('0' + v % 10);
		v /= 10;
	}
}

static void put(struct world *w, struct conn *c, bool ask)
{
	struct shape *s = &w->shapes[(c->step + c->next) % SHAPES];
	time_t at = w->newest + ((time_t)c->step - (time_t)w->steps) * w->step_s + 8 * 3600;
	struct tm t;
	gmtime_r(&at, &t);
	digits(s->segment + s->qn, 17, (uint64_t)++w->numbers);
	digits(s->segment + s->mn + 5, 6, c->first + c->next);
	s->segment[s->flag] = ask ? '5' : '4';
	digits(s->segment + s->time, 14, (uint64_t)(t.tm_year + 1900) * 10000000000u + (uint64_t)(t.tm_mon + 1) * 100000000u + (uint64_t)t.tm_mday * 1000000u +
	       (uint64_t)t.tm_hour * 10000u + (uint64_t)t.tm_min * 100u + (uint64_t)t.tm_sec);
	c->n += hj212_write(&w->crc, (str){ s->segment, s->n }, c->out + c->n);
	c->asked += ask;
	w->packets++;
	w->readings += s->readings;
	if (++c->next == c->devices) {
		c->next = 0;
		c->step++;
	}
}

static void flush(struct world *w, struct conn *c)
{
	while (c->sent < c->n) {
		ssize_t k = send(c->fd, c->out + c->sent, c->n - c->sent, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (k < 0 && errno == EAGAIN)
			break;
		if (k <= 0) {
			fprintf(stderr, "a connection was closed: %s\n", strerror(errno));
			exit(1);
		}
		c->sent += (size_t)k;
	}
	if (c->sent == c->n)
		c->sent = c->n = 0;
	struct epoll_event ev = { .events = EPOLLIN | (c->n || c->more ? (uint32_t)EPOLLOUT : 0), .data.ptr = c };
	(void)epoll_ctl(w->epoll, EPOLL_CTL_MOD, c->fd, &ev);
}

/* Acknowledgements are counted by their ends of line: ours hold none else. */
static int64_t hear(struct world *w, struct conn *c)
{
	ssize_t k = recv(c->fd, c->in, sizeof c->in, MSG_DONTWAIT);
	int64_t n = 0;
	if (k < 0 && errno == EAGAIN)
		return 0;
	if (k <= 0) {
		fprintf(stderr, "a connection was closed\n");
		exit(1);
	}
	for (ssize_t i = 0; i < k; i++)
		n += c->in[i] == '\n';
	c->answered += n;
	w->answered += n;
	return n;
}

static void open_all(struct world *w, int port, uint32_t conns, uint32_t devices)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct rlimit r = { conns + 64, conns + 64 };
	(void)setrlimit(RLIMIT_NOFILE, &r);
	w->v = calloc(conns, sizeof *w->v);
	w->conns = conns;
	w->epoll = epoll_create1(0);
	for (uint32_t i = 0; w->v && i < conns; i++) {
		struct conn *c = &w->v[i];
		struct epoll_event ev = { .events = EPOLLIN, .data.ptr = c };
		c->first = (uint32_t)((uint64_t)i * devices / conns);
		c->devices = (uint32_t)((uint64_t)(i + 1) * devices / conns) - c->first;
		c->out = malloc(OUT + HJ212_RAW_MAX * 2);
		c->fd = socket(AF_INET, SOCK_STREAM, 0);
		if (!c->out || c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof to) || epoll_ctl(w->epoll, EPOLL_CTL_ADD, c->fd, &ev)) {
			fprintf(stderr, "connection %u: %s\n", i, strerror(errno));
			exit(1);
		}
	}
}

static void refill(struct world *w, struct conn *c)
{
	while ((c->more = c->step < w->steps) && c->n < OUT)
		put(w, c, c->step + 1 == w->steps);
	flush(w, c);
}

static bool waiting(const struct world *w)
{
	for (uint32_t i = 0; i < w->conns; i++)
		if (w->v[i].more || w->v[i].answered < w->v[i].asked)
			return true;
	return false;
}

static void stream(struct world *w)
{
	struct epoll_event ev[EVENTS];
	for (uint32_t i = 0; i < w->conns; i++)
		refill(w, &w->v[i]);
	int64_t open = 1;
	while (open) {
		int n = epoll_wait(w->epoll, ev, EVENTS, 1000);
		for (int i = 0; i < n; i++) {
			struct conn *c = ev[i].data.ptr;
			if (ev[i].events & EPOLLIN)
				(void)hear(w, c);
			if (ev[i].events & EPOLLOUT) {
				flush(w, c);
				if (!c->n)
					refill(w, c);
			}
		}
		open = waiting(w);
	}
}

static void ask(struct world *w, struct conn *c)
{
	put(w, c, true);
	flush(w, c);
}

/* rate 0: the next one when the one before is acknowledged. */
static void acknowledged(struct world *w, double seconds, double rate)
{
	struct epoll_event ev[EVENTS];
	double from = now_s(CLOCK_MONOTONIC), end = from + seconds;
	bool over = false;
	for (uint32_t i = 0; rate <= 0 && i < w->conns; i++)
		ask(w, &w->v[i]);
	while (!over || w->answered < w->packets) {
		double now = now_s(CLOCK_MONOTONIC);
		over = now >= end;
		while (!over && rate > 0 && (double)w->packets < (now - from) * rate)
			ask(w, &w->v[w->packets % w->conns]);
		int n = epoll_wait(w->epoll, ev, EVENTS, rate > 0 ? 1 : 100);
		for (int i = 0; i < n; i++) {
			struct conn *c = ev[i].data.ptr;
			if (ev[i].events & EPOLLOUT)
				flush(w, c);
			if ((ev[i].events & EPOLLIN) && hear(w, c) && rate <= 0 && !over)
				ask(w, c);
		}
		if (now > end + 30)
			break;
	}
}

int main(int argc, char **argv)
{
	static struct world w;
	bool streams = argc == 6 && strcmp(argv[1], "stream") == 0, paced = argc == 6 && strcmp(argv[1], "pace") == 0;
	if (!streams && !paced && !(argc == 5 && strcmp(argv[1], "ack") == 0)) {
		fprintf(stderr, "usage: devices stream PORT CONNECTIONS DEVICES PACKETS | ack PORT CONNECTIONS SECONDS | pace PORT CONNECTIONS RATE SECONDS\n");
		return 2;
	}
	uint32_t conns = (uint32_t)atoi(argv[3]), devices = streams || paced ? (uint32_t)atoi(argv[4]) : conns;
	hj212_crc_init(&w.crc);
	w.newest = time(NULL);
	w.steps = streams ? (uint32_t)(atoll(argv[5]) / devices) : 100000;
	w.step_s = paced ? 1 : STEP_S;
	if (!streams) /* the clock runs on from here */
		w.newest += (time_t)w.steps * w.step_s - (paced ? 0 : 12 * 3600);
	for (int i = 0; i < SHAPES; i++)
		shape(&w.shapes[i], i);
	open_all(&w, atoi(argv[2]), conns, devices);
	double from = now_s(CLOCK_MONOTONIC), cpu = now_s(CLOCK_PROCESS_CPUTIME_ID);
	if (streams)
		stream(&w);
	else
		acknowledged(&w, paced ? atof(argv[5]) : atof(argv[4]), paced ? atof(argv[4]) : 0);
	double took = now_s(CLOCK_MONOTONIC) - from;
	printf("{\"packets\":%lld,\"readings\":%lld,\"acknowledged\":%lld,\"seconds\":%.3f,\"cpu_s\":%.3f}\n", (long long)w.packets, (long long)w.readings,
	       (long long)w.answered, took, now_s(CLOCK_PROCESS_CPUTIME_ID) - cpu);
	return 0;
}
