#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "extract_support.h"

struct fixture {
	struct arena *a;
	struct lexicon *lx;
};

static int load(void **state)
{
	struct fixture *x = calloc(1, sizeof *x);
	struct fail f = { 0 };
	x->a = arena_new();
	x->lx = support_lexicon(x->a, &f);
	*state = x;
	return x->lx ? 0 : -1;
}

static int unload(void **state)
{
	struct fixture *x = *state;
	arena_free(x->a);
	free(x);
	return 0;
}

static struct extraction read_text(void **state, const char *text)
{
	struct fixture *x = *state;
	struct extraction e;
	int64_t day;
	assert_true(date_parse(S("2026-03-10"), &day));
	assert_int_equal(extract(x->a, x->lx, str_of(text), day, &e), ERR_OK);
	return e;
}

static const char *join(struct arena *a, const struct unit_refs *u)
{
	struct buf b = BUF(a);
	for (size_t i = 0; i < u->n; i++) {
		if (i)
			buf_put(&b, S("、"));
		buf_put(&b, u->v[i].name);
	}
	return buf_cstr(&b);
}

static void note_is(void **state, const char *text, const char *lead, const char *co)
{
	struct fixture *x = *state;
	struct extraction e = read_text(state, text);
	if (!lead) {
		if (e.notes.n)
			fail_msg("%s: a note was read: %s", text, join(x->a, &e.notes.v[0].leads));
		return;
	}
	if (!e.notes.n)
		fail_msg("%s: no note was read", text);
	assert_string_equal(join(x->a, &e.notes.v[e.notes.n - 1].leads), lead);
	assert_string_equal(join(x->a, &e.notes.v[e.notes.n - 1].cos), co);
}

static void notes_give_lead_and_others(void **state)
{
	note_is(state, "完成改造。（牵头单位：市应急局；责任单位：市住建局、市城管局）", "市应急局", "市住建局、市城管局");
	note_is(state, "完成改造。（市应急局牵头，市住建局、市城管局配合）", "市应急局", "市住建局、市城管局");
	note_is(state, "完成改造。（责任单位：市应急局、市住建局）", "市应急局、市住建局", "");
	note_is(state, "完成改造。（市应急局、市住建局按职责分工负责）", "市应急局、市住建局", "");
	note_is(state, "完成改造。（市财政局会同市水利局负责）", "市财政局", "市水利局");
	note_is(state, "完成改造。（财政部商商务部牵头）", "财政部", "商务部");
	note_is(state, "完成改造。【主责单位：市应急局，协办单位：市公安局】", "市应急局", "市公安局");
	note_is(state, "完成改造。（市教育局负责，市体育局参与）", "市教育局", "市体育局");
	note_is(state, "完成改造。（牵头单位：市大数据局　配合单位：市财政局）", "市大数据局", "市财政局");
}

static void notes_leave_collectives_out(void **state)
{
	note_is(state, "完成改造。（市应急局牵头，各有关部门、各县（市、区）政府配合）", "市应急局", "");
	note_is(state, "完成改造。（市应急局、市住建局等有关部门按职责分工负责）", "市应急局、市住建局", "");
	note_is(state, "完成改造。（责任单位：市应急局、市公安局等）", "市应急局、市公安局", "");
	note_is(state, "完成改造。（各市政府、省有关部门负责）", NULL, NULL);
	note_is(state, "完成改造。（工业和信息化部、文化和旅游部及各地区负责）", "工业和信息化部、文化和旅游部", "");
	note_is(state, "完成改造。（中央和国家机关工委、教育部和科技部负责）", "中央和国家机关工委、教育部、科技部", "");
}

static void notes_know_other_brackets(void **state)
{
	note_is(state, "（联合体牵头人名称）盖章。", NULL, NULL);
	note_is(state, "（以联合体形式申报时，牵头单位填写）", NULL, NULL);
	note_is(state, "由省工信厅（大数据产业主管部门）负责。", NULL, NULL);
	note_is(state, "（单位：毫米）", NULL, NULL);
	note_is(state, "（项目负责人签字）", NULL, NULL);
	note_is(state, "（国办发〔2018〕10号）", NULL, NULL);
	note_is(state, "（以下简称平台监管部门）", NULL, NULL);
}

