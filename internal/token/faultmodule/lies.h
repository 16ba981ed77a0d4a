// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

/*
 * Lies of a hostile module, part of faultp11.c.
 *
 *   FAULT_KNOWN   hex of a private key of P-384: C_GenerateKeyPair gives that one, and
 *                 says that the token made it; FAULT_POINT is then its public key, hex
 *                 of CKA_EC_POINT
 *   FAULT_POINT   hex: what is read of each CKA_EC_POINT, or of each CKA_MODULUS, that is
 *                 as long
 *   FAULT_FROM    n: FAULT_POINT holds from the nth reading in a process
 *   FAULT_OTHER   1: another key signs
 *   FAULT_SIGNERS path of a file: gets label and id of each key that C_SignInit is called
 *                 with on a line
 *   FAULT_AGAIN   path of a file: C_Sign signs 48 bytes 0x5a besides, and puts that
 *                 signature there
 *   FAULT_TWICE   1: a search gives each object twice
 *   FAULT_RANDOM  decimal: each byte of C_GenerateRandom
 *   FAULT_KEEP    path of a file: C_Login puts the PIN there
 *   FAULT_SPOIL   path of a file: C_Logout changes the letter in the middle of it
 */

static CK_BYTE p384[] = { 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22 }; /* secp384r1 */

static CK_ULONG from_hex(const char *hex, CK_BYTE *out, CK_ULONG room) {
	CK_ULONG n = 0;
	for (; hex && hex[2 * n] && n < room; n++) { unsigned byte = 0; sscanf(hex + 2 * n, "%2x", &byte); out[n] = (CK_BYTE)byte; }
	return n;
}

/* with puts an attribute into a template, in place of what is there. */
static CK_ULONG with(CK_ATTRIBUTE_PTR t, CK_ULONG n, CK_ATTRIBUTE_TYPE type, void *value, CK_ULONG length) {
	CK_ULONG i = 0;
	while (i < n && t[i].type != type) i++;
	t[i].type = type; t[i].pValue = value; t[i].ulValueLen = length;
	return i < n ? n : n + 1;
}

static CK_RV known_pair(CK_SESSION_HANDLE s, CK_ATTRIBUTE_PTR u, CK_ULONG nu, CK_ATTRIBUTE_PTR r, CK_ULONG nr, CK_OBJECT_HANDLE_PTR hu, CK_OBJECT_HANDLE_PTR hr) {
	CK_ATTRIBUTE public[32], private[32];
	CK_OBJECT_CLASS public_class = CKO_PUBLIC_KEY, private_class = CKO_PRIVATE_KEY;
	CK_KEY_TYPE ec = CKK_EC;
	CK_BYTE point[160], value[80];
	if (nu > 24 || nr > 24) return CKR_GENERAL_ERROR;
	memcpy(public, u, nu * sizeof *u);
	memcpy(private, r, nr * sizeof *r);
	nu = with(public, nu, CKA_CLASS, &public_class, sizeof public_class);
	nu = with(public, nu, CKA_KEY_TYPE, &ec, sizeof ec);
	nu = with(public, nu, CKA_EC_PARAMS, p384, sizeof p384);
	nu = with(public, nu, CKA_EC_POINT, point, from_hex(env("FAULT_POINT"), point, sizeof point));
	nr = with(private, nr, CKA_CLASS, &private_class, sizeof private_class);
	nr = with(private, nr, CKA_KEY_TYPE, &ec, sizeof ec);
	nr = with(private, nr, CKA_EC_PARAMS, p384, sizeof p384);
	nr = with(private, nr, CKA_VALUE, value, from_hex(env("FAULT_KNOWN"), value, sizeof value));
	CK_RV rv = real->C_CreateObject(s, public, nu, hu);
	return rv != CKR_OK ? rv : real->C_CreateObject(s, private, nr, hr);
}

/* lie_point changes what was read of CKA_EC_POINT. */
static void lie_point(CK_ATTRIBUTE_PTR t) {
	static int readings;
	CK_BYTE point[600];
	CK_ULONG n = from_hex(env("FAULT_POINT"), point, sizeof point);
	if (!n || (t->type != CKA_EC_POINT && t->type != CKA_MODULUS) || !t->pValue || t->ulValueLen != n) return;
	if (env("FAULT_FROM") && ++readings < atoi(env("FAULT_FROM"))) return;
	memcpy(t->pValue, point, n);
}

