/* Load on an HTTP server from one thread: N keep-alive connections, each with one request under way.
 *
 *   load acts  PORT CLIENTS SECONDS COOKIE CSRF < matters     each client writes notes on matters of its own, in turn
 *   load get   PORT CLIENTS COUNT   COOKIE PATH…              COUNT requests, the paths in turn
 *
 * Prints one JSON object: requests, failed, seconds, per_s and latencies in milliseconds. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { IN_MAX = 1 << 20, OUT_MAX = 4096, MAX_CLIENTS = 4096, MAX_OWN = 64, MAX_SAMPLES = 1 << 22 };

struct own {
	long matter, ver;
};

struct client {
	int fd;
	struct own own[MAX_OWN];
	int nown, turn;
	char out[OUT_MAX];
	size_t out_n, out_at;
	char *in;
	size_t in_n;
	int64_t sent_ns;
};

struct run {
	bool acts;
	int port;
	const char *cookie, *csrf;
	char **paths;
	int npaths;
	long sent, want, failed;
	int64_t end_ns;
	double *samples;
	long nsamples;
	int first_bad_status;
};

static int64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void dial(struct run *r, struct client *c)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)r->port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int one = 1;
	c->fd = socket(AF_INET, SOCK_STREAM, 0);
	if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&to, sizeof to) != 0)
		die("connect");
	setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	c->in = malloc(IN_MAX);
	if (!c->in)
		die("malloc");
}

static bool over(const struct run *r)
{
	return r->acts ? now_ns() >= r->end_ns : r->sent >= r->want;
}

static void prepare(struct run *r, struct client *c)
{
	char body[512];
	if (r->acts) {
		c->turn = (c->turn + 1) % c->nown;
		const struct own *o = &c->own[c->turn];
		int n = snprintf(body, sizeof body, "{\"act\":\"note\",\"ver\":%ld,\"text\":\"进展正常，已现场核对第 %ld 次。\"}",
				 o->ver, o->ver);
		c->out_n = (size_t)snprintf(c->out, sizeof c->out,
					    "POST /api/matters/%ld/acts HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: %s\r\n"
					    "X-CSRF-Token: %s\r\nPrefer: return=minimal\r\nContent-Type: application/json\r\n"
					    "Content-Length: %d\r\n\r\n%s",
					    o->matter, r->port, r->cookie, r->csrf, n, body);
	} else {
		c->out_n = (size_t)snprintf(c->out, sizeof c->out, "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nCookie: %s\r\n\r\n",
					    r->paths[r->sent % r->npaths], r->port, r->cookie);
	}
	if (c->out_n >= sizeof c->out) {
		fprintf(stderr, "the request is too long\n");
		exit(1);
	}
	r->sent++;
	c->out_at = 0;
	c->in_n = 0;
	c->sent_ns = now_ns();
}

static void push(struct client *c)
{
	while (c->out_at < c->out_n) {
		ssize_t n = write(c->fd, c->out + c->out_at, c->out_n - c->out_at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			die("write");
		c->out_at += (size_t)n;
	}
}

/* The status of a whole answer that has arrived, 0 while some is missing. */
static int arrived(struct client *c)
{
	c->in[c->in_n] = 0;
	char *head_end = strstr(c->in, "\r\n\r\n");
	if (!head_end)
		return 0;
	char *length = strcasestr(c->in, "content-length:");
	if (atoi(c->in + 9) == 204)
		return 204;
	if (length && length < head_end) {
		size_t body = strtoul(length + 15, NULL, 10);
		if (c->in_n < (size_t)(head_end + 4 - c->in) + body)
			return 0;
	} else if (!strstr(head_end, "\r\n0\r\n\r\n")) { /* chunked */
		return 0;
	}
	return atoi(c->in + 9);
}

