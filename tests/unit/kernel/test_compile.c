/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * test_compile.c - a scenario as lines for the guest agent
 *
 * Goal:   every statement that the agent knows becomes the line that proto.h documents,
 *         defaults included; what it cannot run is a skip with line and reason.
 * Method: the expected lines are written by hand.
 */
#include "kernel/compare/compile.h"

#include <stdio.h>
#include <string.h>

#include "tests/support/t_main.h"

#define HEAD "uring \"t\"\nquestion \"?\"\nrules L-4\nprofile linux-6.12\n"

static const struct {
	const char *name;
	const char *body;
	const char *lines; /* between the line of the scenario and the dot */
	const char *skip;  /* part of the reason, or NULL */
} rows[] = {
	/* clang-format off */
	{"nop with an injected result",
	 "ring r entries=8\ntask P0 {\n\tnop inject=-EIO flags=IO_LINK\n\tenter r submit=1 wait=1\n}\n",
	 "r 8 0 0 1\nt\nq 1 1 1 0\n+ 0 0 4\n+ 6 0 1\n+ 5 0 -5\ne 2 1 1 1 1\n", NULL},
	{"read takes the length of its buffer",
	 "ring r entries=4\npipe p fill=3\nbuf b size=8\ntask P0 {\n\tread p b\n\tenter r submit=1\n}\n",
	 "r 4 0 0 1\np 0 3\nb 8\nt\nq 1 1 1 22\n+ 2 2 1\n+ 4 5 1\n+ 5 0 8\n+ 3 0 0\ne 2 1 1 0 0\n", NULL},
	{"len and off as given, files numbered apart from pipes",
	 "ring r entries=4\npipe p\nfile f size=4K\nbuf b size=8\ntask P0 {\n\twrite f b len=2 off=5\n"
	 "\tenter r submit=1\n}\n",
	 "r 4 0 0 1\np 0 0\nf 4096 0\nb 8\nt\nq 1 1 1 23\n+ 2 1 1\n+ 4 5 1\n+ 5 0 2\n+ 3 0 5\ne 2 1 1 0 0\n", NULL},
	{"a descriptor that is not open",
	 "ring r entries=4\nbuf b size=8\ntask P0 {\n\tread -1 b\n\tenter r submit=1\n}\n",
	 "r 4 0 0 1\nb 8\nt\nq 1 1 1 22\n+ 2 0 -1\n+ 4 5 1\n+ 5 0 8\n+ 3 0 0\ne 2 1 1 0 0\n", NULL},
	{"the first task that uses a ring sets it up",
	 "ring r entries=4\npipe p\ntask P0 {\n\tfeed p 1\n}\ntask P1 {\n\tnop\n\tenter r submit=1\n"
	 "\treap r\n\treap r 2\n\tpeek r\n}\n",
	 "r 4 0 0 2\np 0 0\nt\nw 1 1 1\nt\nq 1 1 1 0\ne 2 1 1 0 0\nk 3 1 -1\nk 4 1 2\nv 5 1\n",
	 NULL},
	{"buffers to select from",
	 "ring r entries=4\nsocket s\nbuf b size=4\nbuf g size=8 nr=3\ntask P0 {\n"
	 "\trecv s g mode=RECV_MULTISHOT flags=BUFFER_SELECT\n\tread s g flags=BUFFER_SELECT\n\tenter r submit=2\n}\n",
	 "r 4 0 0 1\nS 0 0 0\nb 4\nb 24\nJ 1 2 3 4 3 0\nt\nq 1 1 1 27\n+ 0 0 32\n+ 2 7 1\n+ 1 0 2\n+ 7 0 2\n+ 6 0 0\n"
	 "q 2 2 1 22\n+ 0 0 32\n+ 2 7 1\n+ 7 0 2\n+ 5 0 8\n+ 3 0 0\ne 3 1 2 0 0\n", NULL},
	{"bundles, and a vector",
	 "ring r entries=4\nsocket s\nbuf g size=8 nr=3 entries=8 fill=1 flags=INC\ntask P0 {\n"
	 "\tsend s g mode=RECVSEND_BUNDLE flags=BUFFER_SELECT\n\treadv s g len=20 flags=BUFFER_SELECT\n"
	 "\tgive g 1 nr=2\n\tpbuf_status r g\n}\n",
	 "r 4 0 0 1\nS 0 0 0\nb 24\nJ 1 1 3 8 1 2\nt\nq 1 1 1 26\n+ 0 0 32\n+ 2 7 1\n+ 1 0 16\n+ 7 0 1\n+ 6 0 0\n"
	 "q 2 2 1 1\n+ 0 0 32\n+ 2 7 1\n+ 7 0 1\n+ 5 0 20\n+ 4 9 1281\n+ 5 0 1\n+ 3 0 0\n@ 3 1 1 2\n% 4 1 1 2 4 0 0\n", NULL},
	{"buffers that are provided",
	 "ring r entries=4\nbuf g size=8 nr=3 entries=0\ntask P0 {\n\tprovide_buffers g 2 off=1\n"
	 "\tremove_buffers g 1\n\tregister_pbuf_ring r g nr=2 flags=MMAP at=8\n\tunregister_pbuf_ring r g\n}\n",
	 "r 4 0 0 1\nb 24\nJ 1 1 3 0 0 0\nt\nq 1 1 1 31\n+ 2 0 2\n+ 7 0 1\n+ 4 10 513\n+ 5 0 8\n+ 3 0 1\n"
	 "q 2 2 1 32\n+ 2 0 1\n+ 7 0 1\n% 3 1 1 0 2 1 8\n% 4 1 1 1 4 0 0\n", NULL},
	{"messages",
	 "ring r entries=4\nring q entries=4\ntask P0 {\n\tmsg_ring q result=-5 ring=r\n\tenter r submit=1\n\treap q\n}\n",
	 "r 4 0 0 1\nr 4 0 0 1\nt\nq 1 1 1 40\n+ 2 4 2\n+ 3 0 1\n+ 5 0 4294967291\ne 2 1 1 0 0\nk 3 2 -1\n", NULL},
	{"futexes and children",
	 "ring r entries=4\nfutex f fill=3\nfutex g\nchild c\ntask P0 {\n\tfutex_wait g 7\n"
	 "\tfutex_waitv 3 slots=[f g]\n\twaitid c\n\tenter r submit=3\n\tstore f 4\n\twake g 1\n\tend c\n}\n",
	 "r 4 0 0 1\nW 3\nW 0\nh\nt\nq 1 1 1 51\n+ 2 0 2\n+ 4 13 2\n+ 3 0 7\n+ 10 0 4294967295\n"
	 "q 2 2 1 53\n+ 4 14 3\n+ 5 0 2\nL 13 1 0\nL 13 2 0\nq 3 3 1 50\n+ 2 15 1\n+ 5 0 1\n+ 9 0 4\n"
	 "e 4 1 3 0 0\no 5 1 4\nO 6 2 1\nD 7 1\n", NULL},
	{"cancels that are calls, and restrictions",
	 "ring r entries=4 flags=R_DISABLED\npipe p\ntask P0 {\n"
	 "\trestrict r op=[nop read] flags=ASYNC mode=CALL_ENABLE|NEEDS_IO_LINK\n"
	 "\tenable r\n\ta: nop\n\tenter r submit=1\n\tsync_cancel r a timeout=1us\n"
	 "\tsync_cancel r p mode=CANCEL_FD|CANCEL_ALL\n}\n",
	 "r 4 0 64 1\np 0 0\nt\nZ 1 1 16 4\nL 0 12 0\nL 0 0 1\nL 0 22 1\nN 2 1\nq 3 1 1 0\ne 4 1 1 0 0\n"
	 "y 5 1 0 -1 1 0 0 1000\ny 6 1 2 1 0 3 0 -1\n", NULL},
	/* results of files */
	{"declared results need a window as large as the largest transfer of the file",
	 "ring r entries=4\nfile f\nbuf b size=512\ntask P0 {\n\twrite f b = -EIO | short\n"
	 "\tread f b len=600 = ...\n\tenter r submit=1\n}\n",
	 "r 4 0 0 1\nf 0 600\nb 512\nt\nq 1 1 1 23\n+ 2 1 1\n+ 4 5 1\n+ 5 0 512\n+ 3 0 0\na -5\na 256\n"
	 "q 2 2 1 22\n+ 2 1 1\n+ 4 5 1\n+ 5 0 600\n+ 3 0 0\na 600\ne 3 1 1 0 0\n", NULL},
	{"what a plain file does needs none",
	 "ring r entries=4\nfile f size=100\nbuf b size=64\ntask P0 {\n\tread f b off=80 = 20\n"
	 "\tread f b off=200 = 0\n\twrite f b = 64\n\tenter r submit=1\n}\n",
	 "r 4 0 0 1\nf 100 0\nb 64\nt\nq 1 1 1 22\n+ 2 1 1\n+ 4 5 1\n+ 5 0 64\n+ 3 0 80\n"
	 "q 2 2 1 22\n+ 2 1 1\n+ 4 5 1\n+ 5 0 64\n+ 3 0 200\n"
	 "q 3 3 1 23\n+ 2 1 1\n+ 4 5 1\n+ 5 0 64\n+ 3 0 0\ne 4 1 1 0 0\n", NULL},
	{"a file without a size has every byte",
	 "ring r entries=4\nfile f\nbuf b size=64\ntask P0 {\n\tread f b\n\tenter r submit=1\n}\n",
	 "r 4 0 0 1\nf 0 64\nb 64\nt\nq 1 1 1 22\n+ 2 1 1\n+ 4 5 1\n+ 5 0 64\n+ 3 0 0\na 64\ne 2 1 1 0 0\n", NULL},
	{"an errno that no file of ours has is left out",
	 "ring r entries=4\nfile f\nbuf b size=64\ntask P0 {\n\twrite f b = 64 | -ENOMEM\n\tenter r submit=1\n}\n",
	 "r 4 0 0 1\nf 0 64\nb 64\nt\nq 1 1 1 23\n+ 2 1 1\n+ 4 5 1\n+ 5 0 64\n+ 3 0 0\na 64\ne 2 1 1 0 0\n", NULL},
	{"if it is the only result the scenario cannot run",
	 "ring r entries=4\nfile f\nbuf b size=64\ntask P0 {\n\tm: write f b = -ENOMEM\n\tenter r submit=1\n}\n",
	 NULL, "no file that answers what m declares"},
	/* the other opcodes */
	{"timers",
	 "ring r entries=4\ntask P0 {\n\tnop flags=IO_LINK\n\tlink_timeout 1ms\n\ttimeout 2s\n\tenter r submit=1\n}\n",
	 "r 4 0 0 1\nt\nq 1 1 1 0\n+ 0 0 4\nq 2 2 1 15\n+ 4 6 1000000\n+ 5 0 1\n"
	 "q 3 3 1 11\n+ 4 6 2000000000\n+ 5 0 1\ne 4 1 1 0 0\n", NULL},
	{"who looks for a user_data looks for the number of its SQE",
	 "ring r entries=4\npipe p\ntask P0 {\n\tx: poll_add p user_data=70\n\tasync_cancel x\n"
	 "\ttimeout_remove target=70\n\tasync_cancel target=1\n\tenter r submit=1\n}\n",
	 "r 4 0 0 1\np 0 0\nt\nq 1 1 1 6\n+ 2 2 1\n+ 6 0 1\nq 2 2 1 14\n+ 4 0 1\nq 3 3 1 12\n+ 4 0 1\n"
	 "q 4 4 1 14\n+ 4 0 1099511627776\ne 5 1 1 0 0\n", NULL},
	{"a user_data that is not unique",
	 "ring r entries=4\ntask P0 {\n\tnop user_data=7\n\tnop user_data=7\n\tasync_cancel target=7\n"
	 "\tenter r submit=1\n}\n", NULL, "several SQEs have the user_data"},
	{"tables, tags behind the SQEs",
	 "ring r entries=4\npipe p\nfile f\nbuf b size=8\ntask P0 {\n\tregister_files r slots=[p:t none bad]\n"
	 "\tregister_buffers r nr=2\n\tupdate_buffers r off=1 slots=[b:u]\n\tread 0 b flags=FIXED_FILE\n"
	 "\tread_fixed p b index=1 at=3 len=2\n\tfiles_update 1 slots=[f skip]\n\tenter r\n"
	 "\tunregister_files r\n}\n",
	 "r 4 0 0 1\np 0 0\nf 0 0\nb 8\nt\ng 1 1 0 0 0\nL 2 1 4\nL 0 -1 0\nL 0 1048576 0\ng 2 1 3 2 0\n"
	 "g 3 1 5 0 1\nL 5 1 5\nq 4 1 1 22\n+ 0 0 1\n+ 2 0 0\n+ 4 5 1\n+ 5 0 8\n+ 3 0 0\n"
	 "q 5 2 1 4\n+ 2 2 1\n+ 4 10 193\n+ 5 0 2\n+ 3 0 0\n+ 7 0 1\n"
	 "q 6 3 1 20\n+ 3 0 1\n+ 5 0 2\n+ 4 11 0\nL 1 1 0\nL 0 -2 0\ne 7 1 3 0 0\ng 8 1 1 0 0\n", NULL},
	{"a write through a slot",
	 "ring r entries=4\npipe p\nbuf b size=8\ntask P0 {\n\tregister_files r slots=[p]\n"
	 "\twrite 0 b flags=FIXED_FILE\n\tenter r\n}\n", NULL, "cannot fill such an SQE"},
	{"descriptors by name, by slot, and as what an SQE opened",
	 "ring r entries=8\nfile f size=64\nbuf b size=8\ntask P0 {\n\talloc_range r off=1 nr=2\n"
	 "\to: openat f\n\topenat f index=1 mode=NO_SUCH_PATH\n"
	 "\topenat f mode=FILE_INDEX_ALLOC|O_CREAT\n\tread o b\n\tclose_fd o\n"
	 "\tclose_fd index=2\n\tfd_install 1 flags=FIXED_FILE\n\tenter r submit=7\n}\n",
	 "r 8 0 0 1\nf 64 0\nb 8\nt\ng 1 1 6 2 1\nq 2 1 1 18\n+ 2 0 -100\n+ 4 16 1\n+ 6 0 2\n"
	 "q 3 2 1 18\n+ 2 0 -100\n+ 4 16 0\n+ 6 0 2\n+ 9 0 2\n"
	 "q 4 3 1 18\n+ 2 0 -100\n+ 4 16 1\n+ 6 0 66\n+ 9 0 4294967295\n"
	 "q 5 4 1 22\n+ 2 17 1\n+ 4 5 1\n+ 5 0 8\n+ 3 0 0\nq 6 5 1 19\n+ 2 17 1\n"
	 "q 7 6 1 19\n+ 9 0 3\nq 8 7 1 54\n+ 0 0 1\n+ 2 0 1\ne 9 1 7 0 0\n", NULL},
	{"splices: the side that is a pipe has no offset",
	 "ring r entries=8\nfile f size=64\npipe p\npipe q\ntask P0 {\n\tsplice f p len=8 off=4\n"
	 "\tsplice 1 2 len=8 off=4 mode=SPLICE_F_FD_IN_FIXED flags=FIXED_FILE\n"
	 "\ttee p q len=8 mode=SPLICE_F_NONBLOCK\n\tenter r submit=3\n}\n",
	 "r 8 0 0 1\nf 64 0\np 0 0\np 0 0\nt\nq 1 1 1 30\n+ 2 3 1\n+ 9 1 1\n+ 3 0 -1\n+ 4 0 4\n"
	 "+ 5 0 8\n+ 6 0 0\nq 2 2 1 30\n+ 0 0 1\n+ 2 0 2\n+ 9 0 1\n+ 3 0 4\n+ 4 0 -1\n+ 5 0 8\n"
	 "+ 6 0 2147483648\nq 3 3 1 33\n+ 2 3 2\n+ 9 2 1\n+ 5 0 8\n+ 6 0 2\ne 4 1 3 0 0\n", NULL},
	{"a ublk device, its commands, copies and requests",
	 "ring r entries=4\nublk d depth=2 flags=USER_COPY\nbuf b size=8\ntask P0 {\n"
	 "\turing_cmd d cmd=FETCH_REQ tag=1\n\twrite d b tag=1 off=4\n"
	 "\turing_cmd d cmd=COMMIT_AND_FETCH_REQ tag=1 result=-5\n\tenter r\n}\n"
	 "task P1 {\n\tbread d len=512\n\tbwrite d len=4K\n}\n",
	 "r 4 0 0 1\nu 2 128 0 0 0\nb 8\nt\nq 1 1 1 46\n+ 2 12 1\n+ 3 0 3222304032\n+ 10 0 65536\n"
	 "q 2 2 1 23\n+ 2 12 1\n+ 4 5 1\n+ 5 0 8\n+ 3 0 2181038084\n"
	 "q 3 3 1 46\n+ 2 12 1\n+ 3 0 3222304033\n+ 10 0 -21474770944\ne 4 1 3 0 0\n"
	 "t\ni 1 1 0 512 1\ni 2 1 1 4096 1\n", NULL},
	{"bytes by where they come from",
	 "ring r entries=4\nublk d depth=1 flags=USER_COPY\nfile f size=8\npipe p\nsocket s\nbuf b size=8\n"
	 "task P0 {\n\tbread d len=512\n\tbytes f\n\tbytes p off=1\n\tbytes s len=2\n\tbytes b off=3 len=4\n"
	 "\tzeroes\n\tstale\n}\n",
	 "r 4 0 0 1\nu 1 128 0 0 0\nf 8 0\np 0 0\nS 0 0 0\nb 8\nt\ni 1 1 0 512 1\n"
	 "# 2 33 0 4294967295\n# 3 65 1 4294967295\n# 4 89 0 2\n# 5 129 3 4\n# 6 0 0 4294967295\n"
	 "# 7 170 0 4294967295\n", NULL},
	{"kernel buffers: slots, and a place instead of an address",
	 "ring r entries=4\nublk d depth=1 flags=AUTO_BUF_REG\npipe p\ntask P0 {\n"
	 "\turing_cmd d cmd=FETCH_REQ tag=0 index=3 fallback=1\n"
	 "\turing_cmd d cmd=REGISTER_IO_BUF tag=0 index=2\n"
	 "\tread_fixed p 512 index=2 len=16\n\tenter r\n}\n",
	 "r 4 0 0 1\nu 1 2048 0 0 0\np 0 0\nt\nq 1 1 1 46\n+ 2 12 1\n+ 3 0 3222304032\n+ 10 0 0\n+ 4 0 65539\n"
	 "q 2 2 1 46\n+ 2 12 1\n+ 3 0 3222304035\n+ 10 0 0\n+ 11 0 2\n"
	 "q 3 3 1 4\n+ 2 2 1\n+ 4 0 512\n+ 5 0 16\n+ 3 0 0\n+ 7 0 2\ne 4 1 3 0 0\n", NULL},
	{"a place in leased pages needs a kernel that leases",
	 "ring r entries=4\nublk d depth=1 flags=USER_COPY\npipe p\ntask P0 {\n"
	 "\tnop flags=GROUP\n\tread p 16 len=4 flags=IO_DRAIN\n\tenter r\n}\n",
	 "G 1\nr 4 0 0 1\nu 1 128 0 0 0\np 0 0\nt\nq 1 1 1 0\n+ 0 0 128\nq 2 2 1 22\n+ 0 0 2\n+ 2 2 1\n"
	 "+ 4 0 16\n+ 5 0 4\n+ 3 0 0\ne 3 1 2 0 0\n", NULL},
	{"a device by hand, requests without data, parts",
	 "ublk d depth=1 flags=USER_RECOVERY size=8K\ntask P0 {\n\tcontrol d cmd=SET_PARAMS\n"
	 "\tcontrol d cmd=START_DEV\n\tbflush d\n\tbdiscard d len=4K\n\tbzero d len=8K\n"
	 "\tbread d len=12K nr=3\n}\n",
	 "u 1 8 8192 30 0\nt\nU 1 1 8\nU 2 1 6\ni 3 1 2 0 1\ni 4 1 3 4096 1\ni 5 1 4 8192 1\n"
	 "i 6 1 0 12288 3\n", NULL},
	{"another server takes over",
	 "ring r entries=4\nring q entries=4\nublk d depth=1 flags=USER_RECOVERY|USER_COPY\n"
	 "task P0 {\n\turing_cmd d cmd=FETCH_REQ\n\tenter r\n}\ntask P1 {\n\tkill P0\n"
	 "\turing_cmd d cmd=FETCH_REQ ring=q\n\tenter q\n}\n",
	 "r 4 0 0 1\nr 4 0 0 2\nu 1 136 0 0 0\nt\nq 1 1 1 46\n+ 2 12 1\n+ 3 0 3222304032\n+ 10 0 0\n"
	 "e 2 1 1 0 0\nt\nK 1 1\nq 2 2 2 46\n+ 2 12 1\n+ 3 0 3222304032\n+ 10 0 0\ne 3 2 1 0 0\n", NULL},
	{"a device that is added, and whose server is killed",
	 "ring r entries=4\nublk d depth=1\ntask P0 {\n\tnop\n\tenter r\n}\ntask P1 {\n"
	 "\tcontrol d cmd=ADD_DEV\n\tkill P0\n}\n", NULL, "adds a device itself"},
	{"a task that is killed",
	 "ring r entries=4\ntask P0 {\n\tnop\n\tenter r\n}\ntask P1 {\n\tkill P0\n}\n",
	 "r 4 0 0 1\nt\nq 1 1 1 0\ne 2 1 1 0 0\nt\nK 1 1\n", NULL},
	{"what a killed task has is its own",
	 "ring r entries=4\ntask P0 {\n\tnop\n\tenter r\n}\ntask P1 {\n\tpeek r\n\tkill P0\n}\n", NULL,
	 "cannot share what a task has"},
	{"a ring is closed, a task ends",
	 "ring r entries=4\ntask P0 {\n\tnop\n\tenter r submit=1\n\tdup r\n\tclose r\n\texit\n}\n"
	 "task P1 {\n\tsignal P0\n\tbounded r 2\n\tunbounded r 1\n}\n",
	 "r 4 0 0 1\nt\nq 1 1 1 0\ne 2 1 1 0 0\nM 3 1\nQ 4 1\nF 5\n"
	 "t\nj 1 1\nV 2 1 0 2\nV 3 1 1 1\n", NULL},
	{"a ring that is too large to be closed",
	 "ring r entries=64\ntask P0 {\n\tnop\n\tclose r\n}\n", NULL, "too large to be closed"},
	/* clang-format on */
};

