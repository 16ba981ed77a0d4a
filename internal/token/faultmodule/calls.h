// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Every call of the standard, part of faultp11.c: each function that the program uses
 * fails on request before or after its work, and any other ends the process, so that
 * a test that passes has shown that the table is whole.
 *
 *   FAULT         func may also be the name of a call, such as C_FindObjectsInit; all of
 *                 its calls count. More actions:
 *                 exit0  exit(0)
 *                 spin   an endless loop
 *                 huge | more | none   (after) the length or the number that the call
 *                        returns is -1, a thousand more than it is, or 0
 *                 null   (C_GetFunctionList:after) there is no list
 *   FAULT_CALLS   path of a file: gets the name of each call on a line, and calls are
 *                 counted there, over all processes
 *   FAULT_NULL    name of a call for which the list has a NULL pointer
 */

#define CALLS(CALL) \
	CALL(C_Initialize, NULL, (CK_VOID_PTR p), (p)) \
	CALL(C_Finalize, NULL, (CK_VOID_PTR p), (p)) \
	CALL(C_GetInfo, NULL, (CK_INFO_PTR i), (i)) \
	CALL(C_GetSlotList, n, (CK_BBOOL present, CK_SLOT_ID_PTR out, CK_ULONG_PTR n), (present, out, n)) \
	CALL(C_GetTokenInfo, NULL, (CK_SLOT_ID slot, CK_TOKEN_INFO_PTR i), (slot, i)) \
	CALL(C_GetMechanismList, n, (CK_SLOT_ID slot, CK_MECHANISM_TYPE_PTR out, CK_ULONG_PTR n), (slot, out, n)) \
	CALL(C_GetMechanismInfo, NULL, (CK_SLOT_ID slot, CK_MECHANISM_TYPE m, CK_MECHANISM_INFO_PTR i), (slot, m, i)) \
	CALL(C_OpenSession, NULL, (CK_SLOT_ID slot, CK_FLAGS f, CK_VOID_PTR app, CK_NOTIFY cb, CK_SESSION_HANDLE_PTR s), (slot, f, app, cb, s)) \
	CALL(C_CloseSession, NULL, (CK_SESSION_HANDLE s), (s)) \
	CALL(C_GetSessionInfo, NULL, (CK_SESSION_HANDLE s, CK_SESSION_INFO_PTR i), (s, i)) \
	CALL(C_Login, NULL, (CK_SESSION_HANDLE s, CK_USER_TYPE u, CK_UTF8CHAR_PTR pin, CK_ULONG l), (s, u, pin, l)) \
	CALL(C_Logout, NULL, (CK_SESSION_HANDLE s), (s)) \
	CALL(C_FindObjectsInit, NULL, (CK_SESSION_HANDLE s, CK_ATTRIBUTE_PTR t, CK_ULONG l), (s, t, l)) \
	CALL(C_FindObjects, n, (CK_SESSION_HANDLE s, CK_OBJECT_HANDLE_PTR o, CK_ULONG max, CK_ULONG_PTR n), (s, o, max, n)) \
	CALL(C_FindObjectsFinal, NULL, (CK_SESSION_HANDLE s), (s)) \
	CALL(C_GetAttributeValue, &t->ulValueLen, (CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_PTR t, CK_ULONG l), (s, o, t, l)) \
	CALL(C_GenerateKeyPair, NULL, (CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_ATTRIBUTE_PTR u, CK_ULONG ul, CK_ATTRIBUTE_PTR r, CK_ULONG rl, \
		CK_OBJECT_HANDLE_PTR hu, CK_OBJECT_HANDLE_PTR hr), (s, m, u, ul, r, rl, hu, hr)) \
	CALL(C_SignInit, NULL, (CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE k), (s, m, k)) \
	CALL(C_Sign, n, (CK_SESSION_HANDLE s, CK_BYTE_PTR d, CK_ULONG l, CK_BYTE_PTR sig, CK_ULONG_PTR n), (s, d, l, sig, n)) \
	CALL(C_GenerateRandom, NULL, (CK_SESSION_HANDLE s, CK_BYTE_PTR out, CK_ULONG l), (s, out, l)) \
	CALL(C_SetAttributeValue, NULL, (CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_PTR t, CK_ULONG l), (s, o, t, l)) \
	CALL(C_CopyObject, NULL, (CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o, CK_ATTRIBUTE_PTR t, CK_ULONG l, CK_OBJECT_HANDLE_PTR n), (s, o, t, l, n)) \
	CALL(C_GenerateKey, NULL, (CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_ATTRIBUTE_PTR t, CK_ULONG l, CK_OBJECT_HANDLE_PTR k), (s, m, t, l, k)) \
	CALL(C_WrapKey, n, (CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE w, CK_OBJECT_HANDLE k, CK_BYTE_PTR out, CK_ULONG_PTR n), (s, m, w, k, out, n)) \
	CALL(C_DestroyObject, NULL, (CK_SESSION_HANDLE s, CK_OBJECT_HANDLE o), (s, o))

static CK_FUNCTION_LIST inner; /* what a call does when it does not fail */

/* counted writes a call down and returns how many of its name there were. */
static int counted(const char *name, int *own) {
	const char *path = env("FAULT_CALLS"), *spec = env("FAULT");
	++*own;
	if (!path) return *own;
	char line[64];
	int fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600), n = 0;
	if (fd < 0 || dprintf(fd, "%s\n", name) < 0) { perror("faultp11: FAULT_CALLS"); abort(); }
	size_t length = strlen(name);
	if (spec && !strncmp(spec, name, length) && spec[length] == ':') {
		FILE *all = fdopen(fd, "r");
		rewind(all);
		while (fgets(line, sizeof line, all)) n += strlen(line) == length + 1 && !strncmp(line, name, length);
		fclose(all);
	} else close(fd);
	return n;
}

static CK_RV act_on(const char *a, CK_RV rv, CK_ULONG_PTR length) {
	if (length && !strcmp(a, "huge")) *length = (CK_ULONG)-1;
	if (length && !strcmp(a, "more")) *length += 1000;
	if (length && !strcmp(a, "none")) *length = 0;
	return act(a, rv);
}

#define WRAPPER(name, length, parameters, arguments) \
	static CK_RV c_##name parameters { \
		static int own; \
		int nth = counted(#name, &own); \
		const char *todo = fault(#name, "before", nth); \
		if (todo) return act(todo, CKR_FUNCTION_FAILED); \
		CK_RV rv = inner.name arguments; \
		todo = fault(#name, "after", nth); \
		return todo ? act_on(todo, rv, length) : rv; \
	}
CALLS(WRAPPER)

static CK_RV never(void) {
	fputs("faultp11: a call that the table in calls.h lacks\n", stderr);
	abort();
}

/* wrap fills the list that the program gets. */
static void wrap(CK_FUNCTION_LIST *list) {
	CK_RV (**entry)(void) = (CK_RV (**)(void))&list->C_Initialize;
	inner = *list;
	while ((void *)entry < (void *)(list + 1)) *entry++ = never;
	list->C_GetFunctionList = C_GetFunctionList;
	const char *null = env("FAULT_NULL");
#define WRAP(name, length, parameters, arguments) list->name = null && !strcmp(null, #name) ? NULL : c_##name;
	CALLS(WRAP)
}
