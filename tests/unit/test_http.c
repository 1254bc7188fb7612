#include "http_try.h"

#include <signal.h>
#include <sys/resource.h>

static void finds_routes(void **state)
{
	struct reply r;
	ask(*state, &r, "GET /api/notes?q=%E9%97%AD+a", "", NULL);
	assert_int_equal(r.status, 200);
	assert_string_equal(r.body, "{\"n\":0,\"text\":\"\xe9\x97\xad a\"}");
	ask(*state, &r, "GET /api/notes/17", "", NULL);
	assert_string_equal(r.body, "{\"n\":17}");
	ask(*state, &r, "GET /api/notes/all", "", NULL);
	assert_string_equal(r.body, "{\"n\":-1}");
	ask(*state, &r, "GET /api/notes/x1", "", NULL);
	assert_int_equal(r.status, 404);
	ask(*state, &r, "GET /api/nothing", "", NULL);
	assert_int_equal(r.status, 404);
	has(&r, "err.no_route");
	ask(*state, &r, "DELETE /api/notes", "", NULL);
	assert_int_equal(r.status, 405);
	has(&r, "Allow: GET, HEAD, POST\r\n");
	ask(*state, &r, "HEAD /api/notes/17", "", NULL);
	assert_int_equal(r.status, 200);
	has(&r, "Content-Length: 8\r\n");
	assert_string_equal(r.body, "");
	ask(*state, &r, "GET /api/notes/%00", "", NULL);
	assert_int_equal(r.status, 404);
	ask(*state, &r, "GET /api/notes/%zz", "", NULL);
	assert_int_equal(r.status, 404);
}

static void checks_queries(void **state)
{
	struct reply r;
	ask(*state, &r, "GET /api/notes?limit=201", "", NULL);
	assert_int_equal(r.status, 422);
	has(&r, "\"pointer\":\"?limit\",\"args\":{\"min\":\"1\",\"max\":\"200\"}");
	ask(*state, &r, "GET /api/notes?nope=1", "", NULL);
	has(&r, "err.unknown_field");
	ask(*state, &r, "GET /api/notes/17?x=1", "", NULL);
	has(&r, "err.unknown_field");
	ask(*state, &r, "GET /api/notes?q=%ff", "", NULL);
	has(&r, "err.bad_query");
	ask(*state, &r, "GET /api/notes?lang=en&limit=0", "", NULL);
	has(&r, "\"detail\":\"en err.range\"");
}

static void problems_say_what_and_where(void **state)
{
	struct reply r;
	ask(*state, &r, "POST /api/notes", "Accept-Language: en-GB,en;q=0.9\r\n", "{\"text\":7}");
	assert_int_equal(r.status, 422);
	has(&r, "Content-Type: application/problem+json");
	has(&r, "{\"type\":\"about:blank\",\"title\":\"en err.bad_field\",\"status\":422,\"code\":\"BAD_FIELD\","
		"\"key\":\"err.type\",\"detail\":\"en err.type\",\"pointer\":\"/text\","
		"\"args\":{\"expected\":\"string\"},\"request\":\"");
	ask(*state, &r, "POST /api/notes", "", "{\"text\":");
	assert_int_equal(r.status, 400);
	has(&r, "zh-CN err.bad_json");
	ask(*state, &r, "GET /api/broken", "", NULL);
	assert_int_equal(r.status, 503);
	has(&r, "\"code\":\"DB\"");
	has(&r, "Retry-After: 2");
}

static void every_answer_has_security_headers(void **state)
{
	struct reply r;
	const char *const lines[] = { "GET /api/notes", "GET /api/none", "GET /", "GET /api/download" };
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		ask(*state, &r, lines[i], "", NULL);
		has(&r, "Content-Security-Policy: default-src '");
		has(&r, "X-Content-Type-Options: nosniff");
		has(&r, "Referrer-Policy: no-referrer");
		has(&r, "Cross-Origin-Opener-Policy: same-origin");
		has(&r, "X-Request-Id: ");
		lacks(&r, "Strict-Transport-Security");
	}
	ask(*state, &r, "GET /api/notes", "", NULL);
	has(&r, "Cache-Control: no-store");
}

