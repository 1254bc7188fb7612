/* What people write into cells. */
#include "base/clock.h"
#include "format/table.h"

bool table_date(str s, int64_t *ret_day)
{
	int64_t part[3] = { 0 };
	size_t n = 0;
	bool digits = false;
	s = str_trim(s);
	if (date_parse(str_sub(s, 0, 10), ret_day))
		return true;
	for (size_t i = 0; i < s.n; i++) {
		bool d = s.p[i] >= '0' && s.p[i] <= '9';
		if (d && !digits && n++ == 3)
			return false;
		if (d && (part[n - 1] = part[n - 1] * 10 + (s.p[i] - '0')) > 9999)
			return false;
		digits = d;
	}
	if (n == 0 || part[0] < 1900 || (n > 1 && (part[1] < 1 || part[1] > 12)))
		return false;
	int year = (int)part[0], month = n > 1 ? (int)part[1] : 12;
	int day = n > 2 ? (int)part[2] : date_month_days(year, month);
	if (!date_ymd_valid(year, month, day))
		return false;
	*ret_day = date_from_ymd(year, month, day);
	return true;
}
