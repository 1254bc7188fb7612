#include "cscan.h"

static bool is_word(char c)
{
	return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static char peek(const struct cscan *c, size_t ahead)
{
	return c->at + ahead < c->text.n ? c->text.p[c->at + ahead] : 0;
}

static void step(struct cscan *c)
{
	char was = c->text.p[c->at++];
	if (was == '\n') {
		c->line++;
		c->fresh = true;
	} else if (was != ' ' && was != '\t' && was != '\r') {
		c->fresh = false;
	}
}

static void skip_comment(struct cscan *c, bool block)
{
	bool fresh = c->fresh;
	while (c->at < c->text.n) {
		if (!block && peek(c, 0) == '\n')
			break;
		if (block && peek(c, 0) == '*' && peek(c, 1) == '/') {
			c->at += 2;
			break;
		}
		step(c);
	}
	c->fresh = fresh;
}

static bool skip_blank(struct cscan *c)
{
	while (c->at < c->text.n) {
		char p = peek(c, 0), q = peek(c, 1);
		if (p == '/' && (q == '*' || q == '/'))
			skip_comment(c, q == '*');
		else if (p == ' ' || p == '\t' || p == '\r' || p == '\n' || (p == '\\' && q == '\n'))
			step(c);
		else
			return true;
	}
	return false;
}

static str quoted(struct cscan *c, char end)
{
	size_t from = ++c->at;
	while (c->at < c->text.n && peek(c, 0) != end && peek(c, 0) != '\n')
		c->at += peek(c, 0) == '\\' && c->at + 1 < c->text.n ? 2 : 1;
	str s = str_sub(c->text, from, c->at);
	if (peek(c, 0) == end)
		c->at++;
	return s;
}

/* At '#': is it an include? */
static bool include(struct cscan *c, struct c_token *ret)
{
	size_t at = c->at + 1;
	while (at < c->text.n && (c->text.p[at] == ' ' || c->text.p[at] == '\t'))
		at++;
	if (!str_starts(str_sub(c->text, at, c->text.n), S("include")))
		return false;
	at += 7;
	while (at < c->text.n && (c->text.p[at] == ' ' || c->text.p[at] == '\t'))
		at++;
	if (at >= c->text.n || (c->text.p[at] != '"' && c->text.p[at] != '<'))
		return false;
	c->at = at;
	ret->kind = c->text.p[at] == '<' ? C_INCLUDE_SYS : C_INCLUDE;
	ret->text = quoted(c, ret->kind == C_INCLUDE_SYS ? '>' : '"');
	return true;
}

bool cscan_next(struct cscan *c, struct c_token *ret)
{
	while (skip_blank(c)) {
		char p = peek(c, 0);
		bool fresh = c->fresh;
		c->fresh = false;
		ret->line = c->line;
		if (p == '#' && fresh && include(c, ret))
			return true;
		if (p == '"') {
			ret->kind = C_STRING;
			ret->text = quoted(c, '"');
			return true;
		}
		if (p == '\'') {
			quoted(c, '\'');
			continue;
		}
		size_t from = c->at++;
		ret->kind = is_word(p) ? C_WORD : C_PUNCT;
		while (ret->kind == C_WORD && is_word(peek(c, 0)))
			c->at++;
		ret->text = str_sub(c->text, from, c->at);
		return true;
	}
	return false;
}
