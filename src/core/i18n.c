#include "core/i18n.h"

#include "base/buf.h"

static const struct message *find(str key)
{
	size_t lo = 0, hi = message_count();
	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct message *m = message_at(mid);
		int c = str_cmp(m->key, key);
		if (c == 0)
			return m;
		if (c < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return NULL;
}

static bool is_english(str lang)
{
	return str_eq(lang, S("en")) || str_starts(lang, S("en-"));
}

str i18n_text(str lang, str key)
{
	const struct message *m = find(key);
	if (!m)
		return key;
	return is_english(lang) ? m->en : m->zh;
}

bool i18n_has(str key)
{
	return find(key) != NULL;
}

enum { ARGS = 16 };
struct args {
	str name[ARGS], text[ARGS];
	size_t n;
};

static void put_value(struct buf *b, str lang, str value)
{
	if (value.n > 1 && value.p[0] == '@')
		value = i18n_text(lang, str_sub(value, 1, value.n));
	buf_put(b, value);
}

/* True when the name has a value. */
static bool put_arg(struct buf *b, str lang, const struct args *args, str name)
{
	for (size_t i = 0; i < args->n; i++) {
		if (str_eq(args->name[i], name)) {
			put_value(b, lang, args->text[i]);
			return true;
		}
	}
	return false;
}

static str fill(struct arena *a, str lang, str text, const struct args *args)
{
	struct buf b = BUF(a);
	while (text.n) {
		ptrdiff_t open = str_find_char(text, '{');
		ptrdiff_t len = open < 0 ? -1 : str_find_char(str_sub(text, (size_t)open, text.n), '}');
		if (len < 0)
			break;
		size_t from = (size_t)open, to = from + (size_t)len + 1;
		buf_put(&b, str_sub(text, 0, from));
		if (!put_arg(&b, lang, args, str_sub(text, from + 1, to - 1)))
			buf_put(&b, str_sub(text, from, to));
		text = str_sub(text, to, text.n);
	}
	buf_put(&b, text);
	buf_cstr(&b);
	return buf_str(&b);
}

str i18n_vsay(struct arena *a, str lang, const char *key, va_list ap)
{
	struct args args = { .n = 0 };
	const char *name;
	while (args.n < ARGS && (name = va_arg(ap, const char *))) {
		args.name[args.n] = str_of(name);
		args.text[args.n++] = str_of(va_arg(ap, const char *));
	}
	return fill(a, lang, i18n_text(lang, str_of(key)), &args);
}

str i18n_say(struct arena *a, str lang, const char *key, ...)
{
	va_list ap;
	va_start(ap, key);
	str text = i18n_vsay(a, lang, key, ap);
	va_end(ap);
	return text;
}

str i18n_fail(struct arena *a, str lang, const struct fail *f)
{
	struct args args = { .n = 0 };
	for (size_t i = 0; i < f->nargs; i++) {
		args.name[args.n] = str_of(f->args[i].name);
		args.text[args.n++] = str_of(f->args[i].text);
	}
	return fill(a, lang, i18n_text(lang, str_of(f->key ? f->key : err_key(f->code))), &args);
}
