/* Framing in a stream that comes in any pieces, with junk, cuts and lies between the packets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/buf.h"
#include "gateway/hj212/frame.h"

#define A1 "##0101QN=20160801085857223;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&1C80"
#define ACK "##0094QN=20160801085857223;ST=91;CN=9011;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&QnRtn=1&&1B00"

/* What comes out of a stream fed in pieces of `step` bytes: a letter a packet (k ok, c crc, l length). */
static str read_all(struct arena *a, const struct hj212_crc *t, str all, size_t step)
{
	struct buf out = BUF(a), have = BUF(a);
	for (size_t at = 0;; at += step) {
		bool last = at >= all.n;
		buf_put(&have, str_sub(all, at, at + step));
		str in = buf_str(&have);
		for (;;) {
			struct hj212_frame f;
			enum hj212_found found;
			size_t done = hj212_next(t, in, last, &f, &found);
			assert_true(done <= in.n);
			if (found == HJ212_MORE) {
				assert_true(!last || !in.n);
				break;
			}
			assert_true(done > 0);
			if (found == HJ212_FRAME)
				buf_byte(&out, f.fault == HJ212_FAULT_NONE ? 'k' : f.fault == HJ212_FAULT_CRC ? 'c' : 'l');
			in = str_sub(in, done, in.n);
		}
		struct buf rest = BUF(a);
		buf_put(&rest, in);
		have = rest;
		if (last)
			return buf_str(&out);
	}
}

static void expect_stream(str all, const char *want)
{
	struct hj212_crc t;
	hj212_crc_init(&t);
	for (size_t step = 1; step <= all.n + 1; step += step < 9 ? 1 : 37) {
		AUTO(arena_drop) struct arena *a = arena_new();
		str got = read_all(a, &t, all, step);
		assert_int_equal(got.n, strlen(want));
		assert_memory_equal(got.p, want, got.n);
	}
}

static void check_sums(void **state)
{
	struct hj212_crc t;
	(void)state;
	hj212_crc_init(&t);
	assert_int_equal(hj212_crc(&t, "", 0), 0xFFFF);
	assert_int_equal(hj212_crc(&t, "1", 1), 0x9481);
	assert_int_equal(hj212_crc(&t, "&&", 2), 0xB101);
	assert_int_equal(hj212_crc(&t, "123456789", 9), 0x2F80);
	assert_int_equal(hj212_crc_modbus(&t, "123456789", 9), 0x4B37);
}

/* Bit by bit as the annex writes it. */
static unsigned slowly(const unsigned char *p, size_t n)
{
	unsigned crc = 0xFFFF;
	while (n--) {
		crc = crc >> 8 ^ *p++;
		for (int bit = 0; bit < 8; bit++)
			crc = crc & 1 ? crc >> 1 ^ 0xA001 : crc >> 1;
	}
	return crc;
}

static void sixteen_at_once_is_one_by_one(void **state)
{
	struct hj212_crc t;
	unsigned char v[200];
	uint32_t x = 1;
	(void)state;
	hj212_crc_init(&t);
	for (size_t n = 0; n <= sizeof v; n++) {
		for (size_t i = 0; i < n; i++)
			v[i] = (unsigned char)((x = x * 1664525u + 1013904223u) >> 24);
		assert_int_equal(hj212_crc(&t, v, n), slowly(v, n));
	}
}

static void packets_come_in_any_pieces(void **state)
{
	(void)state;
	expect_stream(S(A1 "\r\n" ACK "\r\n"), "kk");
	expect_stream(S(A1 "\n" ACK "\r" A1), "kkk");
	expect_stream(S("noise\r\n##" A1 "\r\n"), "k");
	expect_stream(S("## #" A1 "\r\nGET / HTTP/1.1\r\n\r\n" ACK "\r\n"), "kk");
}