static void downloads_are_harmless(void **state)
{
	struct reply r;
	ask(*state, &r, "GET /api/download", "", NULL);
	has(&r, "sandbox");
	has(&r, "Content-Disposition: attachment; filename=\"________1_.html\"; "
		"filename*=UTF-8''%E4%BB%BB%E5%8A%A1%20%221%22.html\r\n");
}

static void writes_commit_or_leave_nothing(void **state)
{
	struct reply r;
	ask(*state, &r, "POST /api/notes", "", "{\"text\":\"a\"}");
	assert_int_equal(r.status, 201);
	has(&r, "{\"n\":1,\"text\":\"a\"}");
	ask(*state, &r, "POST /api/notes", "", "{\"text\":\"a\",\"fail\":true}");
	assert_int_equal(r.status, 409);
	has(&r, "\"code\":\"STALE\",\"key\":\"err.stale\"");
	has(&r, "\"args\":{\"ver\":\"4\"}");
	ask(*state, &r, "GET /api/notes", "", NULL);
	assert_string_equal(r.body, "{\"n\":1}");
}

/* The store gives an attempt up and runs it again: nothing of the first is left in the answer. */
static void a_repeated_attempt_starts_afresh(void **state)
{
	struct server *s = *state;
	struct reply r;
	ask(s, &r, "POST /api/notes", "", "{\"text\":\"busy\"}");
	assert_int_equal(r.status, 201);
	assert_string_equal(r.body, "{\"n\":2,\"text\":\"busy\"}");
	assert_int_equal(atomic_load(&s->app.writes), 2);
	ask(s, &r, "GET /api/notes", "", NULL);
	assert_string_equal(r.body, "{\"n\":1}");
}

static void files_are_sent_and_removed(void **state)
{
	struct reply r;
	ask(*state, &r, "GET /api/file", "", NULL);
	assert_string_equal(r.body, "made");
	has(&r, "Content-Disposition: attachment; filename=\"a.txt\"");
	assert_true(temp_files_become(*state, 0));
}

static void a_proxy_may_use_its_own_name(void **state)
{
	(void)state;
	struct server *s = server_new((struct http_options){ .hosts = "a.example, b.example", .secure_cookies = true });
	struct reply r;
	static const char ours[] = "GET /api/notes HTTP/1.1\r\nHost: B.example:443\r\nConnection: close\r\n\r\n";
	ask_raw(s, &r, ours, sizeof ours - 1);
	assert_int_equal(r.status, 200);
	has(&r, "Strict-Transport-Security: max-age=");
	static const char other[] = "GET /api/notes HTTP/1.1\r\nHost: localhost:80.example\r\n\r\n";
	ask_raw(s, &r, other, sizeof other - 1);
	assert_int_equal(r.status, 403);
	server_free(s);
}

static void pictures_may_come_from_one_other_place(void **state)
{
	struct server *s = server_new((struct http_options){ .images_from = "https://tiles.example:8443" });
	struct reply r;
	ask(s, &r, "GET /api/notes", "", NULL);
	has(&r, "img-src 'self' data: blob: https://tiles.example:8443; connect-src 'self' https://tiles.example:8443;");
	server_free(s);
	ask(*state, &r, "GET /api/notes", "", NULL);
	has(&r, "img-src 'self' data: blob:; connect-src 'self';");
}

static void a_repeated_write_gets_the_same_answer(void **state)
{
	struct server *s = *state;
	struct reply r;
	for (int i = 0; i < 2; i++) {
		ask(s, &r, "POST /api/notes", "Idempotency-Key: k1\r\n", "{\"text\":\"a\"}");
		assert_int_equal(r.status, 201);
		has(&r, "{\"n\":1,\"text\":\"a\"}");
	}
	assert_int_equal(atomic_load(&s->app.writes), 1);
	ask(s, &r, "POST /api/notes", "Idempotency-Key: a b\r\n", "{\"text\":\"a\"}");
	assert_int_equal(r.status, 422);
}

