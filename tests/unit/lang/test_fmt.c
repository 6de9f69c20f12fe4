/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_fmt.c - the canonical layout, and the JSON dump
 *
 * Goal:   formatting twice is formatting once; it changes no tree and loses no comment;
 *         the dump is JSON that says what the tree says.
 * Method: a worked example by hand; properties on every *.uring file under scenarios/ and
 *         on the fuzz corpus (run from the root of the tree, as `make check` does).
 */
#include <json-glib/json-glib.h>
#include <string.h>

#include "scenarios/lang/scenario.h"
#include "tests/support/t_main.h"

static char *fmt(const char *text)
{
	g_autoptr(ScnSource) src = scn_source_new("t", text, strlen(text));

	return scn_fmt(src);
}

/* The dump without places and without the path: equal for equal trees. */
static void strip(JsonNode *node)
{
	if (JSON_NODE_HOLDS_OBJECT(node)) {
		JsonObject *object = json_node_get_object(node);
		g_autoptr(GList) values = NULL;

		json_object_remove_member(object, "loc");
		json_object_remove_member(object, "path");
		values = json_object_get_values(object);
		for (GList *at = values; at; at = at->next)
			strip(at->data);
	} else if (JSON_NODE_HOLDS_ARRAY(node)) {
		g_autoptr(GList) values =
			json_array_get_elements(json_node_get_array(node));

		for (GList *at = values; at; at = at->next)
			strip(at->data);
	}
}

static char *tree_of(const char *text)
{
	g_autoptr(ScnSource) src = scn_source_new("t", text, strlen(text));
	g_autofree char *json = scn_dump_json(src);
	g_autoptr(JsonNode) root = NULL;
	g_autoptr(GError) error = NULL;

	ck_assert_ptr_nonnull(json);
	root = json_from_string(json, &error);
	ck_assert_ptr_nonnull(root);
	strip(root);
	return json_to_string(root, TRUE);
}

static gsize comment_marks(const char *text)
{
	gsize n = 0;

	for (; *text; text++)
		n += *text == '#' || (text[0] == '/' && text[1] == '*');
	return n;
}

/* @text can be parsed: everything that must hold for its formatted form does. */
static void check_text(const char *name, const char *text)
{
	g_autofree char *once = fmt(text), *twice = NULL, *before = NULL, *after = NULL;

	if (!once)
		return;
	twice = fmt(once);
	ck_assert_msg(g_strcmp0(once, twice) == 0, "%s: once:\n%s\ntwice:\n%s", name,
		      once, twice);
	ck_assert_msg(comment_marks(text) == comment_marks(once), "%s: comments", name);
	/* UAPI spellings become short ones: a change of the tree, but only the first
	 * time. */
	before = tree_of(strstr(text, "IO") ? once : text);
	after = tree_of(twice);
	ck_assert_msg(strcmp(before, after) == 0, "%s: the tree changed", name);
}

static guint check_dir(const char *path)
{
	GDir *dir = g_dir_open(path, 0, NULL);
	const char *name;
	guint n = 0;

	if (!dir)
		return 0;
	while ((name = g_dir_read_name(dir))) {
		g_autofree char *file = g_build_filename(path, name, NULL);
		g_autoptr(ScnSource) src = NULL;

		if (g_file_test(file, G_FILE_TEST_IS_DIR)) {
			n += check_dir(file);
			continue;
		}
		if (!g_str_has_suffix(name, ".uring") && !strstr(path, "corpus"))
			continue;
		src = scn_source_read(file, NULL);
		if (!src)
			continue;
		check_text(file, src->text);
		n++;
	}
	g_dir_close(dir);
	return n;
}

