package provider

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
)

// confFileNames are the files under ~/.scpconf/ that are read.
var confFileNames = []string{configFile, credentialsFile}

// confFiles are the files under ~/.scpconf/, by name.
type confFiles map[string]confFile

// readConfFiles reads the files in the user's home. currentUser is asked only where no variable names it.
func readConfFiles(currentUser func() (*user.User, error)) confFiles {
	files := confFiles{}
	home, err := homeDir(currentUser)
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
func homeDir(currentUser func() (*user.User, error)) (string, error) {
	home, err := os.UserHomeDir()
	if err == nil {
		return home, nil
	}
	account, errAccount := currentUser()
	if errAccount == nil && account.HomeDir == "" {
		errAccount = errors.New("it has none")
	}
	if errAccount != nil {
		return "", fmt.Errorf("%w, and the account's home is not known: %w", err, errAccount)
	}
	return account.HomeDir, nil
}
