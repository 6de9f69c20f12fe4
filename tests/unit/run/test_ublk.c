/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_ublk.c - devices, tables and several tasks: every outcome, written out by hand
 *
 * Goal:   the set of outcomes is exactly the expected one, and another one without each
 *         of the rules that a row names.
 * Method: as test_litmus.c, in the language of scenarios, for what a line of SQEs cannot
 *         say: a second task, a device of several tags, a result of a system call.
 */
#include <stdlib.h>

#include "model/events/events.h"
#include "scenarios/run/judge.h"
#include "tests/support/t_main.h"
#include "tests/unit/run/t_scn.h"

#define RING   "ring r entries=8\n"
#define UC     RING "ublk d depth=1 flags=USER_COPY\n"
#define ZC     RING "ublk d depth=1 flags=SUPPORT_ZERO_COPY|USER_COPY\n"
#define FETCH  "f: uring_cmd d cmd=FETCH_REQ tag=0\nenter r wait=1\n"
#define COMMIT "c: uring_cmd d cmd=COMMIT_AND_FETCH_REQ tag=0 result=4K\nenter r\n"
#define TWO    RING "ring s entries=4\nbuf a size=4K\nbuf b size=4K\n"
#define READS  "task C { bread d len=4K\n }\n"

static const struct {
	const char *name, *profile, *text, *expected, *rules;
} rows[] = {
	/* clang-format off */
	{"user copy in the wrong direction", "linux-7",
	 UC "buf b size=4K\ntask S {\n" FETCH "x: read d b tag=0\nenter r wait=2\n" COMMIT "}\n" READS,
	 "f:0 x:-EACCES | 1 1 1 4K", "U-36"},
	{"a copying device needs a buffer", "linux-7",
	 RING "ublk d depth=1\ntask S {\nx: uring_cmd d cmd=FETCH_REQ tag=0\nenter r\n}\n",
	 "x:-EINVAL | 1", "U-16"},
	{"a COMMIT has none where nothing is copied", "linux-7",
	 UC "buf b size=4K\ntask S {\n" FETCH "x: uring_cmd d b cmd=COMMIT_AND_FETCH_REQ tag=0 result=4K\nenter r\n"
	 COMMIT "}\n" READS, "f:0 x:-EINVAL | 1 1 1 4K", "U-17"},
	{"a tag is that of its task", "linux-6.12",
	 UC "ring q entries=4\ntask S {\n" FETCH "barrier go\n}\ntask T {\nbarrier go\n"
	 "x: uring_cmd d cmd=COMMIT_AND_FETCH_REQ tag=0 result=4K ring=q\nenter q\n}\n" READS,
	 "f:0 x:-EINVAL | 1 1 hang", "U-15"},
	{"zero copy needs its flag", "linux-7",
	 UC "task S {\nregister_buffers r nr=1\n" FETCH "x: uring_cmd d cmd=REGISTER_IO_BUF tag=0 index=0\nenter r\n"
	 COMMIT "}\n" READS, "f:0 x:-EINVAL | 0 1 1 1 4K", "U-45"},
	{"an automatic buffer collides", "linux-7",
	 RING "ublk d depth=1 flags=AUTO_BUF_REG\ntask S {\n" FETCH "}\n" READS,
	 "! a block request failed and its server was not told", "U-51"},
	{"a COMMIT empties its slot, whosever it is", "linux-7",
	 RING "ublk d depth=2 flags=AUTO_BUF_REG|SUPPORT_ZERO_COPY\ntask S {\nregister_buffers r nr=2\n"
	 "uring_cmd d cmd=FETCH_REQ tag=0 index=0\nuring_cmd d cmd=FETCH_REQ tag=1 index=1\nenter r wait=2\n"
	 "u: uring_cmd d cmd=UNREGISTER_IO_BUF index=0\ng: uring_cmd d cmd=REGISTER_IO_BUF tag=1 index=0\n" COMMIT "}\n"
	 "task A { bread d len=4K\n }\ntask B { bread d len=4K\n }\n",
	 "! a COMMIT unregisters a buffer that is not its own", "U-49"},
	{"a lease has an end", "sqe-group",
	 ZC "pipe p fill=1\ntask S {\n" FETCH "l: uring_cmd d cmd=PROVIDE_IO_BUF tag=0 flags=GROUP\n"
	 "m: read p 4K len=1 flags=IO_DRAIN\n" COMMIT "}\n" READS, "f:0 m:-EFAULT l:0 | 1 3 4K", "H-7/range"},
	{"a short member zeroes its rest, byte by byte", "sqe-group",
	 ZC "pipe p fill=10\ntask S {\n" FETCH "l: uring_cmd d cmd=PROVIDE_IO_BUF tag=0 flags=GROUP\n"
	 "m: read p 16 len=100 flags=IO_DRAIN\n" COMMIT "}\n"
	 "task C { bread d len=4K\nbytes p\nbytes p off=20 len=2\nzeroes\nstale\n }\n",
	 "f:0 m:10 l:0 | 1 3 4K 10 2 90 3996", "H-11"},
	{"a member that fails zeroes all of its range", "sqe-group",
	 ZC "socket s\ntask S {\n" FETCH "l: uring_cmd d cmd=PROVIDE_IO_BUF tag=0 flags=GROUP\n"
	 "m: recv s 16 len=100 mode=MSG_DONTWAIT flags=IO_DRAIN\n" COMMIT "}\n"
	 "task C { bread d len=4K\nzeroes off=16\nzeroes\nstale\n }\n",
	 "f:0 m:-EAGAIN l:0 | 1 3 4K 100 100 3996", "H-11/fail"},
	{"bytes through a buffer", "linux-7",
	 UC "file g size=1K\nbuf b size=4K\ntask S {\n" FETCH "a: read g b\nenter r wait=2\n"
	 "x: write d b tag=0 off=512 len=2K\nenter r wait=3\n" COMMIT "}\n"
	 "task C { bread d len=4K\nbytes g\nbytes b\nbytes b off=1536 len=512\nzeroes\nstale\n }\n",
	 "f:0 a:1K x:2K | 1 1 1 1 4K 1K 1K 512 0 2K", ""},
	{"a recv without a lease", "sqe-group-v8",
	 RING "socket s fill=1\nbuf x size=1\ntask S {\nl: nop flags=GROUP\nm: recv s x flags=IO_DRAIN\nenter r\n}\n",
	 "! a refused lease zeroed memory of user space", "H-12"},
	{"a table of no slots", "linux-7", RING "task S {\nregister_files r nr=0\n}\n", "no CQE | -EINVAL", "R1-30/none"},
	{"an update without a table", "linux-7", RING "file f\ntask S {\nupdate_files r slots=[f]\n}\n",
	 "no CQE | -ENXIO", "R1-31"},
	{"no slots while a table is unregistered", "linux-6.12",
	 RING "pipe p\nbuf b size=1\ntask S {\nregister_files r slots=[p]\nrd: read 0 b flags=FIXED_FILE\nenter r\n"
	 "unregister_files r\n}\ntask T {\nsleep 1ms\nx: update_files r slots=[p]\nfeed p 1\n}\n",
	 "rd:1 | 0 1 0 -EINVAL 1", "R1-27"},
	{"a table is in the way of a clone", "linux-7",
	 TWO "task S {\nregister_buffers r slots=[a]\nclone_buffers s r\nclone_buffers s r\n}\n",
	 "no CQE | 0 0 -EBUSY", "R1-35/busy"},
	{"a table is in the way of a clone, on 6.12", "linux-6.12",
	 TWO "task S {\nregister_buffers r slots=[a]\nclone_buffers s r\nclone_buffers s r\n}\n",
	 "no CQE | 0 0 -EBUSY", "R1-35/busy"},
	{"a clone of nothing", "linux-6.12", TWO "task S {\nclone_buffers s r\n}\n", "no CQE | -ENXIO", "R1-35/none"},
	{"a clone of nothing, on 7.x", "linux-7", TWO "task S {\nclone_buffers s r\n}\n", "no CQE | -ENXIO", "R1-35/none"},
	{"a clone of a part, on 6.12", "linux-6.12",
	 TWO "task S {\nregister_buffers r slots=[a b]\nclone_buffers s r nr=1\n}\n", "no CQE | 0 -EINVAL", "R1-35"},
	{"a clone beyond its source", "linux-7",
	 TWO "task S {\nregister_buffers r slots=[a b]\nclone_buffers s r nr=2 at=1\n}\n", "no CQE | 0 -EOVERFLOW",
	 "R2-20/range"},
	{"a clone of too many", "linux-7", TWO "task S {\nregister_buffers r slots=[a b]\nclone_buffers s r nr=3\n}\n",
	 "no CQE | 0 -EINVAL", "R2-20/number"},
	{"a clone to somewhere", "linux-7", TWO "task S {\nregister_buffers r slots=[a b]\nclone_buffers s r off=1\n}\n",
	 "no CQE | 0 -EINVAL", "R2-20/number"},
	{"a clone of what is another task's", "linux-7",
	 "ring r entries=4 flags=SINGLE_ISSUER\nring s entries=4\nbuf a size=4K\n"
	 "task S {\nregister_buffers r slots=[a]\nbarrier go\n}\ntask T {\nbarrier go\nclone_buffers s r\n}\n",
	 "no CQE | 0 -EEXIST", "R2-20/owner"},
	{"a table of another task's ring", "linux-6.12",
	 "ring r entries=4 flags=SINGLE_ISSUER\nbuf a size=4K\ntask S {\npeek r\nbarrier go\n}\n"
	 "task T {\nbarrier go\nregister_buffers r slots=[a]\n}\n", "no CQE | 0 -EEXIST", "A-9/calls"},
	{"a clone over a slot", "linux-7",
	 TWO "task S {\nregister_buffers r slots=[a]\nregister_buffers s slots=[b:tb]\n"
	 "clone_buffers s r flags=DST_REPLACE\n}\n", "tb:0 | 0 0 0", "R2-20/replace"},
	{"pages that two tables have", "linux-7",
	 ZC "ring s entries=4\ntask S {\nregister_buffers r nr=1\n" FETCH
	 "g: uring_cmd d cmd=REGISTER_IO_BUF tag=0 index=0\nenter r\nclone_buffers s r\n"
	 "u: uring_cmd d cmd=UNREGISTER_IO_BUF tag=0 index=0\n" COMMIT "}\n" READS,
	 "f:0 g:0 u:0 | 0 1 1 0 2 hang", "R1-35/pages"},
	{"a table of too many files", "linux-6.12", RING "task S {\nregister_files r nr=1025\n}\n", "no CQE | -EMFILE",
	 "R1-30/many"},
	{"a table of too many buffers", "linux-7", RING "task S {\nregister_buffers r nr=16385\n}\n", "no CQE | -EINVAL",
	 "R1-30/many"},
	{"an update at the end of all numbers", "linux-7",
	 RING "file f\ntask S {\nregister_files r nr=1\nupdate_files r slots=[f] off=4294967295\n}\n",
	 "no CQE | 0 -EOVERFLOW", "R1-31/wrap"},
	{"a copy beyond the end, on 6.12", "linux-6.12",
	 UC "buf b size=4K\ntask S {\n" FETCH "y: write d b off=2K tag=0\nenter r wait=2\n" COMMIT "}\n" READS,
	 "f:0 y:4K | 1 1 1 4K", "U-35/batch"},
	{"a dead server had every tag", "linux-6.12",
	 UC "task S {\n" FETCH "barrier go\n}\ntask K {\nbarrier go\nkill S\n}\n" READS, "f:0 | 1 hang", "U-56/idle"},
	{"a dead server's disk", "linux-7",
	 UC "task S {\nf: uring_cmd d cmd=FETCH_REQ tag=0\nenter r\nbarrier go\n}\n"
	 "task K {\nbarrier go\nkill S\n}\n" READS,
	 "f:0 | 1 -EIO / no CQE | 1 -EIO / no CQE | 1 -ENXIO / no CQE | 1 0", "U-56/gone"},
	{"SET_PARAMS of a disk", "linux-7",
	 UC "task S {\nuring_cmd d cmd=FETCH_REQ tag=0\nenter r\ncontrol d cmd=SET_PARAMS\n}\n",
	 "no CQE | 1 -EACCES", "U-3"},
	{"START_DEV twice", "linux-6.12",
	 UC "task S {\nuring_cmd d cmd=FETCH_REQ tag=0\nenter r\ncontrol d cmd=START_DEV\n"
	 "control d cmd=START_DEV\n}\n", "no CQE | 1 0 -EEXIST", "U-4"},
	{"START_DEV before its parameters", "linux-7",
	 UC "task S {\nuring_cmd d cmd=FETCH_REQ tag=0\nenter r\ncontrol d cmd=START_DEV\n"
	 "control d cmd=SET_PARAMS\ncontrol d cmd=START_DEV\n}\n", "no CQE | 1 -EINVAL 0 0", "U-4/params"},
	{"a device starts whose server is dead", "linux-6.12",
	 UC "task S {\nuring_cmd d cmd=FETCH_REQ tag=0\nenter r\nbarrier a\n}\ntask K {\nbarrier a\nkill S\n"
	 "sleep 1ms\ncontrol d cmd=START_DEV\nbread d len=4K\n}\n", "! ", "U-4/stale"},
	{"a stopped device", "linux-7",
	 UC "task S {\nf: uring_cmd d cmd=FETCH_REQ tag=0\nenter r\ncontrol d cmd=STOP_DEV\n"
	 "x: uring_cmd d cmd=FETCH_REQ tag=0\nenter r\ncontrol d cmd=GET_DEV_INFO\n}\n",
	 "f:-ENODEV x:-ENODEV | 1 0 1 0", "U-5/stopping"},
	{"TRY_STOP_DEV of a disk in use", "linux-7",
	 UC "task S {\n" FETCH "control d cmd=TRY_STOP_DEV\n" COMMIT "}\n" READS,
	 "f:0 | 1 -EBUSY 1 4K", "U-6"},
	{"a char device is open once", "linux-6.12", UC "task S {\npeek r\nopen_char d\n}\n", "no CQE | 0 -EBUSY", "U-12"},
	{"a description before its delivery", "linux-6.12",
	 "ring r entries=8 flags=SINGLE_ISSUER|DEFER_TASKRUN\nublk d depth=1 flags=USER_COPY\ntask S {\n"
	 "f: uring_cmd d cmd=FETCH_REQ tag=0\nenter r\nsleep 1ms\niod d tag=0\nenter r submit=0 wait=1\niod d tag=0\n"
	 COMMIT "}\n" READS, "f:0 | 1 4K 0 4K 1 4K", "U-23/early"},
	{"a description with its delivery", "linux-7",
	 "ring r entries=8 flags=SINGLE_ISSUER|DEFER_TASKRUN\nublk d depth=1 flags=USER_COPY\ntask S {\n"
	 "f: uring_cmd d cmd=FETCH_REQ tag=0\nenter r\nsleep 1ms\niod d tag=0\nenter r submit=0 wait=1\niod d tag=0\n"
	 COMMIT "}\n" READS, "f:0 | 1 0 0 4K 1 4K", ""},
	{"a client before the enter of its COMMIT returns", "linux-7",
	 UC "task S {\n" FETCH "c: uring_cmd d cmd=COMMIT_AND_FETCH_REQ tag=0 result=4K\nenter r wait=2\n}\n"
	 "task C { bread d len=4K\nbflush d\n }\n", "f:0 c:0 | 1 1 4K hang", ""},
	{"an idle tag has no references", "linux-7",
	 ZC "ring q entries=4\ntask S {\nuring_cmd d cmd=FETCH_REQ tag=0\nenter r\nbarrier go\n}\n"
	 "task T {\nregister_buffers q nr=1\nbarrier go\nx: uring_cmd d cmd=REGISTER_IO_BUF tag=0 index=0 ring=q\n"
	 "enter q\n}\n", "x:-EINVAL | 1 0 1", ""},
	{"user copy without privileges", "linux-6.12",
	 RING "ublk d depth=1 flags=UNPRIVILEGED_DEV|USER_COPY\ntask S {\ncontrol d cmd=ADD_DEV\n}\n",
	 "no CQE | -EINVAL", "U-63"},
	{"recovery without privileges", "linux-7",
	 RING "ublk d depth=1 flags=UNPRIVILEGED_DEV|USER_RECOVERY\nbuf b size=4K\ntask S {\n"
	 "uring_cmd d b cmd=FETCH_REQ tag=0\nenter r\ncontrol d cmd=START_DEV\ncontrol d cmd=START_USER_RECOVERY\n}\n",
	 "no CQE | 1 0 -EINVAL", "U-63/recovery"},
	{"a command that is not for everybody", "linux-7",
	 RING "ublk d depth=1 flags=UNPRIVILEGED_DEV\nbuf b size=4K\ntask S {\nuring_cmd d b cmd=FETCH_REQ tag=0\nenter r\n"
	 "control d cmd=START_DEV\ncontrol d cmd=DEL_DEV_ASYNC\n}\n", "no CQE | 1 0 -EINVAL", "U-63/listed"},
	{"a dead server had one of two tags", "linux-6.12",
	 RING "ublk d depth=2 flags=USER_COPY\ntask S {\nf: uring_cmd d cmd=FETCH_REQ tag=0\n"
	 "uring_cmd d cmd=FETCH_REQ tag=1\nenter r wait=1\nbarrier go\n}\ntask K {\nbarrier go\nkill S\n}\n" READS,
	 "f:0 | 2 -EIO", ""},
	{"a tag goes with its slot", "linux-6.12",
	 RING "file f\nfile g\ntask S {\nregister_files r slots=[f:t]\nupdate_files r slots=[g]\n"
	 "update_files r slots=[none]\n}\n", "t:0 | 0 1 1", ""},
	{"START_USER_RECOVERY of a device that lives", "linux-7",
	 RING "ublk d depth=1 flags=USER_COPY|USER_RECOVERY\ntask S {\nuring_cmd d cmd=FETCH_REQ tag=0\n"
	 "enter r\ncontrol d cmd=START_USER_RECOVERY\n}\n", "no CQE | 1 -EBUSY", "U-8"},
	{"a queue belongs to one task", "linux-6.12",
	 RING "ring q entries=4\nublk d depth=2 flags=USER_COPY\ntask S {\nf: uring_cmd d cmd=FETCH_REQ tag=0\n"
	 "enter r\nbarrier a\nenter r wait=1\n}\ntask T {\nbarrier a\nuring_cmd d cmd=FETCH_REQ tag=1 ring=q\n"
	 "enter q\n}\n" READS, "no CQE | 1 hang 1 -EIO", "U-15/last"},
	{"any word of the bitmap", "linux-7",
	 RING "ublk d depth=4 flags=USER_COPY\ntask S {\na: uring_cmd d cmd=FETCH_REQ tag=0\n"
	 "b: uring_cmd d cmd=FETCH_REQ tag=1\nc: uring_cmd d cmd=FETCH_REQ tag=2\n"
	 "d4: uring_cmd d cmd=FETCH_REQ tag=3\nenter r\n}\n" READS,
	 "a:0 | 4 hang / b:0 | 4 hang / c:0 | 4 hang / d4:0 | 4 hang", "U-21/tag"},
	{"tags take turns", "linux-7",
	 RING "ublk d depth=2 flags=USER_COPY\ntask S {\nf: uring_cmd d cmd=FETCH_REQ tag=0\n"
	 "g: uring_cmd d cmd=FETCH_REQ tag=1\nenter r wait=1\n" COMMIT "}\n"
	 "task C {\nbread d len=4K\nbread d len=4K\n}\n", "f:0 g:0 | 2 1 4K hang", "U-21/spent"},
	{"a plug is a stack", "linux-6.12",
	 RING "ublk d depth=3 flags=USER_COPY size=4K\ntask S {\na: uring_cmd d cmd=FETCH_REQ tag=0\n"
	 "b: uring_cmd d cmd=FETCH_REQ tag=1\ne: uring_cmd d cmd=FETCH_REQ tag=2\nenter r wait=3\n}\n"
	 "task C { bread d len=12K nr=3\n }\n", "e:0 b:0 a:0 | 3 hang", "U-21/plug"},
	{"a buffer on demand", "linux-6.12",
	 RING "ublk d depth=1 flags=NEED_GET_DATA\nbuf b size=4K\ntask S {\n" FETCH
	 "x: uring_cmd d b cmd=COMMIT_AND_FETCH_REQ tag=0 result=4K\ng: uring_cmd d b cmd=GET_DATA tag=0\n"
	 "enter r wait=3\ny: uring_cmd d b cmd=GET_DATA tag=0\n"
	 "c: uring_cmd d b cmd=COMMIT_AND_FETCH_REQ tag=0 result=4K\nenter r\n}\n"
	 "task C { bwrite d len=4K\n }\n", "f:1 x:-EINVAL g:0 y:-EINVAL | 1 2 2 4K", "U-29"},
	{"zeroes one by one", "linux-7",
	 UC "task S {\n" FETCH "c: uring_cmd d cmd=COMMIT_AND_FETCH_REQ tag=0 result=-EOPNOTSUPP\nenter r wait=2\n"
	 "e: uring_cmd d cmd=COMMIT_AND_FETCH_REQ tag=0 result=4K\nenter r\n}\ntask C { bzero d len=4K\n }\n",
	 "f:0 c:0 | 1 1 1 0", "U-26/zeroes"},
	{"no buffer for a FLUSH", "linux-7",
	 RING "ublk d depth=1 flags=AUTO_BUF_REG\ntask S {\n" FETCH COMMIT "}\ntask C { bflush d\n }\n",
	 "f:0 | 1 1 0", "U-52"},
	{"commands of one tag", "linux-7",
	 RING "ublk d depth=2 flags=USER_COPY|BATCH_IO\ntask S {\na: uring_cmd d cmd=FETCH_REQ tag=0\n"
	 "b: uring_cmd d cmd=PREP_IO_CMDS tag=0 nr=3\nc: uring_cmd d cmd=PREP_IO_CMDS tag=0 nr=2\n"
	 "e: uring_cmd d cmd=PREP_IO_CMDS tag=1\nenter r\n}\n",
	 "a:-EOPNOTSUPP b:-E2BIG c:0 e:-EBUSY | 4", "U-70"},
	{"a timeout finds a dead server", "linux-6.12",
	 RING "ublk d depth=1 flags=USER_COPY timeout=1s\ntask S {\n" FETCH "barrier a\n}\n"
	 "task K {\nbarrier a\nkill S\nsleep 5s\ncontrol d cmd=GET_DEV_INFO\n}\n" READS,
	 "f:0 | 1 0 -EIO", "U-62/dead"},
	{"the next server gets it once more", "linux-7",
	 RING "ring q entries=4\nublk d depth=1 flags=USER_COPY|USER_RECOVERY|USER_RECOVERY_REISSUE\n"
	 "task S {\n" FETCH "barrier a\n}\ntask K {\nbarrier a\nkill S\nsleep 1ms\n"
	 "control d cmd=START_USER_RECOVERY\ng: uring_cmd d cmd=FETCH_REQ tag=0 ring=q\nenter q\n"
	 "control d cmd=END_USER_RECOVERY\nenter q wait=1\n"
	 "c: uring_cmd d cmd=COMMIT_AND_FETCH_REQ tag=0 result=4K ring=q\nenter q\n}\n" READS,
	 "f:0 g:0 | 1 0 1 0 0 1 4K", "U-60/reissue"},
	/* clang-format on */
};

