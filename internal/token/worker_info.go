// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

import (
	"bufio"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/miekg/pkcs11"
)

// slotInfo is a slot with a token, or the reason why it does not answer.
type slotInfo struct {
	info Info
	err  error
}

// slotInfos asks every slot that says it holds a token.
func slotInfos(direct *pkcs11.Ctx) ([]slotInfo, error) {
	slots, err := direct.GetSlotList(true)
	if err != nil {
		return nil, fmt.Errorf("listing slots: %w", err)
	}
	if len(slots) > maxSlots {
		return nil, tooMany(len(slots), "slots", maxSlots)
	}
	var all []slotInfo
	for _, slot := range slots {
		token, err := direct.GetTokenInfo(slot)
		one := slotInfo{info: tokenInfo(slot, token), err: err}
		one.info.addModule(direct)
		all = append(all, one)
	}
	return all, nil
}

// tokenInfo takes over C_GetTokenInfo.
func tokenInfo(slot uint, t pkcs11.TokenInfo) Info {
	i := Info{
		Label: printable([]byte(t.Label)), Serial: printable([]byte(t.SerialNumber)), Model: printable([]byte(t.Model)),
		Manufacturer: printable([]byte(t.ManufacturerID)), Flags: flagNames(t.Flags), Slot: slot,
		Firmware: version(t.FirmwareVersion), Hardware: version(t.HardwareVersion),
		MaxSessions: reported(t.MaxSessionCount), MaxRWSessions: reported(t.MaxRwSessionCount),
		FreePrivate: reported(t.FreePrivateMemory), FreePublic: reported(t.FreePublicMemory),
		MinPIN: t.MinPinLen, MaxPIN: t.MaxPinLen, FreshProcess: true,
	}
	return i
}

// addModule takes over C_GetInfo and goes by all names.
func (i *Info) addModule(direct *pkcs11.Ctx) {
	if info, err := direct.GetInfo(); err == nil {
		i.ModuleDescription = printable([]byte(info.LibraryDescription))
		i.ModuleManufacturer = printable([]byte(info.ManufacturerID))
		i.ModuleVersion, i.Cryptoki = version(info.LibraryVersion), version(info.CryptokiVersion)
	}
	i.Software = i.looksLikeSoftware()
}

func version(v pkcs11.Version) string { return fmt.Sprintf("%d.%d", v.Major, v.Minor) }

// reported gives CK_UNAVAILABLE_INFORMATION (all ones), or an impossible value, as -1.
// Of sessions 0 is CK_EFFECTIVELY_INFINITE.
func reported(n uint) int64 {
	if n > 1<<62 {
		return -1
	}
	return int64(n)
}

// flagTable names the bits of CK_TOKEN_INFO.flags.
var flagTable = []struct {
	bit  uint
	name string
}{
	{pkcs11.CKF_RNG, FlagRandom}, {pkcs11.CKF_WRITE_PROTECTED, FlagWriteProtect}, {pkcs11.CKF_LOGIN_REQUIRED, FlagLoginRequired},
	{pkcs11.CKF_USER_PIN_INITIALIZED, FlagPINSet}, {pkcs11.CKF_RESTORE_KEY_NOT_NEEDED, "RESTORE_KEY_NOT_NEEDED"},
	{pkcs11.CKF_CLOCK_ON_TOKEN, "CLOCK_ON_TOKEN"}, {pkcs11.CKF_PROTECTED_AUTHENTICATION_PATH, FlagProtectedPath},
	{pkcs11.CKF_DUAL_CRYPTO_OPERATIONS, "DUAL_CRYPTO_OPERATIONS"}, {pkcs11.CKF_TOKEN_INITIALIZED, FlagInitialized},
	{pkcs11.CKF_SECONDARY_AUTHENTICATION, "SECONDARY_AUTHENTICATION"},
	{pkcs11.CKF_USER_PIN_COUNT_LOW, FlagPINCountLow}, {pkcs11.CKF_USER_PIN_FINAL_TRY, FlagPINFinalTry},
	{pkcs11.CKF_USER_PIN_LOCKED, FlagPINLocked}, {pkcs11.CKF_USER_PIN_TO_BE_CHANGED, FlagPINToChange},
	{pkcs11.CKF_SO_PIN_COUNT_LOW, "SO_PIN_COUNT_LOW"}, {pkcs11.CKF_SO_PIN_FINAL_TRY, "SO_PIN_FINAL_TRY"},
	{pkcs11.CKF_SO_PIN_LOCKED, "SO_PIN_LOCKED"}, {pkcs11.CKF_SO_PIN_TO_BE_CHANGED, "SO_PIN_TO_BE_CHANGED"},
}

