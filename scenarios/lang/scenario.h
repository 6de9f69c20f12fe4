/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scenario.h - a scenario after parsing, expansion and checking: plain tables
 *
 * What comes out of scn_load(): parameters substituted, `repeat` unrolled, names
 * resolved, numbers evaluated, every position kept. It knows words and numbers of the
 * ABI but no behaviour; scenarios/run turns it into a world, kernel/ into a guest
 * program.
 *
 * Layer:  scenarios/lang; may include model/abi.
 * Owns:   ScnScenario owns everything below it; scn_scenario_free().
 * Errors: the second kind (bad input): ScnDiag list, all mistakes of a file in one pass.
 */
#ifndef SCENARIOS_LANG_SCENARIO_H
#define SCENARIOS_LANG_SCENARIO_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* 1-based; columns count bytes, a tab is one. @end is one past the last column. */
typedef struct ScnLoc {
	uint32_t line, col, end;
} ScnLoc;

/* --- objects ---------------------------------------------------------------------- */

typedef enum ScnObjKind {
	SCN_OBJ_RING,
	SCN_OBJ_FILE, /* regular file */
	SCN_OBJ_PIPE,
	SCN_OBJ_SOCKET, /* one end of a pair; the tasks have the other end */
	SCN_OBJ_BUF,
	SCN_OBJ_BARRIER,
	SCN_OBJ_UBLK,  /* device with its server's char dev and its block dev */
	SCN_OBJ_TAG,   /* user_data of a tag CQE, made where slots= names it; or a
			  notification, made for each send_zc */
	SCN_OBJ_FUTEX, /* word that requests wait at; fill: what it holds at the start */
	SCN_OBJ_CHILD, /* process that a statement ends */
	SCN_OBJ_DISK,  /* block device that is polled for completions */
	SCN_OBJ_LISTENER, /* socket that is connected to; what waits are connections */
	SCN_OBJ_KIND_COUNT_,
} ScnObjKind;

#define SCN_DEFAULT UINT32_MAX /* a key of an object that was not given */

typedef struct ScnObj {
	ScnObjKind kind;
	char *name; /* "dst[1]" for an element of an array */
	ScnLoc loc;
	uint64_t size;    /* bytes: file, pipe (capacity), buf; 0 = not given; listener:
			     connections that may wait */
	uint64_t fill;    /* bytes in a pipe, or sent to a socket, at the start; of a
			     listener connections; of a buf with nr=, buffers in its ring
			     then, or SCN_DEFAULT: all */
	bool full;        /* socket: no room to send at the start */
	uint32_t entries; /* ring: as asked for; ublk: queue depth; buf: nr=, how many */
	uint32_t mapped;  /* buf with nr=: entries of its ring, SCN_DEFAULT: enough */
	uint32_t cq;      /* ring: cq_entries as asked for, 0 = not given */
	uint32_t flags;   /* ring: ABI_SETUP_*; CQSIZE is set when cq is given; ublk:
			     ABI_UBLK_*; socket, listener: ABI_SOCK_*; buf: ABI_PBUF_* */
	uint64_t timeout; /* ublk: of a request, ns; 0 = not given */
	int32_t setup;    /* ring: what its setup returns; below 0 no statement has it */
} ScnObj;

/* --- statements ------------------------------------------------------------------- */

