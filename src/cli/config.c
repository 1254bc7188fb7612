#include "cli/config.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "core/i18n.h"

enum kind { STR, I64, BOOL };

static const struct entry {
	const char *key;
	enum kind kind;
	const char *preset, *message;
	size_t offset;
} entries[] = {
#define C(field, key, kind, preset, message) { key, kind, preset, message, offsetof(struct config, field) },
#include "cli/config.def"
#undef C
};

static const struct entry *find(str key)
{
	for (size_t i = 0; i < COUNT_OF(entries); i++)
		if (str_eq(key, str_of(entries[i].key)))
			return &entries[i];
	return NULL;
}

static bool read_bool(str s, bool *ret)
{
	bool yes = str_eq(s, S("yes")) || str_eq(s, S("true")) || str_eq(s, S("1")) || s.n == 0;
	bool no = str_eq(s, S("no")) || str_eq(s, S("false")) || str_eq(s, S("0"));
	if (yes || no)
		*ret = yes;
	return yes || no;
}

static err set(struct arena *a, const struct entry *e, str value, struct config *cfg, struct fail *f)
{
	char *at = (char *)cfg + e->offset;
	bool ok = true;
	if (e->kind == STR)
		*(str *)(void *)at = arena_str(a, value);
	else if (e->kind == BOOL)
		ok = read_bool(value, (bool *)at);
	else
		ok = str_to_i64(value, (int64_t *)(void *)at);
	return ok ? ERR_OK : FAIL(f, BAD_INPUT, e->key, "err.config_value", "key", e->key, "value", arena_cstr(a, value));
}

static err read_file(struct arena *a, const char *path, bool must, struct config *cfg, struct fail *f)
{
	char line[1024];
	FILE *file = fopen(path, "r");
	err e = ERR_OK;
	if (!file)
		return must ? FAIL(f, IO, "", "err.config_file", "path", path) : ERR_OK;
	while (e == ERR_OK && fgets(line, sizeof line, file)) {
		str s = str_trim(str_of(line)), key, value;
		ptrdiff_t eq = str_find_char(s, '=');
		if (!s.n || s.p[0] == '#')
			continue;
		key = str_trim(str_sub(s, 0, eq < 0 ? s.n : (size_t)eq));
		value = eq < 0 ? S("") : str_trim(str_sub(s, (size_t)eq + 1, s.n));
		const struct entry *entry = eq < 0 ? NULL : find(key);
		e = entry ? set(a, entry, value, cfg, f) :
			    FAIL(f, BAD_INPUT, "", "err.config_key", "key", arena_cstr(a, key), "path", path);
	}
	fclose(file);
	return e;
}

static const char *env_name(struct arena *a, const char *key)
{
	struct buf b = BUF(a);
	buf_put(&b, S("BIHUAN_"));
	for (; *key; key++)
		buf_byte(&b, *key == '-' ? '_' : *key >= 'a' && *key <= 'z' ? (char)(*key - 32) : *key);
	return buf_cstr(&b);
}

static err read_env(struct arena *a, struct config *cfg, struct fail *f)
{
	for (size_t i = 0; i < COUNT_OF(entries); i++) {
		const char *v = getenv(env_name(a, entries[i].key));
		if (v)
			TRY(set(a, &entries[i], str_of(v), cfg, f));
	}
	return ERR_OK;
}

/* The subcommand's own flag: 0 unknown, 1 a switch, 2 takes a value. */
static int own_kind(const char *const *own, str name)
{
	for (; own && *own; own++) {
		str o = str_of(*own);
		if (str_eq(o, name))
			return 1;
		if (o.n == name.n + 1 && o.p[name.n] == '=' && str_starts(o, name))
			return 2;
	}
	return 0;
}

struct walk {
	int i, argc;
	char **argv;
};

