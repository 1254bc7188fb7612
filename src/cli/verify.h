/* The check of a whole store, for verify, backup, restore and doctor. */
#ifndef BH_CLI_VERIFY_H
#define BH_CLI_VERIFY_H

#include "core/ledger.h"

err verify_store(struct db *db, struct ledger_report *ret, struct fail *f) MUST_USE;

#endif
