// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

/*
 * faultp11: a PKCS#11 module that stands in front of a real one and misbehaves
 * on request. It exports only C_GetFunctionList.
 *
 *   FAULT_MODULE  path of the real module (required)
 *   FAULT         func:when:nth:action, one fault per process
 *                 func    sign | gen | login | getattr | destroy | logout | final
 *                 when    before | after  (login, getattr, destroy: before only)
 *                 nth     decimal >= 1, counts calls of func in the process;
 *                         C_Sign with a NULL buffer is not counted, nor is
 *                         C_Finalize without a C_Login before (a first look)
 *                 action  segv | abort | exit | hang | err=<hex CK_RV>
 *                         slow=<ms>: after, the call takes so much longer
 *                         flip | short | zero | der   (sign:after only)
 *   FAULT_PED     PIN to use when C_Login gets NULL; the token claims a
 *                 protected authentication path
 *   FAULT_LOGGED_IN  PIN with which the module logs the user in by itself, as one does
 *                 that shares the login of another program
 *   FAULT_USER    hex user type that is the normal user here
 *   FAULT_MAXRW   ulMaxRwSessionCount to report, decimal
 *   FAULT_INIT    hex CK_RV for C_Initialize
 *   FAULT_TI      hex CK_RV for C_GetTokenInfo; FAULT_TI_OF: of the token with this label
 *                 alone, with CKR_DEVICE_ERROR
 *   FAULT_ONCE    path of a file; the fault happens only in the process that
 *                 creates it, so that the next worker is sound
 *   FAULT_FLAGS   hex, added to the flags of every token
 *   FAULT_EXTRACTABLE  1: private keys are made extractable, whatever is asked
 *   FAULT_ATTR    type=value,..., all hex: what is read of boolean attributes
 *   FAULT_ECHO    a text that every C_Login prints, as a leaky module would
 *   FAULT_WIDE    the same, printed in UTF-16 of both byte orders (ASCII only)
 *   FAULT_TRACE   1: also trace templates of C_GenerateKeyPair, and sessions
 *
 * The names of calls that FAULT takes besides stand in calls.h, what a spy does in spy.h.
 * Always traced on stderr: C_Initialize, C_Finalize, C_Login (never the PIN),
 * C_Logout. What a hostile module tries stands in hostile.h, how it lies in lies.h.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "pkcs11go.h"

static CK_FUNCTION_LIST_PTR real;
static CK_FUNCTION_LIST list;
static int calls_sign, calls_gen, calls_login, calls_getattr, calls_destroy, calls_logout, calls_final;

static const char *env(const char *name) {
	const char *v = getenv(name);
	return v && *v ? v : NULL;
}

/* fault returns the action for this call of func, or NULL. */
static const char *fault(const char *func, const char *when, int nth) {
	static char text[256];
	const char *spec = env("FAULT");
	if (!spec || strlen(spec) >= sizeof text) return NULL;
	strcpy(text, spec);
	char *save, *f = strtok_r(text, ":", &save), *w = strtok_r(NULL, ":", &save);
	char *n = strtok_r(NULL, ":", &save), *a = strtok_r(NULL, ":", &save);
	if (!a || strcmp(f, func) || strcmp(w, when) || atoi(n) != nth) return NULL;
	const char *once = env("FAULT_ONCE");
	if (once) {
		int fd = open(once, O_CREAT | O_EXCL | O_WRONLY, 0600);
		if (fd < 0) return NULL;
		close(fd);
	}
	return a;
}

/* act does what can be done without a signature, and returns a CK_RV. */
static CK_RV act(const char *a, CK_RV rv) {
	if (!strcmp(a, "segv")) { raise(SIGSEGV); *(volatile int *)8 = 1; }
	if (!strcmp(a, "abort")) { fputs("faultp11: assertion failed: session != NULL\n", stderr); abort(); }
	if (!strcmp(a, "exit")) _exit(9);
	if (!strcmp(a, "exit0")) exit(0);
	if (!strcmp(a, "spin")) for (volatile int on = 1; on;) ;
	if (!strcmp(a, "hang")) for (;;) pause();
	if (!strncmp(a, "slow=", 5)) { usleep((useconds_t)atoi(a + 5) * 1000); return rv; }
	if (!strncmp(a, "err=", 4)) return (CK_RV)strtoul(a + 4, NULL, 16);
	return rv;
}