static void many_writers_share_commits(void **state)
{
	enum { CLIENTS = 200, ROUNDS = 5 };
	static const char text[] = "POST /api/notes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
				   "Content-Length: 12\r\n\r\n{\"text\":\"a\"}";
	struct server *s = *state;
	int fd[CLIENTS];
	for (int i = 0; i < CLIENTS; i++)
		fd[i] = dial(s);
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < CLIENTS; i++)
			assert_true(say(fd[i], text, sizeof text - 1));
		for (int i = 0; i < CLIENTS; i++) {
			struct reply r;
			hear(fd[i], &r, "\"text\":\"a\"}");
			assert_int_equal(r.status, 201);
		}
	}
	for (int i = 0; i < CLIENTS; i++)
		close(fd[i]);
	assert_int_equal(atomic_load(&s->app.writes), CLIENTS * ROUNDS);
	assert_true(db_stats(s->db).commits < CLIENTS * ROUNDS);
	assert_int_equal(http_stats(s->http).by_class[2], CLIENTS * ROUNDS);
}

/* What arrived is done, whoever is still there to hear of it; nothing leaks. */
static void vanished_clients_do_no_harm(void **state)
{
	static const char text[] = "POST /api/notes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
				   "Content-Length: 12\r\n\r\n{\"text\":\"a\"}";
	struct server *s = *state;
	for (size_t n = 1; n < sizeof text; n += 7) {
		int fd = dial(s);
		assert_true(say(fd, text, n));
		close(fd);
	}
	for (int i = 0; i < 50; i++) {
		int fd = dial(s);
		assert_true(say(fd, text, sizeof text - 1));
		close(fd);
	}
	int64_t until = clock_monotonic_us() + 20 * 1000000;
	while (db_stats(s->db).jobs < 50 && clock_monotonic_us() < until)
		sched_yield();
	struct reply r;
	ask(s, &r, "GET /api/notes", "", NULL);
	assert_string_equal(r.body, "{\"n\":50}");
}

static void asks_who_it_is(void **state)
{
	struct reply r;
	ask(*state, &r, "GET /api/private", "", NULL);
	assert_int_equal(r.status, 401);
	ask(*state, &r, "GET /api/private", "Cookie: bihuan_session=good\r\n", NULL);
	assert_int_equal(r.status, 200);
	ask(*state, &r, "PATCH /api/notes/1", "Cookie: bihuan_session=good\r\nX-CSRF-Token: t\r\n", "{\"text\":\"a\"}");
	assert_int_equal(r.status, 403);
	ask(*state, &r, "PATCH /api/notes/1", "Cookie: bihuan_session=good\r\n", "{\"text\":\"a\"}");
	has(&r, "err.csrf");
}

static void refuses_other_sites(void **state)
{
	struct reply r;
	const char *body = "{\"text\":\"a\"}";
	ask(*state, &r, "POST /api/notes", "Origin: http://evil.example\r\n", body);
	has(&r, "err.cross_site");
	ask(*state, &r, "POST /api/notes", "Origin: null\r\n", body);
	has(&r, "err.cross_site");
	ask(*state, &r, "POST /api/notes", "Sec-Fetch-Site: same-site\r\n", body);
	has(&r, "err.cross_site");
	ask(*state, &r, "POST /api/notes", "Origin: http://localhost\r\nSec-Fetch-Site: same-origin\r\n", body);
	assert_int_equal(r.status, 201);
	static const char foreign[] = "GET /api/notes HTTP/1.1\r\nHost: evil.example:80\r\n\r\n";
	ask_raw(*state, &r, foreign, sizeof foreign - 1);
	assert_int_equal(r.status, 403);
	has(&r, "err.foreign_host");
}