/* Words that may open a statement: SQEs by opcode name, and what a task does itself. */
typedef enum ScnVerb {
	SCN_VERB_SQE,      /* fill one SQE; op says which */
	SCN_VERB_ENTER,    /* enter RING submit=N wait=M flags=F     io_uring_enter(2) */
	SCN_VERB_ENABLE,   /* enable RING       IORING_REGISTER_ENABLE_RINGS */
	SCN_VERB_RESTRICT, /* restrict RING op=[OP ..] flags=F mode=M   only these
			      opcodes, these flags, these calls */
	SCN_VERB_FEED,     /* feed PIPE N       write(2) of N bytes into a pipe */
	SCN_VERB_TAKE,     /* take PIPE N       read(2) of N bytes from a pipe */
	SCN_VERB_REAP,  /* reap RING [N]     consume at most N CQEs (all); = how many */
	SCN_VERB_PEEK,  /* peek RING         = CQEs visible now, none consumed */
	SCN_VERB_EMPTY, /* empty SOCKET      read(2) at the far end until there is nothing
			 */
	SCN_VERB_CLOSE, /* close RING|PIPE|SOCKET   close(2), of the far end */
	SCN_VERB_BARRIER, /* barrier NAME      wait until every task that names it is here
			   */
	SCN_VERB_EXIT,    /* exit              the task ends here */
	SCN_VERB_KILL,    /* kill TASK */
	SCN_VERB_SLEEP,   /* sleep 120ms */
	/* io_uring_register(2): slots=[x:tag none bad skip], nr=N of empty ones, off=N */
	SCN_VERB_REGISTER_FILES,
	SCN_VERB_UNREGISTER_FILES,
	SCN_VERB_UPDATE_FILES,
	SCN_VERB_REGISTER_BUFFERS,
	SCN_VERB_UNREGISTER_BUFFERS,
	SCN_VERB_UPDATE_BUFFERS,
	SCN_VERB_ALLOC_RANGE, /* alloc_range RING off=N nr=N   slots that may be chosen */
	SCN_VERB_CLONE_BUFFERS,
	/* Of len=N bytes from off=N on (all of them) that its last bread got: */
	SCN_VERB_BYTES,  /* bytes FILE|PIPE|SOCKET|BUF   = those that come from there */
	SCN_VERB_ZEROES, /* zeroes   = those that are zero */
	SCN_VERB_STALE,  /* stale    = those that nobody has written */
	SCN_VERB_STORE,  /* store FUTEX V     the word holds V from now on */
	SCN_VERB_WAKE,   /* wake FUTEX N      futex(2): at most N of those that wait */
	SCN_VERB_END,    /* end CHILD         it exits */
	SCN_VERB_SYNC_CANCEL, /* sync_cancel RING [SQE|FILE]  REGISTER_SYNC_CANCEL */
	/* bread UBLK len=N nr=M   a READ of its block device, in M parts that lie side by
	   side and are submitted at once; = bytes */
	SCN_VERB_BREAD,
	SCN_VERB_BWRITE,   /* bwrite UBLK len=N nr=M */
	SCN_VERB_BFLUSH,   /* bflush UBLK           FLUSH */
	SCN_VERB_BDISCARD, /* bdiscard UBLK len=N   DISCARD */
	SCN_VERB_BZERO,    /* bzero UBLK len=N      WRITE_ZEROES */
	SCN_VERB_CONTROL,  /* control UBLK cmd=C    a command of /dev/ublk-control */
	SCN_VERB_GIVE,     /* give BUF ID nr=N   buffers to the tail of their ring */
	SCN_VERB_REGISTER_PBUF_RING, /* .. RING BUF nr=ENTRIES flags=F at=BYTES */
	SCN_VERB_UNREGISTER_PBUF_RING,
	SCN_VERB_PBUF_STATUS, /* pbuf_status RING BUF; = the head of the ring */
	SCN_VERB_DUP,         /* dup RING          one more descriptor of it */
	SCN_VERB_SIGNAL,      /* signal TASK       a handler of it runs */
	/* IORING_REGISTER_IOWQ_MAX_WORKERS: bounded RING N, unbounded RING N */
	SCN_VERB_BOUNDED,
	SCN_VERB_UNBOUNDED,
	SCN_VERB_OPEN_CHAR, /* open_char UBLK    its char device, once more */
	SCN_VERB_IOD,       /* iod UBLK tag=N    = bytes of the request described there */
	SCN_VERB_COUNT_,
} ScnVerb;

typedef enum ScnResultKind {
	SCN_RESULT_VALUE, /* number, -errno */
	SCN_RESULT_SHORT, /* `short`: less than asked for, but something */
	SCN_RESULT_ANY,   /* `...` */
	SCN_RESULT_HANG,  /* `hang`: the syscall never returns */
	SCN_RESULT_KIND_COUNT_,
} ScnResultKind;