/* CQEs by label, a bar, and what system calls returned. */
static char *outcome_text(const ScnModel *m, const uint64_t *labels, uint32_t n)
{
	GString *cqes = g_string_new(NULL), *rets = g_string_new(NULL);

	for (uint32_t i = 0; i < n; i++) {
		const bool cqe = label_class(labels[i]) == LABEL_CQE;
		GString *out = cqe ? cqes : rets;

		g_string_append(out, out->len ? " " : "");
		if (cqe)
			g_string_append_printf(
				out, "%s:", m->names->reqs[label_obj(labels[i])].label);
		if (label_class(labels[i]) == LABEL_HANG)
			g_string_append(out, "hang");
		else
			trace_add_res(label_value(labels[i]), out);
	}
	g_string_append_printf(cqes, "%s | %s", cqes->len ? "" : "no CQE", rets->str);
	g_string_free(rets, TRUE);
	return g_string_free(cqes, FALSE);
}

static int by_text(gconstpointer a, gconstpointer b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* All outcomes, sorted; a broken invariant is the only one. */
static char *outcomes(unsigned row, RuleId off)
{
	const ScnBindOptions bind = {.profile = profile_find(rows[row].profile),
				     .mutated = &off,
				     .mutated_n = off != RULE_NONE ? 1 : 0};
	const ScnJudgeOptions judge = {.explore = {.threads = 1},
				       .outcomes = SCN_OUTCOMES_ALL};
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
	GString *all = g_string_new(NULL);
	TScn t = t_scn_open(rows[row].text, &bind);
	g_autofree char *error = t_scn_error(&t);
	ScnReport *r;

	ck_assert_msg(t.model != NULL, "%s: %s", rows[row].name, error);
	r = scn_judge(t.model, &judge);
	if (r->findings[0].verdict == SCN_VERDICT_NO)
		g_string_append_printf(all, "! %s", r->findings[0].why);
	for (uint64_t k = 0; !all->len; k++) {
		uint64_t *labels;
		uint32_t n;

		if (!sim_automaton_outcome(r->automaton, k, &labels, &n))
			break;
		g_ptr_array_add(texts, outcome_text(t.model, labels, n));
		free(labels);
	}
	g_ptr_array_sort(texts, by_text);
	for (guint i = 0; i < texts->len; i++)
		g_string_append_printf(all, "%s%s", i ? " / " : "",
				       (char *)texts->pdata[i]);
	scn_report_free(r);
	t_scn_close(&t);
	return g_string_free(all, FALSE);
}

START_TEST(row_holds)
{
	g_autofree char *got = outcomes((unsigned)_i, RULE_NONE);

	ck_assert_msg(g_str_has_prefix(got, rows[_i].expected) &&
			      (*got == '!' || g_str_equal(got, rows[_i].expected)),
		      "%s\n  got  %s\n  want %s", rows[_i].name, got, rows[_i].expected);
}
END_TEST

START_TEST(row_needs)
{
	g_auto(GStrv) rules = g_strsplit(rows[_i].rules, " ", -1);

	for (char **rule = rules; *rule && **rule; rule++) {
		g_autofree char *got = NULL;

		ck_assert(rule_find(*rule) != RULE_NONE);
		got = outcomes((unsigned)_i, rule_find(*rule));
		ck_assert_msg(!g_str_has_prefix(got, rows[_i].expected),
			      "%s: holds without %s", rows[_i].name, *rule);
	}
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("ublk");
	TCase *tc = tcase_create("rows");

	tcase_add_loop_test(tc, row_holds, 0, T_LEN(rows));
	tcase_add_loop_test(tc, row_needs, 0, T_LEN(rows));
	suite_add_tcase(suite, tc);
	return suite;
}