static void bodies_have_a_type_and_a_size(void **state)
{
	struct reply r;
	static const char form[] = "POST /api/notes HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
				   "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}";
	ask_raw(*state, &r, form, sizeof form - 1);
	assert_int_equal(r.status, 415);
	/* Refused by what the head says, though the body never comes. */
	static const char big[] = "POST /api/notes HTTP/1.1\r\nHost: localhost\r\n"
				  "Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n";
	ask_raw(*state, &r, big, sizeof big - 1);
	assert_int_equal(r.status, 413);
	static const char patch[] = "PATCH /api/notes/1 HTTP/1.1\r\nHost: localhost\r\n"
				    "Content-Type: application/json\r\nContent-Length: 5000\r\n\r\n";
	ask_raw(*state, &r, patch, sizeof patch - 1);
	assert_int_equal(r.status, 413);
	ask(*state, &r, "POST /api/slow", "", "{\"x\":1}");
	assert_int_equal(r.status, 422);
	has(&r, "err.no_body");
}

static void chunked_bodies_are_limited_too(void **state)
{
	struct reply r;
	char chunk[1034] = "400\r\n";
	memset(chunk + 5, ' ', 1024);
	memcpy(chunk + 1029, "\r\n", 2);
	int fd = dial(*state);
	static const char head[] = "POST /api/notes HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
				   "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
	assert_true(say(fd, head, sizeof head - 1));
	for (int i = 0; i < 8; i++)
		assert_true(say(fd, chunk, 1031));
	assert_true(say(fd, "0\r\n\r\n", 5));
	hear(fd, &r, NULL);
	close(fd);
	assert_int_equal(r.status, 413);
}

#define UPLOADER "Cookie: bihuan_session=good\r\nX-CSRF-Token: t\r\n"

static int begin_upload(struct server *s, const char *more)
{
	char head[512];
	int fd = dial(s);
	int n = snprintf(head, sizeof head, "POST /api/files HTTP/1.1\r\nHost: localhost\r\n" UPLOADER "%s\r\n", more);
	assert_true(say(fd, head, (size_t)n));
	return fd;
}

static void uploads_are_hashed(void **state)
{
	struct reply r;
	int fd = begin_upload(*state, "Connection: close\r\nContent-Length: 3\r\n");
	assert_true(say(fd, "abc", 3));
	hear(fd, &r, NULL);
	close(fd);
	assert_string_equal(r.body, "{\"n\":3,\"text\":\"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\"}");
	assert_true(temp_files_become(*state, 0));
	ask(*state, &r, "POST /api/files", "", "abc");
	assert_int_equal(r.status, 401);
	fd = begin_upload(*state, "Content-Length: 3\r\nContent-Encoding: gzip\r\n");
	hear(fd, &r, NULL);
	close(fd);
	assert_int_equal(r.status, 415);
}

static void a_huge_upload_is_refused_early(void **state)
{
	struct reply r;
	int fd = begin_upload(*state, "Content-Length: 209715200\r\n");
	hear(fd, &r, "\"request\"");
	assert_int_equal(r.status, 413);
	has(&r, "\"args\":{\"mib\":\"1\",\"max\":\"1048576\"}");
	close(fd);
	assert_int_equal(temp_files(*state), 0);
}

/* A client that sends everything before it listens must still read why it was refused. */
static void a_stubborn_upload_still_reads_the_answer(void **state)
{
	struct reply r;
	static char waste[1 << 16];
	int fd = begin_upload(*state, "Content-Length: 20971520\r\n");
	bool all = true;
	for (int i = 0; i < 320 && all; i++)
		all = say(fd, waste, sizeof waste);
	assert_true(all);
	hear(fd, &r, NULL);
	close(fd);
	assert_int_equal(r.status, 413);
}

