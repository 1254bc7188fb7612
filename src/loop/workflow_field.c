/* The fields of acts: what came in is what the act takes, within its limits. */
#include "loop/workflow_parts.h"

#include <stdio.h>

#include "base/utf8.h"

static err field_missing(const struct wf_field *fd, struct fail *f)
{
	char pointer[64], name[FAIL_TEXT];
	snprintf(pointer, sizeof pointer, "/" STR_FMT, STR_ARG(fd->name));
	snprintf(name, sizeof name, STR_FMT, STR_ARG(fd->name));
	return FAIL(f, BAD_FIELD, pointer, "err.field_required", "name", (const char *)name);
}

static err field_limit(const struct wf_field *fd, struct fail *f)
{
	char pointer[64], max[24];
	snprintf(pointer, sizeof pointer, "/" STR_FMT, STR_ARG(fd->name));
	snprintf(max, sizeof max, "%lld", (long long)fd->max);
	return FAIL(f, BAD_FIELD, pointer, "err.field_limit", "max", (const char *)max);
}

/* The known text fields stand in the input, a kind's own fields in `more`. */
static str text_of(const struct wf_field *fd, const struct wf_input *in)
{
	if (str_eq(fd->name, S("text")))
		return in->text;
	if (str_eq(fd->name, S("period")))
		return in->period;
	return workflow_more(in, fd->name);
}

static bool option_known(str options, str value)
{
	str one;
	while (str_cut(&options, '|', &one))
		if (str_eq(one, value))
			return true;
	return false;
}

static err check_text(const struct wf_field *fd, const struct wf_input *in, struct fail *f)
{
	str s = str_trim(text_of(fd, in));
	int64_t v = 0;
	if (!s.n)
		return fd->required ? field_missing(fd, f) : ERR_OK;
	if (fd->type == FIELD_TEXT && fd->max && utf8_count(s) > (size_t)fd->max)
		return field_limit(fd, f);
	if (fd->type == FIELD_SELECT && !option_known(fd->options, s))
		return field_missing(fd, f);
	if (fd->type == FIELD_NUMBER && (!str_to_i64(s, &v) || v < 0 || (fd->max && v > fd->max)))
		return field_limit(fd, f);
	return ERR_OK;
}

static err check_field(const struct wf_field *fd, const struct wf_input *in, struct fail *f)
{
	bool there = false;
	size_t items = 0;
	switch (fd->type) {
	case FIELD_TEXT:
	case FIELD_SELECT:
	case FIELD_NUMBER:
		return check_text(fd, in, f);
	case FIELD_DATE:
		there = in->due_day != INT64_MIN;
		break;
	case FIELD_PERCENT:
		there = in->percent != INT64_MIN;
		break;
	case FIELD_ORG:
		there = in->lead != 0;
		break;
	case FIELD_PERSON:
		there = in->person != 0;
		break;
	case FIELD_ORGS:
		items = in->nco;
		there = items > 0;
		break;
	case FIELD_FILES:
		items = in->nfiles;
		there = items > 0;
		break;
	case FIELD_COUNT:
		break;
	}
	if (fd->required && !there)
		return field_missing(fd, f);
	if (fd->max && items > (size_t)fd->max)
		return field_limit(fd, f);
	return ERR_OK;
}

static bool takes_more(const struct wf_act *act, str name)
{
	for (size_t i = 0; i < act->nfields; i++) {
		enum field_type t = act->fields[i].type;
		if ((t == FIELD_TEXT || t == FIELD_SELECT || t == FIELD_NUMBER) &&
		    str_eq(act->fields[i].name, name))
			return true;
	}
	return false;
}

static err check_more(const struct wf_act *act, const struct wf_input *in, struct fail *f)
{
	char pointer[40], name[FAIL_TEXT];
	for (size_t i = 0; i < in->nmore; i++) {
		bool twice = workflow_more(in, in->more[i].name).p != in->more[i].value.p;
		if (takes_more(act, in->more[i].name) && !twice)
			continue;
		snprintf(pointer, sizeof pointer, "/more/%zu/name", i);
		snprintf(name, sizeof name, STR_FMT, STR_ARG(utf8_cut(in->more[i].name, 40)));
		return FAIL(f, BAD_FIELD, pointer, "err.field_unknown", "name", (const char *)name);
	}
	return ERR_OK;
}

/* What came but is no field of this act is refused rather than dropped. */
static err check_unknown(const struct wf_act *act, const struct wf_input *in, struct fail *f)
{
	uint64_t takes = 0;
	for (size_t i = 0; i < act->nfields; i++)
		takes |= UINT64_C(1) << act->fields[i].type;
	const struct {
		bool there;
		enum field_type type;
		const char *pointer;
	} came[] = {
		{ in->due_day != INT64_MIN, FIELD_DATE, "/due" },
		{ in->percent != INT64_MIN, FIELD_PERCENT, "/percent" },
		{ in->lead != 0, FIELD_ORG, "/lead" },
		{ in->person != 0, FIELD_PERSON, "/person" },
		{ in->nco > 0, FIELD_ORGS, "/co" },
		{ in->nfiles > 0, FIELD_FILES, "/files" },
	};
	for (size_t i = 0; i < COUNT_OF(came); i++)
		if (came[i].there && !(takes >> came[i].type & 1))
			return FAIL(f, BAD_FIELD, came[i].pointer, "err.field_unknown", "name",
				    came[i].pointer + 1);
	return check_more(act, in, f);
}

err fields_check(const struct wf_act *act, const struct wf_matter *m, const struct wf_input *in, struct fail *f)
{
	for (size_t i = 0; i < act->nfields; i++)
		TRY(check_field(&act->fields[i], in, f));
	TRY(check_unknown(act, in, f));
	/* Progress of a matter with children is what its children add up to. */
	if (workflow_has_effect(act, EFFECT_SET_PROGRESS) && in->percent != INT64_MIN && m->children)
		return FAIL(f, GUARD, "/percent", "err.guard.progress_computed");
	return ERR_OK;
}
