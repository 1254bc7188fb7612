/* The client's thread. The library queues what it sends, acknowledgements too, and sends nothing by itself: it is told that
 * another thread of control does the sending. So what was read is committed first and then everything queued is sent; when the
 * commit fails the connection is dropped with the acknowledgements unsent, and the broker sends the messages again. */
#include <errno.h>
#include <mosquitto.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "core/crypto.h"
#include "gateway/mqtt/mqtt_parts.h"

enum { KEEPALIVE_S = 30, POLL_MS = 500, HOUSE_US = 5000000, BACKOFF_MAX_S = 60 };

static bool is_stopping(struct mqtt *g)
{
	pthread_mutex_lock(&g->lock);
	bool out = g->stopping;
	pthread_mutex_unlock(&g->lock);
	return out;
}

static void set_state(struct mqtt *g, bool connected, const char *trouble)
{
	pthread_mutex_lock(&g->lock);
	g->stats.counts.connects += connected && !g->stats.connected;
	g->stats.counts.disconnects += !connected && g->stats.connected;
	if (connected != g->stats.connected)
		g->stats.since_ms = clock_now_ms(g->app->clock);
	bool news = connected != g->stats.connected || strcmp(g->stats.trouble, trouble) != 0;
	g->stats.connected = connected;
	snprintf(g->stats.trouble, sizeof g->stats.trouble, "%s", trouble);
	pthread_mutex_unlock(&g->lock);
	if (news && connected)
		LOG(INFO, "the broker is connected", "address", g->stats.address);
	else if (news)
		LOG(WARN, "no connection to the broker", "address", g->stats.address, "why", trouble);
}

/* ---- what the library calls; all from loop_read and loop_write in this thread ---- */

static void subscribe(struct mqtt *g)
{
	str rest = g->o.topics, one;
	char topic[MQTT_TOPIC_MAX + 1];
	while (str_cut(&rest, ' ', &one)) {
		one = str_trim(one);
		if (!one.n || one.n > MQTT_TOPIC_MAX)
			continue;
		memcpy(topic, one.p, one.n);
		topic[one.n] = '\0';
		if (mosquitto_subscribe(g->m, NULL, topic, 1) != MOSQ_ERR_SUCCESS)
			g->lost = true;
	}
}

static void say_presence(struct mqtt *g, const char *word)
{
	char topic[128];
	snprintf(topic, sizeof topic, "bihuan-status/%s", g->stats.client);
	(void)mosquitto_publish(g->m, NULL, topic, (int)strlen(word), word, 0, true);
}

static void on_connect(struct mosquitto *m, void *arg, int rc)
{
	struct mqtt *g = arg;
	(void)m;
	if (rc) {
		set_state(g, false, mosquitto_connack_string(rc));
		g->lost = true;
		return;
	}
	g->tries = 0;
	set_state(g, true, "");
	subscribe(g);
	say_presence(g, "online");
}

static void on_message(struct mosquitto *m, void *arg, const struct mosquitto_message *msg)
{
	struct mqtt *g = arg;
	str topic = str_of(msg->topic), payload = { msg->payload ? msg->payload : "", msg->payloadlen > 0 ? (size_t)msg->payloadlen : 0 };
	(void)m;
	mqtt_take(g, topic, payload, msg->retain, clock_now_ms(g->app->clock));
}

/* ---- connecting ---- */

static const char *cstr(struct arena *a, str s)
{
	return s.n ? arena_cstr(a, s) : NULL;
}

static int set_up(struct mqtt *g, struct arena *a)
{
	char topic[128];
	int rc = mosquitto_threaded_set(g->m, true);
	snprintf(topic, sizeof topic, "bihuan-status/%s", g->stats.client);
	mosquitto_connect_callback_set(g->m, on_connect);
	mosquitto_message_callback_set(g->m, on_message);
	if (!rc)
		rc = mosquitto_will_set(g->m, topic, 7, "offline", 1, true);
	if (!rc && g->o.user.n)
		rc = mosquitto_username_pw_set(g->m, cstr(a, g->o.user), cstr(a, g->o.password));
	if (!rc && g->tls)
		rc = mosquitto_tls_set(g->m, cstr(a, g->o.ca), g->o.ca.n ? NULL : "/etc/ssl/certs", NULL, NULL, NULL);
	return rc ? rc : mosquitto_connect_async(g->m, g->host, g->port, KEEPALIVE_S);
}

static void drop(struct mqtt *g, const char *trouble)
{
	if (g->m)
		mosquitto_destroy(g->m);
	g->m = NULL;
	g->lost = false;
	set_state(g, false, trouble);
}

