// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

/*
 * A spy, part of faultp11.c: a process that the module leaves behind, in a session of
 * its own, and that tries all the time what a process of the same user may try.
 *
 *   FAULT_SPY     path of a file: C_Initialize starts the spy, once for this file. It
 *                 appends what it did: "OPENED ...", "TYPED ...", "WROTE ...", "READ ...",
 *                 "TRACED ...", "FOUND ...", "SIGNALLED ...", "INHERITED ...", and the errno where it was
 *                 refused. It ends when the file is gone, or after two minutes
 *                 It opens the terminal of the program by its name, and /dev/tty, reads,
 *                 writes and types (TIOCSTI)
 *   FAULT_VICTIM  number of another process, which it attacks like the program and the
 *                 other workers
 *   FAULT_HUNT    hex of a text that it looks for in all memory that it can read
 */
#ifdef __linux__
#include <dirent.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#define WRITTEN "written by the spy\n"

static FILE *spied;
static pid_t program; /* the parent of the workers */
static char said[512][160];
static int all_said;

/* tell writes a line once. */
static void tell(const char *what, const char *on, const char *how) {
	char line[160];
	snprintf(line, sizeof line, "%s %s: %s", what, on, how);
	for (int i = 0; i < all_said; i++) if (!strcmp(said[i], line)) return;
	if (all_said < 512) strcpy(said[all_said++], line);
	fprintf(spied, "%s\n", line);
	fflush(spied);
}

static void tell_of(const char *what, const char *on, int worked) { tell(worked ? what : "refused", on, worked ? "worked" : strerror(errno)); }

static void try_terminal(const char *path) {
	char text[64], on[128];
	snprintf(on, sizeof on, "terminal %s", strcmp(path, "/dev/tty") ? "by name" : path);
	int fd = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	tell_of("OPENED", on, fd >= 0);
	if (fd < 0) return;
	if (read(fd, text, sizeof text) > 0) tell("READ", on, "worked");
	if (write(fd, WRITTEN, sizeof WRITTEN - 1) > 0) tell("WROTE", on, "worked");
	int typed = 1;
	for (const char *c = "done\n"; *c; c++) typed = typed && !ioctl(fd, TIOCSTI, c);
	tell_of("TYPED", on, typed);
	close(fd);
}

/* reached is the memory of another process that could be opened. */
static struct { pid_t pid; int memory, maps; } reached[64];
static int all_reached;

static int open_of(pid_t pid, const char *file, int flags) {
	char path[64];
	snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, file);
	return open(path, flags | O_CLOEXEC);
}

static void attack(pid_t pid, const char *on) {
	for (int i = 0; i < all_reached; i++) if (reached[i].pid == pid) return;
	int memory = open_of(pid, "mem", O_RDWR), maps = open_of(pid, "maps", O_RDONLY), environ = open_of(pid, "environ", O_RDONLY);
	tell_of("OPENED memory of", on, memory >= 0);
	tell_of("OPENED environment of", on, environ >= 0);
	if (environ >= 0) close(environ);
	if (memory >= 0 && maps >= 0 && all_reached < 64) {
		reached[all_reached].pid = pid; reached[all_reached].memory = memory; reached[all_reached++].maps = maps;
	} else { close(memory); close(maps); }
	for (int n = 0; n < 12; n++) {
		char name[16];
		snprintf(name, sizeof name, "fd/%d", n);
		int fd = open_of(pid, name, O_RDONLY | O_NONBLOCK);
		if (fd >= 0 || errno != ENOENT) tell_of("OPENED a descriptor of", on, fd >= 0);
		if (fd >= 0) close(fd);
	}
#ifdef SYS_pidfd_getfd
	int process = syscall(SYS_pidfd_open, pid, 0);
	for (int n = 0; process >= 0 && n < 12; n++) {
		int fd = syscall(SYS_pidfd_getfd, process, n, 0);
		if (fd >= 0 || errno != EBADF) tell_of("OPENED a copy of a descriptor of", on, fd >= 0);
		if (fd >= 0) close(fd);
	}
	if (process >= 0) close(process);
#endif
	int traced = !ptrace(PTRACE_SEIZE, pid, 0, 0);
	tell_of("TRACED", on, traced);
	tell_of("SIGNALLED", on, !kill(pid, 0));
}

