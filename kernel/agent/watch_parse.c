/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * watch_parse.c - lines of a tracing buffer to releases
 *
 * Rings are known by the address of their context until the end, when the calls that
 * agent_watch_end() made, and the numbers of SQEs, tell which is which. Contexts of runs
 * before this one may still be on their way out: nothing is said of those.
 */
#include <stdlib.h>
#include <string.h>

#include "kernel/agent/run.h"

#define CTX_MAX  32u
#define TASK_MAX 64u
#define NODE_MAX 1024u
#define NAME_MAX 128u

#define NODE_EVENT "io_uring_rsrc_node_"

typedef struct Ctx {
	uint64_t addr;
	bool made;      /* in this run */
	uint32_t ring;  /* 0: not known yet */
	uint32_t cqes;  /* so far */
	bool unaligned; /* what was traced is not what is in its CQ */
	uint32_t sqes[NAME_MAX];
} Ctx;

/* A task inside of the code of resource nodes, for a ring. */
typedef struct Inside {
	int task;
	uint64_t ctx;
	uint64_t node; /* that it made last */
} Inside;

/* A node in use; of generation 1, where events tell them: its ring and references. */
typedef struct Live {
	uint64_t addr, ctx;
	int32_t refs;
} Live;

typedef struct Parse {
	const AgentRun *run;
	AgentWatch *out;
	int watcher;
	uint32_t named, called; /* objects and rings told so far */
	uint64_t files[PROTO_WATCHES_MAX];
	Ctx ctxs[CTX_MAX];
	uint32_t ctxs_n;
	Inside inside[TASK_MAX];
	uint32_t inside_n;
	Live nodes[NODE_MAX];
	uint32_t nodes_n;
} Parse;

static Parse parse; /* too large for a stack */

static Ctx *ctx_of(Parse *p, uint64_t addr)
{
	for (uint32_t i = 0; i < p->ctxs_n; i++)
		if (p->ctxs[i].addr == addr)
			return &p->ctxs[i];
	if (p->ctxs_n == CTX_MAX) {
		p->out->blind = "more rings than are followed";
		return &p->ctxs[0];
	}
	p->ctxs[p->ctxs_n] = (Ctx){.addr = addr};
	return &p->ctxs[p->ctxs_n++];
}

static Inside *inside_of(Parse *p, int task)
{
	for (uint32_t i = 0; i < p->inside_n; i++)
		if (p->inside[i].task == task)
			return &p->inside[i];
	if (p->inside_n == TASK_MAX) {
		p->out->blind = "more tasks than are followed";
		return &p->inside[0];
	}
	p->inside[p->inside_n] = (Inside){.task = task};
	return &p->inside[p->inside_n++];
}

/* --- fields ------------------------------------------------------------------------ */

/* The number behind @key, in base 16; "(fault)" and what is not there: 0. */
static uint64_t hex(const char *rest, const char *key)
{
	const char *at = strstr(rest, key);

	return at ? strtoull(at + strlen(key), NULL, 16) : 0;
}

static bool called_by(const char *rest)
{
	static const char *const callers[] = {
		"who=io_rsrc_node_ref_zero+", "who=io_rsrc_put_work+",
		"who=__io_sqe_files_unregister+", "who=io_free_rsrc_node+"};

	for (size_t i = 0; i < sizeof(callers) / sizeof(*callers); i++)
		if (strstr(rest, callers[i]))
			return true;
	return false;
}

/* Names of objects; 0: none that is watched. */
static uint32_t file_name(const Parse *p, uint64_t file)
{
	for (uint32_t i = 0; file && i < p->run->prog->watches_n; i++)
		if (p->files[i] == file)
			return p->run->prog->watches[i].as;
	return 0;
}

static uint32_t buf_name(const Parse *p, uint64_t addr)
{
	const AgentProg *prog = p->run->prog;

	for (uint32_t i = 0; i < prog->watches_n; i++)
		if (prog->watches[i].kind == PROTO_V_BUF &&
		    (uintptr_t)p->run->bufs[prog->watches[i].value] == addr)
			return prog->watches[i].as;
	return 0;
}

/* --- what happens ------------------------------------------------------------------ */

static void release(Parse *p, uint64_t ctx, uint32_t as)
{
	AgentWatch *out = p->out;

	if (!as || !ctx)
		return;
	if (out->releases_n == WATCH_RELEASES_MAX) {
		out->blind = "more releases than are followed";
		return;
	}
	out->releases[out->releases_n++] =
		(AgentRelease){.ctx = ctx, .at = (int32_t)ctx_of(p, ctx)->cqes, .as = as};
}