static bool connect_it(struct mqtt *g)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	g->m = mosquitto_new(g->stats.client, false, g);
	int rc = g->m ? set_up(g, a) : MOSQ_ERR_NOMEM;
	if (!rc)
		return true;
	MQTT_COUNT(g, failed_connects, 1);
	drop(g, rc == MOSQ_ERR_ERRNO ? strerror(errno) : mosquitto_strerror(rc));
	return false;
}

static void drain_wake(struct mqtt *g)
{
	uint64_t n;
	while (read(g->wake, &n, sizeof n) > 0)
		;
}

/* 1, 2, 4 … 60 s, up to a quarter more so that many houses do not come at once. */
static void back_off(struct mqtt *g)
{
	struct pollfd p = { .fd = g->wake, .events = POLLIN };
	int64_t s = g->tries < 6 ? INT64_C(1) << g->tries : BACKOFF_MAX_S;
	unsigned char r;
	random_bytes(&r, 1);
	g->tries++;
	(void)poll(&p, 1, (int)(s * 1000 + s * r));
	drain_wake(g);
}

/* ---- a turn ---- */

static bool readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	return poll(&p, 1, 0) > 0 && (p.revents & POLLIN);
}

/* Reads what is there, makes it durable, and only then lets the acknowledgements go. */
static int read_and_commit(struct mqtt *g)
{
	struct fail f = { 0 };
	int rc, n = 0;
	do
		rc = mosquitto_loop_read(g->m, 1);
	while (!rc && !g->lost && ++n < MQTT_BATCH && readable(mosquitto_socket(g->m)));
	if (mqtt_commit(g, &f) != ERR_OK) {
		log_fail(LOG_ERROR, "mqtt", &f);
		return MOSQ_ERR_UNKNOWN;
	}
	return rc ? rc : mosquitto_want_write(g->m) ? mosquitto_loop_write(g->m, 1) : 0;
}

static int turn(struct mqtt *g)
{
	int fd = mosquitto_socket(g->m), rc = 0;
	struct pollfd p[2] = { { .fd = fd, .events = POLLIN }, { .fd = g->wake, .events = POLLIN } };
	if (fd < 0)
		return MOSQ_ERR_CONN_LOST;
	if (mosquitto_want_write(g->m))
		p[0].events |= POLLOUT;
	(void)poll(p, 2, POLL_MS);
	if (p[1].revents)
		drain_wake(g);
	if (p[0].revents & POLLOUT) /* everything that was read is committed here */
		rc = mosquitto_loop_write(g->m, 1);
	if (!rc && (p[0].revents & (POLLIN | POLLERR | POLLHUP)))
		rc = read_and_commit(g);
	return rc ? rc : mosquitto_loop_misc(g->m);
}

/* ---- the house's part: topics that were decided, tallies ---- */

static void keep_house(struct mqtt *g)
{
	struct fail f = { 0 };
	pthread_mutex_lock(&g->lock);
	int64_t asked = g->asked;
	bool due = asked != g->served;
	pthread_mutex_unlock(&g->lock);
	if (!due && clock_monotonic_us() - g->written_us < HOUSE_US)
		return;
	g->written_us = clock_monotonic_us();
	err e = mqtt_write_tallies(g, &f);
	if (e == ERR_OK)
		e = mqtt_topics_read(g, &f);
	if (e == ERR_OK)
		e = mqtt_read_held(g, &f);
	if (e != ERR_OK)
		log_fail(LOG_ERROR, "mqtt", &f);
	pthread_mutex_lock(&g->lock);
	g->served = asked;
	pthread_cond_broadcast(&g->done);
	pthread_mutex_unlock(&g->lock);
}

static void leave(struct mqtt *g)
{
	struct fail f = { 0 };
	if (g->m && g->stats.connected) {
		say_presence(g, "offline");
		(void)mosquitto_disconnect(g->m);
		(void)mosquitto_loop_write(g->m, 1);
	}
	if (mqtt_write_tallies(g, &f) != ERR_OK)
		log_fail(LOG_ERROR, "mqtt", &f);
	drop(g, "");
}

static void *run(void *arg)
{
	struct mqtt *g = arg;
	while (!is_stopping(g)) {
		keep_house(g);
		if (!g->m && !connect_it(g)) {
			back_off(g);
			continue;
		}
		int rc = turn(g);
		if (rc || g->lost) {
			MQTT_COUNT(g, failed_connects, !g->stats.connected);
			drop(g, g->stats.trouble[0] ? g->stats.trouble : rc == MOSQ_ERR_ERRNO ? strerror(errno) : mosquitto_strerror(rc));
			back_off(g);
		}
	}
	leave(g);
	return NULL;
}

/* ---- from outside ---- */

