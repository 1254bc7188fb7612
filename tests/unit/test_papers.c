/* Papers as DOCX and PDF, QR codes, and the small codecs that papers and exchange tables stand on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/json_tree.h"
#include "base/vec.h"
#include "core/base64.h"
#include "core/template.h"
#include "core/uscc.h"
#include "format/package.h"
#include "format/paper.h"
#include "format/qr.h"

/* cairo 1.16 loses 768 bytes for each OpenType font of a PDF it has written, fontconfig its settings once;
 * what we lose ourselves is still told. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
	return "leak:libcairo\nleak:libfontconfig\n";
}

static struct arena *arena;

static int begin(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

#define assert_str(got, want) assert_string_equal(arena_cstr(arena, got), want)

/* ---- templates ---- */

static str value(void *arg, str name)
{
	(void)arg;
	return str_eq(name, S("unit")) ? S("示例{煤业}") : str_eq(name, S("due")) ? S("10日内") : S("");
}

static bool known(void *arg, str name)
{
	(void)arg;
	return str_eq(name, S("unit")) || str_eq(name, S("due")) || str_eq(name, S("clause"));
}

static void templates_are_filled(void **state)
{
	(void)state;
	assert_str(template_fill(arena, S("{unit}：{?clause}依据{clause}{/}请{due}整改{!clause}。{/}"), value, NULL), "示例{煤业}：请10日内整改。");
	assert_str(template_fill(arena, S("{{不是字段}{due}"), value, NULL), "{不是字段}10日内");
	assert_str(template_fill(arena, S(""), value, NULL), "");
}

static void templates_are_checked(void **state)
{
	(void)state;
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "{unit}{?clause}{clause}{/}", NULL },
		{ "{{", NULL },
		{ "{untis}", "unknown field {untis}" },
		{ "{?clause}{?due}{/}{/}", "conditions do not nest" },
		{ "{?clause}", "a condition is not closed with {/}" },
		{ "{/}", "{/} closes nothing" },
		{ "{Unit}", "'{Unit}' is no field" },
		{ "{unit", "'{unit' is no field" },
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *why = template_fault(arena, str_of(cases[i].text), known, NULL);
		if (!cases[i].why)
			assert_null(why);
		else
			assert_string_equal(why, cases[i].why);
	}
}

/* ---- codecs ---- */

static void credit_codes(void **state)
{
	(void)state;
	assert_true(uscc_valid(S("91350100M000100Y43"))); /* the example of GB 32100-2015 */
	assert_false(uscc_valid(S("91350100M000100Y44")));
	assert_false(uscc_valid(S("91350100M000100Y4")));
	assert_false(uscc_valid(S("9135O100M000100Y43"))); /* the letter O is none of them */
	assert_false(uscc_valid(S("")));
	/* every change of one character is noticed */
	char code[] = "91350100M000100Y43";
	for (size_t i = 0; i < 17; i++) {
		char kept = code[i];
		code[i] = kept == '1' ? '2' : '1';
		assert_false(uscc_valid(str_of(code)));
		code[i] = kept;
	}
}