/* Whatever had this address before is of another run. */
static void on_create(Parse *p, uint64_t addr)
{
	uint32_t kept = 0;

	*ctx_of(p, addr) = (Ctx){.addr = addr, .made = true};
	for (uint32_t i = 0; i < p->out->releases_n; i++)
		if (p->out->releases[i].ctx != addr)
			p->out->releases[kept++] = p->out->releases[i];
	p->out->releases_n = kept;
}

static void on_cqe(Parse *p, const char *rest)
{
	Ctx *c = ctx_of(p, hex(rest, "ring "));

	if (c->cqes < NAME_MAX)
		c->sqes[c->cqes] = (uint32_t)hex(rest, "user_data 0x");
	c->cqes++;
}

static void on_submit(Parse *p, const char *rest)
{
	const AgentProg *prog = p->run->prog;
	const uint64_t sqe = hex(rest, "user_data 0x");

	if (sqe >= 1 && sqe <= prog->sqes_n)
		ctx_of(p, hex(rest, "ring "))->ring =
			(uint32_t)prog->stmts[prog->stmt_of[sqe]].arg[1];
}

/* The watcher names the rings, in their order. */
static void on_register(Parse *p, int task, const char *rest)
{
	if (task != p->watcher || !strstr(rest, "opcode " WATCH_OPCODE ","))
		return;
	do
		p->called++;
	while (p->called <= p->run->prog->rings_n &&
	       !agent_watch_names(p->run, p->called));
	ctx_of(p, hex(rest, "ring "))->ring = p->called;
}

/* The watcher names the files, in their order. */
static void on_file(Parse *p, int task, const char *rest)
{
	const AgentProg *prog = p->run->prog;

	if (task != p->watcher)
		return;
	while (p->named < prog->watches_n && prog->watches[p->named].kind == PROTO_V_BUF)
		p->named++;
	if (p->named < prog->watches_n)
		p->files[p->named++] = hex(rest, "file=0x");
}

/* The entry of @node, made if @make; NULL: there is none, or no room. */
static Live *node_of(Parse *p, uint64_t node, bool make)
{
	for (uint32_t i = 0; i < p->nodes_n; i++)
		if (p->nodes[i].addr == node)
			return &p->nodes[i];
	if (!make || !node)
		return NULL;
	if (p->nodes_n == NODE_MAX) {
		p->out->counted = false;
		return NULL;
	}
	p->nodes[p->nodes_n] = (Live){.addr = node};
	return &p->nodes[p->nodes_n++];
}

static void node_gone(Parse *p, uint64_t node)
{
	Live *live = node_of(p, node, false);

	if (live)
		*live = p->nodes[--p->nodes_n];
}

static void on_made(Parse *p, int task, uint64_t node)
{
	node_of(p, node, true);
	inside_of(p, task)->node = node;
}

/* Nothing was registered: its node went back without a word. */
static void on_bad(Parse *p, int task, int64_t ret)
{
	if (ret < 0 && ret >= -4095)
		node_gone(p, inside_of(p, task)->node);
}

/* Tracepoints of our series: a node of generation 1, which stands for a period. */
static void on_period(Parse *p, const char *what, const char *rest)
{
	const uint64_t node = hex(rest, "node ");
	const char *refs = strstr(rest, "refs ");
	Live *live;

	if (strcmp(what, "free") == 0) {
		node_gone(p, node);
		return;
	}
	live = node_of(p, node, true);
	if (!live)
		return;
	live->ctx = hex(rest, "ring ");
	live->refs = refs ? atoi(refs + 5) : 0;
}

static void on_event(Parse *p, int task, const char *name, const char *rest)
{
	if (strcmp(name, "u_fput") == 0) {
		if (called_by(rest))
			release(p, inside_of(p, task)->ctx,
				file_name(p, hex(rest, "file=0x")));
	} else if (strcmp(name, "u_zero") == 0 || strcmp(name, "u_drop") == 0) {
		inside_of(p, task)->ctx = hex(rest, "ctx=0x");
	} else if (strcmp(name, "u_free") == 0) {
		inside_of(p, task)->ctx = hex(rest, "ctx=0x");
		node_gone(p, hex(rest, "node=0x"));
	} else if (strcmp(name, "u_pages") == 0) {
		release(p, inside_of(p, task)->ctx, buf_name(p, hex(rest, "addr=0x")));
	} else if (strcmp(name, "u_block") == 0) {
		release(p, inside_of(p, task)->ctx, p->run->prog->blk_as);
	} else if (strcmp(name, "io_uring_giveback") == 0) {
		release(p, hex(rest, "ring "), p->run->prog->blk_as);
	} else if (strcmp(name, "u_unmap") == 0) {
		/* The last of the tables that share the pages. */
		if (strstr(rest, "refs=1"))
			release(p, hex(rest, "ctx=0x"),
				buf_name(p, hex(rest, "addr=0x")));
	} else if (strcmp(name, "u_alloc") == 0) {
		on_made(p, task, hex(rest, "node=0x"));
	} else if (strcmp(name, "u_bad") == 0) {
		on_bad(p, task, (int64_t)hex(rest, "ret=0x"));
	} else if (strncmp(name, NODE_EVENT, strlen(NODE_EVENT)) == 0) {
		on_period(p, name + strlen(NODE_EVENT), rest);
	} else if (strcmp(name, "u_who") == 0) {
		on_file(p, task, rest);
	} else if (strcmp(name, "io_uring_create") == 0) {
		on_create(p, hex(rest, "ring "));
	} else if (strcmp(name, "io_uring_register") == 0) {
		on_register(p, task, rest);
	} else if (strcmp(name, "io_uring_submit_req") == 0) {
		on_submit(p, rest);
	} else if (strcmp(name, "io_uring_complete") == 0) {
		on_cqe(p, rest);
	} else if (strcmp(name, "io_uring_cqe_overflow") == 0) {
		ctx_of(p, hex(rest, "ring "))->unaligned = true;
	}
}