static void notes_carry_the_first_lead_on(void **state)
{
	note_is(state,
		"甲。（责任单位：市应急局、市住建局，列第一位者为牵头单位，下同）\n乙。（责任单位：市水利局、市财政局、市公安局）",
		"市水利局", "市财政局、市公安局");
	note_is(state, "乙。（责任单位：市水利局、市财政局）", "市水利局、市财政局", "");
}

static void notes_go_over_line_ends_and_scripts(void **state)
{
	note_is(state, "甲。（责任单位：市生态环\n境局、市水利局）", "市生态环境局、市水利局", "");
	note_is(state, "甲。(責任單位：市環保局、市財政局)", "市環保局、市財政局", "");
	note_is(state, "A. (Lead: Municipal Emergency Bureau; Support: Housing Bureau, Transport Bureau)",
		"Municipal Emergency Bureau", "Housing Bureau、Transport Bureau");
}

/* text, due or NULL, recurs */
static void deadline_is(void **state, const char *text, const char *words, const char *due, const char *recurs)
{
	struct extraction e = read_text(state, text);
	if (!e.directives.n)
		fail_msg("%s: no directive", text);
	const struct directive *d = &e.directives.v[0];
	if (!words) {
		if (d->has_deadline)
			fail_msg("%s: a deadline was read: " STR_FMT, text, STR_ARG(d->deadline.text));
		return;
	}
	if (!d->has_deadline)
		fail_msg("%s: no deadline", text);
	if (!str_eq(d->deadline.text, str_of(words)))
		fail_msg("%s: read " STR_FMT, text, STR_ARG(d->deadline.text));
	char iso[11] = "";
	if (d->deadline.has_due)
		date_format(d->deadline.due_day, iso);
	assert_string_equal(iso, due);
	if (!str_eq(d->deadline.recurs, str_of(recurs)))
		fail_msg("%s: recurs " STR_FMT, text, STR_ARG(d->deadline.recurs));
}

/* The document's day is 2026-03-10. */
static void deadlines_in_chinese(void **state)
{
	deadline_is(state, "要在2026年12月31日前完成整改。", "2026年12月31日前", "2026-12-31", "");
	deadline_is(state, "要于年底前完成整改任务。", "年底前", "2026-12-31", "");
	deadline_is(state, "6月底前要完成整改任务。", "6月底前", "2026-06-30", "");
	deadline_is(state, "2月底前要完成下轮整改。", "2月底前", "2027-02-28", "");
	deadline_is(state, "要在本月底前完成整改。", "本月底前", "2026-03-31", "");
	deadline_is(state, "要在三季度末完成全部整改。", "三季度末", "2026-09-30", "");
	deadline_is(state, "到2027年，要建成投用。", "2027年", "2027-12-31", "");
	deadline_is(state, "2025年年底前必须建成投用。", "2025年年底前", "2025-12-31", "");
	deadline_is(state, "要在主汛期前完成除险加固。", "主汛期前", "", "");
	deadline_is(state, "要在一周内报送方案。", "一周内", "2026-03-17", "");
	deadline_is(state, "要在10个工作日内报送方案。", "10个工作日内", "2026-03-24", "");
	deadline_is(state, "必须三日内整改到位。", "三日内", "2026-03-13", "");
	deadline_is(state, "接到通知后3日内必须报送。", "3日内", "", "");
	deadline_is(state, "要在每月5日前报送进展。", "每月5日前", "", "month-day");
	deadline_is(state, "要每周五报送进展。", "每周五", "", "week");
	deadline_is(state, "每季度末要通报一次。", "每季度末", "", "quarter-end");
	deadline_is(state, "要在3月15日至5月31日开展专项行动。", "3月15日至5月31日", "2026-05-31", "");
	deadline_is(state, "“十五五”末要全面达标。", "十五五”末", "2030-12-31", "");
	deadline_is(state, "自2026年5月1日起必须停止使用。", NULL, NULL, NULL);
	deadline_is(state, "要严格执行24小时值班制度。", NULL, NULL, NULL);
}