typedef struct ScnResult {
	ScnResultKind kind;
	int64_t value;
	ScnLoc loc;
} ScnResult;

/*
 * An operand or a key. flags= is in ScnStmt.flags, ring= and the ring of enter, reap and
 * peek in ScnStmt.ring, not here. What may be left out is here all the same, so that
 * nobody guesses: enter always has submit and wait, read and write always have len.
 */
#define SCN_ARG_SQE (-2)

typedef struct ScnArg {
	char *key;     /* "len", "flags", "inject"; NULL for an operand by position */
	int64_t value; /* evaluated: number, or-ed flags, or index of the object */
	int32_t obj;   /* index into objs when an object was named, else -1; SCN_ARG_SQE:
			  value is an SQE where a number could stand as well */
	ScnLoc loc;    /* of the value */
} ScnArg;

/* One element of slots=: what goes into a table of the ring. */
typedef enum ScnSlotKind {
	SCN_SLOT_OBJ,  /* obj */
	SCN_SLOT_NONE, /* `none`: -1, or no memory: the slot is emptied */
	SCN_SLOT_BAD,  /* `bad`: a descriptor that is not open */
	SCN_SLOT_SKIP, /* `skip`: IORING_REGISTER_FILES_SKIP */
} ScnSlotKind;

typedef struct ScnSlot {
	ScnSlotKind kind;
	uint32_t obj;
	int32_t tag; /* index into objs, -1 = none */
	ScnLoc loc;
} ScnSlot;

typedef struct ScnStmt {
	ScnVerb verb;
	ScnLoc loc;    /* whole statement; line is what people look for */
	char *label;   /* "m1", unique in the scenario; made up ("P0.3") if not written */
	bool labelled; /* the label was written */
	uint32_t op;   /* SCN_VERB_SQE: ABI_OP_* */
	uint32_t ring; /* SQE, enter, reap, peek: index into objs */
	int32_t sqe;   /* SCN_VERB_SQE: index into sqes; else -1 */
	uint32_t flags; /* SQE: ABI_SQE_*; enter: ABI_ENTER_* (GETEVENTS added when
			   wait>0) */
	ScnLoc flags_loc;
	ScnArg *args; /* the rest, operands by position first */
	uint32_t args_n;
	int32_t notif;  /* send_zc: index into objs of its notification, else -1 */
	ScnSlot *slots; /* of slots= */
	uint32_t slots_n;
	ScnResult *results; /* alternatives after `=`; none = nothing is said */
	uint32_t results_n;
} ScnStmt;

typedef struct ScnTask {
	char *name;
	ScnLoc loc;
	ScnStmt *stmts;
	uint32_t stmts_n;
} ScnTask;

/* Which statement is SQE i; user_data is i + 1 unless user_data=N was given. */
typedef struct ScnSqeRef {
	uint32_t task, stmt;
} ScnSqeRef;

/* --- conditions ------------------------------------------------------------------- */

typedef enum ScnQuant {
	SCN_FORALL, /* in every execution, at its end */
	SCN_EXISTS, /* at the end of some execution */
	SCN_NEVER,  /* in no state of no execution; with `at end`: at no end */
	SCN_ALWAYS, /* in every state of every execution; `at end` = forall */
	SCN_QUANT_COUNT_,
} ScnQuant;