static void base64_there_and_back(void **state)
{
	(void)state;
	str out;
	static const struct {
		const char *plain, *coded;
	} rfc4648[] = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
			{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" } };
	for (size_t i = 0; i < COUNT_OF(rfc4648); i++) {
		assert_str(base64_encode(arena, str_of(rfc4648[i].plain)), rfc4648[i].coded);
		assert_true(base64_decode(arena, str_of(rfc4648[i].coded), &out));
		assert_str(out, rfc4648[i].plain);
	}
	assert_true(base64_decode(arena, S("data:image/png;base64,Zm9v\r\nYmFy"), &out));
	assert_str(out, "foobar");
	assert_false(base64_decode(arena, S("Zm9"), &out));
	assert_false(base64_decode(arena, S("Zm=v"), &out));
	assert_false(base64_decode(arena, S("Zm9*"), &out));
	assert_false(base64_decode(arena, S("===="), &out));
}

static void trees_of_json(void **state)
{
	(void)state;
	struct json_node n;
	struct fail f = { 0 };
	assert_int_equal(json_tree(arena, S("{\"a\":[1,2.5,\"\\u4e2d\",null,true],\"b\":{}}"), &n, &f), ERR_OK);
	const struct json_node *a = json_tree_get(&n, S("a"));
	assert_int_equal(a->n, 5);
	assert_str(a->v[0].text, "1");
	assert_str(a->v[1].text, "2.5");
	assert_str(a->v[2].text, "中");
	assert_int_equal(a->v[3].kind, NODE_NULL);
	assert_int_equal(a->v[4].kind, NODE_BOOL);
	assert_null(json_tree_get(&n, S("c")));
	assert_int_equal(json_tree(arena, S("{\"a\":1,\"a\":2}"), &n, &f), ERR_BAD_FIELD);
	assert_int_equal(json_tree(arena, S("{\"a\":"), &n, &f), ERR_BAD_JSON);
}

/* ---- QR ---- */

static void codes_repeat(void **state)
{
	(void)state;
	struct qr q, again;
	struct fail f = { 0 };
	str one, two;
	assert_int_equal(qr_encode(arena, S("https://safety.example/matters/912456354239610880"), &q, &f), ERR_OK);
	assert_int_equal(qr_encode(arena, S("https://safety.example/matters/912456354239610880"), &again, &f), ERR_OK);
	assert_int_equal(q.size, again.size);
	assert_memory_equal(q.dark, again.dark, q.size * q.size);
	assert_true(q.size >= 21 && (q.size - 17) % 4 == 0);
	for (size_t i = 0; i < 7; i++) /* the upper left finder */
		assert_int_equal(q.dark[i], 1);
	assert_int_equal(qr_png(arena, &q, 4, &one, &f), ERR_OK);
	assert_int_equal(qr_png(arena, &again, 4, &two, &f), ERR_OK);
	assert_true(str_eq(one, two) && str_starts(one, S("\x89PNG")));
	assert_int_equal(qr_encode(arena, S(""), &q, &f), ERR_BAD_INPUT);
	char *lengthy = arena_alloc(arena, 2000);
	memset(lengthy, 'a', 1500);
	assert_int_equal(qr_encode(arena, (str){ lengthy, 1500 }, &q, &f), ERR_BAD_INPUT);
}

/* ---- papers ---- */

static const str cells[] = { S("事项编号"), S("140109-2026-hazard-000001"), S("整改期限"), S("自收到本文书之日起10个工作日内") };

static struct paper sample(bool zh, size_t paragraphs)
{
	VEC(struct paper_block) v = { 0 };
	vec_push(arena, &v, ((struct paper_block){ .kind = PAPER_TITLE, .text = zh ? S("责令限期整改指令书") : S("Order to Rectify") }));
	vec_push(arena, &v, ((struct paper_block){ .kind = PAPER_NUMBER, .text = S("示例区安责改〔2026〕12号") }));
	vec_push(arena, &v, ((struct paper_block){ .kind = PAPER_TABLE, .text = S(""), .cells = cells, .rows = 1, .columns = 4 }));
	for (size_t i = 0; i < paragraphs; i++)
		vec_push(arena, &v, ((struct paper_block){ .kind = PAPER_BODY,
							   .text = zh ? S("上述情形符合《判定标准》第五条第一项规定的情形，应当于十个工作日内完成整改。")
								      : S("This is a case of Art 5(1) of the criteria & must be put right <soon>.") }));
	return (struct paper){ .zh = zh, .title = S("t"), .issuer = S("示例区安委办"), .at_ms = INT64_C(1795370400000), .head = S(""),
			       .draft_word = S("草稿"), .v = v.v, .n = v.n, .address = S("https://safety.example/matters/1"),
			       .address_note = S("扫码查看办理情况") };
}

static str part(str docx, const char *name)
{
	AUTO(package_drop) struct package *p = NULL;
	struct doc_limits limits = doc_limits_default();
	struct fail f = { 0 };
	struct part *in;
	char tmp[4096];
	size_t n;
	struct buf b = BUF(arena);
	assert_int_equal(package_open(docx, &limits, &p, &f), ERR_OK);
	assert_int_equal(part_open(p, name, &in, &f), ERR_OK);
	while (part_read(in, tmp, sizeof tmp, &n, &f) == ERR_OK && n)
		buf_put(&b, (str){ tmp, n });
	part_close(in);
	return arena_str(arena, buf_str(&b));
}

static void docx_carries_text_and_code(void **state)
{
	(void)state;
	struct fail f = { 0 };
	struct paper p = sample(true, 3);
	struct qr q;
	str one, two, png;
	assert_int_equal(paper_docx(arena, &p, &one, &f), ERR_OK);
	assert_int_equal(paper_docx(arena, &p, &two, &f), ERR_OK);
	assert_true(str_eq(one, two)); /* its hash can be repeated */
	str text = part(one, "word/document.xml");
	assert_true(str_find(text, S("示例区安责改〔2026〕12号")) > 0);
	assert_true(str_find(text, S("第五条第一项")) > 0 && str_find(text, S("10个工作日内")) > 0);
	assert_int_equal(qr_encode(arena, p.address, &q, &f), ERR_OK);
	assert_int_equal(qr_png(arena, &q, 6, &png, &f), ERR_OK);
	assert_true(str_eq(part(one, "word/media/image1.png"), png));
	p = sample(false, 1);
	assert_int_equal(paper_docx(arena, &p, &one, &f), ERR_OK);
	assert_true(str_find(part(one, "word/document.xml"), S("criteria &amp; must be put right &lt;soon&gt;")) > 0);
}

/* What a program prints, or the null string when it is not installed. */
static str output_of(const char *command)
{
	struct buf b = BUF(arena);
	char tmp[4096];
	size_t n;
	FILE *p = popen(command, "r");
	while (p && (n = fread(tmp, 1, sizeof tmp, p)) > 0)
		buf_put(&b, (str){ tmp, n });
	return p && pclose(p) == 0 ? arena_str(arena, buf_str(&b)) : (str){ NULL, 0 };
}

static const char *write_pdf(str bytes)
{
	char path[] = "/tmp/bihuan-paper-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n);
	close(fd);
	return arena_cstr(arena, str_of(path));
}

static void pdf_carries_text_and_code(void **state)
{
	(void)state;
	struct fail f = { 0 };
	struct paper p = sample(true, 3);
	str one, two;
	assert_int_equal(paper_pdf(arena, &p, &one, &f), ERR_OK);
	assert_int_equal(paper_pdf(arena, &p, &two, &f), ERR_OK);
	assert_true(str_starts(one, S("%PDF-1.5")));
	assert_true(str_eq(one, two)); /* its hash can be repeated */
	const char *path = write_pdf(one);
	str text = output_of(arena_printf(arena, "pdftotext -raw %s - 2>/dev/null", path).p);
	bool fonts = output_of("fc-list 2>/dev/null | grep -q CJK && echo yes").n > 0;
	if (text.n && fonts) {
		assert_true(str_find(text, S("示例区安责改〔2026〕12号")) >= 0);
		assert_true(str_find(text, S("第五条第一项")) >= 0 && str_find(text, S("https://safety.example/matters/1")) >= 0);
	}
	str code = output_of(arena_printf(arena, "pdftoppm -r 150 -png %s %s 2>/dev/null && zbarimg -q --raw %s-1.png 2>/dev/null", path, path,
					  path).p);
	if (code.n)
		assert_str(str_trim(code), "https://safety.example/matters/1");
	unlink(path);
	unlink(arena_printf(arena, "%s-1.png", path).p);
}

static void long_papers_turn_pages(void **state)
{
	(void)state;
	struct fail f = { 0 };
	struct paper p = sample(false, 200);
	struct buf lengthy = BUF(arena);
	str bytes, big[4] = { S("a"), S(""), S("c"), S("d") };
	for (int i = 0; i < 3000; i++)
		buf_put(&lengthy, S("很长的单元格 "));
	big[1] = buf_str(&lengthy);
	struct paper_block *v = NEW_N(arena, struct paper_block, p.n + 1);
	for (size_t i = 0; i < p.n; i++)
		v[i] = p.v[i];
	v[p.n] = (struct paper_block){ .kind = PAPER_TABLE, .text = S(""), .cells = big, .rows = 1, .columns = 4 };
	p.v = v;
	p.n++;
	p.head = S("示例区安全生产委员会办公室");
	p.draft = true;
	assert_int_equal(paper_pdf(arena, &p, &bytes, &f), ERR_OK);
	const char *path = write_pdf(bytes);
	str info = output_of(arena_printf(arena, "pdfinfo %s 2>/dev/null | sed -n 's/^Pages: *//p'", path).p);
	int64_t pages;
	if (info.n && str_to_i64(str_trim(info), &pages))
		assert_true(pages > 10 && pages < 200);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(templates_are_filled, begin, end),
		cmocka_unit_test_setup_teardown(templates_are_checked, begin, end),
		cmocka_unit_test_setup_teardown(credit_codes, begin, end),
		cmocka_unit_test_setup_teardown(base64_there_and_back, begin, end),
		cmocka_unit_test_setup_teardown(trees_of_json, begin, end),
		cmocka_unit_test_setup_teardown(codes_repeat, begin, end),
		cmocka_unit_test_setup_teardown(docx_carries_text_and_code, begin, end),
		cmocka_unit_test_setup_teardown(pdf_carries_text_and_code, begin, end),
		cmocka_unit_test_setup_teardown(long_papers_turn_pages, begin, end),
	};
	return cmocka_run_group_tests_name("papers", tests, NULL, NULL);
}