static void deadlines_in_english(void **state)
{
	deadline_is(state, "The bureau must finish the work by the end of June 2027.", "by the end of June 2027", "2027-06-30", "");
	deadline_is(state, "The bureau must finish the work by 31 December 2026.", "by 31 December 2026", "2026-12-31", "");
	deadline_is(state, "The bureau must finish before June 1.", "before June 1", "2026-06-01", "");
	deadline_is(state, "The bureau must finish by the end of this year.", "by the end of this year", "2026-12-31", "");
	deadline_is(state, "The bureau must finish within 30 days.", "within 30 days", "2026-04-09", "");
	deadline_is(state, "The bureau must report within two weeks.", "within two weeks", "2026-03-24", "");
	deadline_is(state, "The bureau must report every quarter.", "every quarter", "", "quarter");
	deadline_is(state, "The bureau must report before the flood season.", "before the flood season", "", "");
	deadline_is(state, "The bureau must reach the goal by 2028.", "by 2028", "2028-12-31", "");
}

static void target_is(void **state, const char *text, const char *indicator, const char *sign, double value, const char *unit)
{
	struct extraction e = read_text(state, text);
	if (!e.directives.n || !e.directives.v[0].targets.n)
		fail_msg("%s: no target", text);
	const struct target *t = &e.directives.v[0].targets.v[0];
	if (!str_eq(t->indicator, str_of(indicator)) || !str_eq(t->comparator, str_of(sign)) ||
	    !str_eq(t->unit, str_of(unit)) || t->value < value - 1e-9 || t->value > value + 1e-9)
		fail_msg("%s: read '" STR_FMT "' '" STR_FMT "' %g '" STR_FMT "'", text, STR_ARG(t->indicator),
			 STR_ARG(t->comparator), t->value, STR_ARG(t->unit));
}

static void targets_are_measurable(void **state)
{
	target_is(state, "要确保隐患整改率达到100%。", "隐患整改率", ">=", 100, "%");
	target_is(state, "要推动PM2.5年均浓度控制在35微克/立方米以下。", "PM2.5年均浓度", "<=", 35, "微克/立方米");
	target_is(state, "要确保碳排放强度下降10%以上。", "碳排放强度", "-=", 10, "%");
	target_is(state, "要新增绿地20公顷。", "绿地", "+=", 20, "公顷");
	target_is(state, "要新建污水管网1.2万米。", "污水管网", ">=", 12000, "米");
	target_is(state, "要确保合格率不低于百分之九十五。", "合格率", ">=", 95, "%");
	target_is(state, "Carry out no fewer than 3 unannounced inspections.", "Carry out", ">=", 3, "inspections");
	target_is(state, "The city must reduce emissions by 10 percent.", "emissions", "-=", 10, "percent");
	target_is(state, "The Water Bureau shall check no fewer than 50 plots.", "plots", ">=", 50, "plots");
	target_is(state, "要确保执法检查覆盖率达到100%。", "检查覆盖率", ">=", 100, "%");
	target_is(state, "要推动覆盖率达到100%。", "覆盖率", ">=", 100, "%");
	target_is(state, "要建成5个集镇污水处理厂配套管网38公里。", "5个集镇污水处理厂配套管网", ">=", 38, "公里");
	target_is(state, "市住建局要对已完工项目按不低于30%的比例抽检。", "抽检", ">=", 30, "%");
	target_is(state, "The bureau must check at least 30 percent of the reports.", "reports", ">=", 30, "percent");
	target_is(state, "The rate of rectification must reach 100 percent.", "rate of rectification", ">=", 100, "percent");
}

static void counts(void **state, const char *text, size_t n)
{
	struct extraction e = read_text(state, text);
	if (e.directives.n != n)
		fail_msg("%s: %zu directives, not %zu", text, e.directives.n, n);
}

static void directives_are_orders_only(void **state)
{
	counts(state, "会议强调，要压实责任。", 1);
	counts(state, "会议听取了情况汇报。市长主持会议并讲话。", 0);
	counts(state, "会议指出，安全生产事关人民福祉，具有重要意义。", 0);
	counts(state, "会议指出，主要矛盾更加突出，重要性不言而喻。", 0);
	counts(state, "会议传达学习了《关于必须坚持安全发展的意见》。", 0);
	counts(state, "会议要求，市应急局牵头开展排查；市住建局要抓好整改；市公安局负责交通疏导。", 3);
	counts(state, "各级各部门必须严格落实“三管三必须”。", 1);
	counts(state, "The meeting was held on Monday. The mayor chaired it.", 0);
	counts(state, "All departments must strengthen patrols. Nobody was hurt.", 1);
	counts(state, "责任编辑：要闻部\n版权所有 不得转载\n联系电话：0000-1234567", 0);
}

