// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"
	"os/user"
	"path/filepath"
	"runtime"
)

// confFileNames are the files under ~/.scpconf/ that are read.
var confFileNames = []string{configFile, credentialsFile}

// confFiles are the files under ~/.scpconf/, by name.
type confFiles map[string]confFile

// readConfFiles reads the files in the user's home. currentUser is asked only where no variable names it.
func readConfFiles(getenv func(string) string, currentUser func() (*user.User, error)) confFiles {
	files := confFiles{}
	home, err := homeDir(getenv, currentUser)
	for _, name := range confFileNames {
		if err != nil {
			files[name] = confFile{path: "~/.scpconf/" + name, unreached: err}
			continue
		}
		files[name] = readConfFile(filepath.Join(home, ".scpconf", name))
	}
	return files
}

// homeDir is $HOME (on Windows %USERPROFILE%), or else the home of the account, as in the vendor's tools.
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
