// SPDX-License-Identifier: MPL-2.0

package config

import (
	"errors"
	"fmt"
	"os/user"
	"path/filepath"
	"runtime"
)

// fileNames are the files under ~/.scpconf/ that are read.
var fileNames = []string{configFile, credentialsFile}

// readFiles reads the files under ~/.scpconf/ and returns them by name. It calls currentUser only if no variable names the home.
func readFiles(getenv func(string) string, currentUser func() (*user.User, error)) map[string]settingsFile {
	files := map[string]settingsFile{}
	home, err := homeDir(getenv, currentUser)
	for _, name := range fileNames {
		if err != nil {
			files[name] = settingsFile{path: "~/.scpconf/" + name, unknown: err}
			continue
		}
		files[name] = readFile(filepath.Join(home, ".scpconf", name))
	}
	return files
}

// homeDir returns $HOME (on Windows %USERPROFILE%), or else the home of the account, as the vendor's tools do.
func homeDir(getenv func(string) string, currentUser func() (*user.User, error)) (string, error) {
	variable := "HOME"
	if runtime.GOOS == "windows" {
		variable = "USERPROFILE"
	}
	if home := getenv(variable); home != "" {
		return home, nil
	}
	account, err := currentUser()
	if err == nil && account.HomeDir == "" {
		err = errors.New("it has none")
	}
	if err != nil {
		return "", fmt.Errorf("%s is not set, and the account's home is not known: %w", variable, err)
	}
	return account.HomeDir, nil
}