static void a_damaged_packet_does_not_take_the_next_with_it(void **state)
{
	(void)state;
	expect_stream(S("##0101QN=20160801085857223;ST=32;CN=1062;PW=1000" ACK "\r\n"), "k");
	expect_stream(S("##0101QN=20160801085857224;ST=32;CN=1062;PW=100000;MN=010000A8900016F000169DC0;Flag=5;CP=&&RtdInterval=30&&1C80\r\n" ACK "\r\n"), "ck");
	expect_stream(S("##0121QN=20160801085857223;ST=91;CN=9011;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&QnRtn=1&&1B00\r\n" A1 "\r\n"), "lk");
	expect_stream(S("#0094QN=20160801085857223;ST=91;CN=9011;PW=123456;MN=010000A8900016F000169DC0;Flag=4;CP=&&QnRtn=1&&1B00\r\n" A1 "\r\n"), "kk");
}

static void ten_megabytes_without_an_end_cost_bounded_looks(void **state)
{
	struct hj212_crc t;
	AUTO(arena_drop) struct arena *a = arena_new();
	char *big = arena_raw(a, HJ212_RAW_MAX);
	struct hj212_frame f;
	enum hj212_found found;
	(void)state;
	hj212_crc_init(&t);
	memset(big, 'x', HJ212_RAW_MAX);
	memcpy(big, "##9999", 6);
	/* Nothing that long is a packet: the beginning is given up, so a connection never keeps more. */
	assert_true(hj212_next(&t, (str){ big, HJ212_RAW_MAX }, false, &f, &found) > 0);
	assert_int_equal(found, HJ212_JUNK);
}

static void pairs_of_a_data_region(void **state)
{
	static const char *const want[][3] = {
		{ "DataTime", "", "20160801085857" }, { "w01018", "Rtd", "2.2" }, { "w01018", "Flag", "N" },
		{ "a34001", "Rtd", "92" }, { "a34001", "Flag", "D" }, { "i11001", "Info", "//a;b,c=d//" }, { "w01001", "Avg", "" },
	};
	str rest = S("DataTime=20160801085857;w01018-Rtd=2.2,w01018-Flag=N; a34001-Rtd=92;Flag=D;i11001-Info=//a;b,c=d//;junk;w01001--Avg=");
	struct hj212_pair p = { 0 };
	(void)state;
	for (size_t i = 0; i < COUNT_OF(want); i++) {
		assert_true(hj212_pair(&rest, &p));
		assert_true(str_eq(p.code, str_of(want[i][0])));
		assert_true(str_eq(p.field, str_of(want[i][1])));
		assert_true(str_eq(p.value, str_of(want[i][2])));
	}
	assert_false(hj212_pair(&rest, &p));
}

static void times_of_devices(void **state)
{
	int64_t ms;
	(void)state;
	assert_true(hj212_time(S("20160801085857"), &ms));
	assert_int_equal(ms, INT64_C(1470013137000));
	assert_true(hj212_time(S("20160801085857000"), &ms));
	assert_false(hj212_time(S("20160230085857"), &ms));
	assert_false(hj212_time(S("20160801245857"), &ms));
	assert_false(hj212_time(S("2016080108585"), &ms));
}

static void what_is_written_is_read(void **state)
{
	struct hj212_crc t;
	char out[HJ212_RAW_MAX];
	struct hj212_frame f;
	enum hj212_found found;
	(void)state;
	hj212_crc_init(&t);
	size_t n = hj212_write(&t, S("QN=1;ST=91;CN=9014;PW=1;MN=2;Flag=4;CP=&&&&"), out);
	assert_int_equal(hj212_next(&t, (str){ out, n }, false, &f, &found), n);
	assert_int_equal(found, HJ212_FRAME);
	assert_int_equal(f.fault, HJ212_FAULT_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(check_sums),
		cmocka_unit_test(sixteen_at_once_is_one_by_one),
		cmocka_unit_test(packets_come_in_any_pieces),
		cmocka_unit_test(a_damaged_packet_does_not_take_the_next_with_it),
		cmocka_unit_test(ten_megabytes_without_an_end_cost_bounded_looks),
		cmocka_unit_test(pairs_of_a_data_region),
		cmocka_unit_test(times_of_devices),
		cmocka_unit_test(what_is_written_is_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
