#include "core_store.h"

#include <math.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/evidence.h"
#include "core/ledger.h"

static void the_first_bytes_say_what_it_is(void **state)
{
	(void)state;
	assert_string_equal(evidence_type(S("\xff\xd8\xff\xe0....JFIF")), "image/jpeg");
	assert_string_equal(evidence_type(S("\x89PNG\r\n\x1a\n....")), "image/png");
	assert_string_equal(evidence_type(S("%PDF-1.7")), "application/pdf");
	assert_string_equal(evidence_type(S("....ftypisom")), "video/mp4");
	/* What a browser would run stays a heap of bytes. */
	assert_string_equal(evidence_type(S("<html><script>alert(1)</script>")), "application/octet-stream");
	assert_string_equal(evidence_type(S("<svg xmlns='http://www.w3.org/2000/svg'>")), "application/octet-stream");
	assert_string_equal(evidence_type(S("")), "application/octet-stream");
}

static str hash_of(struct arena *a, str bytes)
{
	unsigned char h[HASH_SIZE];
	hash_bytes(HASH_SHA256, bytes, h);
	return hex_encode(a, (str){ (const char *)h, HASH_SIZE });
}

static void make_folders(struct core_store *s)
{
	mkdir(arena_printf(s->a, "%s/files", s->dir).p, 0700);
	mkdir(arena_printf(s->a, "%s/tmp", s->dir).p, 0700);
}

static void bytes_are_kept_under_their_hash(void **state)
{
	struct core_store *s = *state;
	struct fail f = { 0 };
	str bytes = S("evidence"), hash = hash_of(s->a, bytes);
	make_folders(s);
	str path = arena_printf(s->a, "%s/files/%.2s/%s", s->dir, hash.p, hash.p + 2);
	assert_int_equal(evidence_store(&s->app, bytes, hash, &f), ERR_OK);
	assert_int_equal(access(path.p, R_OK), 0);
	assert_int_equal(evidence_store(&s->app, bytes, hash, &f), ERR_OK); /* again: nothing to do */
	struct stat st;
	assert_int_equal(stat(path.p, &st), 0);
	assert_int_equal(st.st_size, 8);
	assert_int_equal(evidence_store(&s->app, bytes, S("../../../../etc/passwd"), &f), ERR_INTERNAL);
	assert_int_equal(evidence_store(&s->app, bytes, S("ABCD"), &f), ERR_INTERNAL);
}

static void an_upload_moves_into_place(void **state)
{
	struct core_store *s = *state;
	struct fail f = { 0 };
	str hash = hash_of(s->a, S("uploaded"));
	make_folders(s);
	str tmp = arena_printf(s->a, "%s/tmp/upload", s->dir);
	FILE *file = fopen(tmp.p, "wb");
	assert_non_null(file);
	fputs("uploaded", file);
	fclose(file);
	struct upload up = { .path = tmp.p, .size = 8 };
	assert_int_equal(evidence_store_upload(&s->app, &up, hash, &f), ERR_OK);
	assert_int_equal(access(arena_printf(s->a, "%s/files/%.2s/%s", s->dir, hash.p, hash.p + 2).p, R_OK), 0);
	assert_int_not_equal(access(tmp.p, F_OK), 0);
}

static err add(struct ctx *cx, void *arg)
{
	int64_t captured = *(int64_t *)arg, id;
	const struct evidence_new in = { .region = HOME, .subject = S("matter/5"), .hash = hash_of(cx->a, S("x")),
					 .name = S("照片.jpg"), .type = "image/jpeg", .size = 1, .captured_ms = captured,
					 .lat = NAN, .lon = NAN };
	TRY(evidence_add(cx, &in, &id));
	struct evidence_of_rows rows;
	TRY(evidence_of(cx->c, cx->a, &(struct evidence_of_params){ .region = HOME, .subject = S("matter/5") }, &rows));
	assert_int_equal(rows.n, 1);
	assert_int_equal(rows.v[0].captured_ms, captured);
	assert_int_equal(rows.v[0].received_ms, cx->now_ms);
	struct ledger_report r;
	TRY(ledger_verify(cx->c, NULL, NULL, &r));
	assert_int_equal(r.what, LEDGER_OK);
	assert_int_equal(r.events, 1);
	return ERR_OK;
}

static void capture_and_receipt_are_kept_apart(void **state)
{
	int64_t captured = START_MS - 3600000;
	assert_int_equal(core_write(*state, add, &captured), ERR_OK);
}

static void capture_in_the_future_is_refused(void **state)
{
	int64_t captured = START_MS + 3600000;
	assert_int_equal(core_write(*state, add, &captured), ERR_BAD_FIELD);
}

int main(void)
{
#define IN_STORE(t) cmocka_unit_test_setup_teardown(t, core_open, core_close)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_bytes_say_what_it_is),
		IN_STORE(bytes_are_kept_under_their_hash),
		IN_STORE(an_upload_moves_into_place),
		IN_STORE(capture_and_receipt_are_kept_apart),
		IN_STORE(capture_in_the_future_is_refused),
	};
	return cmocka_run_group_tests_name("evidence", tests, NULL, NULL);
}
