// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

/*
 * What a hostile module tries, part of faultp11.c. All of it is off unless asked
 * for:
 *
 *   FAULT_TYPE    path of a terminal: C_Login types "done" on it and on /dev/tty
 *                 (TIOCSTI), and opens it; it prints what came of that, of which
 *                 session it is and whether it is dumpable
 *   FAULT_FORK    stay | leave: C_Initialize forks a child that keeps all descriptors
 *                 open for a minute and goes on printing, and names its process; it
 *                 stays in the process group or leaves it
 *   FAULT_LINES   n: C_Login prints n lines, on standard output and error in turn
 *   FAULT_LEAK    1: C_Login prints the PIN that it is given
 *   FAULT_READ    1: C_Login starts a program that reads standard input to its end
 *   FAULT_FIFO    path of a pipe: C_Login waits until somebody opens it to write,
 *                 as if a person took time at a PIN pad
 *   FAULT_SLOTS   n: C_GetSlotList gives n slots
 *   FAULT_MECHS   n: C_GetMechanismList gives n mechanisms
 *   FAULT_FIPS    1: RSA keys are made by CKM_RSA_X9_31_KEY_PAIR_GEN alone
 *   FAULT_OBJECTS 1: a search for objects never ends
 *   FAULT_LABEL   n: each CKA_LABEL has n bytes
 *   FAULT_MODEL   text: the token and the module call themselves that
 */
#include <sys/ioctl.h>
#ifdef __linux__
#include <sys/prctl.h>
#define DUMPABLE prctl(PR_GET_DUMPABLE)
#else
#define DUMPABLE -1
#endif
#include <errno.h>

static const char *type_on(const char *path, int *opened) {
	static char text[128];
	int fd = open(path, O_RDWR | O_NOCTTY);
	*opened = fd >= 0;
	if (fd < 0) { snprintf(text, sizeof text, "%s", strerror(errno)); return text; }
	const char *result = "typed";
	for (const char *c = "done\n"; *c; c++)
		if (ioctl(fd, TIOCSTI, c)) { snprintf(text, sizeof text, "%s", strerror(errno)); result = text; break; }
	close(fd);
	return result;
}

static void hostile_login(CK_UTF8CHAR_PTR pin, CK_ULONG len) {
	if (env("FAULT_READ") && system("wc -c | sed 's/^/hostile: read /' >&2")) fputs("hostile: no shell\n", stderr);
	if (env("FAULT_FIFO")) close(open(env("FAULT_FIFO"), O_RDONLY));
	if (env("FAULT_LEAK") && pin) fprintf(stderr, "hostile: the PIN is %.*s\n", (int)len, pin);
	const char *tty = env("FAULT_TYPE"), *lines = env("FAULT_LINES");
	if (tty) {
		const char *names[] = { "/dev/tty", tty };
		for (int i = 0; i < 2; i++) {
			int opened;
			const char *result = type_on(names[i], &opened);
			fprintf(stderr, "hostile: %s %s: %s\n", i ? "name" : "tty", opened ? "opened" : "closed", result);
		}
		fprintf(stderr, "hostile: session %s, dumpable %d\n", getsid(0) == getpid() ? "own" : "inherited", DUMPABLE);
	}
	for (long i = 1; lines && i <= atol(lines); i++) fprintf(i % 2 ? stderr : stdout, "hostile: line %ld\n", i);
	fflush(stdout);
}

static void hostile_fork(void) {
	static int done;
	if (!env("FAULT_FORK") || done++) return;
	pid_t child = fork();
	if (child) { fprintf(stderr, "hostile: child %d\n", (int)child); return; }
	if (!strcmp(env("FAULT_FORK"), "leave")) setsid();
	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < 6000; i++) { fputs("hostile: still here\n", stderr); usleep(10000); }
	_exit(0);
}

/* many gives n times the first thing of a list, as C_GetSlotList would. */
static CK_RV many(const char *n, CK_ULONG first, CK_ULONG_PTR out, CK_ULONG_PTR count) {
	CK_ULONG room = *count;
	*count = strtoul(n, NULL, 10);
	if (!out) return CKR_OK;
	if (room < *count) return CKR_BUFFER_TOO_SMALL;
	for (CK_ULONG i = 0; i < *count; i++) out[i] = first;
	return CKR_OK;
}

static int calls_slots;

static CK_RV h_GetSlotList(CK_BBOOL present, CK_SLOT_ID_PTR out, CK_ULONG_PTR count) {
	CK_ULONG first[64], n = 64;
	const char *a = fault("slots", "before", ++calls_slots);
	if (a) return act(a, CKR_FUNCTION_FAILED);
	if (!env("FAULT_SLOTS")) return real->C_GetSlotList(present, out, count);
	CK_RV rv = real->C_GetSlotList(present, first, &n);
	return rv != CKR_OK ? rv : many(env("FAULT_SLOTS"), first[0], out, count);
}

/* fips takes one mechanism that makes RSA keys for the other. */
static CK_MECHANISM_TYPE fips(CK_MECHANISM_TYPE m, CK_MECHANISM_TYPE from, CK_MECHANISM_TYPE to) {
	return env("FAULT_FIPS") && m == from ? to : m;
}

static CK_RV h_GetMechanismList(CK_SLOT_ID slot, CK_MECHANISM_TYPE_PTR out, CK_ULONG_PTR count) {
	if (env("FAULT_MECHS")) return many(env("FAULT_MECHS"), CKM_ECDSA, out, count);
	CK_RV rv = real->C_GetMechanismList(slot, out, count);
	for (CK_ULONG i = 0; rv == CKR_OK && out && i < *count; i++) out[i] = fips(out[i], CKM_RSA_PKCS_KEY_PAIR_GEN, CKM_RSA_X9_31_KEY_PAIR_GEN);
	return rv;
}

static CK_RV h_GetMechanismInfo(CK_SLOT_ID slot, CK_MECHANISM_TYPE m, CK_MECHANISM_INFO_PTR info) {
	return real->C_GetMechanismInfo(slot, fips(m, CKM_RSA_X9_31_KEY_PAIR_GEN, CKM_RSA_PKCS_KEY_PAIR_GEN), info);
}

static CK_RV h_FindObjects(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE_PTR out, CK_ULONG max, CK_ULONG_PTR count) {
	if (!env("FAULT_OBJECTS")) return real->C_FindObjects(s, out, max, count);
	for (*count = 0; *count < max; ++*count) out[*count] = 1;
	return CKR_OK;
}

/* hostile_label takes the place of the real call where it returns 1. */
static int hostile_label(CK_ATTRIBUTE_PTR t, CK_ULONG n) {
	const char *length = env("FAULT_LABEL");
	if (!length || n != 1 || t->type != CKA_LABEL) return 0;
	t->ulValueLen = strtoul(length, NULL, 10);
	if (t->pValue) memset(t->pValue, 'x', t->ulValueLen < 100000 ? t->ulValueLen : 100000);
	return 1;
}

/* called fills a field of a structure of the standard: padded with spaces. */
static void called(CK_UTF8CHAR *field, size_t size) {
	const char *name = env("FAULT_MODEL");
	if (!name) return;
	memset(field, ' ', size);
	memcpy(field, name, strlen(name) < size ? strlen(name) : size);
}

static CK_RV h_GetInfo(CK_INFO_PTR info) {
	CK_RV rv = real->C_GetInfo(info);
	called(info->manufacturerID, sizeof info->manufacturerID);
	called(info->libraryDescription, sizeof info->libraryDescription);
	return rv;
}
