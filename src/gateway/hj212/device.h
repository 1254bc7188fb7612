/* What people decide about devices: to whom one belongs, what is borne of it, what it is told. Each is an act in the ledger. */
#ifndef BH_GATEWAY_HJ212_DEVICE_H
#define BH_GATEWAY_HJ212_DEVICE_H

#include "base/json.h"
#include "core/app.h"
#include "gateway/device_sql.h"

#define DEVICE_FIELDS(F)                                                                                                 \
	F(ID, station, REQ)                                                                                              \
	F(ENUM, dialect, OPT, .options = "auto|2005|2017|2025")                                                          \
	F(ENUM, crc_policy, OPT, .options = "strict|modbus|swapped|report")                                              \
	F(ENUM, answer_policy, OPT, .options = "asked|always|never")                                                     \
	F(STR, password, OPT, .max = 64)                                                                                 \
	F(BOOL, clear_password, OPT)                                                                                     \
	F(STR, peers, OPT, .max = 500)                                                                                   \
	F(I64, real_s, OPT, .min = 1, .max = 86400)                                                                      \
	F(I64, minute_m, OPT, .min = 1, .max = 60)                                                                       \
	F(STR, reason, REQ, .max = 500)
#define DEVICE_APPROVE(F, O, L) F(I64, ver, REQ) DEVICE_FIELDS(F)
#define DEVICE_NEW(F, O, L) F(STR, mn, REQ, .max = 64) DEVICE_FIELDS(F)
JSON_STRUCT(device_approve, DEVICE_APPROVE)
JSON_STRUCT(device_new, DEVICE_NEW)

/* Letters, digits and . _ - only, 1 to 64: what may stand for a device in lists and files. */
bool device_mn_valid(str mn);

/* The device, if the caller may see it with `perm`: by its station's scope, or, without a station, by the house's region.
 * ERR_NOT_FOUND otherwise. */
err device_see(struct ctx *cx, str mn, str perm, struct device_by_mn_row *ret) MUST_USE;
err device_put_new(struct ctx *cx, const struct device_new *in) MUST_USE;
err device_allow(struct ctx *cx, str mn, const struct device_approve *in) MUST_USE;
err device_refuse(struct ctx *cx, str mn, int64_t ver, str reason) MUST_USE;
/* The platform gave it another name: readings, counts, commands and packets stay its own, and it is known by both. */
err device_rename(struct ctx *cx, str mn, int64_t ver, str to, str reason) MUST_USE;
enum { DEVICE_NAMES_MAX = 20 };

struct device_param {
	str name, value;
};
/* Checks a command by the catalog and puts it into the queue. ERR_BAD_FIELD at /cn or /params/<i>. */
err device_command_put(struct ctx *cx, str mn, str cn, const struct device_param *v, size_t n, int64_t *ret_id) MUST_USE;
/* The same by the gateway itself, unchecked. */
err device_command_by_system(struct ctx *cx, int64_t region, str mn, str cn, str body) MUST_USE;

#endif
