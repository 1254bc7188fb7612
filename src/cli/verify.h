/* The check of a whole store, for verify, backup, restore and doctor. */
#ifndef BH_CLI_VERIFY_H
#define BH_CLI_VERIFY_H

#include "core/ledger.h"

/* The file of readings, where there is one. */
#define READINGS_FILE "series.db"
err verify_readings(const char *dir, struct fail *f) MUST_USE;

err verify_store(struct db *db, struct ledger_report *ret, struct fail *f) MUST_USE;

#endif
