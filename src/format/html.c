/* A tolerant HTML reader: one pass, no tree, no recursion; time and memory are linear in the source. */
#include <string.h>

#include "base/utf8.h"
#include "format/doc_build.h"
#include "format/html_entity.h"

enum {
	BLOCK = 1,    /* starts and ends a line */
	CELL = 2,     /* followed by a tab */
	SKIP = 4,     /* never text: scripts, forms' choices, pinyin above characters */
	CHROME = 8,   /* the page's furniture; kept when nothing else is left */
	RAW = 16,     /* no markup inside */
	VOID = 32,    /* has no end tag */
	PRE = 64,     /* blanks stand as they are */
	LOOSE = 128,  /* its end tag is often missing: the next block ends it */
	ROW = 256,    /* ends an open cell */
	MAX_TABS = 256,
	CELL_FOLDED = 1500, /* bytes: a shorter cell stays on its row's line, a longer one holds a page's text */
};

static const struct tag {
	const char *name;
	unsigned flags;
} tags[] = {
	{ "p", BLOCK },          { "div", BLOCK },        { "br", BLOCK | VOID },  { "li", BLOCK },
	{ "td", CELL },          { "th", CELL },          { "tr", BLOCK | ROW },         { "table", BLOCK | ROW },
	{ "h1", BLOCK },         { "h2", BLOCK },         { "h3", BLOCK },         { "h4", BLOCK },
	{ "h5", BLOCK },         { "h6", BLOCK },         { "ul", BLOCK },         { "ol", BLOCK },
	{ "dl", BLOCK },         { "dt", BLOCK },         { "dd", BLOCK },         { "hr", BLOCK | VOID },
	{ "pre", BLOCK | PRE },  { "section", BLOCK },    { "article", BLOCK },    { "main", BLOCK },
	{ "header", BLOCK },     { "blockquote", BLOCK }, { "center", BLOCK },     { "address", BLOCK },
	{ "figure", BLOCK },     { "figcaption", BLOCK }, { "caption", BLOCK | ROW },    { "thead", BLOCK | ROW },
	{ "tbody", BLOCK | ROW },      { "tfoot", BLOCK | ROW },      { "form", BLOCK },       { "fieldset", BLOCK },
	{ "legend", BLOCK },     { "details", BLOCK },    { "summary", BLOCK },    { "body", BLOCK },
	{ "html", BLOCK },       { "script", SKIP | RAW },{ "style", SKIP | RAW }, { "title", SKIP | RAW },
	{ "textarea", SKIP | RAW }, { "iframe", SKIP | RAW }, { "noframes", SKIP | RAW },
	{ "head", SKIP | LOOSE },        { "noscript", SKIP },    { "template", SKIP },    { "svg", SKIP },
	{ "select", SKIP | LOOSE },      { "button", SKIP },      { "object", SKIP },      { "rt", SKIP | LOOSE },
	{ "rp", SKIP | LOOSE },          { "nav", BLOCK | CHROME }, { "footer", BLOCK | CHROME },
	{ "aside", BLOCK | CHROME }, { "menu", BLOCK | CHROME },
	{ "img", VOID },         { "input", VOID },       { "meta", VOID },        { "link", VOID },
	{ "base", VOID },        { "col", VOID },         { "wbr", VOID },         { "area", VOID },
	{ "embed", VOID },       { "source", VOID },
};

struct html {
	struct doc_build *b;
	str s;
	size_t at;           /* byte */
	size_t cp_byte;      /* cp is the number of code points before this byte */
	uint32_t cp;
	bool keep_all;       /* but scripts and the like */
	str skip;            /* the element whose content is left out, or the null string */
	unsigned skip_depth; /* of elements of the same name */
	unsigned pre;
	bool no_more_quotes; /* a closing quote was missing: quotes are ordinary from here on */
	bool blank, blank_newline, line_end; /* owed before the next character */
	unsigned tabs;                       /* owed too: cells closed on this row */
	bool in_cell;
	size_t cell_start;   /* byte of the text */
	unsigned cell_span;
	uint32_t last;       /* code point written last */
	uint32_t next_source; /* where the next character would stand if text and source ran in step */
	str title;
};

struct tag_token {
	str name;
	bool closing, hidden, self_closing;
	unsigned span; /* columns of a cell; 0 where it is not said */
};