static const struct {
	const char *text, *want;
} layouts[] = {
	{"uring   \"x\"", "uring \"x\"\n"},
	{"\n\n# a\n\n\nuring \"x\" # b\n\n", "# a\n\nuring \"x\"  # b\n"},
	{"rules A-1   A-2;profile p", "rules    A-1 A-2\nprofile  p\n"},
	{"param n=4\nsweep s in 0,n|IOSQE_ASYNC",
	 "param  n = 4\nsweep  s in 0, n|ASYNC\n"},
	{"ring r flags = 3", NULL},
	{"ring r entries=( 4+n ) flags=IORING_SETUP_SQPOLL|IORING_SETUP_CQSIZE",
	 "ring  r entries=(4+n) flags=SQPOLL|CQSIZE\n"},
	{"ring r entries=0   =  - EINVAL", "ring  r entries=0  = -EINVAL\n"},
	{"buf b[3] size=4K", "buf   b[3] size=4K\n"},
	{"forall a<b->!posted( c )||x.res==-5 at end",
	 "forall  a < b -> !posted(c) || x.res == -5 at end\n"},
	{"exists cq(r)==[a {b c:-EIO}\n d]", "exists  cq(r) == [a {b c:-EIO} d]\n"},
	{"never all i in 0 .. n - 1:k[i]<a", "never   all i in 0..n-1 : k[i] < a\n"},
	{"task P { nop ; x: read f b =1|short }",
	 "task P {\n       nop\n    x: read f b  = 1 | short\n}\n"},
	{"task P {\n\n\na: nop\n\n\nb: nop\n\n}",
	 "task P {\n    a: nop\n\n    b: nop\n}\n"},
	{"task P { # open\n repeat i in 0..1 { nop } # one\n} # close",
	 "task P {  # open\n    repeat i in 0..1 { nop }  # one\n}  # close\n"},
	{"task P { repeat i in 0..1 {\n nop } }",
	 "task P {\n    repeat i in 0..1 {\n        nop\n    }\n}\n"},
	{"buf /* size */ b size=4 # end", "/* size */\nbuf   b size=4  # end\n"},
	{"task P {\nlead: read src b len=4 flags=GROUP = 4\nm: write dst[0] b len=4 "
	 "off=0 "
	 "flags=GROUP|IO_LINK = ... # c\nx: nop inject=-5\nenter r wait=1 = 1\n}",
	 "task P {\n"
	 "    lead: read  src    b len=4       flags=GROUP          = 4\n"
	 "    m:    write dst[0] b len=4 off=0 flags=GROUP|IO_LINK  = ...  # c\n"
	 "    x:    nop   inject=-5\n"
	 "    enter r wait=1                                        = 1\n"
	 "}\n"},
};

START_TEST(layout_row)
{
	g_autofree char *got = fmt(layouts[_i].text);

	ck_assert_msg(g_strcmp0(got, layouts[_i].want) == 0, "%s\ngot:\n%s\nwant:\n%s",
		      layouts[_i].text, got, layouts[_i].want);
	check_text(layouts[_i].text, layouts[_i].text);
}
END_TEST

START_TEST(files)
{
	/* The corpus is there; scenarios may come and go. */
	ck_assert_uint_gt(check_dir("tests/fuzz/corpus/lang"), 30);
	check_dir("scenarios");
}
END_TEST

START_TEST(json)
{
	static const char text[] = "uring \"x\"\ntask P { m[0]: nop flags=1 = -EIO }\n";
	g_autoptr(ScnSource) src = scn_source_new("a.uring", text, strlen(text));
	g_autofree char *dump = scn_dump_json(src);
	g_autoptr(JsonNode) root = json_from_string(dump, NULL);
	JsonObject *file = json_node_get_object(root), *task, *stmt;
	JsonArray *loc;

	ck_assert_int_eq(json_object_get_int_member(file, "version"), 1);
	ck_assert_str_eq(json_object_get_string_member(file, "path"), "a.uring");
	task = json_array_get_object_element(json_object_get_array_member(file, "lines"),
					     1);
	ck_assert_str_eq(json_object_get_string_member(task, "word"), "task");
	stmt = json_array_get_object_element(json_object_get_array_member(task, "body"),
					     0);
	ck_assert_str_eq(json_object_get_string_member(stmt, "word"), "nop");
	loc = json_object_get_array_member(stmt, "loc");
	ck_assert_int_eq(json_array_get_int_element(loc, 0), 2);
	ck_assert_int_eq(json_array_get_int_element(loc, 1), 10);
	ck_assert_int_eq(json_array_get_int_element(loc, 2), 34);
	ck_assert_str_eq(json_object_get_string_member(
				 json_object_get_object_member(stmt, "result"), "kind"),
			 "unary");
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("lang_fmt");
	TCase *tc = tcase_create("fmt");

	tcase_set_timeout(tc, 60);
	tcase_add_loop_test(tc, layout_row, 0, T_LEN(layouts));
	tcase_add_test(tc, files);
	tcase_add_test(tc, json);
	suite_add_tcase(suite, tc);
	return suite;
}