#define FAULT_AROUND(func, counter, call)                                      \
	do {                                                                       \
		int nth = ++counter;                                                   \
		const char *a = fault(func, "before", nth);                            \
		if (a) return act(a, CKR_FUNCTION_FAILED);                             \
		CK_RV rv = (call);                                                     \
		a = fault(func, "after", nth);                                         \
		return a ? act(a, rv) : rv;                                            \
	} while (0)

#include "hostile.h"
#include "lies.h"
#include "spy.h"

static size_t der_int(CK_BYTE *out, const CK_BYTE *in, size_t n) {
	while (n > 1 && !*in) { in++; n--; }
	size_t pad = *in >> 7, o = 0;
	out[o++] = 2;
	out[o++] = (CK_BYTE)(n + pad);
	if (pad) out[o++] = 0;
	memcpy(out + o, in, n);
	return o + n;
}

/* to_der turns r||s into an ECDSA-Sig-Value in place. */
static void to_der(CK_BYTE *sig, CK_ULONG *len) {
	CK_BYTE body[300], out[310];
	if (*len > 140) return;
	size_t n = der_int(body, sig, *len / 2), o = 0;
	n += der_int(body + n, sig + *len / 2, *len / 2);
	out[o++] = 0x30;
	if (n > 127) out[o++] = 0x81;
	out[o++] = (CK_BYTE)n;
	memcpy(out + o, body, n);
	memcpy(sig, out, o + n);
	*len = o + n;
}

static CK_RV f_Sign(CK_SESSION_HANDLE s, CK_BYTE_PTR d, CK_ULONG dl, CK_BYTE_PTR sig, CK_ULONG_PTR sl) {
	if (!sig) {
		CK_RV rv = real->C_Sign(s, d, dl, sig, sl);
		if (rv == CKR_OK && *sl <= 140) *sl += 16; /* room for der */
		return rv;
	}
	int nth = ++calls_sign;
	const char *a = fault("sign", "before", nth);
	if (a) return act(a, CKR_FUNCTION_FAILED);
	CK_RV rv = real->C_Sign(s, d, dl, sig, sl);
	a = fault("sign", "after", nth);
	if (!a) return rv;
	if (rv == CKR_OK) {
		if (!strcmp(a, "flip")) sig[*sl / 2] ^= 1;
		if (!strcmp(a, "short")) --*sl;
		if (!strcmp(a, "zero")) memset(sig, 0, *sl);
		if (!strcmp(a, "der")) to_der(sig, sl);
	}
	return act(a, rv);
}

static void trace_template(const char *what, CK_ATTRIBUTE_PTR t, CK_ULONG n) {
	fprintf(stderr, "faultp11: C_GenerateKeyPair %s", what);
	for (CK_ULONG i = 0; i < n; i++) fprintf(stderr, " 0x%lx:%lu", t[i].type, t[i].ulValueLen);
	fputc('\n', stderr);
}

static CK_RV f_GenerateKeyPair(CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_ATTRIBUTE_PTR pub, CK_ULONG np,
	CK_ATTRIBUTE_PTR pri, CK_ULONG nr, CK_OBJECT_HANDLE_PTR hp, CK_OBJECT_HANDLE_PTR hr) {
	if (env("FAULT_TRACE")) { trace_template("public", pub, np); trace_template("private", pri, nr); }
	CK_ATTRIBUTE leaky[64];
	CK_BBOOL yes = CK_TRUE;
	for (CK_ULONG i = 0; env("FAULT_EXTRACTABLE") && i < nr && nr <= 64; i++) {
		leaky[i] = pri[i];
		if (pri[i].type == CKA_EXTRACTABLE) leaky[i].pValue = &yes;
		if (i + 1 == nr) pri = leaky;
	}
	CK_MECHANISM other = *m;
	if (env("FAULT_FIPS") && m->mechanism == CKM_RSA_PKCS_KEY_PAIR_GEN) return CKR_MECHANISM_INVALID;
	other.mechanism = fips(m->mechanism, CKM_RSA_X9_31_KEY_PAIR_GEN, CKM_RSA_PKCS_KEY_PAIR_GEN);
	m = &other;
	if (env("FAULT_KNOWN")) return known_pair(s, pub, np, pri, nr, hp, hr);
	FAULT_AROUND("gen", calls_gen, real->C_GenerateKeyPair(s, m, pub, np, pri, nr, hp, hr));
}

