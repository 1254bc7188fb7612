#include "gateway/hj212/raw.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/map.h"
#include "base/vec.h"

/* A file is named by its number; a record's place is number << 32 | offset. */
enum { BUFFER = 256 << 10, FILE_BYTES_MAX = 1 << 28, TEXT_MAX = 255, RAW_BYTES_MAX = 64 << 10, HOUR_MS = 3600000 };
#define MAGIC UINT32_C(0x32316A68)

struct head {
	uint32_t magic, raw_n;
	int64_t received_ms, at_ms, station;
	uint32_t before;             /* offset + 1 of the device's record before in this file, 0: none */
	uint8_t mn_n, peer_n, fault_n, spare;
};

/* Where each device's last record lies in a file. */
struct index {
	struct arena *a;
	struct map last;             /* mn -> uint32_t * of offset + 1 */
	int64_t number, from_ms, to_ms;
};

struct raw {
	pthread_mutex_t lock;
	char dir[512];
	int fd;                      /* -1: no file yet */
	int64_t hour;
	uint64_t size;               /* of the file with what is in the buffer */
	size_t n;
	struct index now;            /* of the file that is written */
	VEC(int64_t) files;          /* numbers, rising */
	struct arena *a;
	struct index old;            /* of the file that was read last */
	char buffer[BUFFER];
};

static const char *path_of(const struct raw *r, int64_t number, char out[static 640])
{
	snprintf(out, 640, "%s/%010lld.raw", r->dir, (long long)number);
	return out;
}

static void index_begin(struct index *x, int64_t number)
{
	arena_free(x->a);
	x->a = arena_new();
	x->last = MAP(x->a);
	x->number = number;
	x->from_ms = INT64_MAX;
	x->to_ms = INT64_MIN;
}

/* Returns offset + 1 of the record before. */
static uint32_t index_add(struct index *x, str mn, int64_t at, uint32_t offset)
{
	uint32_t *slot = map_get(&x->last, mn), before = slot ? *slot : 0;
	if (!slot) {
		slot = NEW(x->a, uint32_t);
		map_put(&x->last, arena_str(x->a, mn), slot);
	}
	*slot = offset + 1;
	x->from_ms = at < x->from_ms ? at : x->from_ms;
	x->to_ms = at > x->to_ms ? at : x->to_ms;
	return before;
}

/* ---- writing ---- */

static void flush(struct raw *r)
{
	size_t done = 0;
	while (r->fd >= 0 && done < r->n) {
		ssize_t k = write(r->fd, r->buffer + done, r->n - done);
		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0)
			break; /* a full disk: what is lost here is told by the store, which fails as well */
		done += (size_t)k;
	}
	r->n = 0;
}

static void next_file(struct raw *r, int64_t hour)
{
	char path[640];
	int64_t number = r->files.n ? r->files.v[r->files.n - 1] + 1 : 1;
	flush(r);
	if (r->fd >= 0)
		close(r->fd);
	r->fd = open(path_of(r, number, path), O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0640);
	r->hour = hour;
	r->size = 0;
	vec_push(r->a, &r->files, number);
	index_begin(&r->now, number);
}

static str cut(str s, size_t max)
{
	return str_sub(s, 0, max);
}

static void put(struct raw *r, str s)
{
	if (s.n)
		memcpy(r->buffer + r->n, s.p, s.n);
	r->n += s.n;
}

void raw_add(struct raw *r, const struct raw_record *v)
{
	int64_t hour = v->received_ms / HOUR_MS;
	str mn = cut(v->mn, TEXT_MAX), peer = cut(v->peer, TEXT_MAX), fault = cut(v->fault, TEXT_MAX), raw = cut(v->raw, RAW_BYTES_MAX);
	size_t total = sizeof(struct head) + mn.n + peer.n + fault.n + raw.n;
	pthread_mutex_lock(&r->lock);
	if (r->fd < 0 || hour != r->hour || r->size + total > FILE_BYTES_MAX)
		next_file(r, hour);
	if (r->n + total > BUFFER)
		flush(r);
	struct head h = { .magic = MAGIC, .raw_n = (uint32_t)raw.n, .received_ms = v->received_ms, .at_ms = v->at_ms, .station = v->station,
			  .before = index_add(&r->now, mn, v->received_ms, (uint32_t)r->size), .mn_n = (uint8_t)mn.n,
			  .peer_n = (uint8_t)peer.n, .fault_n = (uint8_t)fault.n };
	put(r, (str){ (const char *)&h, sizeof h });
	put(r, mn);
	put(r, peer);
	put(r, fault);
	put(r, raw);
	if (v->secret.n && v->secret.p >= raw.p && v->secret.p + v->secret.n <= raw.p + raw.n)
		memset(r->buffer + r->n - raw.n + (v->secret.p - raw.p), '*', v->secret.n);
	r->size += total;
	pthread_mutex_unlock(&r->lock);
}

void raw_flush(struct raw *r)
{
	pthread_mutex_lock(&r->lock);
	flush(r);
	pthread_mutex_unlock(&r->lock);
}

/* ---- reading ---- */

static bool read_all(int fd, void *to, size_t n, uint64_t at)
{
	return pread(fd, to, n, (off_t)at) == (ssize_t)n;
}

static bool head_at(int fd, uint64_t at, struct head *h)
{
	return read_all(fd, h, sizeof *h, at) && h->magic == MAGIC && h->raw_n <= RAW_BYTES_MAX;
}

static size_t size_of(const struct head *h)
{
	return sizeof *h + h->mn_n + h->peer_n + h->fault_n + h->raw_n;
}