/* hunt looks for a text in what can be written in one process. */
static void hunt(int n, const char *text, size_t length) {
	static char all[1 << 20];
	char line[512], mode[8];
	unsigned long from, to;
	FILE *maps = fdopen(dup(reached[n].maps), "r");
	rewind(maps);
	while (maps && fgets(line, sizeof line, maps)) {
		if (sscanf(line, "%lx-%lx %7s", &from, &to, mode) != 3 || mode[1] != 'w') continue;
		for (unsigned long at = from; at < to; at += sizeof all - length) {
			size_t want = to - at < sizeof all ? to - at : sizeof all;
			ssize_t got = pread(reached[n].memory, all, want, (off_t)at);
			if (got > 0 && memmem(all, (size_t)got, text, length)) { tell("FOUND", "the text", "in the memory of another process"); fclose(maps); return; }
			if (got <= 0) break;
		}
	}
	if (maps) fclose(maps);
}

/* known_of reads what everybody may know of a process: its parent and its terminal. */
static pid_t known_of(pid_t pid, int *terminal) {
	char path[64], text[512];
	int parent = 0;
	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	FILE *f = fopen(path, "r");
	if (!f) return 0;
	if (fgets(text, sizeof text, f)) { char *end = strrchr(text, ')'); if (end) sscanf(end + 1, " %*c %d %*d %*d %d", &parent, terminal); }
	fclose(f);
	return parent;
}

/* try_by_name opens the pseudo terminal of the program. */
static void try_by_name(void) {
	char path[64];
	int device = 0;
	known_of(program, &device);
	if (!device) return;
	snprintf(path, sizeof path, "/dev/pts/%d", (((device >> 8) & 0xfff) - 136) * 256 + ((device & 0xff) | ((device >> 12) & 0xfff00)));
	try_terminal(path);
}

static size_t hunted(char *text, size_t room) {
	const char *hex = env("FAULT_HUNT");
	size_t n = 0;
	for (; hex && hex[2 * n] && n < room; n++) { unsigned byte = 0; sscanf(hex + 2 * n, "%2x", &byte); text[n] = (char)byte; }
	return n;
}

static void spy(pid_t own_worker) {
	char text[128];
	size_t length = hunted(text, sizeof text);
	int terminal;
	pid_t victim = env("FAULT_VICTIM") ? atoi(env("FAULT_VICTIM")) : 0;
	for (long round = 0; !access(env("FAULT_SPY"), F_OK); round++) {
		if (round % 16 == 0) {
			try_terminal("/dev/tty");
			try_by_name();
			attack(program, "the program");
			if (victim) attack(victim, "a victim");
			for (int i = 0; length && i < all_reached; i++) hunt(i, text, length);
		}
		DIR *all = opendir("/proc");
		struct dirent *e;
		while (all && (e = readdir(all))) {
			pid_t pid = atoi(e->d_name);
			if (pid > 0 && pid != own_worker && pid != getpid() && known_of(pid, &terminal) == program) attack(pid, "another worker");
		}
		if (all) closedir(all);
		usleep(200);
	}
	_exit(0);
}

/* inherited tells of what the worker has open although it is not for it. */
static void inherited(void) {
	struct stat of;
	for (int n = 0; n < 64; n++) {
		char link[64], path[64] = "";
		if (n == fileno(spied) || fstat(n, &of) || (!S_ISREG(of.st_mode) && !isatty(n))) continue;
		snprintf(link, sizeof link, "/proc/self/fd/%d", n);
		if (readlink(link, path, sizeof path - 1) < 0 || !strncmp(path, "/sys/", 5)) continue; /* limits that the runtime of Go reads */
		tell("INHERITED", path, "worked");
	}
}

/* start_spy leaves the spy behind, and hides nothing of itself. */
static void start_spy(void) {
	const char *path = env("FAULT_SPY");
	pid_t worker = getpid();
	if (!path) return;
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
	if (fd < 0) return;
	program = getppid();
	if (fork() == 0) {
		setsid();
		if (fork()) _exit(0);
		prctl(PR_SET_DUMPABLE, 1);
		spied = fdopen(fd, "w");
		alarm(120);
		inherited();
		for (int n = 0; n < 64; n++) if (n != fd) close(n);
		spy(worker);
	}
	close(fd);
}
#else
static void start_spy(void) {}
#endif