static ScnScenario *load(const char *body)
{
	g_autofree char *text = g_strconcat(HEAD, body, NULL);
	g_autoptr(ScnSource) src = scn_source_new("t.uring", text, strlen(text));
	ScnScenario *s = scn_load(src, NULL, 0, 0);

	if (!s) {
		g_autofree char *why = scn_diags_format(src, false);

		fprintf(stderr, "%s", why);
	}
	return s;
}

START_TEST(compile_row)
{
	const KernelCompileOptions opt = {
		.id = 7, .runs = 3, .seed = 9, .limit_ms = 100, .plans = "P 1 2 0\n"};
	g_autoptr(ScnScenario) s = load(rows[_i].body);
	g_autoptr(GString) out = g_string_new("before\n");
	g_autofree char *skip = NULL, *want = NULL;
	bool ok;

	ck_assert_msg(s != NULL, "%s: does not load", rows[_i].name);
	ok = kernel_compile(s, &opt, out, &skip);
	if (rows[_i].skip) {
		ck_assert_msg(!ok, "%s: compiled", rows[_i].name);
		ck_assert_msg(strstr(skip, rows[_i].skip) != NULL, "%s: '%s'",
			      rows[_i].name, skip);
		ck_assert_str_eq(out->str, "before\n");
		return;
	}
	want = g_strconcat("before\ns 7 3 9 100\n", rows[_i].lines, "P 1 2 0\n.\n", NULL);
	ck_assert_msg(ok, "%s: %s", rows[_i].name, skip);
	ck_assert_msg(g_str_equal(out->str, want), "%s:\n%s\nwant\n%s", rows[_i].name,
		      out->str, want);
}
END_TEST

Suite *unit_suite(void)
{
	Suite *suite = suite_create("kernel_compile");
	TCase *tc = tcase_create("lines");

	tcase_add_loop_test(tc, compile_row, 0, T_LEN(rows));
	suite_add_tcase(suite, tc);
	return suite;
}
