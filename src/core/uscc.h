/* Unified social credit codes (统一社会信用代码, GB 32100-2015): 18 characters, the last one checks the others. */
#ifndef BH_CORE_USCC_H
#define BH_CORE_USCC_H

#include "base/str.h"

enum { USCC_SIZE = 18 };

/* Digits and capitals without I, O, S, V, Z; check character by MOD 31-3. */
bool uscc_valid(str code);
/* The check character of the first 17; 0 when they are no such characters. */
char uscc_check(str first17);

#endif