typedef enum ScnExprKind {
	SCN_EXPR_CONST,   /* value */
	SCN_EXPR_NOT,     /* !l */
	SCN_EXPR_AND,     /* l && r */
	SCN_EXPR_OR,      /* l || r */
	SCN_EXPR_IMPLIES, /* l -> r */
	SCN_EXPR_BEFORE,  /* a < b: both final CQEs posted, a's first; a, b are SQEs */
	SCN_EXPR_RES,     /* a.res CMP value: final CQE posted and its res compares so */
	SCN_EXPR_RET,     /* s.ret CMP value: statement s of a task returned and ... */
	SCN_EXPR_FLAGS,   /* a.flags CMP value, of the final CQE */
	SCN_EXPR_BID,     /* a.bid CMP value, of some CQE that has a buffer */
	SCN_EXPR_COUNT,  /* count(a) CMP value: CQEs of SQE a; count(r): CQEs in ring r */
	SCN_EXPR_REFS,   /* refs(x) CMP value: what keeps buffer or file x, or references
			    of SQE x */
	SCN_EXPR_CQ,     /* cq(r) == [items]: the whole CQE sequence of ring r */
	SCN_EXPR_POSTED, /* posted(a): a has its final CQE */
	SCN_EXPR_ISSUED, /* issued(a): a's operation was started at least once */
	SCN_EXPR_PUNTED, /* punted(a): a was handed to io-wq */
	SCN_EXPR_ZEROED, /* zeroed(a): a read less than its range of leased pages, the
			    rest was zeroed */
	SCN_EXPR_HUNG,   /* hung(P): task P is blocked in a syscall */
	SCN_EXPR_OVERFLOW, /* overflow(r): ring r has CQEs on its overflow list */
	SCN_EXPR_BROKEN,   /* broken(NAME): the invariant of that name is broken */
	SCN_EXPR_KIND_COUNT_,
} ScnExprKind;

typedef enum ScnCmp {
	SCN_CMP_EQ,
	SCN_CMP_NE,
	SCN_CMP_LT,
	SCN_CMP_LE,
	SCN_CMP_GT,
	SCN_CMP_GE,
	SCN_CMP_COUNT_,
} ScnCmp;

/*
 * One place of a cq(r) == [m2 {m1 m3} lead:-5 w] list. Items with the same set number
 * (> 0) may come in any order; 0 = exactly here. has_res: `:value` was written.
 */
typedef struct ScnCqItem {
	uint32_t sqe;
	uint32_t set;
	bool has_res;
	int32_t res;
	bool has_bid; /* and `:id` behind it */
	uint16_t bid;
	ScnLoc loc;
} ScnCqItem;

typedef struct ScnExpr {
	ScnExprKind kind;
	ScnLoc loc;
	struct ScnExpr *l, *r; /* owned */
	ScnCmp cmp;
	uint32_t a, b; /* SQE, task or object index, by kind */
	uint32_t stmt; /* SCN_EXPR_RET: statement index in task a */
	bool a_is_obj; /* COUNT, REFS: a is an object, not an SQE */
	int64_t value;
	char *word;       /* SCN_EXPR_BROKEN: owned; scenarios/run knows the names */
	ScnCqItem *items; /* SCN_EXPR_CQ */
	uint32_t items_n;
} ScnExpr;

/*
 * Conditions speak of more than SQEs: where an index of an SQE stands, sqes_n + i is the
 * i-th tag, and behind the tags come the resources, in order of scn_resource_index():
 * their release takes the place of a CQE.
 */
typedef struct ScnCond {
	ScnQuant quant;
	bool at_end;
	ScnExpr *expr; /* owned */
	char *text;    /* all of the line, blanks folded; shown in verdicts */
	ScnLoc loc;
} ScnCond;

/* --- the whole -------------------------------------------------------------------- */

typedef struct ScnWord {
	char *text;
	ScnLoc loc;
} ScnWord;

/* A parameter: `param n = 4`, or one value of `sweep n in A, B, C`. */
typedef struct ScnParam {
	char *name;
	int64_t value;
	char *text; /* as written: "IO_LINK|ASYNC" */
	bool swept;
} ScnParam;

typedef struct ScnScenario {
	char *path;
	char *name;     /* after `uring` */
	char *question; /* NULL if missing */
	ScnWord *rules; /* spec ids: "G-5" */
	uint32_t rules_n;
	ScnWord *profiles; /* at least one; the first is the default */
	uint32_t profiles_n;
	char *twin; /* `twin "name"` or NULL */
	ScnParam *params;
	uint32_t params_n;
	ScnObj *objs;
	uint32_t objs_n;
	ScnTask *tasks;
	uint32_t tasks_n;
	ScnSqeRef *sqes; /* in order of task, then statement */
	uint32_t sqes_n;
	ScnCond *conds;
	uint32_t conds_n;
} ScnScenario;

/* The word that opens a statement of the task itself. */
const char *scn_verb_word(ScnVerb verb);

