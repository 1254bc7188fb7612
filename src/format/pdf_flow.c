/* A PDF knows lines, not paragraphs. A line that fills the page's width and does not end a sentence
 * is joined with the next; page numbers are left out, so that a sentence can run over a page's end. */
#include "base/map.h"
#include "base/utf8.h"
#include "format/doc_build.h"

enum { RUNNING = 3 }; /* a page's first or last line that comes so often belongs to no page */

struct edge {
	unsigned pages;
	bool kept; /* where it stood first */
};

struct flow {
	struct doc_build *b;
	unsigned widest;     /* of the page's lines, in columns: a Chinese character takes two */
	unsigned last_width; /* of the line written last */
	struct map edges;    /* first and last lines of pages: how often, as struct edge */
	bool paragraph_over; /* a blank line, or nothing written yet */
	uint32_t page, line;
};

static unsigned width_of(str s)
{
	unsigned n = 0;
	for (size_t i = 0; i < s.n;)
		n += doc_wide(utf8_next(s, &i)) ? 2 : 1;
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
	s = str_trim(s);
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
	bool joined = continues(w, line);
	bool same_line = joined && cannot_begin_a_line(first_cp(line)); /* torn apart by pdftotext */
	if (joined) {
		if (!doc_wide(last_cp(buf_str(&w->b->text))) || !doc_wide(first_cp(line)))
			doc_put(w->b, S(" "));
	} else if (w->b->text.n) {
		doc_put(w->b, S("\n"));
	}
	doc_add_segment(w->b, w->page, w->line);
	doc_put(w->b, line);
	w->last_width = width_of(line) + (same_line ? w->last_width : 0);
	w->paragraph_over = str_find(line, S("....")) >= 0; /* the dots of a table of contents */
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

static str first_line(str s)
{
	ptrdiff_t n = str_find_char(s, '\n');
	return n < 0 ? s : str_sub(s, 0, (size_t)n);
}

static str last_line(str s)
{
	size_t i = s.n;
	while (i > 0 && s.p[i - 1] != '\n')
		i--;
	return str_sub(s, i, s.n);
}

static bool furniture(struct flow *w, str line)
{
	struct edge *e = map_get(&w->edges, str_trim(line));
	if (page_number(line))
		return true;
	if (!e || e->pages < RUNNING)
		return false;
	bool again = e->kept;
	e->kept = true;
	return again;
}

/* The page without its number and its running lines. */
static str body_of(struct flow *w, str page)
{
	str body = str_trim(page);
	for (int i = 0; i < 2 && body.n && furniture(w, last_line(body)); i++)
		body = str_trim(str_sub(body, 0, body.n - last_line(body).n));
	for (int i = 0; i < 2 && body.n && furniture(w, first_line(body)); i++)
		body = str_trim(str_sub(body, first_line(body).n, body.n));
	return body;
}

static void count_edge(struct flow *w, str line)
{
	line = str_trim(line);
	struct edge *e = line.n ? map_get(&w->edges, line) : NULL;
	if (line.n && !e) {
		e = NEW(w->b->a, struct edge);
		map_put(&w->edges, line, e);
	}
	if (e)
		e->pages++;
}

static void count_edges(struct flow *w, str pages)
{
	str page;
	w->edges = MAP(w->b->a);
	while (str_cut(&pages, '\f', &page)) {
		str body = str_trim(page);
		if (body.n && page_number(last_line(body)))
			body = str_trim(str_sub(body, 0, body.n - last_line(body).n));
		if (body.n && page_number(first_line(body)))
			body = str_trim(str_sub(body, first_line(body).n, body.n));
		if (first_line(body).n < body.n) {
			count_edge(w, first_line(body));
			count_edge(w, last_line(body));
		}
	}
}

static void put_page(struct flow *w, str page)
{
	str line, body = body_of(w, page);
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
	count_edges(&w, pages);
	while (str_cut(&pages, '\f', &page) && !b->full) {
		w.page++;
		put_page(&w, page);
	}
}