/* "            init-102     [000] .....   1234: NAME: rest" */
static void on_line(Parse *p, char *line)
{
	char *cpu = strstr(line, " ["), *name, *rest;
	char *pid = cpu;

	if (*line == '#' || !cpu)
		return;
	while (pid > line && pid[-1] != '-')
		pid--;
	name = strstr(cpu, ": ");
	rest = name ? strstr(name + 2, ": ") : NULL;
	if (!rest)
		return;
	*rest = '\0';
	on_event(p, atoi(pid), name + 2, rest + 2);
}

/* --- the end ------------------------------------------------------------------------ */

/* Was it traced as it is in the CQ? */
static bool aligned(const Parse *p, const Ctx *c)
{
	const RawRing *ring = &p->run->rings[c->ring];

	if (c->unaligned || ring->foreign || c->cqes != ring->log_n || c->cqes > NAME_MAX)
		return false;
	for (uint32_t i = 0; i < c->cqes; i++)
		if (c->sqes[i] != ring->log[i].sqe)
			return false;
	return true;
}

static void resolve(Parse *p)
{
	AgentWatch *out = p->out;
	uint32_t kept = 0;

	for (uint32_t i = 0; i < out->releases_n; i++) {
		AgentRelease r = out->releases[i];
		const Ctx *c = ctx_of(p, r.ctx);

		if (!c->made)
			continue;
		r.ring = c->ring;
		if (!r.ring) {
			out->blind = "a ring without a name";
			return;
		}
		if (!aligned(p, c))
			r.at = -1;
		out->releases[kept++] = r;
	}
	out->releases_n = kept;
}

/* A node of generation 2: type, references, tag, what it is for. */
typedef struct Node {
	uint8_t type, pad[3];
	int32_t refs;
	uint64_t tag, what;
} Node;

/* What the node at @addr is for; *@ret_refs: references to it. */
static uint32_t node_name(Parse *p, uint64_t addr, uint32_t *ret_refs)
{
	uint64_t start = 0;
	Node node;

	if (!agent_kernel_read(addr, &node, sizeof(node)) ||
	    (node.type && !agent_kernel_read(node.what, &start, sizeof(start)))) {
		p->out->counted = false;
		return 0;
	}
	*ret_refs = (uint32_t)node.refs;
	return node.type ? buf_name(p, start) : file_name(p, node.what & ~UINT64_C(7));
}

static uint32_t ring_name(const Parse *p, uint32_t ring)
{
	return ring <= p->run->prog->rings_n ? p->run->prog->rings[ring].as : 0;
}

static void count_refs(Parse *p)
{
	for (uint32_t i = 0; p->out->counted && i < p->nodes_n; i++) {
		const Live *live = &p->nodes[i];
		uint32_t as, refs = (uint32_t)live->refs;

		as = live->ctx ? ring_name(p, ctx_of(p, live->ctx)->ring)
			       : node_name(p, live->addr, &refs);
		if (as < sizeof(p->out->refs) / sizeof(*p->out->refs))
			p->out->refs[as] += refs;
	}
	p->out->refs[0] = 0;
}

void agent_watch_parse(const AgentRun *run, int watcher, char *trace, AgentWatch *out)
{
	memset(&parse, 0, sizeof(parse));
	parse.run = run;
	parse.out = out;
	parse.watcher = watcher;
	for (char *line = trace, *nl; (nl = strchr(line, '\n')); line = nl + 1) {
		*nl = '\0';
		on_line(&parse, line);
	}
	resolve(&parse);
	count_refs(&parse);
}
