#include "format/ics.h"

#include "base/clock.h"
#include "base/utf8.h"

enum { LINE_OCTETS = 75 };

/* Lines end in CRLF; longer ones go on behind a blank, never within a character. */
static void put_line(struct buf *b, str line)
{
	size_t room = LINE_OCTETS;
	for (size_t i = 0; i < line.n;) {
		size_t from = i;
		utf8_next(line, &i);
		if (i - from > room) {
			buf_put(b, S("\r\n "));
			room = LINE_OCTETS - 1;
		}
		buf_put(b, str_sub(line, from, i));
		room -= i - from;
	}
	buf_put(b, S("\r\n"));
}

static void escape(struct buf *b, str text)
{
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (c == '\n')
			buf_put(b, S("\\n"));
		else if (c == ';' || c == ',' || c == '\\')
			buf_put(b, (str){ (char[]){ '\\', c }, 2 });
		else if ((unsigned char)c >= 0x20 || c == '\t')
			buf_byte(b, c);
	}
}

static void put_text(struct buf *b, str name, str text)
{
	struct buf line = BUF(b->a);
	if (!text.n)
		return;
	buf_put(&line, name);
	buf_byte(&line, ':');
	escape(&line, text);
	put_line(b, buf_str(&line));
}

/* A URI is not escaped as text is; what could end the line is left out. */
static void put_url(struct buf *b, str url)
{
	struct buf line = BUF(b->a);
	if (!url.n)
		return;
	buf_put(&line, S("URL:"));
	for (size_t i = 0; i < url.n; i++)
		if ((unsigned char)url.p[i] > 0x20)
			buf_byte(&line, url.p[i]);
	put_line(b, buf_str(&line));
}

static void put_date(struct buf *b, const char *name, int64_t day)
{
	int y, m, d;
	date_to_ymd(day, &y, &m, &d);
	buf_printf(b, "%s;VALUE=DATE:%04d%02d%02d\r\n", name, y, m, d);
}

static void put_stamp(struct buf *b, int64_t ms)
{
	int y, m, d;
	int64_t day = ms / DAY_MS, s = ms % DAY_MS / 1000;
	date_to_ymd(day, &y, &m, &d);
	buf_printf(b, "DTSTAMP:%04d%02d%02dT%02d%02d%02dZ\r\n", y, m, d, (int)(s / 3600), (int)(s / 60 % 60),
		   (int)(s % 60));
}

void ics_begin(struct buf *b, str calendar_name)
{
	buf_put(b, S("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//bihuan//deadlines//ZH\r\n"
		     "CALSCALE:GREGORIAN\r\nMETHOD:PUBLISH\r\n"));
	put_text(b, S("X-WR-CALNAME"), calendar_name);
}

static void put_alarm(struct buf *b, const struct ics_event *e)
{
	if (e->remind_days <= 0)
		return;
	buf_printf(b, "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-P%dD\r\n", e->remind_days);
	put_text(b, S("DESCRIPTION"), e->summary.n ? e->summary : S("-"));
	buf_put(b, S("END:VALARM\r\n"));
}

void ics_event(struct buf *b, const struct ics_event *e)
{
	buf_put(b, S("BEGIN:VEVENT\r\n"));
	put_text(b, S("UID"), e->uid);
	put_stamp(b, e->stamp_ms);
	put_date(b, "DTSTART", e->day);
	put_date(b, "DTEND", e->day + 1);
	buf_printf(b, "SEQUENCE:%lld\r\n", (long long)e->sequence);
	put_text(b, S("SUMMARY"), e->summary);
	put_text(b, S("DESCRIPTION"), e->description);
	put_text(b, S("CATEGORIES"), e->categories);
	put_url(b, e->url);
	if (e->cancelled)
		buf_put(b, S("STATUS:CANCELLED\r\n"));
	buf_put(b, S("TRANSP:TRANSPARENT\r\n"));
	put_alarm(b, e);
	buf_put(b, S("END:VEVENT\r\n"));
}

void ics_end(struct buf *b)
{
	buf_put(b, S("END:VCALENDAR\r\n"));
}