static void answered(struct run *r, struct client *c, int status)
{
	if (r->nsamples < MAX_SAMPLES)
		r->samples[r->nsamples++] = (double)(now_ns() - c->sent_ns) / 1e6;
	if (status == 200 || status == 204) {
		c->own[c->turn].ver++;
	} else {
		if (!r->failed++)
			fprintf(stderr, "first failure: %.*s\n", (int)(c->in_n < 600 ? c->in_n : 600), c->in);
		r->first_bad_status = r->first_bad_status ? r->first_bad_status : status;
	}
}

static void loop(struct run *r, struct client *clients, int n)
{
	int ep = epoll_create1(0);
	int busy = 0;
	for (int i = 0; i < n && !over(r); i++, busy++) {
		struct epoll_event e = { .events = EPOLLIN, .data.ptr = &clients[i] };
		epoll_ctl(ep, EPOLL_CTL_ADD, clients[i].fd, &e);
		prepare(r, &clients[i]);
		push(&clients[i]);
	}
	while (busy) {
		struct epoll_event events[256];
		int got = epoll_wait(ep, events, 256, 30000);
		if (got == 0) {
			fprintf(stderr, "no answer within 30 s\n");
			exit(1);
		}
		for (int i = 0; i < got; i++) {
			struct client *c = events[i].data.ptr;
			ssize_t k = read(c->fd, c->in + c->in_n, IN_MAX - 1 - c->in_n);
			if (k <= 0)
				die("the server closed the connection");
			c->in_n += (size_t)k;
			int status = arrived(c);
			if (!status)
				continue;
			answered(r, c, status);
			if (over(r)) {
				busy--;
				continue;
			}
			prepare(r, c);
			push(c);
		}
	}
	close(ep);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double quantile(const struct run *r, double q)
{
	return r->nsamples ? r->samples[(long)((double)(r->nsamples - 1) * q)] : 0;
}

int main(int argc, char **argv)
{
	if (argc < 7 || (strcmp(argv[1], "acts") != 0 && strcmp(argv[1], "get") != 0)) {
		fprintf(stderr, "usage: load acts PORT CLIENTS SECONDS COOKIE CSRF | load get PORT CLIENTS COUNT COOKIE PATH…\n");
		return 2;
	}
	struct run r = { .acts = argv[1][0] == 'a', .port = atoi(argv[2]), .cookie = argv[5] };
	int n = atoi(argv[3]);
	static struct client clients[MAX_CLIENTS];
	r.samples = malloc(sizeof *r.samples * MAX_SAMPLES);
	if (n < 1 || n > MAX_CLIENTS || !r.samples)
		return 2;
	struct own o;
	for (long i = 0; r.acts && i < (long)n * MAX_OWN && scanf("%ld %ld", &o.matter, &o.ver) == 2; i++)
		clients[i % n].own[clients[i % n].nown++] = o;
	for (int i = 0; i < n; i++) {
		if (r.acts && !clients[i].nown)
			return 2;
		dial(&r, &clients[i]);
	}
	int64_t from = now_ns();
	if (r.acts) {
		r.csrf = argv[6];
		r.end_ns = from + (int64_t)(atof(argv[4]) * 1e9);
	} else {
		r.want = atol(argv[4]);
		r.paths = argv + 6;
		r.npaths = argc - 6;
	}
	loop(&r, clients, n);
	double seconds = (double)(now_ns() - from) / 1e9;
	qsort(r.samples, (size_t)r.nsamples, sizeof *r.samples, by_value);
	printf("{\"requests\":%ld,\"failed\":%ld,\"seconds\":%.3f,\"per_s\":%.1f,\"p50\":%.3f,\"p95\":%.3f,\"p99\":%.3f,\"max\":%.3f}\n",
	       r.nsamples, r.failed, seconds, (double)r.nsamples / seconds, quantile(&r, 0.5), quantile(&r, 0.95), quantile(&r, 0.99),
	       quantile(&r, 1.0));
	return 0;
}
