#include "format/xml.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

enum {
	CHUNK = 64 << 10,
	MAX_DEPTH = 256,
	MAX_TOKEN = 1 << 20, /* a tag with its attributes; expat reads it again with each chunk */
};

struct xml {
	XML_Parser parser;
	struct part *part;
	struct xml_events events;
	void *ctx;
	struct fail fail;
	unsigned depth;
	size_t fed;
	bool suspended, last, done;
};

static str local(const char *name)
{
	const char *colon = strrchr(name, ':');
	return str_of(colon ? colon + 1 : name);
}

static void refuse(struct xml *x, err code, const char *key)
{
	fail_set(&x->fail, code, __FILE__, __LINE__, "", key, (const char *)NULL);
	XML_StopParser(x->parser, XML_FALSE);
}

static void XMLCALL on_start(void *user, const XML_Char *name, const XML_Char **attrs)
{
	struct xml *x = user;
	if (++x->depth > MAX_DEPTH)
		refuse(x, ERR_TOO_LARGE, "err.xml_depth");
	else if (x->fail.code == ERR_OK)
		x->events.start(x->ctx, x, local(name), (const char *const *)attrs);
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
	struct xml *x = user;
	x->depth--;
	if (x->fail.code == ERR_OK)
		x->events.end(x->ctx, x, local(name));
}

static void XMLCALL on_text(void *user, const XML_Char *s, int n)
{
	struct xml *x = user;
	if (x->fail.code == ERR_OK)
		x->events.text(x->ctx, x, (str){ s, (size_t)n });
}

static void XMLCALL on_doctype(void *user, const XML_Char *name UNUSED, const XML_Char *sys UNUSED,
			       const XML_Char *pub UNUSED, int internal UNUSED)
{
	refuse(user, ERR_BAD_FORMAT, "err.xml_doctype");
}

err xml_open(struct package *p, const char *part, const struct xml_events *events, void *ctx,
	     struct xml **ret, struct fail *f)
{
	struct part *open;
	TRY(part_open(p, part, &open, f));
	struct xml *x = calloc(1, sizeof *x);
	if (!x || !(x->parser = XML_ParserCreate(NULL)))
		abort();
	x->part = open;
	x->events = *events;
	x->ctx = ctx;
	XML_SetUserData(x->parser, x);
	XML_SetElementHandler(x->parser, on_start, on_end);
	if (events->text)
		XML_SetCharacterDataHandler(x->parser, on_text);
	XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
	*ret = x;
	return ERR_OK;
}

void xml_close(struct xml *x)
{
	if (!x)
		return;
	XML_ParserFree(x->parser);
	part_close(x->part);
	free(x);
}

static err feed(struct xml *x, enum XML_Status *ret_status, struct fail *f)
{
	size_t n;
	void *room = XML_GetBuffer(x->parser, CHUNK);
	if (!room)
		return FAIL(f, BAD_FORMAT, "", "err.xml_broken");
	TRY(part_read(x->part, room, CHUNK, &n, f));
	x->fed += n;
	x->last = n == 0;
	*ret_status = XML_ParseBuffer(x->parser, (int)n, x->last);
	return ERR_OK;
}

static bool token_too_long(const struct xml *x)
{
	XML_Index at = XML_GetCurrentByteIndex(x->parser);
	return at >= 0 && x->fed - (size_t)at > MAX_TOKEN + CHUNK;
}

static err failed(const struct xml *x, struct fail *f)
{
	if (x->fail.code == ERR_OK)
		return FAIL(f, BAD_FORMAT, "", "err.xml_broken");
	if (f)
		*f = x->fail;
	return x->fail.code;
}

err xml_step(struct xml *x, bool *ret_done, struct fail *f)
{
	while (!x->done) {
		enum XML_Status status = XML_STATUS_OK;
		if (x->suspended)
			status = XML_ResumeParser(x->parser);
		else
			TRY(feed(x, &status, f));
		x->suspended = status == XML_STATUS_SUSPENDED;
		if (status == XML_STATUS_ERROR)
			return failed(x, f);
		if (x->suspended)
			break;
		if (token_too_long(x))
			return FAIL(f, TOO_LARGE, "", "err.xml_token");
		x->done = x->last;
	}
	*ret_done = x->done;
	return ERR_OK;
}

err xml_part(struct package *p, const char *part, const struct xml_events *events, void *ctx, struct fail *f)
{
	struct xml *x;
	bool done = false;
	TRY(xml_open(p, part, events, ctx, &x, f));
	err e = ERR_OK;
	while (e == ERR_OK && !done)
		e = xml_step(x, &done, f);
	xml_close(x);
	return e;
}

void xml_pause(struct xml *x)
{
	XML_StopParser(x->parser, XML_TRUE);
}

void xml_refuse(struct xml *x, const struct fail *f)
{
	x->fail = *f;
	XML_StopParser(x->parser, XML_FALSE);
}

str xml_attr(const char *const *attrs, const char *local_name)
{
	for (size_t i = 0; attrs[i]; i += 2) {
		const char *colon = strrchr(attrs[i], ':');
		if (strcmp(colon ? colon + 1 : attrs[i], local_name) == 0)
			return str_of(attrs[i + 1]);
	}
	return (str){ NULL, 0 };
}

bool xml_true(str value)
{
	return str_is_null(value) || str_eq(value, S("1")) || str_eq(value, S("true")) ||
	       str_eq(value, S("on"));
}
