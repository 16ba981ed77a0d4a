// Copyright 2026 The ceremony authors
// SPDX-License-Identifier: Apache-2.0

//go:build cgo && unix

package token

// #cgo linux LDFLAGS: -ldl
// #include <dlfcn.h>
// #include <stdlib.h>
import "C"

import (
	"debug/elf"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"unsafe"
)

// elfMachines are the architectures whose modules can be distinguished by
// header.
var elfMachines = map[string]elf.Machine{
	"amd64": elf.EM_X86_64, "386": elf.EM_386, "arm64": elf.EM_AARCH64, "arm": elf.EM_ARM,
	"ppc64le": elf.EM_PPC64, "s390x": elf.EM_S390, "riscv64": elf.EM_RISCV,
}

// checkModuleFile says what is wrong with a module's file. The PKCS#11
// libraries answer all of it with the same sentence.
func checkModuleFile(path string) error {
	for _, name := range []string{"LD_PRELOAD", "LD_AUDIT"} {
		if value := os.Getenv(name); value != "" { //nolint:forbidigo // the environment of this very process is what is linted
			return fmt.Errorf("environment variable %s is set (%q): it loads other code before the module", name, value)
		}
	}
	if !filepath.IsAbs(path) {
		return fmt.Errorf("module %q: want an absolute path", path)
	}
	stat, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("module: %w", err)
	}
	if !stat.Mode().IsRegular() {
		return fmt.Errorf("module %q is not a file", path)
	}
	if runtime.GOOS != "linux" {
		return nil
	}
	file, err := elf.Open(path)
	if err != nil {
		return fmt.Errorf("module %q is not a shared object: %w", path, err)
	}
	defer func() { _ = file.Close() }()
	if file.Type != elf.ET_DYN {
		return fmt.Errorf("module %q is not a shared object, but %v", path, file.Type)
	}
	if want, known := elfMachines[runtime.GOARCH]; known && file.Machine != want {
		return fmt.Errorf("module %q is for %v, this program for %v", path, file.Machine, want)
	}
	return nil
}

// loadError asks the loader why a module could not be used; miekg/pkcs11 and
// crypto11 lose the reason.
func loadError(path string) string {
	name := C.CString(path)
	defer C.free(unsafe.Pointer(name))
	handle := C.dlopen(name, C.RTLD_LAZY)
	if handle == nil {
		return C.GoString(C.dlerror())
	}
	defer C.dlclose(handle)
	symbol := C.CString("C_GetFunctionList")
	defer C.free(unsafe.Pointer(symbol))
	if C.dlsym(handle, symbol) == nil {
		return "not a PKCS#11 module: it has no C_GetFunctionList"
	}
	return "C_GetFunctionList failed"
}
