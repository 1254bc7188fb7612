/* A PDF knows lines, not paragraphs. A line that fills the page's width and does not end a sentence
 * is joined with the next; page numbers are left out, so that a sentence can run over a page's end. */
#include "base/utf8.h"
#include "format/doc_build.h"

struct flow {
	struct doc_build *b;
	unsigned widest;     /* of the page's lines, in columns: a Chinese character takes two */
	unsigned last_width; /* of the line written last */
	bool paragraph_over; /* a blank line, or nothing written yet */
	uint32_t page, line;
};

static bool wide(uint32_t c)
{
	return c >= 0x2E80 || (c >= 0x2018 && c <= 0x201D) || c == 0x2014 || c == 0x2026;
}

static unsigned width_of(str s)
{
	unsigned n = 0;
	for (size_t i = 0; i < s.n;)
		n += wide(utf8_next(s, &i)) ? 2 : 1;
	return n;
}

static uint32_t first_cp(str s)
{
	size_t at = 0;
	return s.n ? utf8_next(s, &at) : 0;
}

static uint32_t last_cp(str s)
{
	size_t i = s.n;
	while (i > 0 && ((unsigned char)s.p[i - 1] & 0xC0) == 0x80)
		i--;
	return i ? first_cp(str_sub(s, i - 1, s.n)) : 0;
}

static bool one_of(uint32_t c, str set)
{
	for (size_t i = 0; i < set.n;)
		if (utf8_next(set, &i) == c)
			return true;
	return false;
}

static bool ends_sentence(uint32_t c)
{
	return one_of(c, S("。！？；：.!?;:"));
}

static bool cannot_begin_a_line(uint32_t c)
{
	return one_of(c, S("，、。；：！？）》」』】〉,;:!?)]"));
}

static bool is_digit_word(uint32_t c)
{
	return (c >= '0' && c <= '9') || one_of(c, S("一二三四五六七八九十百"));
}

/* "一、", "（一）", "1.", "第三条", "•": a new item, whatever stood before. */
static bool begins_item(str s)
{
	size_t i = 0;
	uint32_t c = first_cp(s);
	if (one_of(c, S("•●◆■▪➢")))
		return true;
	if (one_of(c, S("（(第")))
		utf8_next(s, &i);
	bool opened = i > 0;
	size_t digits = 0;
	while (i < s.n) {
		c = utf8_next(s, &i);
		if (!is_digit_word(c))
			break;
		digits++;
	}
	if (digits == 0 || digits > 4)
		return false;
	return opened ? one_of(c, S("）)条章节款")) : one_of(c, S("、.．")) && digits <= 3;
}

static bool page_number(str s)
{
	unsigned digits = 0, others = 0;
	for (size_t i = 0; i < s.n;) {
		uint32_t c = utf8_next(s, &i);
		if ((c >= '0' && c <= '9') || one_of(c, S("ivxIVX")))
			digits++;
		else if (!one_of(c, S(" -—–－·第页/共")))
			others++;
	}
	return digits > 0 && digits <= 4 && others == 0;
}

static bool continues(const struct flow *w, str line)
{
	str text = buf_str(&w->b->text);
	if (text.n == 0 || begins_item(line))
		return false;
	if (cannot_begin_a_line(first_cp(line)))
		return true;
	return !w->paragraph_over && !ends_sentence(last_cp(text)) && w->widest >= 40 &&
	       w->last_width * 10 >= w->widest * 8;
}

static void put_line(struct flow *w, str line)
{
	if (continues(w, line)) {
		if (!wide(last_cp(buf_str(&w->b->text))) || !wide(first_cp(line)))
			doc_put(w->b, S(" "));
	} else if (w->b->text.n) {
		doc_put(w->b, S("\n"));
	}
	doc_segment(w->b, w->page, w->line);
	doc_put(w->b, line);
	w->last_width = width_of(line);
	w->paragraph_over = false;
}

static unsigned widest_line(str page)
{
	unsigned widest = 0;
	str line;
	while (str_cut(&page, '\n', &line)) {
		unsigned n = width_of(str_trim(line));
		if (n > widest && n <= 120)
			widest = n;
	}
	return widest;
}

static str without_page_number(str page)
{
	str body = str_trim(page);
	size_t last = body.n, first = 0;
	while (last > 0 && body.p[last - 1] != '\n')
		last--;
	if (page_number(str_trim(str_sub(body, last, body.n))))
		body = str_trim(str_sub(body, 0, last));
	while (first < body.n && body.p[first] != '\n')
		first++;
	if (page_number(str_trim(str_sub(body, 0, first))))
		body = str_trim(str_sub(body, first, body.n));
	return body;
}

static void put_page(struct flow *w, str page)
{
	str line, body = without_page_number(page);
	w->widest = widest_line(body);
	w->line = 1;
	for (const char *p = page.p; body.n && p < body.p; p++)
		w->line += *p == '\n';
	for (; body.n && str_cut(&body, '\n', &line); w->line++) {
		line = str_trim(line);
		if (line.n)
			put_line(w, line);
		else
			w->paragraph_over = true;
	}
}

void pdf_flow(struct doc_build *b, str pages)
{
	struct flow w = { .b = b, .paragraph_over = true };
	str page;
	while (str_cut(&pages, '\f', &page) && !b->full) {
		w.page++;
		put_page(&w, page);
	}
}