/* lie_of changes what was read of a boolean that FAULT_ATTR lists. */
static void lie_of(CK_ATTRIBUTE_PTR t) {
	const char *lie = env("FAULT_ATTR");
	while (lie && *lie) {
		char *end;
		CK_ULONG type = strtoul(lie, &end, 16);
		if (*end != '=') return;
		CK_BBOOL value = (CK_BBOOL)strtoul(end + 1, &end, 16);
		if (t->type == type && t->pValue && t->ulValueLen == 1) *(CK_BBOOL *)t->pValue = value;
		lie = *end == ',' ? end + 1 : NULL;
	}
}

/* get_attributes reads attributes and lies about some. */
static CK_RV get_attributes(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_PTR t, CK_ULONG n) {
	CK_RV rv = real->C_GetAttributeValue(s, o, t, n);
	for (CK_ULONG i = 0; rv == CKR_OK && i < n; i++) { lie_of(t + i); lie_point(t + i); lie_origin(t + i); }
	return rv;
}

static CK_RV f_GetAttributeValue(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_PTR t, CK_ULONG n) {
	if (hostile_label(t, n)) return CKR_OK;
	FAULT_AROUND("getattr", calls_getattr, get_attributes(s, o, t, n));
}

static CK_RV f_DestroyObject(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o) {
	FAULT_AROUND("destroy", calls_destroy, real->C_DestroyObject(s, o));
}

static CK_RV f_Login(CK_SESSION_HANDLE s, CK_USER_TYPE u, CK_UTF8CHAR_PTR pin, CK_ULONG len) {
	const char *ped = env("FAULT_PED"), *echo = env("FAULT_ECHO");
	fprintf(stderr, "faultp11: C_Login user %lu pPin %s len %lu\n", u, pin ? "set" : "NULL", len);
	if (echo) fprintf(stderr, "faultp11: debug: %s\n", echo);
	for (const char *c = env("FAULT_WIDE"); c && *c; c++) { fputc(*c, stderr); fputc(0, stderr); }
	for (const char *c = env("FAULT_WIDE"); c && *c; c++) { fputc(0, stderr); fputc(*c, stderr); }
	if (env("FAULT_WIDE")) fputc('\n', stderr);
	keep(pin, len);
	hostile_login(pin, len);
	if (ped && !pin) { pin = (CK_UTF8CHAR_PTR)ped; len = strlen(ped); }
	if (env("FAULT_USER") && u == strtoul(env("FAULT_USER"), NULL, 16)) u = CKU_USER;
	FAULT_AROUND("login", calls_login, real->C_Login(s, u, pin, len));
}

static CK_RV f_Logout(CK_SESSION_HANDLE s) {
	fputs("faultp11: C_Logout\n", stderr);
	spoil();
	FAULT_AROUND("logout", calls_logout, real->C_Logout(s));
}

static CK_RV f_Initialize(CK_VOID_PTR args) {
	CK_C_INITIALIZE_ARGS_PTR a = args;
	fprintf(stderr, "faultp11: C_Initialize flags 0x%lx pReserved %s\n", a ? a->flags : 0, a && a->pReserved ? "set" : "NULL");
	if (env("FAULT_INIT")) return (CK_RV)strtoul(env("FAULT_INIT"), NULL, 16);
	hostile_fork();
	start_spy();
	return real->C_Initialize(args);
}

static CK_RV f_Finalize(CK_VOID_PTR reserved) {
	fputs("faultp11: C_Finalize\n", stderr);
	if (!calls_login) return real->C_Finalize(reserved);
	FAULT_AROUND("final", calls_final, real->C_Finalize(reserved));
}