/* mqtt://host[:port]; names and passwords stand in settings of their own, where no list of processes shows them. */
static bool take_url(struct mqtt *g, str url)
{
	int64_t port = 1883;
	if (str_starts(url, S("mqtts://"))) {
		g->tls = true;
		port = 8883;
	} else if (!str_starts(url, S("mqtt://"))) {
		return false;
	}
	str host = str_sub(url, g->tls ? 8 : 7, url.n);
	if (host.n && host.p[host.n - 1] == '/')
		host.n--;
	size_t colon = host.n;
	while (colon && host.p[colon - 1] != ':' && host.p[colon - 1] != ']')
		colon--;
	if (colon && host.p[colon - 1] == ':') {
		if (!str_to_i64(str_sub(host, colon, host.n), &port) || port < 1 || port > 65535)
			return false;
		host.n = colon - 1;
	}
	if (host.n > 2 && host.p[0] == '[' && host.p[host.n - 1] == ']')
		host = str_sub(host, 1, host.n - 1);
	if (!host.n || host.n >= sizeof g->host || memchr(host.p, '@', host.n) || memchr(host.p, '/', host.n))
		return false;
	memcpy(g->host, host.p, host.n);
	g->port = (int)port;
	return true;
}

static void name_it(struct mqtt *g)
{
	if (g->o.client.n)
		snprintf(g->stats.client, sizeof g->stats.client, STR_FMT, STR_ARG(g->o.client));
	else
		snprintf(g->stats.client, sizeof g->stats.client, "bihuan-%012lld", (long long)g->app->home_region);
	snprintf(g->stats.address, sizeof g->stats.address, "%s://%s:%d", g->tls ? "mqtts" : "mqtt", g->host, g->port);
}

static bool topics_ok(str topics)
{
	str one;
	bool any = false;
	while (str_cut(&topics, ' ', &one)) {
		if (one.n && !mqtt_topic_valid(one))
			return false;
		any |= one.n > 0;
	}
	return any;
}

err mqtt_start(const struct mqtt_options *o, struct mqtt **ret, struct fail *f)
{
	struct arena *a = arena_new();
	struct mqtt *g = NEW(a, struct mqtt);
	*g = (struct mqtt){ .o = *o, .app = o->app, .a = arena_new(), .topics_a = arena_new(), .own = a };
	g->by_topic = MAP(g->topics_a);
	g->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	pthread_mutex_init(&g->lock, NULL);
	pthread_cond_init(&g->done, NULL);
	bool ok = take_url(g, o->url);
	err e = !ok			       ? FAIL(f, BAD_INPUT, "mqtt", "err.mqtt_url")
		: !topics_ok(o->topics)	       ? FAIL(f, BAD_INPUT, "mqtt-topics", "err.mqtt_topics")
		: g->wake < 0		       ? FAIL(f, IO, "", "err.threads")
					       : ERR_OK;
	name_it(g);
	mosquitto_lib_init();
	if (e == ERR_OK) {
		struct reading_batch *b = reading_batch_new(g->a, g->app->series, SERIES_MQTT, clock_now_ms(g->app->clock));
		g->batch = b;
		g->running = pthread_create(&g->thread, NULL, run, g) == 0;
		e = g->running ? ERR_OK : FAIL(f, IO, "", "err.threads");
	}
	if (e != ERR_OK) {
		mqtt_stop(g);
		return e;
	}
	*ret = g;
	return ERR_OK;
}

static void wake(struct mqtt *g)
{
	uint64_t one = 1;
	(void)!write(g->wake, &one, sizeof one);
}

void mqtt_stop(struct mqtt *g)
{
	if (!g)
		return;
	pthread_mutex_lock(&g->lock);
	g->stopping = true;
	pthread_cond_broadcast(&g->done);
	pthread_mutex_unlock(&g->lock);
	if (g->running) {
		wake(g);
		pthread_join(g->thread, NULL);
	}
	mosquitto_lib_cleanup();
	if (g->wake >= 0)
		close(g->wake);
	pthread_cond_destroy(&g->done);
	pthread_mutex_destroy(&g->lock);
	arena_free(g->topics_a);
	arena_free(g->a);
	arena_free(g->own);
}

struct mqtt_stats mqtt_stats(struct mqtt *g)
{
	pthread_mutex_lock(&g->lock);
	struct mqtt_stats out = g->stats;
	pthread_mutex_unlock(&g->lock);
	return out;
}

void mqtt_refresh(struct mqtt *g)
{
	enum { PATIENCE_S = 2 };
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += PATIENCE_S;
	pthread_mutex_lock(&g->lock);
	int64_t mine = ++g->asked;
	wake(g);
	while (g->served < mine && !g->stopping && pthread_cond_timedwait(&g->done, &g->lock, &until) != ETIMEDOUT)
		;
	pthread_mutex_unlock(&g->lock);
}