static bool space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool letter(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static const struct tag *find_tag(str name)
{
	for (size_t i = 0; i < COUNT_OF(tags); i++)
		if (str_eq_nocase(name, str_of(tags[i].name)))
			return &tags[i];
	return NULL;
}

static uint32_t source_cp(struct html *h, size_t byte)
{
	h->cp += (uint32_t)utf8_count(str_sub(h->s, h->cp_byte, byte));
	h->cp_byte = byte;
	return h->cp;
}

/* Blanks collapse; one that holds a line break vanishes between Chinese characters. */
static void settle_blanks(struct html *h, uint32_t next)
{
	bool at_start = doc_last(h->b) == '\n';
	if (h->line_end && !at_start)
		doc_put(h->b, S("\n"));
	else if (h->blank && !h->tabs && !at_start && doc_last(h->b) != '\t' &&
		 !(h->blank_newline && doc_wide(h->last) && doc_wide(next)))
		doc_put(h->b, S(" "));
	for (; h->tabs; h->tabs--)
		doc_put(h->b, S("\t"));
	h->blank = h->blank_newline = h->line_end = false;
}

static void put_char(struct html *h, uint32_t cp, size_t byte, bool verbatim)
{
	uint32_t before = h->b->cp;
	if (!verbatim && (cp == 0xA0 || (cp < 0x80 && space((char)cp)))) {
		h->blank = true;
		h->blank_newline |= cp == '\n' || cp == '\r';
		return;
	}
	settle_blanks(h, cp);
	uint32_t source = source_cp(h, byte);
	if (h->b->cp != before || source != h->next_source)
		doc_add_segment(h->b, source, 0);
	doc_put_cp(h->b, cp);
	h->last = cp;
	h->next_source = source + 1;
}

/* A tag's name and attributes, from behind '<' or '</'; the end is behind '>'. */
static size_t attribute_value(struct html *h, size_t i, str *ret)
{
	char quote = i < h->s.n ? h->s.p[i] : 0;
	if ((quote == '"' || quote == '\'') && !h->no_more_quotes) {
		ptrdiff_t n = str_find_char(str_sub(h->s, i + 1, h->s.n), quote);
		if (n >= 0) {
			*ret = str_sub(h->s, i + 1, i + 1 + (size_t)n);
			return i + 2 + (size_t)n;
		}
		h->no_more_quotes = true;
	}
	size_t from = i;
	while (i < h->s.n && !space(h->s.p[i]) && h->s.p[i] != '>')
		i++;
	*ret = str_sub(h->s, from, i);
	return i;
}

static void on_attribute(struct tag_token *t, str name, str value)
{
	int64_t n;
	if (str_eq_nocase(name, S("hidden")))
		t->hidden = true;
	else if (str_eq_nocase(name, S("style")))
		t->hidden |= str_find(value, S("display:none")) >= 0 || str_find(value, S("display: none")) >= 0;
	else if (str_eq_nocase(name, S("colspan")) && str_to_i64(value, &n) && n > 1 && n < MAX_TABS)
		t->span = (unsigned)n;
}

static size_t attributes(struct html *h, size_t i, struct tag_token *t)
{
	const char *p = h->s.p;
	while (i < h->s.n && p[i] != '>') {
		if (space(p[i]) || p[i] == '/') {
			t->self_closing = p[i] == '/';
			i++;
			continue;
		}
		size_t from = i;
		while (i < h->s.n && !space(p[i]) && p[i] != '=' && p[i] != '>' && p[i] != '/')
			i++;
		str name = str_sub(h->s, from, i), value = { NULL, 0 };
		if (i < h->s.n && p[i] == '=')
			i = attribute_value(h, i + 1, &value);
		on_attribute(t, name, value);
		t->self_closing = false;
	}
	return i < h->s.n ? i + 1 : i;
}

static size_t read_tag(struct html *h, size_t i, struct tag_token *t)
{
	t->closing = h->s.p[i] == '/';
	i += t->closing;
	size_t from = i;
	while (i < h->s.n && !space(h->s.p[i]) && h->s.p[i] != '>' && h->s.p[i] != '/')
		i++;
	t->name = str_sub(h->s, from, i);
	return attributes(h, i, t);
}

/* The offset of "</name", or the end of the source. */
static size_t find_close(const struct html *h, size_t from, str name)
{
	for (size_t i = from; i < h->s.n;) {
		ptrdiff_t lt = str_find(str_sub(h->s, i, h->s.n), S("</"));
		if (lt < 0)
			break;
		i += (size_t)lt;
		if (str_eq_nocase(str_sub(h->s, i + 2, i + 2 + name.n), name))
			return i;
		i += 2;
	}
	return h->s.n;
}

static void take_title(struct html *h, str raw)
{
	struct buf t = BUF(h->b->a);
	raw = utf8_cut(str_trim(raw), 1000);
	for (size_t i = 0; i < raw.n;) {
		uint32_t cp;
		size_t used = raw.p[i] == '&' ? html_entity(str_sub(raw, i, raw.n), &cp) : 0;
		if (used)
			i += used;
		else
			cp = utf8_next(raw, &i);
		buf_codepoint(&t, cp < 0x20 ? ' ' : cp);
	}
	h->title = buf_str(&t);
}

static void skip_raw(struct html *h, str name)
{
	size_t end = find_close(h, h->at, name);
	if (str_eq_nocase(name, S("title")) && str_is_null(h->title))
		take_title(h, str_sub(h->s, h->at, end));
	h->at = end;
}

static void opens(struct html *h, const struct tag_token *t, unsigned flags)
{
	bool leaves_out = (flags & LOOSE) || (!h->keep_all && ((flags & (SKIP | CHROME)) || t->hidden));
	if (flags & RAW)
		skip_raw(h, t->name);
	else if (leaves_out && !(flags & VOID) && !t->self_closing) {
		h->skip = t->name;
		h->skip_depth = 1;
	}
	if (flags & PRE)
		h->pre++;
}

/* Inside an element that is left out, only its own end matters. True when the tag is to be read as
 * one of the text: it ended a loose element that nobody closed. */
static bool ends_skipping(struct html *h, const struct tag_token *t, unsigned flags)
{
	const struct tag *skipped = find_tag(h->skip);
	bool loose = skipped && (skipped->flags & LOOSE);
	bool same = str_eq_nocase(t->name, h->skip);
	if (same && t->closing)
		h->skip_depth--;
	else if (same && !t->self_closing && !loose)
		h->skip_depth++;
	else if (!t->closing && (flags & RAW))
		skip_raw(h, t->name);
	bool cut = loose && !same && ((flags & (BLOCK | CELL)) || str_eq_nocase(t->name, S("ruby")) ||
				      str_eq_nocase(t->name, S("rb")));
	if (h->skip_depth == 0 || cut)
		h->skip = (str){ NULL, 0 };
	return cut;
}

/* Paragraphs inside a short cell do not tear its row apart. */
static void close_cell(struct html *h)
{
	struct buf *text = &h->b->text;
	size_t i = h->cell_start;
	if (!h->in_cell)
		return;
	h->in_cell = false;
	if (text->n - i <= CELL_FOLDED) {
		while (i < text->n && (text->p[i] == '\n' || text->p[i] == '\t'))
			i++;
		for (; i < text->n; i++)
			if (text->p[i] == '\n')
				text->p[i] = ' ';
		if (text->n > h->cell_start)
			h->line_end = false;
	}
	if (!h->line_end || text->n == h->cell_start)
		h->tabs += h->tabs < MAX_TABS ? h->cell_span : 0;
}

static void lines_and_cells(struct html *h, const struct tag_token *t, unsigned flags)
{
	if (flags & (CELL | ROW))
		close_cell(h);
	bool first_in_cell = h->in_cell && h->b->text.n == h->cell_start;
	if ((flags & BLOCK) && !first_in_cell) {
		h->line_end = true;
		h->tabs = 0;
	}
	if ((flags & CELL) && !t->closing) {
		h->in_cell = true;
		h->cell_start = h->b->text.n;
		h->cell_span = t->span ? t->span : 1;
	}
	if ((flags & PRE) && t->closing && h->pre)
		h->pre--;
}

static void on_tag(struct html *h, const struct tag_token *t)
{
	const struct tag *known = find_tag(t->name);
	unsigned flags = known ? known->flags : 0;
	if (h->skip.p && !ends_skipping(h, t, flags))
		return;
	lines_and_cells(h, t, flags);
	if (!t->closing)
		opens(h, t, flags);
}

/* "<!--…-->", "<!doctype…>", "<![CDATA[…]]>", "<?…>". */
static size_t skip_declaration(const struct html *h, size_t i)
{
	str rest = str_sub(h->s, i, h->s.n);
	bool comment = str_starts(rest, S("<!--"));
	str close = comment ? S("-->") : S(">");
	ptrdiff_t n = str_find(str_sub(rest, 2, rest.n), close);
	return n < 0 ? h->s.n : i + 2 + (size_t)n + close.n;
}

static bool markup(struct html *h)
{
	char next = h->at + 1 < h->s.n ? h->s.p[h->at + 1] : 0;
	char after = h->at + 2 < h->s.n ? h->s.p[h->at + 2] : 0;
	if (next == '!' || next == '?') {
		h->at = skip_declaration(h, h->at);
		return true;
	}
	if (!letter(next) && !(next == '/' && letter(after)))
		return false;
	struct tag_token t = { 0 };
	h->at = read_tag(h, h->at + 1, &t);
	on_tag(h, &t);
	return true;
}

static void character(struct html *h)
{
	size_t from = h->at;
	uint32_t cp = 0;
	size_t used = h->s.p[from] == '&' ? html_entity(str_sub(h->s, from, h->s.n), &cp) : 0;
	if (used)
		h->at += used;
	else
		cp = utf8_next(h->s, &h->at);
	bool ignored = cp == 0xAD || cp == 0xFEFF || cp == 0x200B || cp == 0 || (cp == '\r' && h->pre);
	if (!h->skip.p && !ignored)
		put_char(h, cp, from, h->pre > 0);
}

/* Neither markup nor blank, nor the first byte of a character that is treated on its own (U+00A0, U+00AD,
 * U+200B, U+FEFF and their neighbours). */
static bool plain(char c)
{
	unsigned char u = (unsigned char)c;
	return u > ' ' && u != '<' && u != '&' && u != 0xC2 && u != 0xE2 && u != 0xEF;
}

/* What follows a character in step with the source is copied at once. */
static void copy_run(struct html *h)
{
	size_t from = h->at, last = from;
	while (h->at < h->s.n && plain(h->s.p[h->at])) {
		if (((unsigned char)h->s.p[h->at] & 0xC0) != 0x80)
			last = h->at;
		h->at++;
	}
	if (h->at == from || h->skip.p)
		return;
	uint32_t before = h->b->cp;
	doc_put(h->b, str_sub(h->s, from, h->at));
	h->next_source += h->b->cp - before;
	h->last = utf8_next(h->s, &last);
}

static void run(struct html *h)
{
	h->next_source = UINT32_MAX;
	while (h->at < h->s.n && !h->b->full) {
		if (h->s.p[h->at] == '<' && markup(h))
			continue;
		size_t from = h->at;
		character(h);
		if (plain(h->s.p[from]))
			copy_run(h);
	}
}

err html_read(struct doc_build *b, str source, str *ret_title, struct fail *f)
{
	struct html h = { .b = b, .s = source };
	buf_reserve(&b->text, source.n < b->lim->max_text ? source.n : b->lim->max_text);
	run(&h);
	/* All of it stood in what looked like furniture, or that was never closed. */
	if (h.skip.p || str_trim(buf_str(&b->text)).n == 0) {
		struct doc_build again = DOC_BUILD(b->a, b->lim);
		struct html kept = { .b = &again, .s = source, .keep_all = true };
		run(&kept);
		*b = again;
	}
	*ret_title = h.title;
	return doc_build_check(b, f);
}

bool html_charset(str bytes, enum text_encoding *ret)
{
	str head = str_sub(bytes, 0, 1024);
	for (ptrdiff_t at; (at = str_find(head, S("charset"))) >= 0;) {
		head = str_sub(head, (size_t)at + 7, head.n);
		str v = str_trim(head);
		if (!str_starts(v, S("=")))
			continue;
		v = str_trim(str_sub(v, 1, v.n));
		if (v.n && (v.p[0] == '"' || v.p[0] == '\''))
			v = str_sub(v, 1, v.n);
		size_t n = 0;
		while (n < v.n && (letter(v.p[n]) || (v.p[n] >= '0' && v.p[n] <= '9') || v.p[n] == '-' ||
				   v.p[n] == '_'))
			n++;
		return encoding_from_label(str_sub(v, 0, n), ret);
	}
	return false;
}