/* Objects of the kind of @obj that were declared before it. */
uint32_t scn_objs_before(const ScnScenario *s, uint32_t obj);

/* Does @s name @rule, or a part of it ("A-22/timeout" of "A-22")? */
bool scn_scenario_names_rule(const ScnScenario *s, const char *rule);

/* Does @s have tables, and a condition on what is released or held? */
bool scn_scenario_watches(const ScnScenario *s);

/*
 * Is the release of object @obj of @s seen where somebody watches? A buffer, pipe or file
 * that no SQE opens: each open makes another file of it.
 */
bool scn_scenario_sees(const ScnScenario *s, uint32_t obj);

/* Does a statement of @s register a table, or is there a device that lends pages? */
bool scn_scenario_can_release(const ScnScenario *s);

void scn_expr_free(ScnExpr *expr);
void scn_scenario_free(ScnScenario *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScnScenario, scn_scenario_free)

/* --- diagnostics ------------------------------------------------------------------ */

typedef enum ScnSeverity {
	SCN_ERROR,
	SCN_WARNING,
	SCN_NOTE,
	SCN_SEVERITY_COUNT_,
} ScnSeverity;

typedef struct ScnDiag {
	ScnSeverity severity;
	ScnLoc loc;
	char *what; /* "unknown flag 'IO_LNIK'; did you mean IO_LINK?" */
} ScnDiag;

/* One file being worked on: its text and everything that was said about it. */
typedef struct ScnSource {
	char *path;
	char *text;
	gsize len;
	GPtrArray *diags; /* ScnDiag *, in order of position once parsed */
	uint32_t errors;
	uint32_t dropped;     /* diagnostics beyond SCN_DIAGS_MAX, counted only */
	struct ScnTree *tree; /* private: the parse tree, so that a sweep parses once */
} ScnSource;

#define SCN_DIAGS_MAX 50 /* a file, then a final note */

/* Read a file. NULL and @error if it cannot be read, is larger than 16 MiB or has NULs.
 */
ScnSource *scn_source_read(const char *path, GError **error);
/* The same of what is open already; @path is its name in messages. Does not close @in. */
ScnSource *scn_source_read_stream(FILE *in, const char *path, GError **error);
ScnSource *scn_source_new(const char *path, const char *text, gsize len);
void scn_source_free(ScnSource *src);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ScnSource, scn_source_free)

void scn_diag(ScnSource *src, ScnSeverity severity, ScnLoc loc, const char *fmt, ...)
	G_GNUC_PRINTF(4, 5);

/*
 * All diagnostics as text: `path:line:col: error: what`, the line, a caret under the
 * place (tabs expanded, long lines cut around it), colour if @colour. Caller frees.
 */
char *scn_diags_format(const ScnSource *src, bool colour);

/* --- entry points ----------------------------------------------------------------- */

/* -D name=value given by the user; may replace a param or pin a sweep. */
typedef struct ScnDefine {
	const char *name, *value;
} ScnDefine;

/*
 * Parse, expand, check. NULL if src->errors > 0 afterwards. @sweep_index chooses one
 * combination of the swept parameters, 0 .. scn_sweep_count()-1 (row-major, the
 * last sweep fastest).
 */
ScnScenario *scn_load(ScnSource *src, const ScnDefine *defines, uint32_t defines_n,
		      uint32_t sweep_index);

/* Number of combinations of swept parameters not pinned by @defines; 0 on errors. */
uint32_t scn_sweep_count(ScnSource *src, const ScnDefine *defines, uint32_t defines_n);

/* Canonical text, comments kept; NULL if src->errors > 0. fmt(fmt(x)) == fmt(x). */
char *scn_fmt(ScnSource *src);

/* The tree as JSON text (json-glib), unexpanded; NULL if src->errors > 0. */
char *scn_dump_json(ScnSource *src);

/* Style and likely mistakes, as warnings in src->diags. Needs a loadable scenario. */
void scn_lint(ScnSource *src, const ScnScenario *s);

#endif /* SCENARIOS_LANG_SCENARIO_H */