static err take_value(struct walk *w, str word, str *ret_name, str *ret_value, bool wants, struct fail *f)
{
	ptrdiff_t eq = str_find_char(word, '=');
	*ret_name = eq < 0 ? word : str_sub(word, 0, (size_t)eq);
	*ret_value = eq < 0 ? S("") : str_sub(word, (size_t)eq + 1, word.n);
	if (eq < 0 && wants) {
		if (w->i + 1 >= w->argc)
			return FAIL(f, BAD_INPUT, "", "err.flag_value", "flag", word.p);
		*ret_value = str_of(w->argv[++w->i]);
	}
	return ERR_OK;
}

static err read_flag(struct arena *a, struct walk *w, str word, const char *const *own, struct config *cfg,
		     struct args *args, struct fail *f)
{
	ptrdiff_t eq = str_find_char(word, '=');
	str bare = eq < 0 ? word : str_sub(word, 0, (size_t)eq), name, value;
	const struct entry *entry = find(bare);
	int kind = own_kind(own, bare);
	if (kind) {
		TRY(take_value(w, word, &name, &value, kind == 2, f));
		if (args->nflags == COUNT_OF(args->flags))
			return FAIL(f, BAD_INPUT, "", "err.too_many_flags");
		args->flags[args->nflags++] = (struct flag){ name, value };
		return ERR_OK;
	}
	if (str_eq(bare, S("config"))) {
		TRY(take_value(w, word, &name, &value, true, f));
		return ERR_OK; /* read before */
	}
	if (!entry)
		return FAIL(f, BAD_INPUT, "", "err.flag_unknown", "flag", arena_cstr(a, bare));
	TRY(take_value(w, word, &name, &value, entry->kind != BOOL, f));
	return set(a, entry, value, cfg, f);
}

static const char *config_path(int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "--config") == 0 && i + 1 < argc)
			return argv[i + 1];
		if (strncmp(argv[i], "--config=", 9) == 0)
			return argv[i] + 9;
	}
	return getenv("BIHUAN_CONFIG");
}

err config_read(struct arena *a, int argc, char **argv, const char *const *own, struct config *ret_cfg,
		struct args *ret_args, struct fail *f)
{
	struct config cfg = { 0 };
	struct walk w = { 0, argc, argv };
	*ret_args = (struct args){ 0 };
	for (size_t i = 0; i < COUNT_OF(entries); i++)
		TRY(set(a, &entries[i], str_of(entries[i].preset), &cfg, f));
	const char *path = config_path(argc, argv);
	TRY(read_file(a, path ? path : "/etc/bihuan.conf", path, &cfg, f));
	TRY(read_env(a, &cfg, f));
	for (bool flags = true; w.i < argc; w.i++) {
		str word = str_of(argv[w.i]);
		if (flags && str_eq(word, S("--")))
			flags = false;
		else if (flags && str_starts(word, S("--")))
			TRY(read_flag(a, &w, str_sub(word, 2, word.n), own, &cfg, ret_args, f));
		else if (ret_args->nrest < COUNT_OF(ret_args->rest))
			ret_args->rest[ret_args->nrest++] = word;
		else
			return FAIL(f, BAD_INPUT, "", "err.too_many_args");
	}
	*ret_cfg = cfg;
	return ERR_OK;
}

bool args_has(const struct args *args, const char *name)
{
	return !str_is_null(args_value(args, name));
}

str args_value(const struct args *args, const char *name)
{
	for (size_t i = 0; i < args->nflags; i++)
		if (str_eq(args->flags[i].name, str_of(name)))
			return args->flags[i].value;
	return (str){ NULL, 0 };
}

void config_print(str lang)
{
	AUTO(arena_drop) struct arena *a = arena_new();
	for (size_t i = 0; i < COUNT_OF(entries); i++) {
		str text = i18n_text(lang, str_of(entries[i].message));
		printf("  --%-18s %-28s %-16s " STR_FMT "\n", entries[i].key, env_name(a, entries[i].key),
		       entries[i].preset[0] ? entries[i].preset : "-", STR_ARG(text));
	}
}