/* A file of an earlier run, or an earlier hour: its heads are read once. A torn end is left out. */
static void index_file(struct raw *r, int fd, int64_t number)
{
	struct head h;
	char mn[TEXT_MAX];
	index_begin(&r->old, number);
	for (uint64_t at = 0; head_at(fd, at, &h); at += size_of(&h)) {
		if (!read_all(fd, mn, h.mn_n, at + sizeof h))
			break;
		index_add(&r->old, (str){ mn, h.mn_n }, h.received_ms, (uint32_t)at);
	}
}

struct reading_raw {
	struct arena *a;
	str mn;
	int64_t from, to, before;
	size_t max;
	VEC(struct raw_record) v;
};

static bool take(struct reading_raw *g, int fd, int64_t number, uint32_t at, struct head *h)
{
	if (!head_at(fd, at, h))
		return false;
	size_t n = size_of(h) - sizeof *h;
	int64_t place = number << 32 | at;
	if (place >= g->before || h->received_ms < g->from || h->received_ms >= g->to)
		return true;
	char *p = arena_raw(g->a, n + 1);
	if (!read_all(fd, p, n, at + sizeof *h))
		return false;
	struct raw_record v = { .received_ms = h->received_ms, .station = h->station, .at_ms = h->at_ms, .place = place };
	v.mn = (str){ p, h->mn_n };
	v.peer = (str){ p + h->mn_n, h->peer_n };
	v.fault = (str){ p + h->mn_n + h->peer_n, h->fault_n };
	v.raw = (str){ p + h->mn_n + h->peer_n + h->fault_n, h->raw_n };
	vec_push(g->a, &g->v, v);
	return true;
}

/* False when everything in it came before what is asked for: files rise in time, so that those before it need not be looked at. */
static bool read_file(struct raw *r, struct reading_raw *g, int64_t number)
{
	char path[640];
	struct head h;
	int fd = open(path_of(r, number, path), O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return true;
	bool now = number == r->now.number;
	if (!now && r->old.number != number)
		index_file(r, fd, number);
	const struct index *x = now ? &r->now : &r->old;
	const uint32_t *last = x->from_ms < g->to && x->to_ms >= g->from ? map_get(&x->last, g->mn) : NULL;
	for (uint32_t at = last ? *last : 0; at && g->v.n < g->max; at = h.before < at ? h.before : 0)
		if (!take(g, fd, number, at - 1, &h))
			break;
	close(fd);
	return x->to_ms >= g->from || x->to_ms == INT64_MIN;
}

err raw_read(struct raw *r, struct arena *a, str mn, int64_t from_ms, int64_t to_ms, int64_t before, size_t max, struct raw_record **ret,
	     size_t *ret_n, struct fail *f)
{
	struct reading_raw g = { .a = a, .mn = mn, .from = from_ms, .to = to_ms, .before = before, .max = max };
	(void)f;
	pthread_mutex_lock(&r->lock);
	flush(r);
	for (size_t i = r->files.n; i-- > 0 && g.v.n < max;)
		if (r->files.v[i] <= before >> 32 && !read_file(r, &g, r->files.v[i]))
			break;
	pthread_mutex_unlock(&r->lock);
	*ret = g.v.v;
	*ret_n = g.v.n;
	return ERR_OK;
}

void raw_forget(struct raw *r, int64_t before_ms)
{
	char path[640];
	struct stat st;
	pthread_mutex_lock(&r->lock);
	while (r->files.n > 1) { /* never the one that is written */
		path_of(r, r->files.v[0], path);
		if (stat(path, &st) == 0 && (int64_t)st.st_mtim.tv_sec * 1000 >= before_ms)
			break;
		(void)unlink(path);
		memmove(r->files.v, r->files.v + 1, --r->files.n * sizeof *r->files.v);
	}
	pthread_mutex_unlock(&r->lock);
}

/* ---- opening ---- */

static int by_number(const void *pa, const void *pb)
{
	int64_t a = *(const int64_t *)pa, b = *(const int64_t *)pb;
	return a < b ? -1 : a > b;
}

static err list_files(struct raw *r, struct fail *f)
{
	DIR *d = opendir(r->dir);
	int64_t number;
	if (!d)
		return FAIL(f, IO, "", "err.file", "path", r->dir, "detail", strerror(errno));
	for (struct dirent *e; (e = readdir(d));) {
		str name = str_of(e->d_name);
		if (str_ends(name, S(".raw")) && str_to_i64(str_sub(name, 0, name.n - 4), &number))
			vec_push(r->a, &r->files, number);
	}
	closedir(d);
	if (r->files.n)
		qsort(r->files.v, r->files.n, sizeof *r->files.v, by_number);
	return ERR_OK;
}

err raw_open(const char *dir, struct raw **ret, struct fail *f)
{
	struct raw *r = calloc(1, sizeof *r);
	if (!r)
		abort();
	pthread_mutex_init(&r->lock, NULL);
	r->a = arena_new();
	r->fd = -1;
	index_begin(&r->old, -1);
	index_begin(&r->now, -2);
	snprintf(r->dir, sizeof r->dir, "%s/frames", dir);
	err e = mkdir(r->dir, 0750) && errno != EEXIST ? FAIL(f, IO, "", "err.file", "path", r->dir, "detail", strerror(errno)) : list_files(r, f);
	if (e != ERR_OK)
		raw_close(r);
	else
		*ret = r;
	return e;
}

void raw_close(struct raw *r)
{
	if (!r)
		return;
	flush(r);
	if (r->fd >= 0)
		close(r->fd);
	arena_free(r->now.a);
	arena_free(r->old.a);
	arena_free(r->a);
	pthread_mutex_destroy(&r->lock);
	free(r);
}