static void an_endless_chunked_upload_leaves_no_file(void **state)
{
	struct reply r;
	static char chunk[65536 + 9];
	int fd = begin_upload(*state, "Connection: close\r\nTransfer-Encoding: chunked\r\n");
	memcpy(chunk, "10000\r\n", 7);
	memcpy(chunk + 7 + 65536, "\r\n", 2);
	for (int i = 0; i < 64; i++)
		assert_true(say(fd, chunk, sizeof chunk));
	assert_true(say(fd, "0\r\n\r\n", 5));
	hear(fd, &r, NULL);
	close(fd);
	assert_int_equal(r.status, 413);
	assert_true(temp_files_become(*state, 0));
}

static void an_abandoned_upload_leaves_no_file(void **state)
{
	int fd = begin_upload(*state, "Content-Length: 1000\r\n");
	assert_true(say(fd, "abc", 3));
	assert_true(temp_files_become(*state, 1));
	close(fd);
	assert_true(temp_files_become(*state, 0));
}

static void a_full_disk_is_said(void **state)
{
	struct reply r;
	struct rlimit old, small;
	static char data[600000];
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	small = old;
	small.rlim_cur = 300000;
	setrlimit(RLIMIT_FSIZE, &small);
	int fd = begin_upload(*state, "Connection: close\r\nContent-Length: 600000\r\n");
	say(fd, data, sizeof data);
	hear(fd, &r, NULL);
	close(fd);
	setrlimit(RLIMIT_FSIZE, &old);
	assert_int_equal(r.status, 507);
	has(&r, "err.disk_full");
	assert_true(temp_files_become(*state, 0));
}

static void serves_the_page(void **state)
{
	struct reply r;
	ask(*state, &r, "GET /", "", NULL);
	assert_string_equal(r.body, "<!doctype>");
	has(&r, "Cache-Control: no-cache");
	ask(*state, &r, "GET /matters/7", "Accept: text/html\r\n", NULL);
	assert_string_equal(r.body, "<!doctype>");
	ask(*state, &r, "GET /matters/7", "Accept: image/png\r\n", NULL);
	assert_int_equal(r.status, 404);
	ask(*state, &r, "GET /no.png", "Accept: text/html\r\n", NULL);
	assert_int_equal(r.status, 404);
	ask(*state, &r, "GET /assets/a.js", "Accept-Encoding: br, gzip;q=0.8\r\n", NULL);
	assert_string_equal(r.body, "GZIP");
	has(&r, "Content-Encoding: gzip");
	has(&r, "immutable");
	ask(*state, &r, "GET /assets/a.js", "Accept-Encoding: gzip;q=0\r\n", NULL);
	assert_string_equal(r.body, "let a = 1;");
	ask(*state, &r, "GET /assets/a.js", "If-None-Match: W/\"a1\"\r\n", NULL);
	assert_int_equal(r.status, 304);
	ask(*state, &r, "GET /api/notes/all", "If-None-Match: \"v1\"\r\n", NULL);
	assert_int_equal(r.status, 304);
	ask(*state, &r, "POST /index.html", "", "{}");
	assert_int_equal(r.status, 405);
}

#define RAW(text) { text, sizeof(text) - 1 }

/* A request that two readers could cut differently gets one refusal and the connection ends: the
 * second request hidden in it never runs. */