#define REPORT "县里召开会议\n7月1日，县里召开会议，县长张三主持会议。\n"
#define REPORT_EN "County meets\nThe county head chaired a meeting on Monday. Reports were heard.\n"

/* What went wrong is told in the words of orders. */
static void what_went_wrong_is_no_order(void **state)
{
	counts(state, REPORT "检查发现的主要问题有：一是责任不实，制度没有落实。二是整改不彻底，要求每天巡查没有做到。", 0);
	counts(state, REPORT "会议要求，要立即整改。\n主要存在以下问题：\n一是整改不力。\n二是应当处罚的9家单位只处罚2家。", 1);
	counts(state, REPORT "会议强调，应当关闭的12家企业只关闭了3家。", 0);
	counts(state, REPORT "会议强调，要抓好排查。\n相关新闻：\n·市政府要求各地做好防汛工作\n·省里部署秋季检查", 1);
	counts(state, REPORT "会议指出，当前正处于关键期，必须保持战略定力。", 0);
	counts(state, REPORT "会议要求，要落实值守。\n如遇险情，请拨打值班电话。", 1);
	counts(state, REPORT_EN "Opinions differed on whether trucks should be banned.", 0);
	counts(state, REPORT_EN "\"Take away the rain and we are back at the start,\" he said.", 0);
	counts(state, REPORT_EN "The owner should never have signed the paper.", 0);
	counts(state, REPORT_EN "In March inspectors had asked the owner to remove the panels.", 0);
}

static void orders_come_in_many_shapes(void **state)
{
	counts(state, REPORT "县长部署了三项工作：做好汛前检查，落实值班制度。", 1);
	counts(state, REPORT "会议原则同意该办法，由县应急局根据意见修改后印发。", 1);
	counts(state, REPORT "会议要求各单位会后马上行动起来。", 1);
	counts(state, REPORT "会议强调，要抓好整改。谁弄虚作假就追究谁的责任。", 2);
	counts(state, REPORT "一是措施再强化。要加密巡查频次。", 1);
	counts(state, REPORT_EN "The Board endorsed the following instructions:\n- North pit: replace the pump before 1 May.\n- Training Unit to test all drivers.", 2);
	counts(state, REPORT "会议强调，要严守纪律。从今天起，谁再瞒报，就请他到会上作检讨。", 2);
	counts(state, REPORT_EN "The mayor ordered all mines to stop work. From 1 May nobody goes underground without a card.", 2);
	counts(state, REPORT_EN "Under no circumstances may waste be buried.", 1);
	counts(state, REPORT_EN "Night welding is banned until further notice.", 1);
}

/* Somebody else, or another day: another task. */
static void a_sentence_may_give_several_tasks(void **state)
{
	struct fixture *x = *state;
	struct extraction e = read_text(state, "市应急局要于5月底前形成清单，8月底前完成整改。");
	assert_int_equal(e.directives.n, 2);
	assert_int_equal(e.directives.v[0].deadline.due_day + 92, e.directives.v[1].deadline.due_day);
	assert_string_equal(join(x->a, &e.directives.v[1].leads), "市应急局");
	e = read_text(state, "各区县要把任务分解到周，市住建局每月通报排名。");
	assert_int_equal(e.directives.n, 2);
	assert_int_equal(e.directives.v[0].leads.n, 0);
	assert_string_equal(join(x->a, &e.directives.v[1].leads), "市住建局");
	assert_true(str_eq(e.directives.v[1].deadline.recurs, S("month")));
	e = read_text(state, "The Energy Bureau must check the reports, while the Water Bureau shall test the pumps.");
	assert_int_equal(e.directives.n, 2);
	assert_string_equal(join(x->a, &e.directives.v[1].leads), "Water Bureau");
	counts(state, "由市纪委监委牵头，市应急局配合，立即开展核查。", 1);
	counts(state, "对发现的问题，市应急局要立案查处。", 1);
	counts(state, "市应急局要在5月底前完成排查，并建立台账，做到底数清。", 1);
}