static CK_RV f_OpenSession(CK_SLOT_ID slot, CK_FLAGS f, CK_VOID_PTR app, CK_NOTIFY n, CK_SESSION_HANDLE_PTR s) {
	CK_RV rv = real->C_OpenSession(slot, f, app, n, s);
	const char *in = env("FAULT_LOGGED_IN");
	if (in && rv == CKR_OK) real->C_Login(*s, CKU_USER, (CK_UTF8CHAR_PTR)in, strlen(in)); /* again is an error, and no harm */
	if (env("FAULT_TRACE")) fprintf(stderr, "faultp11: C_OpenSession 0x%lx %lu\n", rv, rv == CKR_OK ? *s : 0);
	return rv;
}

static CK_RV f_CloseSession(CK_SESSION_HANDLE s) {
	if (env("FAULT_TRACE")) fprintf(stderr, "faultp11: C_CloseSession %lu\n", s);
	return real->C_CloseSession(s);
}

static CK_RV f_GetTokenInfo(CK_SLOT_ID slot, CK_TOKEN_INFO_PTR info) {
	const char *ti = env("FAULT_TI"), *maxrw = env("FAULT_MAXRW");
	if (ti) return (CK_RV)strtoul(ti, NULL, 16);
	CK_RV rv = real->C_GetTokenInfo(slot, info);
	if (rv != CKR_OK) return rv;
	const char *dead = env("FAULT_TI_OF");
	if (dead && !memcmp(info->label, dead, strlen(dead))) return CKR_DEVICE_ERROR;
	if (env("FAULT_PED")) info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
	if (maxrw) info->ulMaxRwSessionCount = strtoul(maxrw, NULL, 10);
	called(info->model, sizeof info->model);
	called(info->manufacturerID, sizeof info->manufacturerID);
	const char *flags = env("FAULT_FLAGS");
	if (flags) info->flags |= strtoul(flags, NULL, 16);
	return rv;
}

#include "calls.h"

CK_RV C_GetFunctionList(CK_FUNCTION_LIST_PTR_PTR out) {
	static int own;
	int nth = counted("C_GetFunctionList", &own);
	const char *a = fault("C_GetFunctionList", "before", nth);
	if (a) return act(a, CKR_FUNCTION_FAILED);
	if (!real) {
		const char *path = env("FAULT_MODULE");
		void *lib = path ? dlopen(path, RTLD_NOW) : NULL;
		CK_C_GetFunctionList get = lib ? (CK_C_GetFunctionList)dlsym(lib, "C_GetFunctionList") : NULL;
		if (!get || get(&real) != CKR_OK) {
			fprintf(stderr, "faultp11: FAULT_MODULE does not name a module: %s\n", lib ? "no function list" : dlerror());
			return CKR_GENERAL_ERROR;
		}
		list = *real;
		list.C_GetFunctionList = C_GetFunctionList;
		list.C_Initialize = f_Initialize;
		list.C_Finalize = f_Finalize;
		list.C_Login = f_Login;
		list.C_Logout = f_Logout;
		list.C_Sign = f_Sign;
		list.C_GenerateKeyPair = f_GenerateKeyPair;
		list.C_GetAttributeValue = f_GetAttributeValue;
		list.C_DestroyObject = f_DestroyObject;
		list.C_OpenSession = f_OpenSession;
		list.C_CloseSession = f_CloseSession;
		list.C_GetTokenInfo = f_GetTokenInfo;
		list.C_GetSlotList = h_GetSlotList;
		list.C_GetMechanismList = h_GetMechanismList;
		list.C_GetMechanismInfo = h_GetMechanismInfo;
		list.C_FindObjects = l_FindObjects;
		list.C_SignInit = l_SignInit;
		list.C_GetInfo = h_GetInfo;
		list.C_GenerateRandom = l_GenerateRandom;
		wrap(&list);
	}
	*out = &list;
	a = fault("C_GetFunctionList", "after", nth);
	if (a && !strcmp(a, "null")) *out = NULL;
	return a ? act(a, CKR_OK) : CKR_OK;
}