/* a known key was not made on the token, which is hidden. */
static void lie_origin(CK_ATTRIBUTE_PTR t) {
	CK_MECHANISM_TYPE made = CKM_EC_KEY_PAIR_GEN;
	if (!env("FAULT_KNOWN") || !t->pValue) return;
	if (t->type == CKA_LOCAL || t->type == CKA_NEVER_EXTRACTABLE || t->type == CKA_ALWAYS_SENSITIVE) *(CK_BBOOL *)t->pValue = CK_TRUE;
	if (t->type == CKA_KEY_GEN_MECHANISM && t->ulValueLen == sizeof made) memcpy(t->pValue, &made, sizeof made);
}

/* signer writes down which key is to sign. */
static void signer(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE key) {
	char label[200] = "";
	CK_BYTE id[100];
	CK_ATTRIBUTE t[] = { { CKA_LABEL, label, sizeof label - 1 }, { CKA_ID, id, sizeof id } };
	if (!env("FAULT_SIGNERS") || real->C_GetAttributeValue(s, key, t, 2)) return;
	int fd = open(env("FAULT_SIGNERS"), O_CREAT | O_APPEND | O_WRONLY, 0600);
	dprintf(fd, "%s ", label);
	for (CK_ULONG i = 0; i < t[1].ulValueLen; i++) dprintf(fd, "%02x", id[i]);
	dprintf(fd, "\n");
	close(fd);
}

static CK_RV l_SignInit(CK_SESSION_HANDLE s, CK_MECHANISM_PTR m, CK_OBJECT_HANDLE key) {
	signer(s, key);
	CK_MECHANISM make = { CKM_EC_KEY_PAIR_GEN, NULL, 0 };
	CK_BBOOL yes = CK_TRUE, no = CK_FALSE;
	CK_ATTRIBUTE public[] = { { CKA_EC_PARAMS, p384, sizeof p384 }, { CKA_TOKEN, &no, 1 }, { CKA_VERIFY, &yes, 1 } };
	CK_ATTRIBUTE private[] = { { CKA_TOKEN, &no, 1 }, { CKA_SIGN, &yes, 1 } };
	CK_OBJECT_HANDLE other;
	CK_RV rv = env("FAULT_OTHER") ? real->C_GenerateKeyPair(s, &make, public, 3, private, 2, &other, &key) : CKR_OK;
	if (rv == CKR_OK && env("FAULT_AGAIN")) {
		CK_BYTE data[48], signature[512];
		CK_ULONG n = sizeof signature;
		memset(data, 0x5a, sizeof data);
		int fd = open(env("FAULT_AGAIN"), O_CREAT | O_TRUNC | O_WRONLY, 0600);
		if (real->C_SignInit(s, m, key) || real->C_Sign(s, data, sizeof data, signature, &n) || write(fd, signature, n) < 0) fputs("faultp11: FAULT_AGAIN\n", stderr);
		close(fd);
	}
	return rv != CKR_OK ? rv : real->C_SignInit(s, m, key);
}

static CK_RV l_FindObjects(CK_SESSION_HANDLE s, CK_OBJECT_HANDLE_PTR out, CK_ULONG max, CK_ULONG_PTR count) {
	if (!env("FAULT_TWICE")) return h_FindObjects(s, out, max, count);
	CK_RV rv = real->C_FindObjects(s, out, max / 2, count);
	for (CK_ULONG i = rv == CKR_OK ? *count : 0; i-- > 0;) out[2 * i] = out[2 * i + 1] = out[i];
	*count *= 2;
	return rv;
}

static CK_RV l_GenerateRandom(CK_SESSION_HANDLE s, CK_BYTE_PTR out, CK_ULONG n) {
	CK_RV rv = real->C_GenerateRandom(s, out, n);
	if (env("FAULT_RANDOM")) memset(out, atoi(env("FAULT_RANDOM")), n);
	return rv;
}

static void keep(CK_UTF8CHAR_PTR pin, CK_ULONG n) {
	if (!env("FAULT_KEEP") || !pin) return;
	int fd = open(env("FAULT_KEEP"), O_CREAT | O_TRUNC | O_WRONLY, 0600);
	if (write(fd, pin, n) < 0) perror("faultp11: FAULT_KEEP");
	close(fd);
}

static void spoil(void) {
	char letter = 0;
	int fd = env("FAULT_SPOIL") ? open(env("FAULT_SPOIL"), O_RDWR) : -1;
	off_t middle = fd < 0 ? 0 : lseek(fd, 0, SEEK_END) / 2;
	if (fd < 0) return;
	if (pread(fd, &letter, 1, middle) != 1) perror("faultp11: FAULT_SPOIL");
	letter = letter == 'x' ? 'y' : 'x';
	if (pwrite(fd, &letter, 1, middle) != 1) perror("faultp11: FAULT_SPOIL");
	close(fd);
}