func flagNames(flags uint) []string {
	names := []string{}
	for _, f := range flagTable {
		if flags&f.bit != 0 {
			names = append(names, f.name)
			flags &^= f.bit
		}
	}
	if flags != 0 {
		names = append(names, fmt.Sprintf("0x%X", flags))
	}
	slices.Sort(names)
	return names
}

// mechanisms lists what a token offers; empty where it does not report them.
func mechanisms(direct *pkcs11.Ctx, slot uint) ([]Mechanism, error) {
	listed, err := direct.GetMechanismList(slot)
	if err != nil {
		return nil, nil //nolint:nilerr // some modules do not know the call
	}
	if len(listed) > maxMechanisms {
		return nil, tooMany(len(listed), "mechanisms", maxMechanisms)
	}
	var all []Mechanism
	for _, m := range listed {
		one := Mechanism{Type: uint64(m.Mechanism), Name: mechanismNames[m.Mechanism]}
		if info, err := direct.GetMechanismInfo(slot, []*pkcs11.Mechanism{m}); err == nil {
			one.MinKey, one.MaxKey = uint64(info.MinKeySize), uint64(info.MaxKeySize)
			one.Sign = info.Flags&pkcs11.CKF_SIGN != 0
			one.Generate = info.Flags&pkcs11.CKF_GENERATE_KEY_PAIR != 0
			one.Hardware = info.Flags&pkcs11.CKF_HW != 0
		}
		all = append(all, one)
	}
	slices.SortFunc(all, func(a, b Mechanism) int { return cmp.Compare(a.Type, b.Type) })
	return all, nil
}

// recordedVariables are the environment variables that direct PKCS#11 modules
// and the loader; a name that ends in * is a prefix.
var recordedVariables = []string{"SOFTHSM2_CONF", "CKNFAST_*", "NFAST_*", "ChrystokiConfigurationPath", "YUBIHSM_PKCS11_CONF",
	"CS_PKCS11_R2_CFG", "P11_KIT_*", "TPM2_PKCS11_*", "LD_*", "DYLD_*", "GLIBC_TUNABLES", "GCONV_PATH", "OPENSSL_CONF", "OPENSSL_ENGINES", "OPENSSL_MODULES"}

func recorded(name string) bool {
	return slices.ContainsFunc(recordedVariables, func(r string) bool {
		prefix, isPrefix := strings.CutSuffix(r, "*")
		return name == r || isPrefix && strings.HasPrefix(name, prefix)
	})
}

// describeFiles records the module file, all other mapped files, and the
// environment variables that affect it, also those that the site file states.
func (i *Info) describeFiles(path string, stated map[string]string) {
	i.ModulePath, i.ModuleSHA256 = path, fileSHA256(path)
	i.Libraries, i.Environment, i.ConfigFiles = map[string]string{}, map[string]string{}, map[string]string{}
	for _, file := range mappedFiles() {
		i.Libraries[file] = fileSHA256(file)
	}
	for _, entry := range os.Environ() {
		name, value, _ := strings.Cut(entry, "=")
		if _, is := stated[name]; !is && !recorded(name) {
			continue
		}
		i.Environment[name] = value
		if stat, err := os.Stat(value); err == nil && stat.Mode().IsRegular() {
			i.ConfigFiles[value] = fileSHA256(value)
		}
	}
}

// mappedFiles lists the shared objects of this process, from /proc: what ldd
// would guess, and what the module loaded on its own besides.
func mappedFiles() []string {
	maps, err := os.Open("/proc/self/maps")
	if err != nil {
		return nil
	}
	defer func() { _ = maps.Close() }()
	self, _ := os.Readlink("/proc/self/exe")
	var files []string
	for scanner := bufio.NewScanner(maps); scanner.Scan(); {
		fields := strings.Fields(scanner.Text())
		if len(fields) < 6 || !filepath.IsAbs(fields[5]) || !strings.Contains(fields[1], "x") {
			continue
		}
		if file := strings.Join(fields[5:], " "); file != self && !slices.Contains(files, file) {
			files = append(files, file)
		}
	}
	return files
}

// fileSHA256 returns a digest in hexadecimal, or why there is none.
func fileSHA256(path string) string {
	file, err := os.Open(path)
	if err != nil {
		return "unreadable: " + err.Error()
	}
	defer func() { _ = file.Close() }()
	digest := sha256.New()
	if _, err := io.Copy(digest, file); err != nil {
		return "unreadable: " + err.Error()
	}
	return hex.EncodeToString(digest.Sum(nil))
}
