/* Streams, queues, stopping, and the contract. */
#include "http_try.h"

static void news_follow_the_commit(void **state)
{
	struct server *s = *state;
	struct reply r;
	int fd = open_stream(s, &r);
	ask(s, &r, "POST /api/notes", "", "{\"text\":\"no\",\"fail\":true}");
	ask(s, &r, "POST /api/notes", "", "{\"text\":\"yes\"}");
	hear(fd, &r, "yes");
	close(fd);
	has(&r, "event: note\ndata: yes\n\n");
	lacks(&r, "data: no");
}

static void streams_carry_what_the_filter_lets(void **state)
{
	struct server *s = *state;
	struct reply r;
	int fd = open_stream(s, &r);
	has(&r, "Content-Type: text/event-stream");
	http_publish(s->http, "act", &(struct http_about){ .region = 2, .sectors = 1 }, S("{\"matter\":\"9\"}"));
	http_publish(s->http, "act", &(struct http_about){ .region = 1, .sectors = 1 }, S("{\"matter\":\"7\"}\nmore"));
	hear(fd, &r, "more");
	has(&r, "event: act\ndata: {\"matter\":\"7\"}\ndata: more\n\n");
	lacks(&r, "\"9\"");
	assert_int_equal(http_stats(s->http).subscribers, 1);
	close(fd);
	ask(s, &r, "GET /api/stream", "", NULL);
	assert_int_equal(r.status, 401);
}

static void streams_end_with_the_session(void **state)
{
	(void)state;
	struct server *s = server_new((struct http_options){ .heartbeat_ms = 20 });
	struct reply r;
	int fd = open_stream(s, &r);
	hear(fd, &r, ": beat");
	has(&r, ": beat");
	atomic_store(&s->app.expired, true);
	hear(fd, &r, "\r\n0\r\n\r\n");
	close(fd);
	server_free(s);
}

static void a_deaf_subscriber_is_dropped(void **state)
{
	struct server *s = *state;
	struct reply r;
	static char data[8000];
	int fd = open_stream(s, &r);
	memset(data, 'x', sizeof data);
	for (int i = 0; i < 3000; i++)
		http_publish(s->http, "act", &(struct http_about){ .region = 1, .sectors = 1 }, (str){ data, sizeof data });
	char waste[65536];
	size_t got = 0;
	for (ssize_t n; (n = recv(fd, waste, sizeof waste, 0)) > 0;)
		got += (size_t)n;
	assert_true(got < (size_t)3000 * sizeof data);
	close(fd);
}

struct client {
	struct server *s;
	struct reply r;
};

static void *ask_slow(void *arg)
{
	struct client *c = arg;
	ask(c->s, &c->r, "POST /api/slow", "", NULL);
	return NULL;
}

static void wait_inside(struct app *app, int n)
{
	pthread_mutex_lock(&app->lock);
	while (app->waiting < n)
		pthread_cond_wait(&app->changed, &app->lock);
	pthread_mutex_unlock(&app->lock);
}

static void open_gate(struct app *app)
{
	pthread_mutex_lock(&app->lock);
	app->gate_open = true;
	pthread_cond_broadcast(&app->changed);
	pthread_mutex_unlock(&app->lock);
}

static void a_full_queue_says_busy(void **state)
{
	(void)state;
	struct server *s = server_new((struct http_options){ .workers = 1, .max_queue = 1 });
	static struct client a, b;
	pthread_t ta, tb;
	struct reply r;
	a = b = (struct client){ .s = s };
	pthread_create(&ta, NULL, ask_slow, &a);
	wait_inside(&s->app, 1);
	pthread_create(&tb, NULL, ask_slow, &b);
	while (http_stats(s->http).queued < 1)
		sched_yield();
	ask(s, &r, "POST /api/slow", "", NULL);
	assert_int_equal(r.status, 503);
	ask(s, &r, "GET /api/notes", "", NULL);
	assert_int_equal(r.status, 200);
	open_gate(&s->app);
	pthread_join(ta, NULL);
	pthread_join(tb, NULL);
	assert_int_equal(a.r.status, 200);
	assert_string_equal(b.r.body, "slow");
	server_free(s);
}

static void *stop(void *arg)
{
	http_stop(arg);
	return NULL;
}

static void stopping_answers_what_runs(void **state)
{
	(void)state;
	struct server *s = server_new((struct http_options){ .workers = 1 });
	static struct client a;
	struct reply r;
	pthread_t ta, ts;
	int stream = open_stream(s, &r);
	a = (struct client){ .s = s };
	pthread_create(&ta, NULL, ask_slow, &a);
	wait_inside(&s->app, 1);
	pthread_create(&ts, NULL, stop, s->http);
	hear(stream, &r, NULL); /* ends at once */
	open_gate(&s->app);
	pthread_join(ta, NULL);
	pthread_join(ts, NULL);
	assert_int_equal(a.r.status, 200);
	close(stream);
	s->http = NULL;
	server_free(s);
}

static void a_taken_port_is_an_error(void **state)
{
	struct server *s = *state;
	char listen[32];
	struct fail f = { 0 };
	struct http *h;
	snprintf(listen, sizeof listen, "127.0.0.1:%d", http_port(s->http));
	struct http_options o = { .listen = listen, .tables = tables, .db = s->db, .clock = &s->clock };
	assert_int_equal(http_start(&o, &h, &f), ERR_IO);
	assert_string_equal(f.key, "err.listen");
	o.listen = "nonsense";
	assert_int_equal(http_start(&o, &h, &f), ERR_IO);
}

static void the_contract_names_everything(void **state)
{
	(void)state;
	AUTO(arena_drop) struct arena *a = arena_new();
	struct buf b = BUF(a);
	http_openapi(&b, tables, "0.1.0");
	const char *text = buf_cstr(&b);
	assert_non_null(strstr(text, "\"/api/notes/{id}\":{\"get\":{\"operationId\":\"get_notes_id\""));
	assert_non_null(strstr(text, "\"x-kind\":\"UPLOAD\""));
	assert_non_null(strstr(text, "\"x-permission\":\"note.read\""));
	assert_non_null(strstr(text, "\"note_in\":{\"type\":\"object\""));
	assert_non_null(strstr(text, "\"name\":\"limit\",\"in\":\"query\""));
	if (getenv("BIHUAN_PRINT"))
		puts(text);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(news_follow_the_commit),
		TEST(streams_carry_what_the_filter_lets),
		cmocka_unit_test(streams_end_with_the_session),
		TEST(a_deaf_subscriber_is_dropped),
		cmocka_unit_test(a_full_queue_says_busy),
		cmocka_unit_test(stopping_answers_what_runs),
		TEST(a_taken_port_is_an_error),
		cmocka_unit_test(the_contract_names_everything),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