static void inline_units_are_named(void **state)
{
	struct fixture *x = *state;
	struct extraction e = read_text(state, "区应急局要会同区住建局、区城管局完成检查。");
	assert_string_equal(join(x->a, &e.directives.v[0].leads), "区应急局");
	assert_string_equal(join(x->a, &e.directives.v[0].cos), "区住建局、区城管局");
	e = read_text(state, "建议江城市健全机制，请市财政局安排资金。");
	assert_string_equal(join(x->a, &e.directives.v[e.directives.n - 1].leads), "市财政局");
	e = read_text(state, "由市委宣传部牵头，市教育局、市科协配合，广泛开展宣传。");
	assert_string_equal(join(x->a, &e.directives.v[0].leads), "市委宣传部");
	assert_string_equal(join(x->a, &e.directives.v[0].cos), "市教育局、市科协");
	e = read_text(state, "对全州1126处隐患点的监测设备全部检修一遍。");
	assert_int_equal(e.directives.v[0].leads.n, 0);
	e = read_text(state, "会议强调，要抓好落实。断面所在的江城县政府要查清来源。");
	assert_string_equal(join(x->a, &e.directives.v[1].leads), "江城县政府");
	e = read_text(state, "The Department of Natural Resources shall check no fewer than 50 plots.");
	assert_string_equal(join(x->a, &e.directives.v[0].leads), "Department of Natural Resources");
	e = read_text(state, "The Water Bureau, together with the Housing Bureau, shall inspect all dams.");
	assert_string_equal(join(x->a, &e.directives.v[0].leads), "Water Bureau");
	assert_string_equal(join(x->a, &e.directives.v[0].cos), "Housing Bureau");
}

static void offsets_count_code_points_of_the_raw_text(void **state)
{
	const char *text = "\xf0\xa0\xae\xb7會(huì)議要求，要保護(hù)環(huán)境。";
	struct extraction e = read_text(state, text);
	assert_int_equal(e.directives.n, 1);
	const struct directive *d = &e.directives.v[0];
	size_t from = utf8_offset(str_of(text), d->start), to = utf8_offset(str_of(text), d->end);
	assert_true(str_eq(str_sub(str_of(text), from, to), d->text));
	assert_true(str_eq(d->text, S("要保護(hù)環(huán)境。")));
	assert_int_equal(e.clutter.n, 3);
	assert_int_equal(e.clutter.v[0].kind, CLUTTER_PINYIN);
}

/* Line ends of two characters, doubled blanks and wrapped lines shift nothing. */
static void offsets_survive_blanks_and_line_ends(void **state)
{
	char text[4096] = "關(guān)於  安全\r\n";
	for (int i = 0; i < 12; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text), "%s",
			 "要加強隱患排查，落實責任，完善制度，提升能力水平和應急處置\r\n保障，確保安全。\r\n");
	struct extraction e = read_text(state, text);
	assert_true(e.directives.n >= 12);
	for (size_t i = 0; i < e.directives.n; i++) {
		const struct directive *d = &e.directives.v[i];
		size_t from = utf8_offset(str_of(text), d->start), to = utf8_offset(str_of(text), d->end);
		assert_true(str_eq(str_sub(str_of(text), from, to), d->text));
	}
}

static void every_sector_of_the_catalog_can_be_read(void **state)
{
	struct fixture *x = *state;
	assert_true(lexicon_sector_count(x->lx) >= 23);
	for (size_t i = 0; i < lexicon_sector_count(x->lx); i++)
		assert_true(lexicon_sector(x->lx, i)->bit >= 0 && lexicon_sector(x->lx, i)->bit <= 62);
	struct extraction e = read_text(state, "要加强尾矿库在线监测。");
	assert_true(str_eq(e.directives.v[0].sectors.v[0].sector->id, S("tailings")));
	e = read_text(state, "要嚴格控制施工噪聲。");
	assert_true(str_eq(e.directives.v[0].sectors.v[0].sector->id, S("noise")));
	e = read_text(state, "要做好数字化工作。");
	assert_int_equal(e.directives.v[0].sectors.n, 0);
}

static void metadata_is_proposed(void **state)
{
	struct extraction e = read_text(state, "国务院办公厅关于进一步加强\n煤矿安全生产工作的通知\n国办发〔2026〕7号\n"
					       "各省人民政府：\n要加强监管。\n国务院办公厅\n2026年2月3日\n");
	assert_true(str_eq(e.title.text, S("国务院办公厅关于进一步加强煤矿安全生产工作的通知")));
	assert_true(str_eq(e.issuer.text, S("国务院办公厅")));
	assert_true(str_eq(e.number.text, S("国办发〔2026〕7号")));
	assert_true(e.has_date && str_eq(e.date.text, S("2026-02-03")));
	e = read_text(state, "江城市水务局\n会议纪要\n2026年5月9日\n会议要求，要落实责任。");
	assert_true(str_eq(e.title.text, S("会议纪要")));
	assert_true(str_eq(e.issuer.text, S("江城市水务局")));
	e = read_text(state, "Mines to map old workings\n2026-03-24 | Longshan Emergency Department | Views: 5\nMines must map them.");
	assert_true(str_eq(e.issuer.text, S("Longshan Emergency Department")));
	e = read_text(state, "形势分析会\n10月14日，市里召开会议。\n下次会议定于2027年1月召开。");
	assert_false(e.has_date);
}

