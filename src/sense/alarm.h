/* Alarms: rules held against readings again and again, episodes kept, and what follows from them. An exceedance by permit or
 * standard becomes a matter with an owner, a clause and a deadline; a doubtful one becomes a check of the instrument. An alarm is
 * acknowledged and cleared apart. */
#ifndef BH_SENSE_ALARM_H
#define BH_SENSE_ALARM_H

#include "core/app.h"
#include "sense/alarm_sql.h"
#include "sense/rule.h"

enum { ALARM_STATIONS = 500, ALARM_EPISODES_MAX = 16, ALARM_ANEW_MAX = 4096 };

struct alarm_counts {          /* since start */
	int64_t looks, columns, values, raised, ended, withdrawn, matters, checks, failed;
	int64_t last_look_ms;
	int64_t marks, states; /* held now: columns and how far each was looked at; rules in which something is pending */
};
struct alarms;
/* Reads catalog/rule in force on `today`. */
err alarms_open(const struct catalog *c, int64_t today, struct alarms **ret, struct fail *f) MUST_USE;
void alarms_close(struct alarms *s);                 /* accepts NULL; stops the watch */
const struct rules *alarms_rules(const struct alarms *s);
/* Looks every few seconds from a thread of its own, until alarms_stop. What arrives meanwhile is held against the rules for the
 * time it belongs to, however late it is. */
err alarms_watch(struct alarms *s, const struct app *app, struct fail *f) MUST_USE;
void alarms_stop(struct alarms *s);
/* Something was said of a station's readings from this time on: they are judged again. */
void alarms_stir(struct alarms *s, int64_t station, int64_t from_ms);
struct alarm_counts alarms_counts(struct alarms *s);

/* One look at every station: columns with something new are held against their rules. Safe to call at any time and from several
 * servers: an episode is one alarm. */
struct alarm_looked {
	int64_t stations, columns, values, raised, changed, matters; /* values: that a rule was held against, one by one */
};
err alarm_look(struct alarms *s, const struct app *app, struct alarm_looked *ret, struct fail *f) MUST_USE;

/* ---- one station's findings, inside the look ---- */

struct alarm_station {
	int64_t region, id, object, owner, sectors, secret;
	str kind, name, name_en, object_type;
	double lat, lon;
};
enum alarm_grade { ALARM_EXCEEDANCE, ALARM_DOUBTFUL, ALARM_NOTICE };
const char *alarm_grade_name(enum alarm_grade g);
enum alarm_grade alarm_grade_of(const struct rule *r, const struct episode *e);
struct alarm_found {
	const struct alarm_station *station;
	const struct rule *rule;
	str item;
	struct episode e;
	int64_t alarm;             /* it is known already under this id; 0: new */
	int64_t matter, storm;
	str was;                   /* the grade it had */
	bool was_withdrawn;
	const char *withdraw;      /* not NULL: its values are no such episode any more, or its rule ended; why */
	/* out, when it was written */
	bool is_new, founded;
};
/* Writes it, with the matter that follows, in the caller's transaction; cx->who is NULL. */
err alarm_record(struct ctx *cx, struct alarm_found *x) MUST_USE;
/* Word to its matter that an alarm is no more what it was begun for, or is so again. People decide what follows. */
err alarm_tell(struct ctx *cx, const struct alarm_found *x, const char *message) MUST_USE;
/* The matter or the check that an alarm founds; *ret 0: none does. */
err alarm_found_matter(struct ctx *cx, const struct alarm_found *x, enum alarm_grade grade, int64_t *ret) MUST_USE;

/* Rules that hold at a station on a day: its own, and those of the house which none of its own takes the place of. */
void alarm_rules_of(const struct rules *house, struct arena *a, const struct alarm_station *st, const struct station_rule_list_row *own,
		   size_t n, int64_t day, struct rule **ret, size_t *ret_n);
/* A sound rule of a station's own, or one that stands in place of the house's rule `instead_of`; off: of none. */
struct station;
err alarm_rule_put(struct ctx *cx, const struct station *st, const struct rule *r, str instead_of, bool off) MUST_USE;
struct rule station_rule_as(struct arena *a, const struct station_rule_list_row *r);

#endif
