/* What comes in at both doors, the ordinary routes and POST /api/sync. */
#ifndef BH_LOOP_INSPECT_DOOR_H
#define BH_LOOP_INSPECT_DOOR_H

#include "loop/inspect.h"

enum { CLIENT_ID_MAX = 64 };

/* `visit` names the visit at the sync door: its id or the UUID of the page that made it. */
#define VISIT_IN(F, O, L)                                                                                    \
	F(STR, client_id, OPT, .max = CLIENT_ID_MAX)                                                         \
	F(ID, object, REQ)                                                                                   \
	F(ID, plan, OPT)                                                                                     \
	F(ID, follows, OPT)                                                                                  \
	F(STR, source, OPT, .max = 40)                                                                       \
	F(BOOL, unannounced, OPT)                                                                            \
	F(DATE, planned, OPT)                                                                                \
	F(IDS, inspectors, REQ, .min = 1, .max = INSPECT_TEAM_MAX)                                           \
	F(STR, checklist, OPT, .max = 60)                                                                    \
	F(STRS, items, OPT, .max = 500)
JSON_STRUCT(visit_in, VISIT_IN)

#define VISIT_START_IN(F, O, L)                                                                              \
	F(STR, visit, OPT, .max = CLIENT_ID_MAX)                                                             \
	F(I64, ver, OPT, .min = 0)                                                                           \
	F(I64, at_ms, OPT, .min = 1)                                                                         \
	F(F64, lat, OPT)                                                                                     \
	F(F64, lon, OPT)                                                                                     \
	F(STR, place, OPT, .max = 500)
JSON_STRUCT(visit_start_in, VISIT_START_IN)

#define VISIT_ANSWER_IN(F, O, L)                                                                             \
	F(STR, visit, OPT, .max = CLIENT_ID_MAX)                                                             \
	F(STR, client_id, OPT, .max = CLIENT_ID_MAX)                                                         \
	F(STR, item, REQ, .max = 100)                                                                        \
	F(STR, value, REQ, .max = 40)                                                                        \
	F(STR, note, OPT, .max = 4000)                                                                       \
	F(I64, captured_ms, OPT, .min = 1)                                                                   \
	F(F64, lat, OPT)                                                                                     \
	F(F64, lon, OPT)
JSON_STRUCT(visit_answer_in, VISIT_ANSWER_IN)

#define VISIT_FINDING_IN(F, O, L)                                                                            \
	F(STR, visit, OPT, .max = CLIENT_ID_MAX)                                                             \
	F(STR, client_id, OPT, .max = CLIENT_ID_MAX)                                                         \
	F(STR, item, OPT, .max = 100)                                                                        \
	F(STR, criterion, OPT, .max = 100)                                                                   \
	F(STR, title, REQ, .max = 500)                                                                       \
	F(STR, text, OPT, .max = 10000)                                                                      \
	F(STR, spot, OPT, .max = 500)                                                                        \
	F(BOOL, fixed, OPT)                                                                                  \
	F(BOOL, now, OPT)                                                                                    \
	F(DATE, due, OPT)                                                                                    \
	F(I64, captured_ms, OPT, .min = 1)                                                                   \
	F(F64, lat, OPT)                                                                                     \
	F(F64, lon, OPT)
JSON_STRUCT(visit_finding_in, VISIT_FINDING_IN)

#define VISIT_RECORD_IN(F, O, L)                                                                             \
	F(STR, visit, OPT, .max = CLIENT_ID_MAX)                                                             \
	F(I64, ver, OPT, .min = 0)                                                                           \
	F(STR, content, REQ, .max = 20000)                                                                   \
	F(STR, problems, OPT, .max = 20000)                                                                  \
	F(STR, handling, OPT, .max = 20000)                                                                  \
	F(I64, ended_ms, OPT, .min = 1)                                                                      \
	F(BOOL, clean, OPT)
JSON_STRUCT(visit_record_in, VISIT_RECORD_IN)

#define VISIT_SIGN_IN(F, O, L)                                                                               \
	F(STR, visit, OPT, .max = CLIENT_ID_MAX)                                                             \
	F(ENUM, side, REQ, .options = "inspector|unit")                                                      \
	F(STR, name, OPT, .max = 60)                                                                         \
	F(STR, title, OPT, .max = 100)                                                                       \
	F(STR, file, OPT, .max = CLIENT_ID_MAX)                                                              \
	F(STR, reason, OPT, .max = 1000)                                                                     \
	F(STR, witness, OPT, .max = 60)                                                                      \
	F(I64, captured_ms, OPT, .min = 1)
JSON_STRUCT(visit_sign_in, VISIT_SIGN_IN)

#define VISIT_CLOSE_IN(F, O, L)                                                                              \
	F(STR, visit, OPT, .max = CLIENT_ID_MAX)                                                             \
	F(I64, ver, OPT, .min = 0)
JSON_STRUCT(visit_close_in, VISIT_CLOSE_IN)

#define VISIT_NOTE_IN(F, O, L)                                                                               \
	F(STR, visit, OPT, .max = CLIENT_ID_MAX)                                                             \
	F(STR, text, REQ, .max = 20000)
JSON_STRUCT(visit_note_in, VISIT_NOTE_IN)

struct visit_new visit_new_of(const struct visit_in *in);
struct visit_reply visit_reply_of(const struct visit_answer_in *in);
struct visit_found visit_found_of(const struct visit_finding_in *in);
struct visit_words visit_words_of(const struct visit_record_in *in);
struct visit_signing visit_signing_of(const struct visit_sign_in *in);

/* Empty, or 8 … 64 letters, digits and dashes. */
err inspect_client_id(struct ctx *cx, str id) MUST_USE;

#endif