static void json_is_one_line_and_escaped(void **state)
{
	struct fixture *x = *state;
	struct extraction e = read_text(state, "要落实\"三个\\必须\"\t制度，\x01确保\xff安全。");
	struct buf b = BUF(x->a);
	struct extraction_json json = { .x = &e, .file = S("a\nb.txt") };
	while (extraction_json_next(&b, &json))
		;
	str s = buf_str(&b);
	assert_true(str_starts(s, S("{\"file\":\"a\\nb.txt\",\"title\":")));
	assert_int_equal(str_find_char(s, '\n'), -1);
	assert_int_equal(str_find_char(s, '\x01'), -1);
	assert_true(str_find(s, S("\\u0001")) > 0);
	assert_true(utf8_valid(s));
}

static void odd_texts_do_no_harm(void **state)
{
	static const char *const odd[] = { "", "\n\n\n", "（", "（（（（（（（（（（（（（（（（（（（（）", "。。。；；；", "要", "要。", "\xff\xfe",
					   "（牵头单位：", "）（责任单位：）", "《《《要》", "1.1.1.", "每", "到2027年", "by", "within 9999999999999999 days",
					   "第99999999999999999999条 要做。", "要在99999999999个工作日内完成。" };
	for (size_t i = 0; i < COUNT_OF(odd); i++)
		(void)read_text(state, odd[i]);
	struct fixture *x = *state;
	struct extraction e; /* 本月 in a document without a date */
	assert_int_equal(extract(x->a, x->lx, S("要在本月底前完成，下月10日前报告，年底前验收，三日内办结。"), INT64_MIN, &e), ERR_OK);
	assert_true(e.directives.n == 1 && e.directives.v[0].has_deadline && !e.directives.v[0].deadline.has_due);
}

static void a_bad_catalog_names_its_line(void **state)
{
	struct fixture *x = *state;
	struct catalog_table t[] = { { S("extract/1/fold.tsv"), S("from\tto\nab\tc\n") } };
	struct lexicon *lx = NULL;
	struct fail f = { 0 };
	assert_int_equal(lexicon_load(x->a, &(struct catalog_source){ t, 1 }, &lx, &f), ERR_BAD_FORMAT);
	assert_string_equal(f.args[1].text, "2");
	assert_int_equal(lexicon_load(x->a, &(struct catalog_source){ t, 0 }, &lx, &f), ERR_NOT_FOUND);
	assert_null(lx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notes_give_lead_and_others),
		cmocka_unit_test(notes_leave_collectives_out),
		cmocka_unit_test(notes_know_other_brackets),
		cmocka_unit_test(notes_carry_the_first_lead_on),
		cmocka_unit_test(notes_go_over_line_ends_and_scripts),
		cmocka_unit_test(deadlines_in_chinese),
		cmocka_unit_test(deadlines_in_english),
		cmocka_unit_test(targets_are_measurable),
		cmocka_unit_test(directives_are_orders_only),
		cmocka_unit_test(what_went_wrong_is_no_order),
		cmocka_unit_test(orders_come_in_many_shapes),
		cmocka_unit_test(a_sentence_may_give_several_tasks),
		cmocka_unit_test(inline_units_are_named),
		cmocka_unit_test(offsets_count_code_points_of_the_raw_text),
		cmocka_unit_test(offsets_survive_blanks_and_line_ends),
		cmocka_unit_test(every_sector_of_the_catalog_can_be_read),
		cmocka_unit_test(metadata_is_proposed),
		cmocka_unit_test(json_is_one_line_and_escaped),
		cmocka_unit_test(odd_texts_do_no_harm),
		cmocka_unit_test(a_bad_catalog_names_its_line),
	};
	return cmocka_run_group_tests(tests, load, unload);
}