static void smuggled_requests_do_not_run(void **state)
{
	struct server *s = *state;
#define INNER "POST /api/notes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{\"text\":\"x\"}"
#define OUTER "POST /api/notes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
	static const struct {
		const char *p;
		size_t n;
	} corpus[] = {
		RAW(OUTER "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" INNER),
		RAW(OUTER "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" INNER),
		RAW(OUTER "Content-Length: 0\r\nContent-Length: 200\r\n\r\n" INNER),
		RAW(OUTER "Content-Length: 0\r\nContent-Length: 0\r\n\r\n" INNER),
		RAW(OUTER "Content-Length: 0, 200\r\n\r\n" INNER),
		RAW(OUTER "Content-Length: +0\r\n\r\n" INNER),
		RAW(OUTER "Content-Length: -1\r\n\r\n" INNER),
		RAW(OUTER "Content-Length: 0x0\r\n\r\n" INNER),
		RAW(OUTER "Content-Length: 99999999999999999999\r\n\r\n" INNER),
		RAW(OUTER "Content-Length:\r\n\r\n" INNER),
		RAW(OUTER "Content-Length : 0\r\n\r\n" INNER),
		RAW(OUTER "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" INNER),
		RAW(OUTER "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n" INNER),
		RAW(OUTER "Transfer-Encoding: identity\r\n\r\n" INNER),
		RAW(OUTER "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" INNER),
		RAW(OUTER "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n" INNER),
		RAW(OUTER "Transfer-Encoding: chunked\r\n\r\nzz\r\n" INNER),
		RAW(OUTER "Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n" INNER),
		RAW(OUTER "X: y\r\n Content-Length: 0\r\n\r\n" INNER),
		RAW("POST /api/notes HTTP/1.1\r\nHost: localhost\r\nHost: b\r\nContent-Length: 0\r\n\r\n" INNER),
		RAW("POST /api/notes HTTP/1.1\r\nContent-Length: 0\r\n\r\n" INNER),
		RAW("POST /api/notes HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" INNER),
		RAW("GET /api/notes HTTP/1.1\r\n Host: localhost\r\n\r\n" INNER),
		RAW("GET /api/notes HTTP/9.9\r\nHost: localhost\r\n\r\n" INNER),
		RAW("\x16\x03\x01\x02\x00\x01\x00" INNER),
	};
	for (size_t i = 0; i < COUNT_OF(corpus); i++) {
		struct reply r;
		ask_raw(s, &r, corpus[i].p, corpus[i].n);
		if (r.status >= 200 && r.status < 300)
			fail_msg("number %zu was answered: %.80s", i, r.text);
		if (atomic_load(&s->app.writes))
			fail_msg("number %zu ran what was hidden in it: %s", i, r.text);
	}
}

/* Two whole requests behind each other are just that. */
static void pipelined_requests_are_answered_in_order(void **state)
{
	struct reply r;
	static const char two[] = "GET /api/notes/1 HTTP/1.1\r\nHost: localhost\r\n\r\n"
				  "GET /api/notes/2 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
	ask_raw(*state, &r, two, sizeof two - 1);
	const char *first = strstr(r.text, "{\"n\":1}"), *second = strstr(r.text, "{\"n\":2}");
	assert_non_null(first);
	assert_true(second > first);
}

int main(void)
{
#define TEST(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(finds_routes),
		TEST(checks_queries),
		TEST(problems_say_what_and_where),
		TEST(every_answer_has_security_headers),
		TEST(downloads_are_harmless),
		TEST(writes_commit_or_leave_nothing),
		TEST(a_repeated_attempt_starts_afresh),
		TEST(files_are_sent_and_removed),
		cmocka_unit_test(a_proxy_may_use_its_own_name),
		TEST(pictures_may_come_from_one_other_place),
		TEST(a_repeated_write_gets_the_same_answer),
		TEST(many_writers_share_commits),
		TEST(vanished_clients_do_no_harm),
		TEST(asks_who_it_is),
		TEST(refuses_other_sites),
		TEST(bodies_have_a_type_and_a_size),
		TEST(chunked_bodies_are_limited_too),
		TEST(uploads_are_hashed),
		TEST(a_huge_upload_is_refused_early),
		TEST(a_stubborn_upload_still_reads_the_answer),
		TEST(an_endless_chunked_upload_leaves_no_file),
		TEST(an_abandoned_upload_leaves_no_file),
		TEST(a_full_disk_is_said),
		TEST(serves_the_page),
		TEST(smuggled_requests_do_not_run),
		TEST(pipelined_requests_are_answered_in_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
